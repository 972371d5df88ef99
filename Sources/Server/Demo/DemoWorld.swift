// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer

/// The other side in the demo: destinations and how they treat us.
struct DemoDestination: Sendable {
  /// How a destination answers a delivery attempt.
  enum Behavior: Sendable {
    case accepts
    /// Defers bulk mail until this many seconds after its arrival.
    case limitsBulk(reply: String, stage: DemoStage, seconds: Int64)
    /// Defers everything for this share of each half hour: 1 is always.
    case defers(reply: String, stage: DemoStage, share: Double)
    /// Defers a message until this many seconds have gone by since its first attempt.
    case greylists(reply: String, seconds: Int64)
    /// Refuses more than this many connections at a time.
    case limitsConnections(reply: String, most: Int)
    /// Never answers.
    case timesOut
  }

  let domain: String
  let host: String
  let address: String
  let behavior: Behavior
  /// Seconds that an attempt takes.
  let pace: ClosedRange<Int64>
  /// How much of the new mail goes there.
  let share: Int
}

/// Where in the conversation the other side answered.
enum DemoStage: Sendable {
  case greeting, mail, recipient, data
}

enum DemoWorld {
  static let hostName = "mx1.demo.example"

  static let destinations: [DemoDestination] = [
    DemoDestination(
      domain: "gmail.com", host: "gmail-smtp-in.l.google.com", address: "192.0.2.27",
      behavior: .limitsBulk(
        reply: "421-4.7.28 Gmail has detected an unusual rate of unsolicited mail. To protect\n"
          + "421-4.7.28 our users from spam, mail has been temporarily rate limited. For more\n"
          + "421-4.7.28 information, go to\n"
          + "421 4.7.28 https://support.google.com/mail/?p=UnsolicitedRateLimitError d9-20020a - gsmtp",
        stage: .data, seconds: 5 * 3600), pace: 2...5, share: 5),
    DemoDestination(
      domain: "yahoo.com", host: "mta5.am0.yahoodns.net", address: "192.0.2.91",
      behavior: .limitsBulk(
        reply:
          "421 4.7.0 [TSS04] Messages from 198.51.100.10 temporarily deferred due to unexpected "
          + "volume or user complaints - 4.16.55.1; see "
          + "https://postmaster.yahooinc.com/error-codes", stage: .mail, seconds: 4 * 3600),
      pace: 1...3, share: 2),
    DemoDestination(
      domain: "greylist.example", host: "mx.greylist.example", address: "192.0.2.40",
      behavior: .greylists(
        reply: "450 4.7.1 Greylisted, see https://postgrey.example/help/greylist.example.html",
        seconds: 240), pace: 1...2, share: 8),
    DemoDestination(
      domain: "partner.example", host: "mail.partner.example", address: "192.0.2.50",
      behavior: .limitsConnections(
        reply: "421 4.4.5 Too many connections from your host.", most: 2), pace: 4...12, share: 8),
    DemoDestination(
      domain: "busy.example", host: "mx1.busy.example", address: "192.0.2.60",
      behavior: .defers(
        reply: "421 4.3.2 All server ports are busy", stage: .greeting, share: 0.6),
      pace: 1...2, share: 3),
    DemoDestination(
      domain: "backend.example", host: "mx.backend.example", address: "2001:db8:25::7",
      behavior: .defers(
        reply: "421 Unexpected failure, please try later", stage: .data, share: 0.7), pace: 2...4,
      share: 2),
    DemoDestination(
      domain: "full.example", host: "mx.full.example", address: "192.0.2.70",
      behavior: .defers(
        reply: "452 4.2.2 The recipient's mailbox is full, please try again later",
        stage: .recipient, share: 1), pace: 1...2, share: 1),
    DemoDestination(
      domain: "silent.example", host: "mx.silent.example", address: "192.0.2.80",
      behavior: .timesOut, pace: 20...30, share: 1),
    DemoDestination(
      domain: "customer.example", host: "mx.customer.example", address: "192.0.2.101",
      behavior: .accepts, pace: 1...3, share: 14),
    DemoDestination(
      domain: "university.example", host: "mx2.university.example", address: "192.0.2.102",
      behavior: .accepts, pace: 1...4, share: 12),
  ]

  /// Who sends: address, whether it is bulk, and its share of the mail.
  static let senders: [(address: String, isBulk: Bool, share: Int)] = [
    ("news@shop.example", true, 6), ("ann@corp.example", false, 3),
    ("billing@shop.example", false, 2), ("it@corp.example", false, 2), ("", false, 1),
  ]

  static let people = [
    "amelie", "bo", "chen", "dara", "eli", "fatima", "gus", "hana", "ivo", "june",
  ]

  /// Clients that connect to us too often.
  static let clients = ["203.0.113.9", "203.0.113.77", "198.51.100.4"]
}

/// The same numbers for the same seed (SplitMix64).
struct DemoRandom: RandomNumberGenerator, Sendable {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
