// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

/// What one cell shows: a character with up to two marks over it.
///
/// The three scalars are packed in one word, 21 bits each, and the last bit says that it is wide:
/// a frame holds no strings, and compares fast.
struct Glyph: Hashable, Sendable {
  /// 0 in the right half of a wide character.
  let bits: UInt64

  static let maximumMarks = 2
  static let blank = Glyph(" ")
  static let rightHalf = Glyph(bits: 0)
  private static let wideBit: UInt64 = 1 << 63

  private init(bits: UInt64) { self.bits = bits }

  init(_ scalar: Unicode.Scalar, width: Int = 1) {
    self.init(bits: UInt64(scalar.value) | (width == 2 ? Glyph.wideBit : 0))
  }

  /// Columns that it takes: 0, 1 or 2.
  var width: Int { bits == 0 ? 0 : bits < Glyph.wideBit ? 1 : 2 }

  /// The same with another mark, or nil when it has two already.
  func adding(mark: Unicode.Scalar) -> Glyph? {
    for place in 1...Glyph.maximumMarks where scalarValue(place) == 0 {
      return Glyph(bits: bits | UInt64(mark.value) << UInt64(21 * place))
    }
    return nil
  }

  /// The base (0) or one of its marks; 0 if there is none.
  func scalarValue(_ place: Int) -> UInt32 {
    UInt32(truncatingIfNeeded: bits >> UInt64(21 * place)) & 0x1F_FFFF
  }

  /// The same for a terminal that shows ASCII only.
  var plain: Glyph {
    bits < 0x7F ? self : Glyph(Glyph.lookAlikes[scalars.first ?? "?"] ?? "?")
  }

  /// The same for the Linux console, whose fonts have few signs beside those of code page 437.
  var forConsole: Glyph {
    guard let scalar = scalars.first, Glyph.lookAlikes[scalar] != nil,
      !Glyph.consoleSigns.contains(scalar)
    else { return self }
    return plain
  }

  private static let consoleSigns: Set<Unicode.Scalar> = [
    "▌", "→", "←", "↑", "↓", "▲", "▼", "·", "─", "│", "█", "░",
  ]

  /// What stands for the signs that Tempfail itself draws.
  static let lookAlikes: [Unicode.Scalar: Unicode.Scalar] = [
    "▌": ">", "▸": ">", "▶": ">", "→": ">", "←": "<", "↑": "^", "↓": "v", "▲": "^", "▼": "v",
    "●": "*", "◐": "*", "○": "o", "•": "*", "·": "-", "–": "-", "—": "-", "×": "x",
    "✓": "v", "✗": "x", "≥": ">", "≤": "<", "‘": "'", "’": "'", "“": "\"", "”": "\"",
    "─": "-", "━": "=", "│": "|", "█": "#", "░": ".",
  ]

  /// The scalars, base first.
  var scalars: [Unicode.Scalar] {
    (0...Glyph.maximumMarks).compactMap { place in
      let value = scalarValue(place)
      return value == 0 ? nil : Unicode.Scalar(value)
    }
  }
}

/// Reads text as glyphs that are safe to draw.
///
/// One at a time, so that a long line costs only what is shown of it.
struct GlyphReader: Sequence, IteratorProtocol {
  private var scalars: String.UnicodeScalarView.Iterator
  private var ahead: Unicode.Scalar?
  /// What is left of the visible form of an unsafe scalar, last first.
  private var spelled: [Unicode.Scalar] = []

  private let spellsDots: Bool

  /// - Parameter spellsDots: whether `…` becomes three dots.
  init(_ text: String, spellsDots: Bool = false) {
    self.spellsDots = spellsDots
    scalars = text.unicodeScalars.makeIterator()
    ahead = scalars.next()
  }

  mutating func next() -> Glyph? {
    if let scalar = spelled.popLast() { return Glyph(scalar) }
    guard let scalar = ahead else { return nil }
    ahead = scalars.next()
    if spellsDots, scalar == "…" {
      spelled = [".", "."]
      return Glyph(".")
    }
    switch ScalarKind(scalar) {
    case .blank(let width):
      if width == 1 { return .blank }
      spelled = [" "]
      return .blank
    case .spacing(let width):
      let glyph = Glyph(scalar, width: width)
      // Nothing combines with what ASCII text goes on with.
      guard let following = ahead, following.value >= 0x300 else { return glyph }
      return withMarks(glyph)
    case .combining, .variation, .unsafe:
      spelled = GlyphReader.spelling(of: scalar)
      return spelled.popLast().map { Glyph($0) }
    }
  }

  /// Takes the marks that follow, up to two.
  ///
  /// A third one is left to be spelled: stacks of marks spill into other rows.
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

  /// The visible form of an unsafe scalar, last first.
  static func spelling(of scalar: Unicode.Scalar) -> [Unicode.Scalar] {
    let text =
      switch scalar {
      case "\n": #"\n"#
      case "\r": #"\r"#
      default: "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
      }
    return text.unicodeScalars.reversed()
  }
}
