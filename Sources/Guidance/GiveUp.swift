// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

package import MailServer

/// When the MTA stops trying a message, and what it does with it then.
package struct GiveUp: Hashable, Sendable {
  package enum End: Hashable, Sendable {
    /// The sender gets it back.
    case returned
    /// A bounce: there is nobody to give it back to.
    case dropped
    /// Exim keeps a bounce that cannot be delivered.
    case frozen
  }

  /// Seconds since 1970.
  package var time: Int64
  package var end: End
  /// Whether it may come sooner: since when a host or address fails is not known.
  package var isLatest: Bool

  /// Works it out from the MTA's settings.
  ///
  /// Nil if they do not say, and if a held message never expires.
  ///
  /// - Parameters:
  ///   - settings: of the MTA, by name.
  ///   - lifetime: seconds up to the last cutoff of Exim's rule for the recipient; nil if it is not known.
  package init?(of subject: DeferralSubject, settings: [String: String], lifetime: Int64?) {
    guard subject.direction == .outbound, let arrival = subject.arrival,
      let end = subject.mta.advice.giveUp(
        on: subject, since: arrival, LifetimeLimits(settings: settings, ofRecipient: lifetime))
    else { return nil }
    self = end
  }

  init(time: Int64, end: End, isLatest: Bool = false) {
    (self.time, self.end, self.isLatest) = (time, end, isLatest)
  }

  /// It in one sentence.
  ///
  /// `Exim gives up in 3d04h and returns it to the sender.`
  ///
  /// - Parameter duration: seconds in words.
  package func words(_ mta: MTA, now: Int64, duration: (Int64) -> String) -> String {
    let then =
      switch end {
      case .returned: "bounces it to the sender"
      case .dropped: "drops it: a bounce has no sender to return to"
      case .frozen: "freezes it: a bounce has no sender to return to"
      }
    guard time > now else { return "Its queue lifetime is over: the next attempt is the last." }
    return "\(mta.name) gives up in \(duration(time - now))\(isLatest ? " at the latest" : "") and"
      + " \(then)."
  }
}

/// How long the settings let a message wait.
struct LifetimeLimits {
  let settings: [String: String]
  /// Seconds up to the last cutoff of a retry rule for the recipient; nil if there is none or it is not known.
  let ofRecipient: Int64?

  /// Seconds of a setting; nil if it is not known.
  func seconds(_ setting: String) -> Int64? {
    settings[setting].flatMap(RetryPolicy.seconds).map(Int64.init)
  }
}
