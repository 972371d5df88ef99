// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer

/// Before an act: whether it may be done, and whose turn it is.
extension MailControl {
  /// The lock of whatever moves messages between the queue and the folder of copies.
  static let turnName = "copies"
  /// Milliseconds between two tries to get it, and after which one gives it to others between two parts.
  static let turnPause = 15
  private static let turnPatience = 10_000

  /// Looks whether the act is allowed here.
  func allow(_ request: ActRequest) throws(Refusal) {
    guard request.mta == mta else {
      throw Refusal("This server runs \(mta.name), not \(request.mta.name).")
    }
    if let problem = permissions.problem(with: request.act) {
      throw Refusal("\(problem.what) \(problem.remedy)")
    }
  }

  /// The commands of an act as people write them.
  func words(of act: Act, _ ids: [QueueID]) throws(Refusal) -> String {
    do throws(HostFailure) {
      return try ActPlan(act, ids, mta: mta, tools: tools).words
    } catch {
      throw Refusal(error)
    }
  }

  /// Waits until nobody else removes, bounces or restores messages here, and keeps others from it.
  ///
  /// Two at once would each keep a copy of the same message, and both copies could be restored. A command
  /// of an act that was interrupted has the lock too, as long as it works.
  func takeTurn() async throws(Refusal) -> ActLock {
    for _ in 0...(Self.turnPatience / Self.turnPause) {
      do throws(StateFailure) {
        if let lock = try ActLock.take(Self.turnName, in: trail.folder) { return lock }
      } catch {
        throw Refusal(error, "it could not be recorded first")
      }
      if underWay.isEnding { throw .ending }
      await Pause.wait(.milliseconds(Self.turnPause))
    }
    throw Refusal(
      untouched:
        ": another removal, bounce or restore is in progress, or a command of an interrupted one "
        + "is still running. Try again when it has finished.")
  }
}
