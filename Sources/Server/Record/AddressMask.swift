// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes

/// Replaces the local part of every mail address in a text by letters, as many as it has bytes.
///
/// The same local part becomes the same letters within one record, so that messages of one sender still
/// belong together; offsets in files stay true. Domains, hosts and IP addresses are kept.
struct AddressMask: Sendable {
  /// Keeps what stands for a name from being found by trying names.
  private let salt: UInt64

  /// Longer ones are none (RFC 5321 says 64); the rest of such a word is masked too.
  private static let longest = 320

  init(salt: UInt64 = UInt64.random(in: 0...UInt64.max)) { self.salt = salt }

  /// - Parameter isCut: whether the text may end within a word, whose rest comes elsewhere.
  func masked(_ text: [UInt8], isCut: Bool = false) -> [UInt8] {
    var masked = text
    let span = text.span
    var at = 0
    while let found = span.firstIndex(of: UInt8(ascii: "@"), from: at) {
      at = found + 1
      mask(&masked, start(of: span, before: found)..<found)
    }
    if isCut, let last = text.last, !Self.ends(last) {
      mask(&masked, start(of: span, before: span.count)..<span.count)
    }
    return masked
  }

  private func start(of text: Span<UInt8>, before end: Int) -> Int {
    var start = end
    let isQuoted = end > 0 && text[end - 1] == UInt8(ascii: "\"")
    if isQuoted { start -= 1 }
    while start > 0, end - start < Self.longest {
      let byte = text[start - 1]
      if isQuoted ? byte == UInt8(ascii: "\"") || byte == ASCII.newline : Self.ends(byte) { break }
      start -= 1
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

  private func mask(_ text: inout [UInt8], _ range: Range<Int>) {
    // FNV-1a, then a digit to base 26 for each byte.
    var hash = 0xCBF2_9CE4_8422_2325 ^ salt
    for index in range { hash = (hash ^ UInt64(text[index])) &* 0x100_0000_01B3 }
    var random = DemoRandom(seed: hash)
    for index in range where !"\"\\".utf8.contains(text[index]) {
      text[index] = UInt8(ascii: "a") + UInt8(random.next() % 26)
    }
  }
}
