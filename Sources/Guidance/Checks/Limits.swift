// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer

/// The check of our own limits beside what is used of them.
package enum Limits {
  /// From 80 % on it warns, and at 100 % it fails.
  package static func verdict(_ uses: [LimitUse], time: Int64) -> CheckResult {
    let sorted = uses.filter { $0.limit > 0 }.sorted {
      ($0.percent, $1.setting) > ($1.percent, $0.setting)
    }
    let details = sorted.map { use in
      let biggest = use.biggest.map { ", \($0.count) of them \($0.key)" } ?? ""
      return "\(use.setting): \(use.used) of \(use.limit) (\(use.percent) %)\(biggest)"
    }
    let (verdict, summary): (CheckResult.Verdict, String) =
      switch sorted.first {
      case nil: (.unavailable, "No limit is set, or none could be read.")
      case let use? where use.percent >= 100: (.failed, "\(use.setting) is used up.")
      case let use? where use.percent >= 80:
        (.warns, "\(use.setting) is nearly used up: \(use.percent) %.")
      case _?: (.passed, "All limits have room.")
      }
    return CheckResult(
      request: .limits, verdict: verdict, summary: summary, details: details, time: time)
  }
}
