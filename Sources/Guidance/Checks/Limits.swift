// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

package import MailServer

extension Check {
  package static let limits = Check(
    "limits", .server, "Our own limits and their use",
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
      case let use? where use.percent >= 100: (.failed, "\(use.setting) is used up.")
      case let use? where use.percent >= 80:
        (.warns, "\(use.setting) is nearly used up: \(use.percent)%.")
      case _?: (.passed, "All limits have room.")
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
    let live = connections.filter { $0.state != "TIME-WAIT" && $0.state != "LISTEN" }
    let inbound = live.filter { $0.direction == .inbound }
    let outbound = live.filter { $0.direction == .outbound }
    let (client, destination) = (biggest(inbound), biggest(outbound))
    func limit(_ name: String, _ value: Int) -> Int {
      settings[name].flatMap { Int($0) } ?? value
    }
    switch mta {
    case .exim:
      return [
        LimitUse(
          setting: "smtp_accept_max", used: inbound.count, limit: limit("smtp_accept_max", 20),
          biggest: client),
        // Unset by default; it may also be an expansion, which cannot be compared.
        LimitUse(
          setting: "smtp_accept_max_per_host", used: client?.count ?? 0,
          limit: limit("smtp_accept_max_per_host", 0), biggest: client),
      ].filter { $0.limit > 0 }
    case .postfix:
      let concurrency = limit("default_destination_concurrency_limit", 20)
      return [
        LimitUse(
          setting: "default_process_limit", used: inbound.count,
          limit: limit("default_process_limit", 100), biggest: client),
        LimitUse(
          setting: "smtpd_client_connection_count_limit", used: client?.count ?? 0,
          limit: limit("smtpd_client_connection_count_limit", 50), biggest: client),
        LimitUse(
          setting: "smtp_destination_concurrency_limit", used: destination?.count ?? 0,
          limit: limit("smtp_destination_concurrency_limit", concurrency), biggest: destination),
        LimitUse(
          setting: "qmgr_message_active_limit", used: active,
          limit: limit("qmgr_message_active_limit", 20_000)),
      ].filter { $0.limit > 0 }
    }
  }

  private static func biggest(_ connections: [SMTPConnection]) -> Tally? {
    Dictionary(grouping: connections, by: \.peer).map { Tally(key: $0.key, count: $0.value.count) }
      .max { ($0.count, $1.key) < ($1.count, $0.key) }
  }
}
