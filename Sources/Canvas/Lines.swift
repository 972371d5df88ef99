// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

/// The line-drawing characters in use.
package enum LineSet: Hashable, Sendable {
  case unicode
  /// Those of the Linux console, where heavy lines are double.
  case console
  case ascii

  /// Whether `…` is spelled as three dots: a lookalike would be taken for the sign of cut text.
  var spellsDots: Bool { self != .unicode }

  /// The columns that text takes when it is drawn whole.
  package func columns(of text: String) -> Int {
    GlyphReader(text, spellsDots: spellsDots).reduce(0) { $0 + $1.width }
  }
}

/// A line through a cell: which of its four arms are drawn, and how heavy.
///
/// Vertical arms are light or absent; horizontal ones may be heavy too.
struct LineArms: Hashable {
  /// 0 none, 1 light.
  var up = 0
  var down = 0
  /// 0 none, 1 light, 2 heavy.
  var left = 0
  var right = 0

  /// 9 characters (left arm x right arm) for no vertical arm, up, down, and both.
  private static let unicode = Array(
    """
     ╶╺╴─╼╸╾━\
    ╵└┕┘┴┶┙┵┷\
    ╷┌┍┐┬┮┑┭┯\
    │├┝┤┼┾┥┽┿
    """.unicodeScalars)

  /// The same in the characters of code page 437, which knows no half lines.
  private static let console = Array(
    """
     ─═──════\
    │└╘┘┴╧╛╧╧\
    │┌╒┐┬╤╕╤╤\
    │├╞┤┼╪╡╪╪
    """.unicodeScalars)

  /// Where a character stands for several, the fullest of them.
  private static let byScalar: [Unicode.Scalar: Int] = Dictionary(
    (console + unicode).enumerated().filter { $1 != " " }.map { ($1, $0 % unicode.count) },
    uniquingKeysWith: { _, last in last })

  private var index: Int { 9 * (up + 2 * down) + 3 * left + right }

  init(up: Int = 0, down: Int = 0, left: Int = 0, right: Int = 0) {
    self.up = up
    self.down = down
    self.left = left
    self.right = right
  }

  /// The arms of a line-drawing character, or nil for any other.
  init?(_ glyph: Glyph) {
    // Every line character lies in one block, so most cells cost two compares.
    guard glyph.bits < 0x7F || (0x2500...0x257F).contains(glyph.bits),
      let scalar = glyph.scalars.first
    else { return nil }
    switch scalar {
    case "-": self.init(left: 1, right: 1)
    case "=": self.init(left: 2, right: 2)
    case "|": self.init(up: 1, down: 1)
    case "+": self.init(up: 1, down: 1, left: 1, right: 1)
    default:
      guard let index = LineArms.byScalar[scalar] else { return nil }
      self.init(up: index / 9 % 2, down: index / 18, left: index / 3 % 3, right: index % 3)
    }
  }

  /// Both lines: where they meet there is a junction.
  func joined(with other: LineArms) -> LineArms {
    LineArms(
      up: max(up, other.up), down: max(down, other.down), left: max(left, other.left),
      right: max(right, other.right))
  }

  func glyph(in lines: LineSet) -> Glyph {
    switch lines {
    case .unicode: Glyph(LineArms.unicode[index])
    case .console: Glyph(LineArms.console[index])
    case .ascii:
      if up + down > 0 {
        left + right > 0 ? Glyph("+") : Glyph("|")
      } else {
        max(left, right) == 2 ? Glyph("=") : Glyph("-")
      }
    }
  }
}
