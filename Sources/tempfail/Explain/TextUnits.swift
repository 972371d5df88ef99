// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes

/// Puts together the lines of a pasted text that belong together.
///
/// Header fields are folded (RFC 5322, section 2.2.3), Postfix and Exim indent below an address
/// what they say of it, and a reply of several lines repeats its code.
struct TextUnits {
  /// Each unit as one line, in order; blank lines separate and are left out.
  private(set) var units: [[UInt8]] = []
  /// The unit that may go on: quote marks and indentation of its first line, and whether the last
  /// line of a reply was in it.
  private var open: (quotes: Int, indent: Int, isEnded: Bool)?

  /// No reply is longer; a text that is indented throughout is none.
  private static let longest = 16 << 10

  init(_ lines: [[UInt8]]) { lines.forEach { add(Line($0)) } }

  private mutating func add(_ line: Line) {
    guard !line.text.isEmpty else {
      open = nil
      return
    }
    if let last = units.indices.last, goesOn(units[last], with: line) {
      units[last].append(ASCII.space)
      units[last] += line.text
      if line.code != nil { open?.isEnded = !line.announcesMore }
    } else {
      units.append(Array(line.text))
      open = (line.quotes, line.indent, false)
    }
  }

  private func goesOn(_ unit: [UInt8], with line: Line) -> Bool {
    guard let open, open.quotes == line.quotes, unit.count < Self.longest else { return false }
    guard let code = line.code else { return line.indent > open.indent }
    // A reply begins here, unless the unit announced it or says that more lines with its code come.
    return !open.isEnded
      && FoldedNeedle(code + [UInt8(ascii: "-")]).isFound(in: unit.span, at: unit.indices)
      || line.indent > open.indent && unit.last == UInt8(ascii: ":")
  }

  private struct Line {
    /// Marks of quoted mail before the text.
    private(set) var quotes = 0
    /// Columns of white space before the text.
    let indent: Int
    let text: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) {
      var rest = bytes[...]
      while let mark = rest.firstIndex(where: { $0 > ASCII.space }),
        rest[mark] == UInt8(ascii: ">")
      {
        rest = rest[(mark + 1)...]
        quotes += 1
      }
      // One space belongs to the mark.
      if quotes > 0, rest.first == ASCII.space { rest = rest.dropFirst() }
      let start = rest.firstIndex { $0 > ASCII.space } ?? rest.endIndex
      let end = rest.lastIndex { $0 > ASCII.space }.map { $0 + 1 } ?? start
      indent = start - rest.startIndex
      text = rest[start..<end]
    }

    /// `421-…`: another line of the reply follows.
    var announcesMore: Bool { text.dropFirst(3).first == UInt8(ascii: "-") }

    /// The basic code that the line begins with.
    var code: [UInt8]? {
      let digits = text.prefix(3)
      guard digits.count == 3, digits.allSatisfy({ ASCII.digit($0) != nil }),
        text.count == 3 || [ASCII.space, UInt8(ascii: "-")].contains(text[digits.endIndex])
      else { return nil }
      return Array(digits)
    }
  }
}
