// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

package import Guidance
package import MailServer

/// The only door to a change of the queue.
///
/// In watch mode no value of this type is ever made.
package protocol Control: Sendable {
  /// Does what is asked to exactly the messages named, each one's identity checked right before.
  func perform(_ request: ActRequest) async -> ActReport

  /// Puts the message of a saved copy into the queue again, with its sender and the recipients that
  /// were still undelivered.
  ///
  /// - Parameter copy: the copy's name, or the queue ID that the message had.
  func restore(_ copy: String) async -> RestoreResult

  /// Sends a plain test message past the queue, at most one a minute to the same server.
  func send(_ message: TestMessage) async -> TestReport

  /// Begins nothing more; returns when what is in progress has ended and is recorded.
  func finish() async
}
