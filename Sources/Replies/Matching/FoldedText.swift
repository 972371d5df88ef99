// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes

/// Text as rules see it: lower-case words without accents or punctuation, one space between two.
///
/// Words of an address, a URL, a host name or a dotted number are marked with `@`, so that
/// `zen.spamhaus.org` is no word about spam and `4.2.1` no enhanced code by chance.
struct FoldedText {
  private(set) var bytes: [UInt8] = []

  /// The word mark of what is in addresses, URLs, host names and dotted numbers.
  static let mark = UInt8(ascii: "@")

  init(_ text: borrowing Span<UInt8>, lines: [Range<Int>]) {
    bytes.reserveCapacity(text.count + 32)
    for line in lines { append(text, line) }
    // A reason is announced and does not come: a word that no text can hold says so to the rules.
    if let last = lines.last, let end = text.lastVisible(last), text[end] == UInt8(ascii: ":") {
      bytes.append(contentsOf: "@nothing ".utf8)
    }
  }

  /// Folds a rule's own words, whose marks are written by hand.
  init(literal: String) {
    for word in literal.utf8.split(separator: ASCII.space) {
      let text = Array(word)
      if text == [Self.mark] { bytes.append(Self.mark) }
      fold(text.span, 0..<text.count, marked: text.first == Self.mark)
      closeWord()
    }
    if let last = bytes.last, last == ASCII.space { bytes.removeLast() }
  }

  /// Whether a word, or a character of a script without spaces, begins at `index`.
  func startsWord(at index: Int) -> Bool {
    index == 0 || bytes[index - 1] == ASCII.space || bytes[index] >= 0xE3
  }

  private mutating func append(_ text: borrowing Span<UInt8>, _ line: Range<Int>) {
    var start = line.lowerBound
    while start < line.upperBound {
      guard !Self.separates(text[start]) else {
        start += 1
        continue
      }
      var end = start
      while end < line.upperBound, !Self.separates(text[end]) { end += 1 }
      fold(text, start..<end, marked: AddressShape.matches(text, start..<end))
      closeWord()
      start = end
    }
  }

  /// White space, and the brackets and quotes that stand around an address.
  private static func separates(_ byte: UInt8) -> Bool {
    switch byte {
    case 0...ASCII.space, UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "("),
      UInt8(ascii: ")"), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "\""):
      true
    default: false
    }
  }

  private mutating func closeWord() {
    if let last = bytes.last, last != ASCII.space { bytes.append(ASCII.space) }
  }

  private mutating func fold(
    _ text: borrowing Span<UInt8>, _ range: Range<Int>, marked: Bool
  ) {
    var index = range.lowerBound
    while index < range.upperBound {
      let byte = text[index]
      if byte < 0x80 {
        if let escaped = LatinFold.octalEscape(text, index, range.upperBound) {
          appendWordByte(LatinFold.base(ofLatin1: escaped) ?? ASCII.space, marked)
          index += 4
        } else {
          appendWordByte(LatinFold.ascii(byte), marked)
          index += 1
        }
        continue
      }
      let (scalar, length) = LatinFold.scalar(text, index, range.upperBound)
      switch LatinFold.fold(scalar) {
      case .ascii(let base): appendWordByte(base, marked)
      case .cyrillic(let lower):
        bytes.append(UInt8(0xC0 | lower >> 6))
        bytes.append(UInt8(0x80 | lower & 0x3F))
      case .asItIs:
        for offset in index..<index + length { bytes.append(text[offset]) }
      }
      index += length
    }
  }

  private mutating func appendWordByte(_ byte: UInt8, _ marked: Bool) {
    guard byte != ASCII.space else { return closeWord() }
    if marked, bytes.last.map({ $0 == ASCII.space }) ?? true { bytes.append(Self.mark) }
    bytes.append(byte)
  }
}

extension Span where Element == UInt8 {
  /// The place of the last byte in `range` that is no white space.
  fileprivate func lastVisible(_ range: Range<Int>) -> Int? {
    var end = range.upperBound
    while end > range.lowerBound, self[end - 1] <= ASCII.space { end -= 1 }
    return end > range.lowerBound ? end - 1 : nil
  }
}
