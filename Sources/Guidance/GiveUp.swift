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
  package var isLatest = false

  /// Works it out from the MTA's settings.
  ///
  /// Postfix: `maximal_queue_lifetime`, or `bounce_queue_lifetime` for a bounce, from the arrival
  /// (postconf(5)). Exim: the last cutoff of the retry rule, from the first failure of the host or
  /// address, or from the arrival where that was earlier (`retry.c`); for a frozen message
  /// `timeout_frozen_after` and, for a bounce, `ignore_bounce_errors_after`.
  ///
  /// Nil where they do not tell, and where a message that is held never ends.
  ///
  /// - Parameters:
  ///   - settings: of the MTA, by name.
  ///   - lifetime: seconds up to the last cutoff of Exim's rule for the recipient; nil where it is not known.
  package init?(of subject: DeferralSubject, settings: [String: String], lifetime: Int64?) {
    guard subject.direction == .outbound, let arrival = subject.arrival else { return nil }
    let isBounce = subject.sender == ""
    func seconds(_ name: String) -> Int64? {
      settings[name].flatMap(RetryPolicy.seconds).map(Int64.init).flatMap { $0 > 0 ? $0 : nil }
    }
    switch subject.mta {
    case .postfix:
      let name = isBounce ? "bounce_queue_lifetime" : "maximal_queue_lifetime"
      // None is allowed too: then the first attempt is the last.
      guard !subject.isHeld, let limit = settings[name].flatMap(RetryPolicy.seconds) else {
        return nil
      }
      time = arrival &+ Int64(limit)
      end = isBounce ? .dropped : .returned
    case .exim where subject.isHeld:
      let limits = [
        seconds("timeout_frozen_after"), isBounce ? seconds("ignore_bounce_errors_after") : nil,
      ]
      guard let limit = limits.compactMap(\.self).min() else { return nil }
      time = arrival &+ limit
      end = isBounce ? .dropped : .returned
    case .exim:
      guard let lifetime else { return nil }
      time = min(subject.firstFailure ?? arrival, arrival) &+ lifetime
      end = isBounce ? .frozen : .returned
      isLatest = subject.firstFailure == nil
    }
  }

  /// It in one sentence.
  ///
  /// `Exim gives up in 3d04h and returns it to the sender.`
  ///
  /// - Parameter duration: seconds in words.
  package func words(_ mta: MTA, now: Int64, duration: (Int64) -> String) -> String {
    let then =
      switch end {
      case .returned: "returns it to the sender"
      case .dropped: "drops it: a bounce has nobody to go back to"
      case .frozen: "freezes it: a bounce has nobody to go back to"
      }
    guard time > now else { return "Its time is over: the next attempt is the last." }
    return "\(mta.name) gives up in \(duration(time - now))\(isLatest ? " at the latest" : "") and"
      + " \(then)."
  }
}
