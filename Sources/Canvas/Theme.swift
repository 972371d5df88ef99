// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

/// A colour: the terminal's own, one of its 16, or any.
package enum Color: Hashable, Sendable {
  case terminal
  case rgb(red: UInt8, green: UInt8, blue: UInt8)
}

/// What a role looks like.
package struct Style: Hashable, Sendable {
  package var foreground: Color
  package var background: Color
  /// Index of the nearest of the 16 standard colours where the terminal has no more; nil is the terminal's own.
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
  package let name: String
  private let styles: [StyleRole: Style]

  /// Roles that are not named look like `text`.
  package init(name: String, styles: [StyleRole: Style]) {
    self.name = name
    self.styles = styles
  }

  package subscript(role: StyleRole) -> Style { styles[role] ?? styles[.text] ?? Style() }
}
