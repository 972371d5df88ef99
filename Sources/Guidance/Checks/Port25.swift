// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

extension Check {
  /// Whether port 25 of each mail exchanger answers, and what it says.
  package static let port25 = Check(
    "port25", .destination, "Port 25 of {name}",
    both: ["nc -v -w 10 \"$(dig +short MX {name} | awk '{print $2; exit}')\" 25"])
}

/// What a connection to port 25 came to.
package enum ProbeOutcome: Hashable, Sendable {
  /// The greeting, as it came: its lines may be joined by newlines or spaces.
  ///
  /// Not safe for a terminal as it is.
  case greeting(String)
  /// Connected, and nothing came in time.
  case silent
  /// Connected, and closed without a word.
  case closed
  case refused
  case timedOut
  /// No route, or a firewall that says so: the system's words.
  case unreachable(String)
  /// Connected, and then no encryption could be agreed on: the library's words.
  case tlsFailed(String)
}

extension ProbeOutcome {
  /// What happened, for people.
  var words: String {
    switch self {
    case .greeting(let text):
      text.split(whereSeparator: \.isNewline).first.map(String.init) ?? "greeted with an empty line"
    case .silent: "connected, but no answer in time"
    case .closed: "connected, then closed without an answer"
    case .refused: "connection refused"
    case .timedOut: "no answer: timed out"
    case .unreachable(let reason): "unreachable: \(reason)"
    case .tlsFailed(let reason): "the TLS handshake failed: \(reason)"
    }
  }
}

/// One attempt to reach a mail exchanger.
package struct Port25Probe: Hashable, Sendable {
  package var host: String
  package var address: String
  package var outcome: ProbeOutcome

  package init(host: String, address: String, outcome: ProbeOutcome) {
    self.host = host
    self.address = address
    self.outcome = outcome
  }
}

/// The check whether a domain's mail exchangers answer on port 25.
package enum Port25 {
  /// What the probes mean together.
  package static func verdict(domain: String, probes: [Port25Probe], time: Int64) -> CheckResult {
    let details = probes.map { "\($0.host) [\($0.address)] \($0.outcome.words)" }
    let (verdict, summary, remedy) = summary(domain: domain, outcomes: probes.map(\.outcome))
    return CheckResult(
      CheckRequest(.port25, of: domain), verdict, summary, details + remedy, at: time)
  }

  private enum Kind: Hashable {
    case ready, putOff, rejected, silent, refused, timedOut, unreachable
  }

  private static func kind(of outcome: ProbeOutcome) -> Kind {
    switch outcome {
    case .greeting(let text):
      switch code(of: text) {
      case 220: .ready
      case 500...599: .rejected
      default: .putOff
      }
    case .silent, .closed: .silent
    case .refused: .refused
    case .timedOut: .timedOut
    case .unreachable, .tlsFailed: .unreachable
    }
  }

  private static func code(of greeting: String) -> Int {
    let digits = greeting.utf8.prefix(3)
    return digits.count == 3 ? Int(String(decoding: digits, as: UTF8.self)) ?? 0 : 0
  }

  private static func summary(
    domain: String, outcomes: [ProbeOutcome]
  ) -> (CheckResult.Verdict, String, [String]) {
    let kinds = outcomes.map(kind)
    guard let first = kinds.first else {
      return (
        .unavailable, "No mail exchanger of \(domain) could be tried.",
        ["Check the mail exchangers first: there is no address to connect to."]
      )
    }
    let ready = kinds.count(where: { $0 == .ready })
    if ready == kinds.count {
      return (.passed, "Port 25 of \(domain) answers and is ready for mail.", [])
    }
    if ready > 0 {
      return (
        .warns, "\(ready) of \(kinds.count) mail exchangers of \(domain) are ready for mail.",
        ["Delivery continues through the ones that answer."]
      )
    }
    if kinds.contains(where: { $0 != first }) {
      return (
        .failed, "No mail exchanger of \(domain) is ready for mail.",
        ["The lines above show the result for each one."]
      )
    }
    let (verdict, did, remedy): (CheckResult.Verdict, String, String) =
      switch first {
      case .ready, .putOff:
        (
          .warns, "defers us for now.",
          "The network is fine. Their greeting says why; wait before the next attempt."
        )
      case .rejected:
        (
          .failed, "answers, but refuses us permanently.",
          "This is not a temporary failure: read the greeting, then write to their postmaster."
        )
      case .silent:
        (
          .failed, "connects, but says nothing.",
          "They may delay greetings on purpose, or be overloaded. Try again in 15 minutes."
        )
      case .refused:
        (
          .failed, "refuses the connection.",
          "Their server is down or restarting, or a firewall rejects us."
        )
      case .timedOut:
        (
          .failed, "does not answer: timed out.",
          "If other domains time out too, our firewall or provider blocks outgoing port 25."
        )
      case .unreachable:
        (
          .failed, "cannot be reached from here.",
          "Check our own route and, for IPv6 addresses, whether we have IPv6 at all."
        )
      }
    return (verdict, "Port 25 of \(domain) \(did)", [remedy])
  }
}
