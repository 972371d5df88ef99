// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

extension Check {
  package static let authentication = Check(
    "authentication", .senderDomain, "SPF, DKIM and DMARC of {name}",
    both: [
      "dig +short TXT {name}", "dig +short TXT SELECTOR._domainkey.{name}",
      "dig +short TXT _dmarc.{name}",
    ])
}

/// The check of SPF, DKIM and DMARC of a sender's domain.
package struct SenderAuthentication {
  private typealias Fact = (verdict: CheckResult.Verdict, words: String)

  private let domain: DomainName
  private let ask: SPFCheck.Ask

  package init(domain: DomainName, ask: @escaping SPFCheck.Ask) {
    self.domain = domain
    self.ask = ask
  }

  /// Looks all of it up.
  ///
  /// - Parameters:
  ///   - address: our source address as others see it, or nil if it is not known.
  ///   - helo: our HELO name.
  ///   - signatures: those that a message's header names.
  ///   - time: seconds since 1970, for the result.
  package func check(
    address: IPAddress?, helo: String, signatures: [DKIMSignature], time: Int64
  ) async -> CheckResult {
    var facts = [await spf(address, helo)]
    for signature in signatures { facts.append(await dkim(signature)) }
    facts.append(await dmarc())
    if signatures.isEmpty {
      facts.append(
        (
          .unavailable,
          "DKIM: not checked; no readable DKIM-Signature has a selector (s=)."
        ))
    }
    let worst = [CheckResult.Verdict.failed, .warns].lazy.compactMap { verdict in
      facts.first { $0.verdict == verdict }
    }.first
    let good = "SPF and DMARC of \(domain) pass"
    let (verdict, summary) =
      worst
      ?? (signatures.isEmpty
        ? (.unavailable, "\(good); DKIM was not checked.") : (.passed, "\(good), DKIM too."))
    return CheckResult(
      CheckRequest(.authentication, of: domain.text), verdict, summary, facts.map(\.words),
      at: time)
  }

  private func spf(_ address: IPAddress?, _ helo: String) async -> Fact {
    guard let address else {
      return (.warns, "SPF: our source address is unknown, so it cannot be evaluated.")
    }
    var check = SPFCheck(
      address: address, sender: "postmaster@\(domain)", helo: helo, ask: ask)
    let result = await check.evaluate(domain.text)
    let by = check.decidedBy.map { " (\($0))" } ?? ""
    let reason = check.problem.map { ": \($0)" } ?? ""
    return switch result {
    case .pass: (.passed, "SPF of \(domain) covers this server\(by).")
    case .fail: (.failed, "SPF of \(domain) forbids this server\(by). Add our address to it.")
    case .softfail: (.warns, "SPF of \(domain) does not cover this server\(by).")
    case .neutral: (.warns, "SPF of \(domain) does not say whether this server may send\(by).")
    case .none: (.warns, "\(domain) has no SPF record.")
    case .temperror: (.warns, "SPF of \(domain) could not be looked up\(reason).")
    case .permerror: (.failed, "SPF of \(domain) is broken\(reason).")
    }
  }

  private func dkim(_ signature: DKIMSignature) async -> Fact {
    guard let signer = DomainName(validating: signature.domain),
      let name = signer.below("\(signature.selector)._domainkey")
    else { return (.warns, "DKIM: the signing domain cannot be looked up.") }
    guard case .found(let texts) = await ask(name, .txt) else {
      return (.warns, "DKIM: \(name) could not be looked up.")
    }
    guard let key = texts.lazy.compactMap({ DKIMKey($0) }).first else {
      return (.failed, "DKIM: there is no key at \(name).")
    }
    // Relaxed alignment wants the same organisation; without a list of public suffixes: one below the other.
    let isAligned =
      signer == domain || domain.text.hasSuffix(".\(signer)") || signer.text.hasSuffix(".\(domain)")
    guard isAligned || key.isRevoked else {
      return (.warns, "DKIM: \(signer) signed it, which is not aligned with \(domain).")
    }
    return key.isRevoked
      ? (.failed, "DKIM: the key at \(name) is revoked.")
      : (.passed, "DKIM: there is a key at \(name).")
  }

  /// Looks at the domain and then at each parent, as far as two labels (RFC 7489, section 6.6.3,
  /// without a list of public suffixes).
  private func dmarc() async -> Fact {
    var labels = domain.text.split(separator: ".")
    while labels.count >= 2 {
      let parent = labels.joined(separator: ".")
      guard let name = DomainName(validating: "_dmarc.\(parent)") else { break }
      guard case .found(let texts) = await ask(name, .txt) else {
        return (.warns, "DMARC: \(name) could not be looked up.")
      }
      let records = texts.filter { TagList($0)["v"] == "DMARC1" }
      if records.count > 1 { return (.failed, "DMARC: \(name) has several records.") }
      if let text = records.first {
        guard let record = DMARCRecord(text) else {
          return (.failed, "DMARC: the record at \(name) has no valid policy.")
        }
        let strict = record.hasStrictSPF || record.hasStrictDKIM ? ", strict alignment" : ""
        return (.passed, "DMARC of \(parent): p=\(record.policy.rawValue)\(strict).")
      }
      labels.removeFirst()
    }
    return (.warns, "\(domain) has no DMARC record. Large providers require one.")
  }
}
