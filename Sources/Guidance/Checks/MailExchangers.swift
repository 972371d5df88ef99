// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

extension Check {
  /// The mail exchangers of a domain, and their addresses.
  package static let mailExchangers = Check(
    "mailExchangers", .destination, "Mail exchangers of {name}", both: ["dig +short MX {name}"])
}

/// One MX record.
package struct MailExchanger: Hashable, Sendable {
  /// 0 to 65535; the lowest is tried first.
  package var preference: Int
  /// Without the dot of the root.
  package var host: String

  package init(preference: Int, host: String) {
    self.preference = preference
    self.host = host
  }
}

/// Where a domain's mail goes, according to the DNS.
package enum MXAnswer: Hashable, Sendable {
  /// Most preferred first, never empty.
  case exchangers([MailExchanger])
  /// `MX 0 .`: the domain says that it takes no mail (RFC 7505).
  case nullMX
  /// The name has no MX record: its own address takes the mail (RFC 5321, section 5.1).
  case none
  case noSuchName
  /// The resolver gave an error (`SERVFAIL`).
  case failed(String)
  case noServer
}

/// The check of a domain's mail exchangers and their addresses.
package enum MailExchangers {
  /// Reads the output of `dig` for type MX.
  package static func parse(digOutput: [UInt8]) -> MXAnswer {
    let answer = DNSAnswer(digOutput: digOutput)
    let exchangers = answer.exchangers
    if exchangers.contains(where: { $0.host == "." }) { return .nullMX }
    if !exchangers.isEmpty { return .exchangers(exchangers) }
    return switch answer.outcome {
    case .answered: .none
    case .noSuchName: .noSuchName
    case .failed(let status): .failed(status)
    case .noServer: .noServer
    }
  }

  /// Reads the output of `dig` for type A or AAAA; nil if the resolver gave no answer.
  package static func parseAddresses(digOutput: [UInt8]) -> [String]? {
    let answer = DNSAnswer(digOutput: digOutput)
    return switch answer.outcome {
    case .answered, .noSuchName: answer.addresses
    case .failed, .noServer: nil
    }
  }

  /// The hosts whose addresses and port 25 the check goes on with, most preferred first.
  ///
  /// - Parameter limit: how many at most; big providers have many.
  package static func hosts(of answer: MXAnswer, domain: String, limit: Int = 5) -> [String] {
    switch answer {
    case .exchangers(let exchangers): exchangers.prefix(limit).map(\.host)
    case .none: [domain]
    case .nullMX, .noSuchName, .failed, .noServer: []
    }
  }

  /// What the answers mean.
  ///
  /// - Parameter addresses: by host, of the hosts for which the resolver gave an answer.
  package static func verdict(
    domain: String, answer: MXAnswer, addresses: [String: [String]], time: Int64
  ) -> CheckResult {
    let (verdict, summary, details) = words(domain: domain, answer: answer, addresses: addresses)
    return CheckResult(
      CheckRequest(.mailExchangers, of: domain), verdict, summary, details, at: time)
  }

  private static func words(
    domain: String, answer: MXAnswer, addresses: [String: [String]]
  ) -> (CheckResult.Verdict, String, [String]) {
    switch answer {
    case .exchangers(let exchangers):
      return words(domain: domain, exchangers: exchangers, addresses: addresses)
    case .none:
      guard let own = addresses[domain] else {
        return (
          .unavailable, "\(domain) has no MX record, and its address could not be looked up.",
          ["If it has no address of its own, mail to it cannot be delivered."]
        )
      }
      if own.isEmpty {
        return (
          .failed, "\(domain) has no MX record and no address.",
          ["Mail to it cannot be delivered. Check the spelling of the domain."]
        )
      }
      return (
        .warns, "\(domain) has no MX record; mail goes to its own address.",
        [own.joined(separator: " ")]
      )
    case .nullMX:
      return (
        .failed, "\(domain) accepts no mail (null MX).",
        ["Waiting does not help. Tell the sender to use another address."]
      )
    case .noSuchName:
      return (
        .failed, "\(domain) does not exist.",
        ["Check its spelling. If it is right, the domain has expired or its DNS is gone."]
      )
    case .failed(let status):
      return (
        .failed, "The DNS lookup of \(domain) failed: \(status).",
        ["Try another resolver. If it answers, fix ours; if not, their DNS is at fault."]
      )
    case .noServer:
      return (
        .failed, "No DNS resolver answered.",
        ["This is our side: check /etc/resolv.conf and whether the resolver is running."]
      )
    }
  }

  private static func words(
    domain: String, exchangers: [MailExchanger], addresses: [String: [String]]
  ) -> (CheckResult.Verdict, String, [String]) {
    // A host that is no key was not looked up: beyond the limit, or the resolver failed.
    let details = exchangers.map { exchanger in
      let found = addresses[exchanger.host].map {
        $0.isEmpty ? "no address" : $0.joined(separator: " ")
      }
      return "\(exchanger.preference) \(exchanger.host)\(found.map { ": \($0)" } ?? "")"
    }
    let count = exchangers.count == 1 ? "1 mail exchanger" : "\(exchangers.count) mail exchangers"
    let lookedUp = exchangers.compactMap { addresses[$0.host] }
    let missing = lookedUp.count(where: \.isEmpty)
    if lookedUp.isEmpty {
      return (
        .unavailable, "\(domain) has \(count); their addresses could not be looked up.", details
      )
    }
    if missing == 0 { return (.passed, "\(domain) has \(count).", details) }
    if missing == lookedUp.count {
      return (.failed, "\(domain) has \(count), none with an address.", details)
    }
    return (.warns, "\(domain) has \(count); \(missing) of them without an address.", details)
  }
}
