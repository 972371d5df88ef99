// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer

/// What is peculiar to Postfix in advice.
enum PostfixAdvice: MTAAdvice {
  static let fateOfHeldMail = "Mail on hold never expires."
  static let missingDaemon = "Postfix is not running, so nothing is delivered."
  static let needsQueueRunner = false
  static let clientLimit = "smtpd_client_connection_count_limit"

  static func limits(_ usage: LimitUsage) -> [LimitUse] {
    [
      usage.limit("default_process_limit", default: 100, used: usage.inbound, by: usage.client),
      usage.limit(clientLimit, default: 50, used: usage.client?.count ?? 0, by: usage.client),
      usage.limit(
        "smtp_destination_concurrency_limit",
        default: usage.value("default_destination_concurrency_limit") ?? 20,
        used: usage.destination?.count ?? 0, by: usage.destination),
      usage.limit("qmgr_message_active_limit", default: 20_000, used: usage.active),
    ]
  }

  /// `maximal_queue_lifetime`, or `bounce_queue_lifetime` for a bounce, from the arrival (postconf(5)).
  static func giveUp(on subject: DeferralSubject, since arrival: Int64, _ limits: LifetimeLimits)
    -> GiveUp?
  {
    let isBounce = subject.sender == ""
    // None is allowed too: then the first attempt is the last.
    guard !subject.isHeld,
      let limit = limits.seconds(isBounce ? "bounce_queue_lifetime" : "maximal_queue_lifetime")
    else { return nil }
    return GiveUp(time: arrival &+ limit, end: isBounce ? .dropped : .returned)
  }

  static func changes(for lever: Lever, _ context: LeverContext) -> [ConfigurationAdvice] {
    lever.postfix(context)
  }

  static func noLog(_ path: String, isUnused: Bool, remedy: String) -> NeedReport {
    NeedReport(
      .log, .missing, "\(path) does not exist yet.",
      remedy: "\(remedy) Without a syslog daemon, Postfix can write it:",
      command: "postconf -e \(ShellWord.quoted("maillog_file=\(path)")) && postfix reload")
  }
}
