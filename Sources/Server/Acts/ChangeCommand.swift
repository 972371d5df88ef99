// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

package import Guidance
package import MailServer

/// A command that changes the queue.
///
/// The list is closed: only this file makes one, and only from values that have the form of a queue
/// ID, an address or a host. `ALL`, an option or a path cannot be expressed.
package struct ChangeCommand: Hashable, Sendable {
  let invocation: Invocation
  /// Seconds after which nobody waits any longer though the command goes on; nil if it is waited
  /// for to its end.
  package let patience: Int?
  /// Whether the command keeps the act's lock even where it closes its standard input.
  ///
  /// Not one from which a delivery continues on its own: that would keep it for as long.
  let keepsLock: Bool

  /// An absolute path.
  package var executable: String { invocation.executable }
  package var arguments: [String] { invocation.arguments }
  /// What it reads on standard input.
  package var input: [UInt8] { invocation.input ?? [] }
  /// The command as people write it, without the folder.
  package var words: String { invocation.words }

  private init(
    _ executable: String, _ arguments: [String], input: [UInt8]? = nil, timeLimit: Int = 60,
    patience: Int? = nil, keepsLock: Bool = false
  ) {
    invocation = Invocation(
      executable: executable, arguments: arguments, input: input, timeLimit: timeLimit,
      outputLimit: 1 << 20)
    self.patience = patience
    self.keepsLock = keepsLock
  }

  /// The same command through `sudo -n`, which never asks for a password.
  package func through(sudo: String) -> ChangeCommand {
    ChangeCommand(
      sudo, ["-n", "--", executable] + arguments, input: invocation.input,
      timeLimit: invocation.timeLimit, patience: patience, keepsLock: keepsLock)
  }
}

// MARK: - Exim

extension ChangeCommand {
  /// `exim -M`: delivers one message in the foreground.
  ///
  /// A delivery that is killed between the final dot and its record is made twice, so a slow one
  /// continues on its own.
  package static func eximRetry(
    _ exim: String, _ message: QueueID, patience: Int = 60
  ) -> ChangeCommand {
    ChangeCommand(exim, ["-M", message.text], timeLimit: 3600, patience: patience)
  }

  /// What Exim does to messages at once (spec.txt, "Options" -M…).
  package enum EximChange: String, CaseIterable, Sendable {
    case freeze = "-Mf"
    case thaw = "-Mt"
    case remove = "-Mrm"
    case giveUp = "-Mg"
  }

  /// `exim -Mf`, `-Mt`, `-Mrm` or `-Mg`.
  package static func exim(
    _ exim: String, _ change: EximChange, _ messages: [QueueID]
  ) -> ChangeCommand {
    // `-Mg` starts the delivery of the bounce.
    ChangeCommand(
      exim, [change.rawValue] + messages.map(\.text), timeLimit: 120, keepsLock: change != .giveUp)
  }
}

// MARK: - Postfix

extension ChangeCommand {
  /// `postqueue -i`: asks the queue manager to try one message now.
  package static func postfixRetry(_ postqueue: String, _ message: QueueID) -> ChangeCommand {
    ChangeCommand(postqueue, ["-i", message.text])
  }

  /// What `postsuper` does to messages (postsuper(1)).
  package enum PostfixChange: String, CaseIterable, Sendable {
    case hold = "-h"
    case release = "-H"
    case remove = "-d"
    case requeue = "-r"
    /// 3.5 and newer: expires the message, releasing it from hold, so that it returns to its sender.
    case expire = "-f"
  }

  /// `postsuper`, which reads the queue IDs on standard input.
  package static func postfix(
    _ postsuper: String, _ change: PostfixChange, _ messages: [QueueID]
  ) -> ChangeCommand {
    ChangeCommand(
      postsuper, [change.rawValue, "-"],
      input: Array(messages.map { $0.text + "\n" }.joined().utf8), timeLimit: 120, keepsLock: true)
  }
}

// MARK: - Both

extension ChangeCommand {
  /// The sendmail interface: puts a message into the queue with this envelope.
  ///
  /// - Parameters:
  ///   - sendmail: the MTA's `sendmail`, or `exim` itself.
  ///   - sender: nil for the null sender.
  ///   - recipients: at least one.
  ///   - configuration: the folder of another instance of Postfix (sendmail(1), -C).
  ///   - content: headers and body, lines ended by newlines.
  package static func injection(
    _ sendmail: String, _ mta: MTA, configuration: String? = nil, sender: EnvelopeAddress?,
    recipients: [EnvelopeAddress], content: [UInt8]
  ) -> ChangeCommand {
    // Exim is to wait for its next queue run (spec.txt, -odq): no burst of attempts.
    let options =
      switch mta {
      case .exim: ["-i", "-odq"]
      case .postfix: (configuration.map { ["-C", $0] } ?? []) + ["-i"]
      }
    return ChangeCommand(
      sendmail, options + ["-f", sender?.text ?? "<>", "--"] + recipients.map(\.text),
      input: content, timeLimit: 300)
  }
}

// MARK: - Past the queue

extension ChangeCommand {
  /// `swaks`: a plain test message to one recipient, straight to their server.
  package static func test(_ swaks: String, _ message: TestMessage) -> ChangeCommand {
    // It waits a minute for each answer: a kill in between would leave open whether they have it.
    ChangeCommand(
      swaks, message.arguments, input: Array(message.content.utf8), timeLimit: 420)
  }
}
