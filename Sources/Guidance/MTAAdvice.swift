// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

package import MailServer

/// What one MTA differs in from another, as far as advice goes.
protocol MTAAdvice {
  /// What becomes of mail that is frozen or on hold.
  static var fateOfHeldMail: String { get }
  /// What it means that its daemon does not run.
  static var missingDaemon: String { get }
  /// Whether mail is tried again only where a queue runner is asked for.
  static var needsQueueRunner: Bool { get }

  /// The setting that limits the connections of one client.
  static var clientLimit: String { get }
  /// Our limits that connections use up.
  static func limits(_ usage: LimitUsage) -> [LimitUse]

  /// When it stops trying a message; nil where the settings do not tell, and where it never does.
  static func giveUp(on subject: DeferralSubject, since arrival: Int64, _ limits: LifetimeLimits)
    -> GiveUp?

  /// The changes of its configuration that a lever asks for.
  static func changes(for lever: Lever, _ context: LeverContext) -> [ConfigurationAdvice]

  /// A log that is not there.
  ///
  /// - Parameters:
  ///   - isUnused: whether nothing was there to be logged yet, as far as the queue tells.
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
