// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer

extension MailControl {
  /// What is in progress when the program is to end.
  struct UnderWay {
    /// Set once: no command is begun anymore.
    var isEnding = false
    /// The entries of the audit trail of acts that are in progress here.
    var entries: Set<String> = []
    /// Acts whose outcome is waited for.
    var count = 0
    /// Retries by their entries in the audit trail: a delivery can take long and continues on its own.
    var retries: [String: (entry: Entry, ids: [QueueID])] = [:]
    var waiters: [CheckedContinuation<Void, Never>] = []
  }

  /// Begins nothing more; returns when what is in progress has ended and is recorded.
  ///
  /// A retry is not waited for: the MTA goes on with it, and the trail says so.
  package func finish() async {
    underWay.isEnding = true
    for (entry, ids) in underWay.retries.values {
      let results = ids.map {
        AuditOutcome.Result(
          id: $0.text, result: "left", note: "Tempfail exited; the delivery continues")
      }
      var note: String?
      conclude(entry, results, note: &note)
    }
    underWay.retries = [:]
    guard underWay.count > 0 else { return }
    await withCheckedContinuation { underWay.waiters.append($0) }
  }

  /// Notes that an act begins.
  ///
  /// - Throws: where the program is about to end.
  func begin() throws(Refusal) {
    guard !underWay.isEnding else { throw Refusal.ending }
    underWay.count += 1
  }

  /// Notes that it has ended.
  func end() {
    underWay.count -= 1
    guard underWay.count == 0 else { return }
    for waiter in underWay.waiters { waiter.resume() }
    underWay.waiters = []
  }
}

extension MailControl.Refusal {
  static let ending = MailControl.Refusal(
    "Tempfail was about to exit, so nothing was started.",
    ofOne: "Stopped before this message.")
}
