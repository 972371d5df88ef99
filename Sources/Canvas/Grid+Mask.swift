// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

extension Grid {
  /// Makes `x` of what is before the @ of every address, so that a frame can be shown to strangers.
  ///
  /// A word that was cut off (`~`) may be the beginning of an address: it goes as a whole. So does a
  /// long word above an address that begins below it: the address was wrapped.
  package mutating func maskAddresses() {
    var above: [Unicode.Scalar] = []
    for y in 0..<size.rows {
      let scalars = row(y).map { Unicode.Scalar($0.scalars.base) ?? " " }
      var start = 0
      while start < scalars.count {
        guard Self.isPart(scalars[start]) else {
          start += 1
          continue
        }
        let end = scalars[start...].firstIndex { !Self.isPart($0) } ?? scalars.count
        let word = scalars[start..<end]
        let cut = word.last == "~" ? word.indices.last : nil
        let last = word.lastIndex(of: "@")
        mask(start..<(last ?? cut ?? start), y: y)
        if last != nil, let wrapped = Self.wrapped(in: above, at: start) {
          mask(wrapped, y: y - 1)
        }
        if last == start, let quoted = Self.quoted(in: scalars, before: start) {
          mask(quoted, y: y)
        }
        start = end
      }
      above = scalars
    }
  }

  private mutating func mask(_ range: Range<Int>, y: Int) {
    for x in range { set(Glyph("x"), x: x, y: y, role: self[x, y].role) }
  }

  /// The shortest word that is wrapped for want of room.
  private static let longWord = 24

  /// A long word that begins in the same column as the one below it.
  private static func wrapped(in row: [Unicode.Scalar], at start: Int) -> Range<Int>? {
    guard row.indices.contains(start), isPart(row[start]) else { return nil }
    guard start == 0 || !isPart(row[start - 1]) else { return nil }
    let end = row[start...].firstIndex { !isPart($0) } ?? row.count
    return end - start >= longWord ? start..<end : nil
  }

  /// What is between quotes before an @: a local part with blanks.
  private static func quoted(in row: [Unicode.Scalar], before end: Int) -> Range<Int>? {
    guard end > 1, row[end - 1] == "\"" else { return nil }
    var start = end - 1
    while start > 0 {
      let isQuote = row[start - 1] == "\"" && (start < 2 || row[start - 2] != "\\")
      // A quote that was opened in the row above goes up to the edge of its pane.
      if isQuote || row[start - 1] == "│" { return start..<end - 1 }
      start -= 1
    }
    return 0..<end - 1
  }

  /// Whether a character can be in an address as it is shown.
  private static func isPart(_ scalar: Unicode.Scalar) -> Bool {
    // 0 is the right half of a wide character.
    scalar.value == 0 || scalar.properties.isAlphabetic || scalar.properties.numericType != nil
      || (scalar.isASCII && "!#$%&'*+-/=?^_`{}~.@".unicodeScalars.contains(scalar))
  }
}
