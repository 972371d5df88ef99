// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes

/// An address in a text that people or programs wrote.
struct MailAddress {
  let text: String
  /// The address with the brackets or quotation marks around it.
  let range: Range<Int>

  /// The first address of a text.
  static func first(in text: ArraySlice<UInt8>) -> MailAddress? {
    var index = text.startIndex
    while let at = text[index...].firstIndex(of: UInt8(ascii: "@")) {
      if let address = MailAddress(in: text, around: at) { return address }
      index = at + 1
    }
    return nil
  }

  /// All addresses of a text, in their order.
  static func all(in text: ArraySlice<UInt8>) -> [MailAddress] {
    var found: [MailAddress] = []
    var index = text.startIndex
    var start = index
    while found.count < 100, let at = text[index...].firstIndex(of: UInt8(ascii: "@")) {
      index = at + 1
      guard let address = MailAddress(in: text[start...], around: at) else { continue }
      found.append(address)
      index = max(index, address.range.upperBound)
      start = index
    }
    return found
  }

  /// The address whose `@` stands at a place, if there is one.
  private init?(in text: ArraySlice<UInt8>, around at: Int) {
    var start = at
    if at > text.startIndex, text[at - 1] == UInt8(ascii: "\""),
      let quote = text[..<(at - 1)].suffix(66).lastIndex(of: UInt8(ascii: "\""))
    {
      start = quote
    } else {
      while at - start < 256, let length = Self.localLength(text, before: start) { start -= length }
    }
    var end = at + 1
    if end < text.endIndex, text[end] == UInt8(ascii: "[") {
      while end < text.endIndex, end - at < 64, text[end] != UInt8(ascii: "]"),
        text[end] > ASCII.space
      { end += 1 }
      if end < text.endIndex { end += 1 }
    } else {
      while end < text.endIndex, end - at < 256, Self.isDomain(text[end]) { end += 1 }
      // A full stop or a hyphen ends the sentence.
      while end > at + 1, ".-".utf8.contains(text[end - 1]) { end -= 1 }
    }
    // `smtp:a@b`, `mailto:a@b`, `rfc822:a@b`.
    if let colon = text[start..<at].lastIndex(of: UInt8(ascii: ":")),
      text[start] != UInt8(ascii: "\"")
    {
      start = colon + 1
    }
    // What is masked is an address too: `****@****`.
    while start < at, text[start] == UInt8(ascii: "'") { start += 1 }
    guard start < at, end > at + 1 else { return nil }
    self.text = String(decoding: text[start..<end], as: UTF8.self)
    if start > text.startIndex, end < text.endIndex,
      Self.pairs.contains(where: { $0.0 == text[start - 1] && $0.1 == text[end] })
    {
      range = (start - 1)..<(end + 1)
    } else {
      range = start..<end
    }
  }

  private static let pairs: [(UInt8, UInt8)] = [
    ("<", ">"), ("\"", "\""), ("'", "'"), ("(", ")"), ("[", "]"),
  ]
  .map { (Array($0.0.utf8)[0], Array($0.1.utf8)[0]) }

  /// How many bytes the letter of a local part that ends at a place has; nil if none ends there.
  ///
  /// RFC 6531 allows any letter, but Chinese and Japanese texts have no blank before an address: of letters that are
  /// not ASCII those of two bytes belong to it.
  private static func localLength(_ text: ArraySlice<UInt8>, before end: Int) -> Int? {
    guard end > text.startIndex else { return nil }
    let byte = text[end - 1]
    if byte < 0x80 {
      return byte > ASCII.space && byte != 0x7F && !"<>()[]\\,;\"@".utf8.contains(byte) ? 1 : nil
    }
    guard (0x80..<0xC0).contains(byte), end - 2 >= text.startIndex,
      (0xC2..<0xE0).contains(text[end - 2])
    else { return nil }
    return 2
  }

  private static func isDomain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"),
      UInt8(ascii: "_"), UInt8(ascii: "*"):
      true
    // RFC 6531, of letters of two bytes.
    default: (0x80..<0xE0).contains(byte)
    }
  }
}
