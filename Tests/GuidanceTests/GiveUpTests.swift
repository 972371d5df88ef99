// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer
import Replies
import Testing

@testable import Guidance

@Suite struct GiveUpTests {
  private static let arrival: Int64 = 1_000_000
  private static let day: Int64 = 86_400

  private func giveUp(
    _ mta: MTA, sender: String = "a@shop.example", isHeld: Bool = false, since: Int64? = nil,
    _ settings: [String: String] = [:], lifetime: Int64? = nil
  ) -> GiveUp? {
    var subject = Subjects.subject(
      Subjects.classification(.timeout), mta: mta, sender: sender, isHeld: isHeld)
    subject.arrival = Self.arrival
    subject.firstFailure = since.map { Self.arrival + $0 }
    return GiveUp(of: subject, settings: settings, lifetime: lifetime)
  }

  private func expected(_ days: Int64, _ end: GiveUp.End, isLatest: Bool = false) -> GiveUp? {
    var found = giveUp(.postfix, ["maximal_queue_lifetime": "\(days)d"])
    found?.end = end
    found?.isLatest = isLatest
    return found
  }

  @Test func postfixCountsFromTheArrival() {
    let settings = ["maximal_queue_lifetime": "5d", "bounce_queue_lifetime": "1d"]
    #expect(giveUp(.postfix, settings)?.time == Self.arrival + 5 * Self.day)
    #expect(giveUp(.postfix, sender: "", settings) == expected(1, .dropped))
    #expect(giveUp(.postfix, isHeld: true, settings) == nil)
    #expect(giveUp(.postfix, ["maximal_queue_lifetime": "0"])?.time == Self.arrival)
    #expect(giveUp(.postfix) == nil)
  }

  @Test func eximCountsFromTheFirstFailureOrTheArrival() {
    let four = 4 * Self.day
    #expect(giveUp(.exim, since: 60, lifetime: four) == expected(4, .returned))
    // The host failed before this message came: its records end earlier.
    #expect(giveUp(.exim, since: -Self.day, lifetime: four) == expected(3, .returned))
    #expect(giveUp(.exim, lifetime: four) == expected(4, .returned, isLatest: true))
    #expect(giveUp(.exim, sender: "", since: 0, lifetime: four) == expected(4, .frozen))
    #expect(giveUp(.exim, since: 0) == nil)
  }

  @Test(
    arguments: [
      ("a@b", ["timeout_frozen_after": "7d"], 7), ("a@b", ["timeout_frozen_after": "0s"], nil),
      ("a@b", ["ignore_bounce_errors_after": "2d"], nil),
      ("", ["ignore_bounce_errors_after": "2d", "timeout_frozen_after": "7d"], 2),
      ("", ["ignore_bounce_errors_after": "2d", "timeout_frozen_after": "0s"], 2),
    ] as [(String, [String: String], Int64?)])
  func aFrozenMessageEndsAsTheSettingsSay(
    _ sender: String, _ settings: [String: String], _ days: Int64?
  ) {
    let found = giveUp(.exim, sender: sender, isHeld: true, settings, lifetime: 4 * Self.day)
    #expect(found == days.flatMap { expected($0, sender.isEmpty ? .dropped : .returned) })
  }

  @Test func absurdNumbersAreNoTrap() {
    #expect(giveUp(.exim, since: .min + Self.arrival, lifetime: .max) != nil)
    #expect(giveUp(.exim, lifetime: .max)?.words(.exim, now: 0) { "\($0)" } != nil)
  }

  @Test func theWordsSayWhatHappensThen() {
    func words(_ giveUp: GiveUp?) -> String? {
      giveUp?.words(.exim, now: Self.arrival) { "\($0 / Self.day)d" }
    }
    #expect(
      words(expected(4, .returned, isLatest: true))
        == "Exim gives up in 4d at the latest and bounces it to the sender.")
    #expect(
      words(expected(4, .frozen))
        == "Exim gives up in 4d and freezes it: a bounce has no sender to return to.")
    #expect(
      words(expected(0, .returned)) == "Its queue lifetime is over: the next attempt is the last.")
  }
}
