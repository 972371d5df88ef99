// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer

/// What is peculiar to Exim in advice.
enum EximAdvice: MTAAdvice {
  static let fateOfHeldMail =
    "Exim freezes bounces that cannot be delivered; timeout_frozen_after deletes them."
  static let missingDaemon =
    "No Exim daemon is running: unless inetd or cron starts Exim, it accepts no mail and retries none."
  static let needsQueueRunner = true
  static let clientLimit = "smtp_accept_max_per_host"

  static func limits(_ usage: LimitUsage) -> [LimitUse] {
    [
      usage.limit("smtp_accept_max", default: 20, used: usage.inbound, by: usage.client),
      // Unset by default; it may also be an expansion, which cannot be compared.
      usage.limit(clientLimit, default: 0, used: usage.client?.count ?? 0, by: usage.client),
    ]
  }

  /// The last cutoff of the retry rule, from the first failure of the host or address, or from the arrival where that was
  /// earlier (`retry.c`); for a frozen message `timeout_frozen_after` and, for a bounce, `ignore_bounce_errors_after`.
  static func giveUp(on subject: DeferralSubject, since arrival: Int64, _ limits: LifetimeLimits)
    -> GiveUp?
  {
    let isBounce = subject.sender == ""
    if subject.isHeld {
      let names = ["timeout_frozen_after"] + (isBounce ? ["ignore_bounce_errors_after"] : [])
      guard let limit = names.compactMap({ limits.seconds($0) }).filter({ $0 > 0 }).min() else {
        return nil
      }
      return GiveUp(time: arrival &+ limit, end: isBounce ? .dropped : .returned)
    }
    return limits.ofRecipient.map {
      GiveUp(
        time: min(subject.firstFailure ?? arrival, arrival) &+ $0,
        end: isBounce ? .frozen : .returned, isLatest: subject.firstFailure == nil)
    }
  }

  static func changes(for lever: Lever, _ context: LeverContext) -> [ConfigurationAdvice] {
    lever.exim(context)
  }

  /// It makes the file itself, when it has something to say for the first time.
  static func noLog(_ path: String, isUnused: Bool, remedy: String) -> NeedReport {
    NeedReport(.log, isUnused ? .fine : .missing, "\(path) does not exist yet.", remedy: remedy)
  }
}
