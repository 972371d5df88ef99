// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

extension Check {
  package static let identity = Check(
    "identity", .server, "Our IP address, its PTR record and our HELO name",
    exim: ["exim -bP primary_hostname"],
    postfix: ["postconf myhostname smtp_helo_name smtp_bind_address"],
    both: ["dig -x OUR-ADDRESS +short"])
}

/// The check whether our address, its PTR, the PTR's address and our HELO name agree.
package struct OwnIdentity {
  /// Parts of names that providers give to dial-up lines.
  private static let genericWords = [
    "dynamic", "dyn", "dsl", "pool", "dhcp", "dial", "ppp", "cable",
  ]

  private let address: IPAddress
  private let helo: String
  private let ask: SPFCheck.Ask

  /// - Parameters:
  ///   - address: our source address as others see it.
  ///   - helo: the name that we say in EHLO.
  package init(address: IPAddress, helo: String, ask: @escaping SPFCheck.Ask) {
    self.address = address
    self.helo = helo
    self.ask = ask
  }

  /// Looks all of it up; `time` is for the result, in seconds since 1970.
  package func check(time: Int64) async -> CheckResult {
    var good: [String] = []
    var bad: [String] = []
    let names = await pointers()
    if let name = names?.first {
      good.append("The PTR record of our address is \(name).")
      switch await leadsBack(name) {
      case true?: good.append("\(name) resolves to our address.")
      case false?:
        bad.append("\(name) does not resolve to our address. Fix its A or AAAA record.")
      case nil: bad.append("The address of \(name) could not be looked up.")
      }
      if isGeneric(name) {
        bad.append("\(name) looks like a dial-up host. Ask for a custom PTR record.")
      }
    } else {
      bad.append(
        names == nil
          ? "The PTR record of our address could not be looked up."
          : "Our address has no PTR record. Ask its owner, usually the hosting provider, to set one."
      )
    }
    if let name = DomainName(validating: helo), name.text.contains(".") {
      switch await leadsBack(name) {
      case true?: good.append("The HELO name \(name) resolves to our address.")
      case false?: bad.append("The HELO name \(name) does not resolve to our address.")
      case nil: bad.append("The address of the HELO name \(name) could not be looked up.")
      }
    } else {
      bad.append("The HELO name \(helo) is not a fully qualified domain name.")
    }
    return CheckResult(
      CheckRequest(.identity), bad.isEmpty ? .passed : .warns,
      bad.first ?? "Address, PTR record and HELO name match.", bad + good, at: time)
  }

  private func pointers() async -> [DomainName]? {
    guard let reverse = DomainName(validating: address.reverseName),
      case .found(let names) = await ask(reverse, .ptr)
    else { return nil }
    return names.compactMap { DomainName(validating: $0) }
  }

  /// Nil if the resolver gave no answer.
  private func leadsBack(_ name: DomainName) async -> Bool? {
    guard case .found(let found) = await ask(name, address.isIPv4 ? .a : .aaaa) else { return nil }
    return found.contains { IPAddress($0) == address }
  }

  /// Whether the name holds the address's own numbers, or a word for dial-up lines.
  private func isGeneric(_ name: DomainName) -> Bool {
    let words = name.text.split { !$0.isLetter && !$0.isNumber }.map(String.init)
    if words.contains(where: { Self.genericWords.contains($0) }) { return true }
    guard address.isIPv4 else { return false }
    return Set(address.parts).isSubset(of: words) && Set(address.parts).count > 1
  }
}
