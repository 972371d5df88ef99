// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

/// What one cell shows: a character with up to two marks over it.
///
/// The three scalars are packed in one word, 21 bits each, so that a frame holds no strings.
struct Glyph: Hashable, Sendable {
  /// 0 in the right half of a wide character.
  let bits: UInt64
  /// Columns that it takes: 0, 1 or 2.
  let width: UInt8

  static let maximumMarks = 2
  static let blank = Glyph(" ")
  static let rightHalf = Glyph(bits: 0, width: 0)

  private init(bits: UInt64, width: UInt8) {
    self.bits = bits
    self.width = width
  }

  init(_ scalar: Unicode.Scalar, width: Int = 1) {
    self.init(bits: UInt64(scalar.value), width: UInt8(width))
  }

  /// The same with another mark, or nil when it has two already.
  func adding(mark: Unicode.Scalar) -> Glyph? {
    for place in 1...Glyph.maximumMarks where (bits >> UInt64(21 * place)) & 0x1F_FFFF == 0 {
      return Glyph(bits: bits | UInt64(mark.value) << UInt64(21 * place), width: width)
    }
    return nil
  }

  /// The same for a terminal that shows ASCII only.
  var plain: Glyph {
    bits < 0x7F ? self : Glyph(Glyph.lookAlikes[scalars.first ?? "?"] ?? "?")
  }

  /// What stands for the signs that Tempfail itself draws.
  private static let lookAlikes: [Unicode.Scalar: Unicode.Scalar] = [
    "▌": ">", "▸": ">", "▶": ">", "→": ">", "←": "<", "↑": "^", "↓": "v", "▲": "^", "▼": "v",
    "●": "*", "◐": "*", "○": "o", "•": "*", "·": "-", "–": "-", "—": "-", "…": "~", "×": "x",
    "✓": "v", "✗": "x", "≥": ">", "≤": "<", "‘": "'", "’": "'", "“": "\"", "”": "\"",
    "─": "-", "━": "=", "│": "|", "█": "#", "░": ".",
  ]

  /// The scalars, base first.
  var scalars: [Unicode.Scalar] {
    (0...Glyph.maximumMarks).compactMap { place in
      let value = UInt32(truncatingIfNeeded: bits >> UInt64(21 * place)) & 0x1F_FFFF
      return value == 0 ? nil : Unicode.Scalar(value)
    }
  }
}

/// Reads text as glyphs that are safe to draw, one at a time, so that a long line costs only what is shown of it.
struct GlyphReader: Sequence, IteratorProtocol {
  private var scalars: String.UnicodeScalarView.Iterator
  private var ahead: Unicode.Scalar?
  /// What is left of the visible form of an unsafe scalar.
  private var spelled = Substring.UnicodeScalarView()

  init(_ text: String) {
    scalars = text.unicodeScalars.makeIterator()
    ahead = scalars.next()
  }

  mutating func next() -> Glyph? {
    if let scalar = spelled.popFirst() { return Glyph(scalar) }
    guard let scalar = ahead else { return nil }
    ahead = scalars.next()
    switch ScalarKind(scalar) {
    case .blank(let width):
      if width == 1 { return .blank }
      spelled.append(" ")
      return .blank
    case .spacing(let width):
      let glyph = Glyph(scalar, width: width)
      // Nothing combines with what ASCII text goes on with.
      guard let following = ahead, following.value >= 0x300 else { return glyph }
      return withMarks(glyph)
    case .combining, .variation, .unsafe:
      spelled = GlyphReader.spelling(of: scalar)
      return spelled.popFirst().map { Glyph($0) }
    }
  }

  /// Takes the marks that follow; a third one stays and is spelled, since stacks of marks spill into other rows.
  private mutating func withMarks(_ base: Glyph) -> Glyph {
    var glyph = base
    while let scalar = ahead {
      switch ScalarKind(scalar) {
      case .combining:
        guard let marked = glyph.adding(mark: scalar) else { return glyph }
        glyph = marked
        ahead = scalars.next()
      case .variation:
        // One selector after a character is usual; whether it changes the width is a matter of
        // opinion among terminals, so it is left out.
        ahead = scalars.next()
        return glyph
      case .spacing, .blank, .unsafe:
        return glyph
      }
    }
    return glyph
  }

  private static func spelling(of scalar: Unicode.Scalar) -> Substring.UnicodeScalarView {
    switch scalar {
    case "\n": return Substring(#"\n"#).unicodeScalars
    case "\r": return Substring(#"\r"#).unicodeScalars
    default:
      return Substring("\\u{\(String(scalar.value, radix: 16, uppercase: true))}").unicodeScalars
    }
  }
}
