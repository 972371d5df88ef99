// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

/// A macro-string of an SPF record (RFC 7208, section 7), such as `%{ir}.%{v}._spf.%{d2}`.
struct SPFMacro: Hashable, Sendable {
  /// What the letters stand for.
  struct Values: Sendable {
    var address: IPAddress
    /// The envelope sender, `postmaster@HELO` for the null sender.
    var sender: String
    var helo: String
    var domain: String
  }

  private enum Piece: Hashable {
    case text(String)
    case letter(Character, keep: Int?, reversed: Bool, delimiters: String)
  }

  private let pieces: [Piece]
  /// Whether it ends as a domain does: in a macro, or in a label that is no number.
  let endsLikeDomain: Bool

  /// Fails where the syntax is wrong.
  init?(_ text: Substring) {
    var pieces: [Piece] = []
    var literal = ""
    var rest = text
    while let character = rest.popFirst() {
      guard let ascii = character.asciiValue, (0x21...0x7E).contains(ascii) else { return nil }
      guard character == "%" else {
        literal.append(character)
        continue
      }
      switch rest.popFirst() {
      case "%": literal.append("%")
      case "_": literal.append(" ")
      case "-": literal.append("%20")
      case "{":
        guard let close = rest.firstIndex(of: "}"), let piece = Self.letter(rest[..<close]) else {
          return nil
        }
        if !literal.isEmpty { pieces.append(.text(literal)) }
        literal = ""
        pieces.append(piece)
        rest = rest[rest.index(after: close)...]
      default: return nil
      }
    }
    if !literal.isEmpty { pieces.append(.text(literal)) }
    self.pieces = pieces
    endsLikeDomain = Self.endsLikeDomain(pieces.last)
  }

  func expanded(_ values: Values) -> String {
    pieces.map { piece in
      switch piece {
      case .text(let text): text
      case .letter(let letter, let keep, let reversed, let delimiters):
        Self.transform(
          Self.value(letter, values), keep: keep, reversed: reversed, delimiters: delimiters)
      }
    }
    .joined()
  }

  private static func letter(_ text: Substring) -> Piece? {
    var rest = text
    // c, r and t are only for explanations, which are not read here.
    guard let letter = rest.popFirst()?.lowercased().first, "slodiphv".contains(letter) else {
      return nil
    }
    let digits = rest.prefix { $0.isASCII && $0.isNumber }
    rest = rest.dropFirst(digits.count)
    var keep: Int?
    if !digits.isEmpty {
      guard digits.count <= 3, let count = Int(digits), count > 0 else { return nil }
      keep = count
    }
    let reversed = rest.first?.lowercased() == "r"
    if reversed { rest.removeFirst() }
    guard rest.allSatisfy({ ".-+,/_=".contains($0) }) else { return nil }
    return .letter(
      letter, keep: keep, reversed: reversed, delimiters: rest.isEmpty ? "." : String(rest))
  }

  private static func value(_ letter: Character, _ values: Values) -> String {
    let at = values.sender.lastIndex(of: "@")
    let local = at.map { String(values.sender[..<$0]) } ?? ""
    return switch letter {
    case "s": values.sender
    case "l": local.isEmpty ? "postmaster" : local
    case "o": at.map { String(values.sender[$0...].dropFirst()) } ?? values.sender
    case "d": values.domain
    case "i": values.address.parts.joined(separator: ".")
    case "v": values.address.isIPv4 ? "in-addr" : "ip6"
    case "h": values.helo
    // `p` needs its own lookup and should not be published (RFC 7208, section 7.2).
    default: "unknown"
    }
  }

  private static func transform(
    _ value: String, keep: Int?, reversed: Bool, delimiters: String
  ) -> String {
    guard keep != nil || reversed || delimiters != "." else { return value }
    var parts = value.split(omittingEmptySubsequences: false) { delimiters.contains($0) }
    if reversed { parts.reverse() }
    if let keep { parts = parts.suffix(keep) }
    return parts.joined(separator: ".")
  }

  private static func endsLikeDomain(_ last: Piece?) -> Bool {
    switch last {
    case nil: return false
    case .letter: return true
    case .text(let text):
      let name = text.hasSuffix(".") ? text.dropLast() : text[...]
      guard let dot = name.lastIndex(of: ".") else { return false }
      let label = name[dot...].dropFirst().utf8
      return !label.isEmpty && !label.allSatisfy { (0x30...0x39).contains($0) }
        && DomainName(validating: String(name[dot...].dropFirst())) != nil
    }
  }
}
