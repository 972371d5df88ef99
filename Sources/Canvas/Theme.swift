// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

/// A color: the terminal's own, one of its 16, or any.
package enum Color: Hashable, Sendable {
  case terminal
  case rgb(red: UInt8, green: UInt8, blue: UInt8)
}

/// What a role looks like.
package struct Style: Hashable, Sendable {
  package var foreground: Color
  package var background: Color
  /// Index of the one of the 16 standard colors that stands for it where the terminal has no more;
  /// nil is the terminal's own.
  package var foreground16: UInt8?
  package var background16: UInt8?
  package var bold: Bool
  package var underline: Bool
  package var reverse: Bool
  package var dim: Bool

  package init(
    foreground: Color = .terminal, background: Color = .terminal, foreground16: UInt8? = nil,
    background16: UInt8? = nil, bold: Bool = false, underline: Bool = false,
    reverse: Bool = false, dim: Bool = false
  ) {
    self.foreground = foreground
    self.background = background
    self.foreground16 = foreground16
    self.background16 = background16
    self.bold = bold
    self.underline = underline
    self.reverse = reverse
    self.dim = dim
  }
}

/// A style for every role.
package struct Theme: Hashable, Sendable {
  /// What the terminal's own background is taken to be.
  package enum Ground: String, Hashable, Sendable {
    case dark
    case light
  }

  package let name: String
  package let ground: Ground
  /// In the order of `StyleRole.allCases`: drawing compares and asks for them for every frame.
  private let styles: [Style]

  /// Roles that are not named look like `text`.
  package init(name: String, ground: Ground = .dark, styles: [StyleRole: Style]) {
    self.name = name
    self.ground = ground
    self.styles = StyleRole.allCases.map { styles[$0] ?? styles[.text] ?? Style() }
  }

  package subscript(role: StyleRole) -> Style { styles[Int(role.rawValue)] }
}

extension Color {
  /// The index of the nearest of xterm's 256 colors, or nil for the terminal's own.
  ///
  /// Only the cube (16-231) and the greys (232-255): the first 16 are the user's to redefine.
  package var index256: UInt8? {
    guard case .rgb(let red, let green, let blue) = self else { return nil }
    let wanted = [red, green, blue].map(Int.init)
    let levels = [0, 95, 135, 175, 215, 255]
    let cube = wanted.map { part in
      levels.indices.min { abs(levels[$0] - part) < abs(levels[$1] - part) } ?? 0
    }
    let grey = min(max((wanted.reduce(0, +) / 3 - 3) / 10, 0), 23)
    func distance(_ candidate: [Int]) -> Int {
      zip(candidate, wanted).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    }
    let toCube = distance(cube.map { levels[$0] })
    let toGrey = distance(Array(repeating: 8 + 10 * grey, count: 3))
    return UInt8(toGrey < toCube ? 232 + grey : 16 + 36 * cube[0] + 6 * cube[1] + cube[2])
  }
}
