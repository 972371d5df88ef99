// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

package import MailServer

/// The differences between MTAs that matter for advice.
protocol MTAAdvice {
  /// What happens to mail that is frozen or on hold.
  static var fateOfHeldMail: String { get }
  /// What it means that its daemon does not run.
  static var missingDaemon: String { get }
  /// Whether mail is retried only if a queue runner is configured.
  static var needsQueueRunner: Bool { get }

  /// The setting that limits the connections of one client.
  static var clientLimit: String { get }
  /// Our limits that connections use up.
  static func limits(_ usage: LimitUsage) -> [LimitUse]

  /// When it stops trying a message; nil if the settings do not say, and if it never does.
  static func giveUp(on subject: DeferralSubject, since arrival: Int64, _ limits: LifetimeLimits)
    -> GiveUp?

  /// The changes to its configuration that a lever needs.
  static func changes(for lever: Lever, _ context: LeverContext) -> [ConfigurationAdvice]

  /// A log that does not exist.
  ///
  /// - Parameters:
  ///   - isUnused: whether nothing was there to be logged yet, as far as the queue shows.
  ///   - remedy: what holds for every MTA.
  static func noLog(_ path: String, isUnused: Bool, remedy: String) -> NeedReport
}

extension MTA {
  /// What is peculiar to it, as far as advice goes.
  var advice: any MTAAdvice.Type {
    switch self {
    case .exim: EximAdvice.self
    case .postfix: PostfixAdvice.self
    }
  }

  /// The setting that limits the connections of one client.
  package var clientLimit: String { advice.clientLimit }
}
