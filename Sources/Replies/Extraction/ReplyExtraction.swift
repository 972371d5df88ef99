// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes

/// Finds the one reply in a text: its codes, and the lines of its words without codes.
struct ReplyExtraction {
  /// Nil if no code begins the reply.
  private(set) var code: Int16?
  private(set) var enhanced: EnhancedStatusCode?
  /// Places of the words, line by line.
  private(set) var lines: [Range<Int>] = []
  /// The remote host that the MTA's words name.
  let host: Range<Int>?
  let isRepeated: Bool
  private(set) var isDeferral: Bool
  let isFinal: Bool
  /// A program of this server that delivers reports a fault of the system that it runs on.
  private(set) var isOwnSystem = false
  /// What is quoted is the answer to our login.
  let isLogin: Bool

  init(_ text: borrowing Span<UInt8>) {
    let wrapper = ReplyWrapper(text)
    host = wrapper.host
    isRepeated = wrapper.isRepeated
    isDeferral = wrapper.isDeferral
    isFinal = wrapper.isFinal
    isLogin = wrapper.isLogin
    let range = wrapper.range
    guard let first = text.basicCode(range) else {
      code = wrapper.apart?.code
      takeLine(text, range)
      enhanced = enhanced ?? wrapper.apart?.enhanced
      if code == nil, enhanced == nil, let status = text.parenthesizedStatus(range) {
        // qmail and Courier say it behind their own words.
        enhanced = status
        isDeferral = isDeferral || status.category == 4
        isOwnSystem = status.subject == 3
      }
      return
    }
    code = first.value
    unfold(text, first, range)
    if enhanced == nil, let last = lines.last { enhanced = text.parenthesizedStatus(last) }
  }

  private mutating func unfold(
    _ text: borrowing Span<UInt8>, _ first: BasicCode, _ range: Range<Int>
  ) {
    var start = first.end
    var index = first.end
    while index < range.upperBound {
      guard let next = nextLine(text, first, index, range) else {
        index += 1
        continue
      }
      takeLine(text, start..<index)
      start = next
      index = next
    }
    takeLine(text, start..<range.upperBound)
  }

  /// Where the next line's words begin if a line ends at `index`.
  ///
  /// Lines end with a newline, with the `\n` that Exim writes for it, or, joined by Postfix, with a
  /// space and the same code again.
  private func nextLine(
    _ text: borrowing Span<UInt8>, _ first: BasicCode, _ index: Int, _ range: Range<Int>
  ) -> Int? {
    switch text[index] {
    case ASCII.newline, UInt8(ascii: "\r"):
      let rest = text.trimmed(index..<range.upperBound)
      return text.sameCode(first, rest) ?? rest.lowerBound
    case UInt8(ascii: "\\"):
      guard text.has("\\n", at: index) || text.has("\\r", at: index) else { return nil }
      var start = index
      while text.has("\\n", at: start) || text.has("\\r", at: start) { start += 2 }
      return start < range.upperBound ? text.sameCode(first, start..<range.upperBound) : nil
    case ASCII.space where first.continues:
      return index + 1 < range.upperBound
        ? text.sameCode(first, index + 1..<range.upperBound) : nil
    default: return nil
    }
  }

  private mutating func takeLine(_ text: borrowing Span<UInt8>, _ line: Range<Int>) {
    var line = text.trimmed(line)
    if let status = text.enhancedStatus(line), lines.isEmpty || enhanced == status.code {
      enhanced = status.code
      line = text.trimmed(status.end..<line.upperBound)
    }
    if !line.isEmpty { lines.append(line) }
  }
}

extension Span where Element == UInt8 {
  /// Where the text begins if `range` begins with the code of the reply's first line.
  fileprivate func sameCode(_ first: BasicCode, _ range: Range<Int>) -> Int? {
    guard let code = basicCode(range), code.value == first.value else { return nil }
    return code.end
  }

  /// The enhanced code that a line begins with, and where it ends.
  ///
  /// Cisco writes `#4.4.5`, Barracuda `cuda_nsu 4.4.3`.
  fileprivate func enhancedStatus(_ line: Range<Int>) -> (code: EnhancedStatusCode, end: Int)? {
    var start = line.lowerBound
    if line.count > 9, has("cuda_nsu ", at: start) { start += 9 }
    if start < line.upperBound, self[start] == UInt8(ascii: "#") { start += 1 }
    return EnhancedStatusCode.read(self, start..<line.upperBound)
  }

  /// The enhanced code in qmail's manner, `(#4.3.0)` at the end.
  fileprivate func parenthesizedStatus(_ line: Range<Int>) -> EnhancedStatusCode? {
    guard let start = firstIndex(folded: "(#", in: line),
      let status = EnhancedStatusCode.read(self, start + 2..<line.upperBound),
      status.end < line.upperBound, self[status.end] == UInt8(ascii: ")")
    else { return nil }
    return status.code
  }
}
