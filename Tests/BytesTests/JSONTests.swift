// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes
import Testing

@Suite struct JSONTests {
  private func line(_ value: JSON) -> String { String(decoding: value.line, as: UTF8.self) }
  private func parsed(_ text: String) -> JSON? { JSON(parsing: Array(text.utf8)) }

  @Test func writesMembersInTheirOrder() {
    let value: JSON = [
      "code": 421, "enhanced": nil, "temporary": true, "wait": ["min": 900, "max": 3600],
      "steps": ["one", "two"],
    ]
    #expect(
      line(value)
        == #"{"code":421,"enhanced":null,"temporary":true,"wait":{"min":900,"max":3600},"#
        + #""steps":["one","two"]}"# + "\n")
  }

  @Test(arguments: [
    ("a\"b\\c", #""a\"b\\c""#), ("\n\r\t", #""\n\r\t""#), ("\u{1B}[2J", #""\u001b[2J""#),
    ("\u{7F}\u{9B}", #""\u007f\u009b""#), ("\u{202E}x\u{200B}", #""\u202ex\u200b""#),
    ("grün 🙂", "\"grün 🙂\""), ("", #""""#),
  ])
  func escapes(text: String, written: String) {
    #expect(line(.string(text)) == written + "\n")
    #expect(parsed(written) == .string(text))
  }

  @Test(arguments: [
    (#" {"a" : [1, -2, 1.5, true, false, null]} "#, #"{"a":[1,-2,1.5,true,false,null]}"#),
    (#""\ud83d\ude42""#, "\"🙂\""), (#""\ud83d!""#, "\"\u{FFFD}!\""),
    (#""\ud83d\u0041""#, "\"\u{FFFD}A\""),
    ("[]", "[]"), ("{}", "{}"), ("9223372036854775808", "9.223372036854776e+18"),
    (#""\/""#, "\"/\""),
  ])
  func reads(text: String, again: String) throws {
    let value = try #require(parsed(text))
    #expect(line(value) == again + "\n")
  }

  @Test(arguments: [
    "", "{", "[1,", "[1 2]", #"{"a"}"#, #"{"a":}"#, "\"", #""\u12"#, #""\ud83d\u1""#, "tru", "1 2",
    "+1",
    "-", "\"a\nb\"", #"{a:1}"#, String(repeating: "[", count: 65),
  ])
  func refuses(text: String) {
    #expect(parsed(text) == nil)
  }

  @Test(arguments: [1, 2, 3]) func anyBytesAreReadOrRefused(seed: UInt64) {
    var random = Dice(state: seed)
    let alphabet = Array(#"{}[]",:\u0dn12e-tf "#.utf8) + [0, 0x80, 0xFF]
    for _ in 0..<2_000 {
      let bytes = (0..<Int.random(in: 0...40, using: &random)).compactMap { _ in
        alphabet.randomElement(using: &random)
      }
      guard let value = JSON(parsing: bytes) else { continue }
      #expect(JSON(parsing: value.line) == value, "\(bytes)")
    }
  }
}

private struct Dice: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state ^ state >> 29
  }
}
