// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes

/// What a text is compared with; ASCII letters match in any case.
enum TextPattern: Hashable, Sendable {
  /// In lower case.
  case contains([UInt8])
  /// In lower case.
  case equals([UInt8])
  case regex(ByteRegex)

  static func folded(_ text: String) -> [UInt8] { text.utf8.map(ASCII.lowercase) }

  /// Whether it is one of some words, in full.
  func isAnyOf(_ words: [String]) -> Bool {
    switch self {
    case .contains(let bytes), .equals(let bytes): words.contains { Array($0.utf8) == bytes }
    case .regex: false
    }
  }
}

/// Compares texts with a pattern, one after the other; it learns while it does.
struct TextMatcher {
  private var needle = FoldedNeedle([])
  /// The only length that matches, where it must be the whole text.
  private var length: Int?
  private var automaton: ByteRegex.Automaton?

  init(_ pattern: TextPattern) {
    switch pattern {
    case .contains(let text): needle = FoldedNeedle(text)
    case .equals(let text): (needle, length) = (FoldedNeedle(text), text.count)
    case .regex(let regex): automaton = ByteRegex.Automaton(regex)
    }
  }

  mutating func matches(_ bytes: Span<UInt8>, in range: Range<Int>) -> Bool {
    if let matches = automaton?.matches(bytes, in: range) { return matches }
    if let length, range.count != length { return false }
    return needle.isFound(in: bytes, at: range)
  }

  mutating func matches(_ text: String) -> Bool {
    let bytes = text.utf8.span
    return matches(bytes, in: 0..<bytes.count)
  }
}
