// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

package import Canvas
package import Guidance
package import MailServer

/// Everything that the screen shows and that keys change: one value, changed by `update` only.
package struct State: Sendable {
  package enum Mode: Hashable, Sendable {
    /// Acts are possible where the user may.
    case operate
    /// Read-only.
    case watch
  }

  /// What is fixed when the program starts.
  package struct Setup: Sendable {
    package var mode = Mode.watch
    package var isDemo = false
    /// Whether the server is a recorded one.
    package var isReplay = false
    package var lines = LineSet.unicode
    package var graphs = GraphSet.blocks
    /// The server's, of the times shown.
    package var zone = LocalZone.utc
    /// Why nothing may be changed, where a setting says so.
    package var readOnlyReason: String?
    /// How the queue is shown at first.
    package var query = QueueQuery()
    /// Columns of the queue that are not shown at first.
    package var hiddenColumns: Set<QueueQuery.Column> = []
    /// Whether groups by destination show ages at first.
    package var isHeatMap = false
    package var keymap = Keymap()
    /// The names of the themes that can be chosen; empty if the terminal has no colors.
    package var themes: [String] = []
    package var theme = ""
    /// The user's own filters, by name.
    package var filters: [String: String] = [:]
    /// Whether a new critical finding rings the terminal's bell.
    package var ringsBell = false
    /// Whether the terminal's title shows the size of the queue.
    package var setsTitle = false

    package init() {}
  }

  package let setup: Setup
  package var size: Size
  /// Seconds since 1970.
  package var now: Int64
  /// A clock that only counts up, for the guard against keys typed ahead.
  package var milliseconds: Int64 = 0

  package var identity: ServerIdentity?
  package var health: [Source: SourceHealth] = [:]
  package var load: Double?
  /// Our limits beside what is used of them.
  package var limits: [LimitUse] = []
  /// Settings of the MTA with the values found, by name.
  package var settings: [String: String] = [:]
  /// Acts that this user may not do here, with the reason and the remedy.
  package var actProblems: [Act: Problem] = [:]

  package var queue = QueueView()
  package var connections = ConnectionsView()
  package var log = LogView()
  package var trends = Trends()
  package var findings = FindingsView()
  /// The tour of the demo; nil if there is none, or where it is over.
  package private(set) var tour: Tour?
  package var fix = FixView()
  /// Messages that were retried one by one.
  package var followUps = FollowUps()
  package var acts = ActsView()
  /// The question that is answered on another thread, as it was when the key was pressed.
  package internal(set) var gathering: ActQuestion?
  /// The bulk retry that is running.
  package var retryRun: RetryRun?
  /// What the last frame showed; nil before the first.
  var seen: SeenTargets?
  /// When what acts go to last changed without a key of the reader, by the clock that only counts up.
  var choiceMovedAt: Int64?

  /// Filters that were kept, by pane, newest last.
  var filterHistory: [PaneID: [String]] = [:]

  package var focus = PaneID.queue
  package var isZoomed = false
  /// What lies over the panes and takes the keys.
  var overlay: (any Overlay)?
  package var toast: Toast?
  /// The notices, oldest first.
  package var notices: [Notice] = []
  /// The name of the theme in use.
  package var theme: String
  /// How the queue was shown before a line of the log led to its message.
  var jump: QueueView.Place?
  package var pause: Pause?
  /// What the terminal's title was last set to.
  var title: String?
  /// Set once by `q`: the main loop ends.
  package var isFinished = false

  package init(setup: Setup, size: Size, now: Int64) {
    self.setup = setup
    self.size = size
    self.now = now
    tour = setup.isDemo && setup.mode == .operate ? Tour() : nil
    theme = setup.theme
    queue.query = setup.query
    queue.hiddenColumns = setup.hiddenColumns
    queue.isHeatMap = setup.isHeatMap
  }
}

/// A message in the status line that disappears on its own.
package struct Toast: Hashable, Sendable {
  package enum Tone: Hashable, Sendable {
    case plain, good, bad
  }

  package var text: String
  package var tone: Tone
  /// Seconds since 1970 when it goes.
  package var until: Int64
}

/// What came in while the screen stands still (`Z`).
package struct Pause: Sendable {
  /// Seconds since 1970.
  package var since: Int64
  var snapshot: QueueSnapshot?
  var connections: [SMTPConnection]?
  var events: [LogEvent] = []
  var dropped = 0
  /// As they were when it began.
  let trends: Trends

  init(since: Int64, trends: Trends) { (self.since, self.trends) = (since, trends) }
}

extension State {
  mutating func goOnWithTour() { tour = tour?.advanced(in: self) }

  /// Shows a line in the status line for some seconds.
  mutating func say(_ text: String, _ tone: Toast.Tone = .plain, seconds: Int64 = 6) {
    toast = Toast(text: text, tone: tone, until: now + seconds)
    if tone != .plain { note(text, tone) }
  }

  /// Adds a notice without showing it in the status line.
  mutating func note(_ text: String, _ tone: Toast.Tone) {
    keep(Notice(time: now, text: text, tone: tone))
  }

  /// Says what each pane is, in one line.
  mutating func welcome() {
    say(
      // The most useful first: a narrow screen shows no more.
      "\(key(.help)) all keys · \(key(.queuePane)) queue · "
        + "\(key(.connectionsPane)) port 25 · \(key(.logPane)) log of 421s · \(key(.fixPane)) fix",
      .good, seconds: 12)
  }

  /// Adds to the notices, as many as anybody reads.
  private mutating func keep(_ notice: Notice) {
    if var last = notices.last, last.text == notice.text {
      last.time = notice.time
      last.count += 1
      notices[notices.count - 1] = last
      return
    }
    notices.append(notice)
    if notices.count > 200 { notices.removeFirst() }
  }

  /// The key of a command, as sentences name it: the user's own where there is one.
  func key(_ id: CommandID) -> String { setup.keymap.label(id) }

  /// The time of what is shown: it stands still in a pause.
  var shownTime: Int64 { pause?.since ?? now }

  /// What is shown of the trends: it stands still too.
  var shownTrends: Trends { pause?.trends ?? trends }

}
