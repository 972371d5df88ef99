// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer

/// Settings of the MTA that advice and checks are made with.
package enum Settings {
  private static var eximNames: [ParameterName] {
    [
      "primary_hostname", "message_size_limit", "smtp_accept_max", "smtp_accept_max_per_host",
      "smtp_accept_max_per_connection", "smtp_accept_queue", "smtp_accept_queue_per_connection",
      "smtp_accept_reserve", "smtp_reserve_hosts", "smtp_load_reserve", "deliver_queue_load_max",
      "queue_run_max", "queue_only", "queue_only_load", "queue_smtp_domains", "remote_max_parallel",
      "host_reject_connection", "check_spool_space", "check_spool_inodes", "timeout_frozen_after",
      "ignore_bounce_errors_after", "recipients_max", "configure_file", "local_interfaces",
      "split_spool_directory", "pid_file_path",
    ]
  }

  private static var postfixNames: [ParameterName] {
    [
      "myhostname", "smtp_helo_name", "smtp_bind_address", "smtp_bind_address6", "inet_interfaces",
      "config_directory", "default_database_type", "message_size_limit", "queue_minfree",
      "default_process_limit", "smtpd_client_connection_count_limit",
      "smtpd_client_connection_rate_limit", "smtpd_client_message_rate_limit",
      "smtpd_client_event_limit_exceptions", "smtpd_client_restrictions", "smtpd_recipient_limit",
      "default_destination_concurrency_limit", "smtp_destination_concurrency_limit",
      "initial_destination_concurrency", "default_destination_rate_delay",
      "smtp_destination_rate_delay", "default_destination_recipient_limit",
      "default_destination_concurrency_failed_cohort_limit", "smtp_connection_cache_on_demand",
      "smtp_tls_policy_maps", "smtp_tls_security_level", "transport_maps",
      "qmgr_message_active_limit", "minimal_backoff_time", "maximal_backoff_time",
      "queue_run_delay", "maximal_queue_lifetime", "bounce_queue_lifetime", "delay_warning_time",
    ]
  }

  /// The values found, by name; empty if the MTA does not say.
  package static func read(from host: any Host, of system: MailSystem) async -> [String: String] {
    let command: LookCommand
    switch system.tools {
    case .exim(let exim): command = .eximOptions(exim, eximNames)
    case .postfix(_, let postconf, _, _):
      guard let postconf else { return [:] }
      command = .postfixParameters(postconf, postfixNames)
    }
    guard let result = try? await host.look(command) else { return [:] }
    return ParameterList(result.output).values
  }
}
