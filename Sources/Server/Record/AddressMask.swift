// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes

/// Replaces the names of people in a text by letters, as many as they have bytes: the local part of every
/// mail address, and login names where logs have them.
///
/// The same name becomes the same letters within one record, so that messages of one sender still
/// belong together; offsets in files stay true. Domains, hosts and IP addresses are kept.
struct AddressMask: Sendable {
  /// Keeps what stands for a name from being found by trying names.
  private let salt: UInt64

  init(salt: UInt64 = UInt64.random(in: 0...UInt64.max)) { self.salt = salt }

  /// - Parameter isCut: whether the text may end within a word, whose rest comes elsewhere.
  func masked(_ text: [UInt8], isCut: Bool = false) -> [UInt8] {
    var masked = text
    let span = text.span
    var at = 0
    while let found = span.firstIndex(of: UInt8(ascii: "@"), from: at) {
      at = found + 1
      mask(&masked, localPart(of: span, before: found))
    }
    at = 0
    while let found = span.firstIndex(of: UInt8(ascii: "="), from: at) {
      at = found + 1
      if let name = Self.login(in: span, behind: found) { mask(&masked, name) }
    }
    at = 0
    while let found = span.firstIndex(of: UInt8(ascii: " "), from: at) {
      at = found + 1
      if let name = Self.localUser(in: span, behind: found) { mask(&masked, name) }
    }
    at = 0
    while let found = span.firstIndex(of: UInt8(ascii: ":"), from: at) {
      at = found + 1
      if let name = Self.retryKey(in: span, behind: found) { mask(&masked, name) }
    }
    if isCut, let last = text.last, !Self.ends(last) {
      mask(&masked, wordStart(of: span, before: span.count)..<span.count)
    }
    return masked
  }

  // MARK: - Addresses

  private func localPart(of text: Span<UInt8>, before end: Int) -> Range<Int> {
    guard end > 0, text[end - 1] == UInt8(ascii: "\"") else {
      return wordStart(of: text, before: end)..<end
    }
    // A quote of the address itself; in JSON it has a backslash, and one within the name has more.
    let depth = Self.backslashes(in: text, before: end - 1)
    let last = end - 1 - depth
    var start = last
    while start > 0, text[start - 1] != ASCII.newline {
      let isQuote = text[start - 1] == UInt8(ascii: "\"")
      if isQuote, Self.backslashes(in: text, before: start - 1) <= depth { break }
      start -= 1
    }
    return start..<last
  }

  private static func backslashes(in text: Span<UInt8>, before end: Int) -> Int {
    var count = 0
    while count < end, text[end - 1 - count] == UInt8(ascii: "\\") { count += 1 }
    return count
  }

  private func wordStart(of text: Span<UInt8>, before end: Int) -> Int {
    var start = end
    var isWhole = false
    while !isWhole {
      let last = start
      while start > 0, !Self.ends(text[start - 1]) { start -= 1 }
      isWhole = true
      guard start > 0, text[start - 1] == UInt8(ascii: "\\"), start < last else { break }
      // `\u00e9` is a letter of the name, and `\n` the end of a line, in JSON and in Exim's log.
      if text[start] == UInt8(ascii: "u"), last - start > 4 {
        start -= 1
        isWhole = false
      } else if "nrtbf/".utf8.contains(text[start]) {
        start += 1
      }
    }
    return start
  }

