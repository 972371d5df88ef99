// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes
import TestSupport
import Testing

struct JSONScannerTests {
  private static let samples = [
    #"{"queue_name": "deferred", "arrival_time": 1795521600, "recipients": [{"address": "a\"b\\", "x": null}]}"#,
    #"[1, -2.5e3, "\ud83d\ude00\ud800", true , false,{},[], {"a":{"b":[{}]}}]"#,
    #"{"__CURSOR" : "s=1;i=2", "MESSAGE" : [ 104, 105 ], "_PID":"42"}"#,
  ].map { Array($0.utf8) }

  /// Where a value ends; nil where it is cut off.
  private func end(_ bytes: [UInt8]) -> Int? {
    var scanner = JSONScanner()
    guard (try? scanner.skipValue(bytes.span)) != nil else { return nil }
    return scanner.position
  }

  @Test func passesOverWhatIsJSON() {
    var generator = SeededGenerator(seed: 23)
    for _ in 0..<Rounds.count(5_000, of: 200_000) {
      let sample = Self.samples.randomElement(using: &generator) ?? []
      for bytes in [sample, generator.mutated(sample, with: Self.samples)] {
        let end = end(bytes)
        #expect((end ?? 0) <= bytes.count)
        guard let wanted = Reference.end(of: bytes) else { continue }
        #expect(end == wanted, "\(String(decoding: bytes, as: UTF8.self))")
      }
    }
  }

  @Test(arguments: samples)
  func whatIsCutOffIsMalformed(_ sample: [UInt8]) {
    for count in sample.indices { #expect(end(Array(sample[..<count])) == nil, "\(count)") }
    #expect(end(sample + [0x7D]) == sample.count)
  }

  @Test(arguments: ["", " ", "]", ":", ",1", "\"", "\"a\\", "{\"a\"", "@", "\u{0}"])
  func whatIsNoneIsMalformed(_ text: String) {
    #expect(end(Array(text.utf8)) == nil)
  }

  @Test(arguments: ["[", "{\"a\":", "\"\\", "[\""])
  func aMegabyteOfItIsMalformed(_ piece: String) {
    #expect(end(Array(String(repeating: piece, count: 1 << 20 / piece.utf8.count).utf8)) == nil)
  }

  @Test func tellsWhereAStringStandsAndWhetherItHasEscapes() throws {
    let bytes = Array(#" "plain" : "a\"b" "#.utf8)
    var scanner = JSONScanner()
    #expect(bytes.span.string(try scanner.name(bytes.span)) == "plain")
    #expect(!scanner.hasEscapes)
    #expect(bytes.span.string(try scanner.string(bytes.span)) == #"a\"b"#)
    #expect(scanner.hasEscapes)
  }

  /// What is written, what it says, and whether RFC 8259 allows it.
  private static let pieces: [(String, String, isStrict: Bool)] = [
    ("a", "a", true), ("é😀", "é😀", true), (#"\n\r\t\b\f"#, "\n\r\t\u{8}\u{C}", true),
    (#"\"\\\/"#, "\"\\/", true), (#"\u0041\u00e9\u20AC"#, "Aé€", true),
    (#"\uD83D\ude00"#, "😀", true), (#"\ud83d!"#, "\u{FFFD}!", true),
    (#"\ud83d\u0041"#, "\u{FFFD}A", true), (#"\ud83d\ud83d\ude00"#, "\u{FFFD}😀", true),
    (#"x\ude00"#, "x\u{FFFD}", true), (#"\u0000"#, "\u{0}", true),
    (#"\q"#, "q", false), (#"\u12~"#, "u12~", false), (#"\u00g0"#, "u00g0", false),
    (#"\ud83d\u1 "#, "\u{FFFD}u1 ", false), (#"\u+123"#, "u+123", false), ("\u{1}", "\u{1}", false),
  ]

  @Test func decodesWhatEscapesSay() {
    var generator = SeededGenerator(seed: 41)
    let pieces = Self.pieces.map { [$0] }
    let mixed = (0..<Rounds.count(2_000, of: 100_000)).map { _ in
      (0..<Int.random(in: 0...6, using: &generator)).compactMap { _ in
        Self.pieces.randomElement(using: &generator)
      }
    }
    for pieces in pieces + mixed {
      let written = pieces.map(\.0).joined()
      let bytes = Array("<\(written)>".utf8)
      let (text, isStrict) = bytes.span.unescaped(1..<bytes.count - 1)
      #expect(String(decoding: text, as: UTF8.self) == pieces.map(\.1).joined(), "\(written)")
      #expect(isStrict == pieces.allSatisfy(\.isStrict), "\(written)")
    }
  }

  /// A place may end where the line was cut, within an escape.
  @Test(arguments: [(#"a\"#, #"a\"#), (#"\u00e"#, "u00e"), (#"\ud83d\ude0"#, "\u{FFFD}ude0")])
  func anEscapeEndsWithItsPlace(_ written: String, _ text: String) {
    let bytes = Array((written + "9").utf8)
    let found = bytes.span.unescaped(0..<bytes.count - 1).text
    #expect(String(decoding: found, as: UTF8.self) == text)
  }
}

/// The grammar of RFC 8259 as it is written there, without a thought for speed.
private struct Reference {
  private var rest: ArraySlice<UInt8>

  /// Where the first value ends, or nil where there is none.
  static func end(of bytes: [UInt8]) -> Int? {
    var reference = Reference(rest: bytes[...])
    return reference.value() ? reference.rest.startIndex : nil
  }

  private mutating func blanks() { rest = rest.drop { [0x20, 0x09, 0x0A, 0x0D].contains($0) } }

  private mutating func take(_ text: String) -> Bool {
    guard rest.starts(with: text.utf8) else { return false }
    rest = rest.dropFirst(text.utf8.count)
    return true
  }

  private mutating func value() -> Bool {
    blanks()
    if take("{") { return list("}") { $0.member() } }
    if take("[") { return list("]") { $0.value() } }
    if rest.first == 0x22 { return string() }
    if take("true") || take("false") || take("null") { return isOver }
    return number() && isOver
  }

  private mutating func member() -> Bool {
    blanks()
    guard string() else { return false }
    blanks()
    return take(":") && value()
  }

  /// Whether a word or a number goes no further.
  private var isOver: Bool {
    rest.first.map { !Character(Unicode.Scalar($0)).isLetter && !"+-.0123456789".utf8.contains($0) }
      ?? true
  }

  private mutating func list(_ close: String, _ element: (inout Reference) -> Bool) -> Bool {
    blanks()
    if take(close) { return true }
    repeat {
      guard element(&self) else { return false }
      blanks()
    } while take(",")
    return take(close)
  }

  private mutating func string() -> Bool {
    guard take("\"") else { return false }
    while let byte = rest.popFirst() {
      if byte == 0x22 { return true }
      if byte == 0x5C, rest.popFirst() == nil { return false }
    }
    return false
  }

  private mutating func digits() -> Bool {
    let count = rest.prefix { (0x30...0x39).contains($0) }.count
    rest = rest.dropFirst(count)
    return count > 0
  }

  private mutating func number() -> Bool {
    _ = take("-")
    guard digits() else { return false }
    if take("."), !digits() { return false }
    if take("e") || take("E") {
      _ = take("+") || take("-")
      return digits()
    }
    return true
  }
}
