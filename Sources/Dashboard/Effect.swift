// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

package import Guidance
package import MailServer

/// Something to be done outside: a value that can be compared, printed and refused.
package enum Effect: Hashable, Sendable {
  /// Reads something.
  case look(LookRequest)
  /// Filters and sorts the newest snapshot off the main thread; answered by `Event.arranged`.
  case arrange(QueueQuery)
  /// Finds what a filter lets through, among all that is queued; answered by `Event.matched`.
  case match(Filter)
  /// Looks at the messages that an act would touch, where they are many: the question of that number waits in
  /// `State.gathering`; answered by `Event.gathered`.
  case gather(number: Int)
  /// The only door to a change of the server.
  case mutate(Mutation)
  /// Puts text into the terminal's clipboard.
  case copy(CopiedText)
  /// Keeps what was found and done in fixes, for the next start; never requested in watch mode.
  case keep(FixProgress)
  /// Keeps what was chosen on the screen in the configuration; never requested in watch mode.
  case keepView(ViewChoice)
  /// Saves what was to be copied in a file.
  case save(CopiedText)
  /// Saves the screen as text and as a picture.
  case dump(isMasked: Bool)
  /// Rings the terminal's bell.
  case bell
  /// Shows a text in the terminal's title.
  case title(String)
  /// Leaves the screen as Ctrl-Z does.
  case suspend
  /// Changes the pace of a replay.
  case replay(ReplayRequest)
  /// Draws everything again.
  case redraw
}

/// What the dashboard asks to be read.
package enum LookRequest: Hashable, Sendable {
  case refresh(Source)
  case open(MessageReference)
  /// Everything in the logs about a message since a time, rotated ones included.
  case history(QueueID, since: Int64)
  /// Nobody waits for that anymore.
  case cancelHistory
  /// The reason for a deferral that the log no longer has.
  case findReason(MessageReference)
  case check(CheckRequest)
  /// When Exim gives up on an address; answered by `Event.retryLifetime`.
  case retryLifetime(String)
  /// The way that the MTA's settings send a recipient's mail; answered by `Event.route`.
  case route(MailWay)
  /// How a test message to a domain would go; answered by `Event.routed`.
  case testRoute(String)
  /// Cancels running and waiting checks; answered by an event for each.
  case cancelChecks
}

/// How the time of a recorded server is to go on.
package enum ReplayRequest: Hashable, Sendable {
  case pause, step, faster, slower
}

/// What the dashboard asks to be changed.
package enum Mutation: Hashable, Sendable {
  case act(ActRequest)
  /// Brings messages back from the saved copies of these names.
  case restore([String])
  /// Sends a plain test message past the queue.
  case send(TestMessage)
}
