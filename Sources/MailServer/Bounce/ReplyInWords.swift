// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes
import Replies

/// The remote's reply within the words of a bounce, wherever a server put it.
///
/// `… failed with: 550 <bob@example.com> No such user`, `… error message: [554 5.4.6 Hop count exceeded]`,
/// `ERROR_CODE :550, ERROR_CODE :5.1.1 …`, `550-'5.7.1 … Access denied'`, `#550 5.1.1 RESOLVER.ADR…`.
struct ReplyInWords {
  let code: Int?
  /// The reply from its code on; all of the text where it has a status alone.
  let words: ArraySlice<UInt8>
  /// The first status at or behind the code.
  let status: EnhancedStatusCode?

  static func holdsReply(_ text: [UInt8]) -> Bool { ReplyInWords(text) != nil }

  /// The first reply in the text; nil if none is.
  init?(_ text: [UInt8]) {
    var bare: Int?
    var index = 0
    while index + 3 <= text.count {
      defer { index += 1 }
      guard text[index] == UInt8(ascii: "4") || text[index] == UInt8(ascii: "5") else { continue }
      let before = index > 0 ? text[index - 1] : ASCII.space
      guard !Self.isWordByte(before) else { continue }
      if let code = Self.code(in: text, at: index) {
        // `554 554 5.7.0`: the same again is where it begins.
        var start = index
        if index + 7 < text.count,
          text[(index + 4)..<(index + 7)].elementsEqual(text[index..<(index + 3)])
        {
          start += 4
        }
        self.code = code
        words = Self.withoutBracket(text, from: start)
        status = Self.status(in: text, from: start)
        return
      }
      if bare == nil, Self.isStatus(text, at: index) { bare = index }
    }
    guard let bare else { return nil }
    code = nil
    words = text[...]
    status = Self.status(in: text, from: bare)
  }

  /// `[550 5.1.1 User unknown]`: the bracket that was opened before the code closes behind the words.
  private static func withoutBracket(_ text: [UInt8], from start: Int) -> ArraySlice<UInt8> {
    let words = text[start...]
    guard start > 0 else { return words }
    let closing: UInt8? =
      switch text[start - 1] {
      case UInt8(ascii: "["): UInt8(ascii: "]")
      case UInt8(ascii: "'"): UInt8(ascii: "'")
      case UInt8(ascii: "\""): UInt8(ascii: "\"")
      default: nil
      }
    return closing.flatMap { words.lastIndex(of: $0) }.map { words[..<$0] } ?? words
  }

  private static func status(in text: [UInt8], from start: Int) -> EnhancedStatusCode? {
    var index = start
    while index + 5 <= min(text.count, start + 400) {
      if isStatus(text, at: index), index == 0 || !isWordByte(text[index - 1]) {
        let number = text[index...].prefix { ASCII.digit($0) != nil || $0 == UInt8(ascii: ".") }
        let whole = number.last == UInt8(ascii: ".") ? number.dropLast() : number
        return EnhancedStatusCode(String(decoding: whole, as: UTF8.self))
      }
      index += 1
    }
    return nil
  }

  private static func isWordByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"),
      UInt8(ascii: "_"),
      UInt8(ascii: "/"), UInt8(ascii: "@"), UInt8(ascii: "="), UInt8(ascii: "+"):
      true
    default: byte >= 0x80
    }
  }

  /// Three digits that begin a reply: a status of the same class follows, or words do where a punctuation mark or the
  /// beginning of the text announced them.
  private static func code(in text: [UInt8], at index: Int) -> Int? {
    guard let hundreds = ASCII.digit(text[index]), let tens = ASCII.digit(text[index + 1]),
      tens <= 7,
      let ones = ASCII.digit(text[index + 2])
    else { return nil }
    let value = hundreds * 100 + tens * 10 + ones
    var next = index + 3
    guard next < text.count else { return isAnnounced(text, index) ? value : nil }
    guard " -,:'\t\"]);_".utf8.contains(text[next]) || text[next] == ASCII.newline else {
      return nil
    }
    while next < text.count, next < index + 8, " -:,'\"#(".utf8.contains(text[next]) { next += 1 }
    if isStatus(text, at: next), text[next] == text[index] { return value }
    guard isAnnounced(text, index) else { return nil }
    // A time of day, a size or a number of something is none.
    let rest = text[next...].prefix(12).map(ASCII.lowercase)
    if text[index + 3] == UInt8(ascii: ":"), next < text.count, ASCII.digit(text[next]) != nil {
      return nil
    }
    return counted.contains { rest.begins($0) } ? nil : value
  }

  private static let counted: [StaticString] = [
    "byte", "kb", "mb", "hour", "day", "minute", "second", "message", "recipient", "time",
    "attempt",
    "lines", "0400", "0900", "error(s)",
  ]

  /// Whether a reply may begin here: at the start, or behind a mark or a word that announces one.
  private static func isAnnounced(_ text: [UInt8], _ index: Int) -> Bool {
    var place = index
    while place > 0, text[place - 1] <= ASCII.space { place -= 1 }
    guard place > 0 else { return true }
    if ":;'\"([<#>,".utf8.contains(text[place - 1]) { return true }
    let before = text[max(0, place - 14)..<place].lowercased
    return [
      "said", "code", "error", "was", "returned", "reply", "response", "status", "responsecode",
    ]
    .contains { before.reversed().starts(with: $0.utf8.reversed()) }
  }

  /// `5.1.1` and the like, and no address of a host.
  private static func isStatus(_ text: [UInt8], at index: Int) -> Bool {
    guard index + 5 <= text.count else { return false }
    let number = text[index...].prefix(10).prefix {
      ASCII.digit($0) != nil || $0 == UInt8(ascii: ".")
    }
    var parts = number.split(separator: UInt8(ascii: "."))
    if parts.count == 3, number.last == UInt8(ascii: ".") { parts = Array(parts.prefix(3)) }
    let next = index + number.count
    guard
      next >= text.count || ASCII.lowercase(text[next]) < UInt8(ascii: "a")
        || ASCII.lowercase(text[next]) > UInt8(ascii: "z")
    else { return false }
    return parts.count == 3 && parts[0].count == 1 && "45".utf8.contains(text[index])
      && parts[1].count <= 2 && parts[2].count <= 3
  }
}
