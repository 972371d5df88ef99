// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

extension Lever {
  private static let main = "/etc/postfix/main.cf"

  func postfix(_ context: LeverContext) -> [ConfigurationAdvice] {
    switch self {
    case .fewerConnections:
      let connections = context.connections ?? 1
      if context.nextHop != nil {
        return relayLimits([
          "smtp_destination_concurrency_limit = \(connections)",
          "smtp_initial_destination_concurrency = 1",
        ])
      }
      return slowTransport(
        context, processes: connections, options: ["-o smtp_connection_cache_on_demand=no"],
        limits: [
          "slow_destination_concurrency_limit = \(connections)",
          "slow_initial_destination_concurrency = 1",
          // One failed connection would else stop the destination for minimal_backoff_time.
          "slow_destination_concurrency_failed_cohort_limit = 10",
        ])
    case .slowDown:
      // A rate delay forces one delivery at a time (postconf(5)).
      if context.nextHop != nil {
        return relayLimits([
          "smtp_destination_rate_delay = 6s",
          "smtp_destination_recipient_limit = \(context.messagesPerConnection ?? 20)",
        ])
      }
      return slowTransport(
        context, processes: 1, options: [],
        limits: [
          "slow_destination_rate_delay = 6s",
          "slow_destination_recipient_limit = \(context.messagesPerConnection ?? 20)",
          "slow_initial_destination_concurrency = 1",
          "slow_destination_concurrency_failed_cohort_limit = 10",
        ])
    case .noReuse:
      return [
        change(
          Self.main, ["smtp_connection_cache_on_demand = no"],
          show: "postconf smtp_connection_cache_on_demand")
      ]
    case .tlsException:
      return [
        change(
          "/etc/postfix/tls_policy", ["\(context.nextHop ?? context.destination) may"],
          show: "postconf smtp_tls_policy_maps",
          reload: "postmap /etc/postfix/tls_policy && postfix reload"),
        change(
          Self.main,
          [map("smtp_tls_policy_maps", table("tls_policy", context), context)],
          show: "postconf smtp_tls_policy_maps"),
      ]
    case .retryPace:
      return [
        change(
          Self.main,
          [
            "queue_run_delay = 300s", "minimal_backoff_time = 900s",
            "maximal_backoff_time = 4000s", "maximal_queue_lifetime = 5d",
          ],
          show: "postconf queue_run_delay minimal_backoff_time maximal_backoff_time")
      ]
    case .acceptMore:
      return [
        change(
          Self.main,
          [
            "smtpd_client_connection_count_limit ="
              + " \(context.raised("smtpd_client_connection_count_limit", default: 50))"
          ],
          show: "postconf smtpd_client_connection_count_limit"),
        change(
          Self.main,
          ["default_process_limit = \(context.raised("default_process_limit", default: 100))"],
          show: "postconf default_process_limit"),
      ]
    case .exemptClient:
      let networks = context.present["smtpd_client_event_limit_exceptions"] ?? "$mynetworks"
      return [
        change(
          Self.main,
          ["smtpd_client_event_limit_exceptions = \(networks), \(context.client)"],
          show: "postconf smtpd_client_event_limit_exceptions")
      ]
    case .refuseClient:
      return [
        change(
          "/etc/postfix/client_access", ["\(context.client) REJECT too many connections"],
          show: "postconf smtpd_client_restrictions",
          reload: "postmap /etc/postfix/client_access && postfix reload"),
        change(
          Self.main,
          [
            map(
              "smtpd_client_restrictions", "check_client_access \(table("client_access", context))",
              context)
          ],
          show: "postconf smtpd_client_restrictions"),
      ]
    }
  }

  /// Its own transport for one destination.
  ///
  /// The queue manager reads its limits from main.cf, not from master.cf (postconf(5)).
  private func slowTransport(
    _ context: LeverContext, processes: Int, options: [String], limits: [String]
  ) -> [ConfigurationAdvice] {
    [
      change(
        "/etc/postfix/master.cf",
        ["slow      unix  -       -       n       -       \(processes)       smtp"]
          + options.map { "  \($0)" },
        show: "postconf -M slow/unix"),
      change(
        "/etc/postfix/transport", ["\(context.destination)    slow:"],
        show: "postconf transport_maps", reload: "postmap /etc/postfix/transport"),
      change(
        Self.main,
        [map("transport_maps", table("transport", context), context)] + limits,
        show: "postconf transport_maps; postconf -n | grep ^slow_"),
    ]
  }

  /// The relay is one destination to the queue manager, whatever the recipients' domains are.
  ///
  /// `smtp` is the transport that leads to it, unless another is named in `default_transport` or `transport_maps`.
  private func relayLimits(_ lines: [String]) -> [ConfigurationAdvice] {
    [
      change(
        Self.main, lines, show: "postconf -n | grep ^smtp_; postconf relayhost default_transport")
    ]
  }

  private func table(_ name: String, _ context: LeverContext) -> String {
    "\(context.present["default_database_type"] ?? "hash"):/etc/postfix/\(name)"
  }

  /// A list of tables with one more behind those that are there.
  private func map(_ setting: String, _ table: String, _ context: LeverContext) -> String {
    let present = context.present[setting] ?? ""
    if present.contains(table) { return "\(setting) = \(present)" }
    return "\(setting) = \(present.isEmpty ? "" : "\(present), ")\(table)"
  }

  private func change(
    _ file: String, _ lines: [String], show: String, reload: String = "postfix reload"
  ) -> ConfigurationAdvice {
    ConfigurationAdvice(
      file: file, lines: lines, reload: reload,
      undo: "Restore the previous lines or remove the new ones, then: \(reload)", show: show)
  }
}
