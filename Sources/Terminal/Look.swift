// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

package import Canvas

extension Terminal {
  /// How many colors may be used.
  package enum ColorDepth: Int, Hashable, Sendable {
    case mono = 0
    case eight = 8
    case sixteen = 16
    case many = 256

    /// The most that a terminal with this many colors can show.
    package init(colors: Int) {
      self =
        switch colors {
        case 256...: .many
        case 16...: .sixteen
        case 8...: .eight
        default: .mono
        }
    }
  }
}

/// A style in the numbers that a terminal of some color depth takes.
package struct Look: Hashable, Sendable {
  /// Color indices; -1 is the terminal's own.
  package var foreground = -1
  package var background = -1
  package var bold: Bool

  package init(_ style: Style, depth: Terminal.ColorDepth) {
    bold = style.bold
    switch depth {
    case .mono: break
    case .eight:
      // The brighter half is had by bold; a bright background only by its plain color.
      if let index = style.foreground16 {
        foreground = Int(index % 8)
        bold = bold || index >= 8
      }
      background = style.background16.map { Int($0 % 8) } ?? -1
    case .sixteen:
      foreground = style.foreground16.map(Int.init) ?? -1
      background = style.background16.map(Int.init) ?? -1
    case .many:
      foreground = style.foreground.index256.map(Int.init) ?? -1
      background = style.background.index256.map(Int.init) ?? -1
    }
  }
}