  /// What no local part without quotes holds (RFC 5322, `atext`), dots aside.
  private static func ends(_ byte: UInt8) -> Bool {
    switch byte {
    case 0...0x20, UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "("), UInt8(ascii: ")"),
      UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: ":"), UInt8(ascii: "\""),
      UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "@"), UInt8(ascii: "\\"):
      true
    default: false
    }
  }

  // MARK: - Names without a domain

  /// Fields of log lines that name a user or a mailbox: Postfix's, Dovecot's and Exim's.
  private static let fields: Set<String> = [
    "sasl_username", "sasl_sender", "to", "orig_to", "from", "user", "ruser", "U", "A",
  ]
  private static let longestField = 16

  /// What is behind `sasl_username=`, `orig_to=<`, `A=login:` and their like.
  private static func login(in text: Span<UInt8>, behind equals: Int) -> Range<Int>? {
    var first = equals
    while first > 0, equals - first <= longestField, isFieldLetter(text[first - 1]) { first -= 1 }
    let field = text.string(first..<equals)
    guard fields.contains(field) else { return nil }
    var start = equals + 1
    if start < text.count, text[start] == UInt8(ascii: "<") { start += 1 }
    var end = start
    while end < text.count, !ends(text[end]) || (field == "A" && text[end] == UInt8(ascii: ":")) {
      if text[end] == UInt8(ascii: ":") { start = end + 1 }
      end += 1
    }
    // `A=` without a name is the method alone.
    if field == "A", text[start - 1] != UInt8(ascii: ":") { return nil }
    return isName(in: text, start..<end) ? start..<end : nil
  }

  private static func isFieldLetter(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "_") || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
  }

  /// The name of a local mailbox behind one of Exim's signs of a delivery: `=> bob R=local_user`.
  private static func localUser(in text: Span<UInt8>, behind blank: Int) -> Range<Int>? {
    guard blank >= 2, blank == 2 || text[blank - 3] == UInt8(ascii: " ") else { return nil }
    guard signs.contains(text.string(blank - 2..<blank)) else { return nil }
    if let spelled = spelledPart(in: text, from: blank + 1) { return spelled }
    var end = blank + 1
    while end < text.count, !ends(text[end]) { end += 1 }
    return isName(in: text, blank + 1..<end) ? blank + 1..<end : nil
  }

  /// A quoted local part that Exim writes without its quotes, and so with blanks and brackets in it: behind a sign of a
  /// delivery, and as the key of a retry record (`R:jane q. public@example.net`).
  ///
  /// It goes to the last `@` before the next field, so that rather too much is hidden than too little.
  private static func spelledPart(in text: Span<UInt8>, from start: Int) -> Range<Int>? {
    var last: Int?
    var index = start
    while index < text.count, text[index] != ASCII.newline, index - start < longestAddress {
      switch text[index] {
      case UInt8(ascii: "@"): last = index
      case ASCII.space where endsAddress(in: text, at: index + 1, isWhole: last != nil):
        index = text.count
      default: break
      }
      index += 1
    }
    // What could stand without quotes is masked as any address is.
    guard let last, (start..<last).contains(where: { ends(text[$0]) }) else { return nil }
    return start..<last
  }

  /// Beyond RFC 5321's 64 for the part and 255 for the domain nothing is one address.
  private static let longestAddress = 320

  /// Whether what is behind a blank is another field: `<` and the address in full, `R=`, a retry record's number.
  ///
  /// - Parameter isWhole: whether an `@` was there already: before it brackets and numbers may be parts of the name.
  private static func endsAddress(
    in text: Span<UInt8>, at index: Int, isWhole: Bool
  ) -> Bool {
    guard index < text.count else { return true }
    let byte = text[index]
    if byte == UInt8(ascii: "<") { return true }
    if isWhole, byte == UInt8(ascii: "(") || byte == UInt8(ascii: "-") || ASCII.digit(byte) != nil {
      return true
    }
    var end = index
    while end < text.count, (0x41...0x5A).contains(text[end]) { end += 1 }
    return end > index && end < text.count && text[end] == UInt8(ascii: "=")
      || text.has("defer (", at: index) || text.has("routing defer (", at: index)
  }

  /// The address that is the key of a retry record: ` R:` or ` T:` begins a line of exim_dumpdb.
  private static func retryKey(in text: Span<UInt8>, behind colon: Int) -> Range<Int>? {
    guard colon >= 1, [UInt8(ascii: "R"), UInt8(ascii: "T")].contains(text[colon - 1]) else {
      return nil
    }
    var before = colon - 1
    while before > 0, text[before - 1] == ASCII.space { before -= 1 }
    guard before == 0 || text[before - 1] == ASCII.newline else { return nil }
    return spelledPart(in: text, from: colon + 1)
  }

  /// An address is masked as one.
  private static func isName(in text: Span<UInt8>, _ range: Range<Int>) -> Bool {
    guard !range.isEmpty else { return false }
    return range.upperBound == text.count || text[range.upperBound] != UInt8(ascii: "@")
  }

  private static let signs: Set<String> = ["=>", "->", "*>", "==", "**", ">>"]

  private func mask(_ text: inout [UInt8], _ range: Range<Int>) {
    // FNV-1a, then a digit to base 26 for each byte.
    var hash = 0xCBF2_9CE4_8422_2325 ^ salt
    for index in range { hash = (hash ^ UInt64(text[index])) &* 0x100_0000_01B3 }
    var random = DemoRandom(seed: hash)
    for index in range { text[index] = UInt8(ascii: "a") + UInt8(random.next() % 26) }
  }
}
