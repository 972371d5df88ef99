// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

/// An SPF record, parsed as a whole before any of it counts (RFC 7208, section 4.6).
struct SPFRecord: Hashable, Sendable {
  enum Qualifier: Character, Sendable {
    case pass = "+"
    case fail = "-"
    case softfail = "~"
    case neutral = "?"
  }

  /// The bits of a network that count, for each version.
  struct Prefixes: Hashable, Sendable {
    var ipv4 = 32
    var ipv6 = 128
  }

  enum Mechanism: Hashable, Sendable {
    case all
    case include(SPFMacro)
    case a(SPFMacro?, Prefixes)
    case mx(SPFMacro?, Prefixes)
    case ptr(SPFMacro?)
    case network(IPAddress, prefix: Int)
    case exists(SPFMacro)
  }

  struct Directive: Hashable, Sendable {
    var qualifier: Qualifier
    var mechanism: Mechanism
    /// As it appears in the record.
    var text: String
  }

  private(set) var directives: [Directive] = []
  private(set) var redirect: SPFMacro?

  /// Whether a TXT record is one of SPF's: `v=spf1` and then a space or the end.
  static func isOne(_ text: String) -> Bool {
    let version = text.prefix(7).lowercased()
    return version == "v=spf1" || version == "v=spf1 "
  }

  /// Fails where the syntax is wrong anywhere.
  init?(_ text: String) {
    var names: Set<String> = []
    for term in text.dropFirst(6).split(separator: " ") {
      if let equals = Self.modifierEnd(term) {
        let name = term[..<equals].lowercased()
        guard let macro = SPFMacro(term[equals...].dropFirst()) else { return nil }
        guard name == "redirect" || name == "exp" else { continue }
        guard names.insert(name).inserted, macro.endsLikeDomain else { return nil }
        if name == "redirect" { redirect = macro }
      } else if let directive = Self.directive(term) {
        directives.append(directive)
      } else {
        return nil
      }
    }
  }

  /// Where the `=` of a modifier stands, or nil if it is a mechanism.
  private static func modifierEnd(_ term: Substring) -> Substring.Index? {
    guard let end = term.firstIndex(where: { "=:/".contains($0) }), term[end] == "=",
      let first = term.first, first.isASCII, first.isLetter,
      term[..<end].allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) })
    else { return nil }
    return end
  }

  private static func directive(_ term: Substring) -> Directive? {
    let sign = term.first.flatMap(Qualifier.init)
    let body = sign == nil ? term : term.dropFirst()
    let end = body.firstIndex { ":/".contains($0) } ?? body.endIndex
    let mechanism = mechanism(body[..<end].lowercased(), body[end...])
    return mechanism.map {
      Directive(qualifier: sign ?? .pass, mechanism: $0, text: String(term))
    }
  }

  private static func mechanism(_ name: String, _ argument: Substring) -> Mechanism? {
    switch name {
    case "all": return argument.isEmpty ? .all : nil
    case "include": return domain(argument).map { .include($0) }
    case "exists": return domain(argument).map { .exists($0) }
    case "ptr":
      if argument.isEmpty { return .ptr(nil) }
      return domain(argument).map { .ptr($0) }
    case "a", "mx":
      var rest = argument
      guard let prefixes = takePrefixes(&rest) else { return nil }
      var macro: SPFMacro?
      if !rest.isEmpty {
        guard let domain = domain(rest) else { return nil }
        macro = domain
      }
      return name == "a" ? .a(macro, prefixes) : .mx(macro, prefixes)
    case "ip4", "ip6":
      guard argument.first == ":" else { return nil }
      let parts = argument.dropFirst().split(
        separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
      let width = name == "ip4" ? 32 : 128
      guard let first = parts.first, first.contains(":") == (name == "ip6"),
        let address = IPAddress(first)
      else { return nil }
      guard parts.count == 2 else { return .network(address, prefix: address.bytes.count * 8) }
      guard let prefix = prefix(parts[1], upTo: width) else { return nil }
      return .network(address, prefix: prefix)
    default: return nil
    }
  }

  private static func domain(_ argument: Substring) -> SPFMacro? {
    guard argument.first == ":", let macro = SPFMacro(argument.dropFirst()), macro.endsLikeDomain
    else { return nil }
    return macro
  }

  /// Takes `/24`, `//64` or `/24//64` from the end; nil if a number is wrong.
  private static func takePrefixes(_ rest: inout Substring) -> Prefixes? {
    var prefixes = Prefixes()
    if let (number, before) = trailingNumber(rest), before.hasSuffix("//") {
      guard let ipv6 = prefix(number, upTo: 128) else { return nil }
      prefixes.ipv6 = ipv6
      rest = before.dropLast(2)
    }
    if let (number, before) = trailingNumber(rest), before.hasSuffix("/") {
      guard let ipv4 = prefix(number, upTo: 32) else { return nil }
      prefixes.ipv4 = ipv4
      rest = before.dropLast()
    }
    return prefixes
  }

  private static func trailingNumber(_ text: Substring) -> (Substring, before: Substring)? {
    guard let last = text.lastIndex(where: { !($0.isASCII && $0.isNumber) }) else { return nil }
    let start = text.index(after: last)
    return start == text.endIndex ? nil : (text[start...], text[..<start])
  }

  private static func prefix(_ text: Substring, upTo most: Int) -> Int? {
    guard (1...3).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
      text.utf8.count == 1 || text.first != "0", let number = Int(text), number <= most
    else { return nil }
    return number
  }
}
