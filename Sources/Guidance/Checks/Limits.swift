// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

package import MailServer

extension Check {
  package static let limits = Check(
    "limits", .server, "Usage of our own limits",
    exim: [
      "exim -bP smtp_accept_max smtp_accept_max_per_host smtp_accept_reserve",
      "exim -bP remote_max_parallel queue_run_max",
    ],
    postfix: [
      "postconf default_process_limit smtpd_client_connection_count_limit",
      "postconf default_destination_concurrency_limit default_destination_rate_delay",
    ], both: ["ss -tn '( sport = :25 or dport = :25 )'"])
}

/// The check of our own limits beside what is used of them.
package enum Limits {
  /// From 80 % on it warns, and at 100 % it fails.
  package static func verdict(_ uses: [LimitUse], time: Int64) -> CheckResult {
    let sorted = uses.filter { $0.limit > 0 }.sorted {
      ($0.percent, $1.setting) > ($1.percent, $0.setting)
    }
    let details = sorted.map { use in
      let biggest = use.biggest.map { ", \($0.count) of them \($0.key)" } ?? ""
      return "\(use.setting): \(use.used) of \(use.limit) (\(use.percent)%)\(biggest)"
    }
    let (verdict, summary): (CheckResult.Verdict, String) =
      switch sorted.first {
      case nil: (.unavailable, "No limit is set, or none could be read.")
      case let use? where use.percent >= 100: (.failed, "\(use.setting) is exhausted.")
      case let use? where use.percent >= 80:
        (.warns, "\(use.setting) is nearly exhausted: \(use.percent)%.")
      case _?: (.passed, "No limit is near exhaustion.")
      }
    return CheckResult(CheckRequest(.limits), verdict, summary, details, at: time)
  }
}

extension LimitUse {
  /// Our limits that connections use up, with the peer that has most of them.
  ///
  /// - Parameters:
  ///   - settings: values found, by name; what is missing counts as the MTA's default.
  ///   - active: messages in Postfix's active queue.
  package static func all(
    of mta: MTA, settings: [String: String], connections: [SMTPConnection], active: Int
  ) -> [LimitUse] {
    mta.advice.limits(LimitUsage(settings: settings, connections: connections, active: active))
      .filter { $0.limit > 0 }
  }
}

/// What is used of our limits.
struct LimitUsage {
  /// Connections of clients.
  let inbound: Int
  /// The client that has most of them, and the peer to which we have most.
  let client: Tally?
  let destination: Tally?
  /// Messages in Postfix's active queue.
  let active: Int
  private let settings: [String: String]

  init(settings: [String: String], connections: [SMTPConnection], active: Int) {
    let live = connections.filter { $0.state != "TIME-WAIT" && $0.state != "LISTEN" }
    let inbound = live.filter { $0.direction == .inbound }
    self.inbound = inbound.count
    client = Self.biggest(inbound)
    destination = Self.biggest(live.filter { $0.direction == .outbound })
    self.active = active
    self.settings = settings
  }

  /// A setting that is a whole number; nil if it is not known.
  func value(_ setting: String) -> Int? { settings[setting].flatMap { Int($0) } }

  func limit(_ setting: String, default value: Int, used: Int, by biggest: Tally? = nil) -> LimitUse
  {
    LimitUse(
      setting: setting, used: used, limit: self.value(setting) ?? value, biggest: biggest)
  }

  private static func biggest(_ connections: [SMTPConnection]) -> Tally? {
    Dictionary(grouping: connections, by: \.peer).map { Tally(key: $0.key, count: $0.value.count) }
      .max { ($0.count, $1.key) < ($1.count, $0.key) }
  }
}
