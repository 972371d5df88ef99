// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

extension Lever {
  func exim(_ context: LeverContext) -> [ConfigurationAdvice] {
    let destination = context.destination
    switch self {
    case .fewerConnections where context.nextHop != nil, .slowDown where context.nextHop != nil:
      return [relayTransport(context)]
    case .fewerConnections:
      return slowTransport(context, parallel: context.connections ?? 1)
        + [
          change(
            ["remote_max_parallel = 1", "queue_run_max = 2"], "the main section, at the top",
            show: "exim -bP remote_max_parallel queue_run_max")
        ]
    case .slowDown:
      return slowTransport(context, parallel: 1)
        + [
          change(
            ["queue_smtp_domains = \(destination)"],
            "the main section, at the top: this mail is sent only by queue runs",
            show: "exim -bP queue_smtp_domains"),
          change(
            ["\(destination)  *  F,4h,30m; G,16h,1h,1.5; F,4d,6h"],
            "the section \"begin retry\", above the line that starts with *",
            show: "exim -brt \(destination)"),
        ]
    case .noReuse:
      return [
        change(
          ["  connection_max_messages = 1"], "the transport remote_smtp",
          show: "exim -bP transport remote_smtp | grep connection_max")
      ]
    case .tlsException:
      return [
        change(
          ["  hosts_avoid_tls = \(context.relayHost ?? "*.\(destination)")"],
          context.nextHop == nil
            ? "the transport remote_smtp; the names are their mail exchangers"
            : "the transport for the relay host: exim -bt shows it",
          show: "exim -bP transport remote_smtp | grep tls")
      ]
    case .retryPace:
      return [
        change(
          ["*  *  F,2h,15m; G,16h,1h,1.5; F,4d,6h"],
          "the section \"begin retry\", instead of the line that starts with *",
          show: "exim -brt example.com")
      ]
    case .acceptMore:
      let most = context.raised("smtp_accept_max", default: 20)
      return [
        change(
          ["smtp_accept_max = \(most)"], "the main section, at the top",
          show: "exim -bP smtp_accept_max smtp_accept_reserve"),
        change(
          [
            "smtp_accept_max_per_host ="
              + " \(context.raised("smtp_accept_max_per_host", default: 10))"
          ],
          "the main section, at the top",
          show: "exim -bP smtp_accept_max_per_host"),
      ]
    case .exemptClient:
      return [
        change(
          ["smtp_accept_reserve = 5", "smtp_reserve_hosts = \(context.client)"],
          "the main section: a reserve of connections for this client",
          show: "exim -bP smtp_accept_reserve smtp_reserve_hosts")
      ]
    case .refuseClient:
      return [
        change(
          ["host_reject_connection = \(context.client)"], "the main section, at the top",
          show: "exim -bP host_reject_connection")
      ]
    }
  }

  /// Limits of the transport that leads to a relay, which is there already.
  private func relayTransport(_ context: LeverContext) -> ConfigurationAdvice {
    change(
      [
        "  max_parallel = \(context.connections ?? 1)",
        "  connection_max_messages = \(context.messagesPerConnection ?? 10)",
        "  serialize_hosts = *",
      ], "the transport for the relay host",
      show: "exim -bt postmaster@\(context.destination)")
  }

  /// Its own transport for one destination, and the router that leads to it.
  private func slowTransport(_ context: LeverContext, parallel: Int) -> [ConfigurationAdvice] {
    [
      change(
        [
          "slow_smtp:",
          "  # and the lines of your remote_smtp below its driver",
          "  driver = smtp",
          "  max_parallel = \(parallel)",
          "  connection_max_messages = \(context.messagesPerConnection ?? 10)",
        ] + (parallel == 1 ? ["  serialize_hosts = *"] : []),
        "the section \"begin transports\"", show: "exim -bP transport slow_smtp"),
      change(
        [
          "slow_destinations:",
          "  driver = dnslookup",
          "  domains = \(context.destination)",
          "  transport = slow_smtp",
          "  ignore_target_hosts = <; 0.0.0.0 ; 127.0.0.0/8 ; ::1",
          "  no_more",
        ],
        "the section \"begin routers\", above the router that sends mail out",
        show: "exim -bt postmaster@\(context.destination)"),
    ]
  }

  /// Exim has one file, which `exim -bP configure_file` names.
  ///
  /// On Debian it is made from a template, and on cPanel from WHM's editor.
  private func change(_ lines: [String], _ place: String, show: String) -> ConfigurationAdvice {
    ConfigurationAdvice(
      file: "\(Self.eximFile): \(place)", lines: lines,
      reload: "exim -bV && systemctl reload exim4   (RHEL: exim)",
      undo: "Remove the lines or restore the previous value, then reload.", show: show)
  }
}
