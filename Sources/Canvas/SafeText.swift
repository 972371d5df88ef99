// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

/// Text that can be put on a terminal.
///
/// Log lines, replies and addresses are written by strangers. What they could use to move the
/// cursor, set the window title, turn text around or hide it (control, escape, bidi and invisible
/// characters) is replaced by a visible `\u{1B}`-style form (`\n`, `\r` for line ends; a tab is a
/// blank), at most two marks stand over one character, and nothing else can make a `Cell`. Widths are those of wcwidth(3): what the terminal believes.
package struct SafeText: Hashable, Sendable {
  /// The text, safe to draw.
  package let string: String
  /// Its width in cells.
  package let width: Int

  package init(_ unsafe: some StringProtocol) {
    let text = String(unsafe)
    if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) {
      string = text
      width = text.utf8.count
      return
    }
    var safe = String.UnicodeScalarView()
    var columns = 0
    for glyph in GlyphReader(text) {
      safe.append(contentsOf: glyph.scalars)
      columns += glyph.width
    }
    string = String(safe)
    width = columns
  }

  /// The same for a terminal that is not in UTF-8, where the bytes of `Û` hold a control character: signs of our own have
  /// look-alikes, every other scalar is spelled as `\u{DB}`.
  package var ascii: String {
    guard string.utf8.contains(where: { $0 >= 0x7F }) else { return string }
    var text = String.UnicodeScalarView()
    for scalar in string.unicodeScalars {
      if scalar == "…" {
        text.append(contentsOf: "...".unicodeScalars)
      } else if let plain = scalar.value < 0x7F ? scalar : Glyph.lookAlikes[scalar] {
        text.append(plain)
      } else {
        text.append(contentsOf: GlyphReader.spelling(of: scalar).reversed())
      }
    }
    return String(text)
  }
}
