// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer
import Replies
import Testing

@testable import Guidance

/// The facts that an admin must know about a 421, and where each of them is.
///
/// A fact is given by words that its sentence cannot do without.
struct KnownFactsTests {
  enum Place: Sendable {
    case outbound(Cause)
    case inbound(Cause)
    case held
    case page(String)
  }

  static let facts: [(fact: String, place: Place, words: [String])] = [
    ("a 4xx is a temporary, soft bounce", .outbound(.other), ["soft bounce", "retries it"]),
    ("common: busy, greylisting, connection limit", .outbound(.other), ["busy", "greylisting"]),
    ("read the whole reply", .outbound(.other), ["full reply"]),
    ("550, 552, 554, 535 are another case", .outbound(.other), ["550, 552, 554 or 535"]),
    ("resolves in 15 to 30 minutes", .outbound(.other), ["15 to 30 minutes"]),
    ("retry once, then leave it to the MTA", .outbound(.other), ["retry once", "leave it to"]),
    ("early retries count", .outbound(.other), ["counts"]),
    ("fewer connections", .outbound(.other), ["fewer connections"]),
    ("smaller batches", .outbound(.other), ["smaller batches"]),
    ("pauses between batches", .outbound(.other), ["pauses"]),
    ("high volume is a common trigger", .outbound(.rateLimit), ["High volume"]),
    ("maintenance or downtime there", .outbound(.other), ["maintenance"]),
    ("big providers defer at peak", .outbound(.other), ["peak times"]),
    ("one domain: their side", .outbound(.other), ["their side"]),
    ("plain test message", .outbound(.other), ["Plain text, one recipient, no attachment"]),
    ("a test that passes points to the message", .outbound(.other), ["rate or filter limit"]),
    ("delivery tracking in cPanel", .outbound(.downstream), ["cPanel", "Track Delivery"]),
    ("delivery tracking in Plesk", .outbound(.downstream), ["Plesk", "Track Email Delivery"]),
    ("deferred is no rejection", .outbound(.downstream), ["deferred, not rejected"]),
    ("resource: 4.2.1 and 4.3.x", .outbound(.resource), ["4.2.1", "4.3.1", "4.3.2"]),
    ("resource: disk, ports, memory", .outbound(.resource), ["disk", "ports", "memory"]),
    ("resource: stagger bulk", .outbound(.resource), ["Stagger"]),
    ("resource: status page", .outbound(.resource), ["status page"]),
    ("resource: nothing wrong here", .outbound(.resource), ["nothing to do with our hosting"]),
    ("timeout: 4.4.2", .outbound(.timeout), ["4.4.2", "timeout exceeded"]),
    ("connections: 4.4.5", .outbound(.connectionLimit), ["4.4.5"]),
    ("timeout: short delay", .outbound(.timeout), ["short wait"]),
    ("timeout: queued, not lost", .outbound(.timeout), ["queued here, not lost"]),
    ("policy: 4.7.x", .outbound(.policy), ["4.7.x"]),
    ("greylisting: SPF and DKIM", .outbound(.greylisting), ["SPF, DKIM"]),
    ("policy: avoid bursts", .outbound(.policy), ["bursts in quick succession"]),
    ("policy: contact the postmaster", .outbound(.policy), ["postmaster"]),
    ("greylisting is normal, no block", .outbound(.greylisting), ["normal", "not", "blocked"]),
    ("greylisting: consistent identity", .outbound(.greylisting), ["same address"]),
    ("downstream: phrases", .outbound(.downstream), ["fork failed", "unexpected failure"]),
    ("downstream: ask the provider", .outbound(.downstream), ["recipient's mail provider"]),
    ("downstream: not our configuration", .outbound(.downstream), ["not caused by our hosting"]),
    ("logs on cPanel", .outbound(.other), ["/var/log/exim_mainlog"]),
    ("follow the log", .outbound(.other), ["tail -f"]),
    ("correlate with load", .outbound(.other), ["high load"]),
    ("which domains return 421", .outbound(.other), ["Which domains send 421"]),
    ("no mass deletion", .outbound(.other), ["Delete in bulk", "cannot be delivered"]),
    ("see current connections", .outbound(.connectionLimit), ["netstat -anp", "lsof -i :25"]),
    ("Exim's limits", .inbound(.connectionLimit), ["smtp_accept_max", "smtp_accept_max_per_host"]),
    ("limits: one step at a time", .inbound(.connectionLimit), ["one step at a time", "all mail"]),
    ("swaks or telnet", .outbound(.other), ["swaks", "telnet"]),
    ("MX records", .outbound(.other), ["dig +short MX"]),
    ("ping and traceroute", .outbound(.other), ["ping", "traceroute"]),
    ("reverse DNS", .outbound(.other), ["PTR"]),
    ("retry intervals", .outbound(.other), ["15 to 30 minutes", "longer and longer"]),
    ("firewall, CPU, memory block the queue", .outbound(.other), ["firewall", "CPU", "memory"]),
    ("message size and format", .outbound(.other), ["size, recipients and format"]),
    ("log shows deliveries again", .outbound(.other), ["delivery after the last deferral"]),
    ("no stuck messages remain", .outbound(.other), ["stuck in the queue"]),
    ("limits within bounds", .outbound(.other), ["80% of a limit"]),
    ("mistake: resending at once", .outbound(.other), ["Resend at once"]),
    ("mistake: ignoring batch limits", .outbound(.other), ["Ignore batch limits"]),
    ("mistake: soft taken for permanent", .outbound(.other), ["soft bounce for a permanent"]),
    ("not hosting, domain, mailboxes", .outbound(.other), ["hosting, domain registration"]),
    ("domain seldom blocked", .outbound(.other), ["rarely means that a domain is blocked"]),
    ("queue listing and removal", .page("held.md"), ["postqueue", "exiqgrep"]),
    ("held mail never retries", .held, ["It stays until it is released"]),
    ("greylisting and policy 15 to 60", .page("README.md"), ["15 to 60 minutes"]),
  ]

  @Test(arguments: facts.indices)
  func stands(_ index: Int) {
    let (fact, place, words) = Self.facts[index]
    for mta in MTA.allCases {
      let text = Self.text(place, mta)
      for word in words where !Self.isOther(word, mta) {
        #expect(text.contains(word), "\(fact) (\(mta.name)): \(word)")
      }
    }
  }

  /// The names of one MTA's settings and files cannot be in the other's guide.
  static func isOther(_ word: String, _ mta: MTA) -> Bool {
    mta == .postfix && ["smtp_accept", "exim", "tail -f"].contains { word.contains($0) }
  }

  static func text(_ place: Place, _ mta: MTA) -> String {
    func guide(_ cause: Cause, _ direction: Direction, isHeld: Bool = false) -> String {
      let subject = Subjects.subject(
        Subjects.classification(cause, wait: nil), mta: mta, direction: direction,
        isHeld: isHeld)
      let guide = Guide(for: subject)
      return guide.lines.joined(separator: "\n")
    }
    return switch place {
    case .outbound(let cause): guide(cause, .outbound)
    case .inbound(let cause): guide(cause, .inbound)
    case .held: guide(.other, .outbound, isHeld: true)
    case .page(let name): FixPages.pages().first { $0.name == name }?.markdown ?? ""
    }
  }
}
