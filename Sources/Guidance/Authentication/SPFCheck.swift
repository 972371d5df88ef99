// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

/// What a DNS lookup gave.
package enum DNSLookup: Hashable, Sendable {
  /// Empty if the name does not exist, or has no such record.
  case found([String])
  /// No answer, or an error of the server.
  case failed
}

/// What SPF says of an address that sends for a domain (RFC 7208, section 2.6).
package enum SPFResult: String, Hashable, Sendable {
  case none, neutral, pass, fail, softfail, temperror, permerror
}

/// The evaluation of SPF for one address and sender, as `check_host` of RFC 7208, section 4.
package struct SPFCheck {
  /// Asks the DNS: addresses as text, TXT records joined, MX hosts most preferred first.
  package typealias Ask = @Sendable (DomainName, DNSAnswer.RecordType) async -> DNSLookup

  /// The maximum number of terms with a lookup (section 4.6.4).
  private static let mostLookups = 10
  /// Lookups that find nothing, at most.
  private static let mostVoid = 2

  private enum Stop: Error {
    case temporary
    case permanent(String)
  }

  private let address: IPAddress
  private let sender: String
  private let helo: String
  private let ask: Ask
  private var voids = 0

  /// Terms that looked something up.
  package private(set) var lookups = 0
  /// The term that decided, as it appears in the record.
  package private(set) var decidedBy: String?
  /// Why the record could not be evaluated.
  package private(set) var problem: String?

  /// - Parameter sender: the envelope sender; `postmaster@` the HELO name for the null sender.
  package init(address: IPAddress, sender: String, helo: String, ask: @escaping Ask) {
    self.address = address.unmapped
    self.sender = sender.isEmpty ? "postmaster@\(helo)" : sender
    self.helo = helo
    self.ask = ask
  }

  /// Evaluates the record of `domain`.
  package mutating func evaluate(_ domain: String) async -> SPFResult {
    do throws(Stop) {
      return try await checkHost(domain)
    } catch {
      switch error {
      case .temporary:
        problem = "a DNS lookup failed"
        return .temperror
      case .permanent(let reason):
        problem = reason
        return .permerror
      }
    }
  }

  private mutating func checkHost(_ domain: String) async throws(Stop) -> SPFResult {
    guard let name = DomainName(validating: domain), name.text.contains(".") else { return .none }
    guard case .found(let texts) = await ask(name, .txt) else { throw Stop.temporary }
    let records = texts.filter(SPFRecord.isOne)
    guard let text = records.first else { return .none }
    guard records.count == 1 else { throw Stop.permanent("\(name) has several SPF records") }
    guard let record = SPFRecord(text) else {
      throw Stop.permanent("the SPF record of \(name) has a syntax error")
    }
    for directive in record.directives where try await matches(directive.mechanism, name) {
      decidedBy = directive.text
      return switch directive.qualifier {
      case .pass: .pass
      case .fail: .fail
      case .softfail: .softfail
      case .neutral: .neutral
      }
    }
    decidedBy = nil
    guard let redirect = record.redirect else { return .neutral }
    try count()
    let target = redirect.expanded(values(name))
    let result = try await checkHost(target)
    guard result != .none else {
      throw Stop.permanent("the redirect target has no SPF record: \(target)")
    }
    return result
  }

  private mutating func matches(
    _ mechanism: SPFRecord.Mechanism, _ domain: DomainName
  ) async throws(Stop) -> Bool {
    switch mechanism {
    case .all: return true
    case .network(let network, let prefix): return address.isIn(network, prefix: prefix)
    case .include(let macro):
      try count()
      let target = macro.expanded(values(domain))
      switch try await checkHost(target) {
      case .pass: return true
      case .none: throw Stop.permanent("the include target has no SPF record: \(target)")
      case .fail, .softfail, .neutral, .temperror, .permerror: return false
      }
    case .a(let macro, let prefixes):
      try count()
      guard let target = target(macro, domain) else { return false }
      return isAmong(try await addresses(of: target), prefixes)
    case .mx(let macro, let prefixes):
      try count()
      guard let target = target(macro, domain) else { return false }
      let hosts = try await find(target, .mx)
      guard hosts.count <= Self.mostLookups else {
        throw Stop.permanent("\(target) has more than \(Self.mostLookups) mail exchangers")
      }
      for host in hosts {
        guard let name = DomainName(validating: host) else { continue }
        if isAmong(try await addresses(of: name), prefixes) { return true }
      }
      return false
    case .exists(let macro):
      try count()
      guard let target = target(macro, domain) else { return false }
      return try await !find(target, .a).isEmpty
    case .ptr(let macro):
      try count()
      guard let target = target(macro, domain) else { return false }
      return await hasName(below: target)
    }
  }

  /// Whether a PTR record of the address leads to a name at or below `target` and back again.
  ///
  /// A lookup that fails here counts as no match (section 5.5).
  private func hasName(below target: DomainName) async -> Bool {
    guard let reverse = DomainName(validating: address.reverseName),
      case .found(let names) = await ask(reverse, .ptr)
    else { return false }
    for name in names.prefix(Self.mostLookups).compactMap({ DomainName(validating: $0) })
    where name == target || name.text.hasSuffix(".\(target.text)") {
      guard case .found(let found) = await ask(name, address.isIPv4 ? .a : .aaaa) else { continue }
      if found.contains(where: { IPAddress($0) == address }) { return true }
    }
    return false
  }

  private func isAmong(_ found: [String], _ prefixes: SPFRecord.Prefixes) -> Bool {
    let prefix = address.isIPv4 ? prefixes.ipv4 : prefixes.ipv6
    return found.contains { IPAddress($0).map { address.isIn($0, prefix: prefix) } ?? false }
  }

  private mutating func addresses(of name: DomainName) async throws(Stop) -> [String] {
    try await find(name, address.isIPv4 ? .a : .aaaa)
  }

  private mutating func find(
    _ name: DomainName, _ type: DNSAnswer.RecordType
  ) async throws(Stop) -> [String] {
    guard case .found(let found) = await ask(name, type) else { throw Stop.temporary }
    if found.isEmpty {
      voids += 1
      guard voids <= Self.mostVoid else {
        throw Stop.permanent("more than \(Self.mostVoid) of its lookups return nothing")
      }
    }
    return found
  }

  private mutating func count() throws(Stop) {
    lookups += 1
    guard lookups <= Self.mostLookups else {
      throw Stop.permanent("it needs more than \(Self.mostLookups) lookups")
    }
  }

  /// The name that a mechanism is about; nil if it is none after the macros.
  private func target(_ macro: SPFMacro?, _ domain: DomainName) -> DomainName? {
    guard let macro else { return domain }
    var name = macro.expanded(values(domain))[...]
    if name.hasSuffix(".") { name.removeLast() }
    // A name that is too long loses labels on its left (section 7.3).
    while name.utf8.count > 253, let dot = name.firstIndex(of: ".") {
      name = name[name.index(after: dot)...]
    }
    return DomainName(validating: String(name))
  }

  private func values(_ domain: DomainName) -> SPFMacro.Values {
    SPFMacro.Values(address: address, sender: sender, helo: helo, domain: domain.text)
  }
}
