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
  private let pattern: TextPattern
  private var automaton: ByteRegex.Automaton?

  init(_ pattern: TextPattern) {
    self.pattern = pattern
    if case .regex(let regex) = pattern { automaton = ByteRegex.Automaton(regex) }
  }

  mutating func matches(_ bytes: Span<UInt8>, in range: Range<Int>) -> Bool {
    switch pattern {
    case .contains(let needle): bytes.contains(folded: needle, in: range)
    case .equals(let text):
      range.count == text.count && bytes.contains(folded: text, in: range)
    case .regex: automaton?.matches(bytes, in: range) ?? false
    }
  }

  mutating func matches(_ text: String) -> Bool {
    let bytes = text.utf8.span
    return matches(bytes, in: 0..<bytes.count)
  }
}

extension Span where Element == UInt8 {
  /// Whether a text in lower case stands in `range`, in any case.
  func contains(folded needle: [UInt8], in range: Range<Int>) -> Bool {
    guard let first = needle.first else { return true }
    var start = range.lowerBound
    let last = range.upperBound - needle.count
    while start <= last {
      if ASCII.lowercase(self[start]) == first {
        var offset = 1
        while offset < needle.count, ASCII.lowercase(self[start + offset]) == needle[offset] {
          offset += 1
        }
        if offset == needle.count { return true }
      }
      start += 1
    }
    return false
  }
}
