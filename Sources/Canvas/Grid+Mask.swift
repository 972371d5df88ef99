// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

extension Grid {
  /// Makes `x` of what stands before the @ of every address, so that a frame can be shown to strangers.
  ///
  /// A word that was cut off (`~`) may be the beginning of an address: it goes as a whole.
  package mutating func maskAddresses() {
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
        for x in start..<(word.lastIndex(of: "@") ?? cut ?? start) {
          set(Glyph("x"), x: x, y: y, role: self[x, y].role)
        }
        start = end
      }
    }
  }

  /// Whether a character can stand in an address as it is shown.
  private static func isPart(_ scalar: Unicode.Scalar) -> Bool {
    // 0 is the right half of a wide character.
    scalar.value == 0 || scalar.properties.isAlphabetic || scalar.properties.numericType != nil
      || (scalar.isASCII && "!#$%&'*+-/=?^_`{}~.@".unicodeScalars.contains(scalar))
  }
}
