// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas
import Configuration
import Glibc
import Testing
import Themes

@Suite struct EmbeddedThemeTests {
  @Test(arguments: ThemeFile.names)
  func isWhole(name: String) throws {
    let file = try #require(EmbeddedThemes.files.first { $0.name == name })
    #expect(try ThemeFile.read(file.bytes, file: name).name == name)
    #expect(ThemeFile.embedded(name) != nil)
  }

  @Test func anUnknownNameIsNone() {
    #expect(ThemeFile.embedded("drak") == nil)
    #expect(ThemeFile.names.first == "dark")
  }

  /// What terminals come with where a theme keeps their own: xterm and the like, Visual Studio Code, One
  /// Dark, Solarized; and the light ones of GNOME, Solarized and others.
  private static let grounds: [Theme.Ground: [UInt32]] = [
    .dark: [0x000000, 0x1E1E1E, 0x282C34, 0x002B36],
    .light: [0xFFFFFF, 0xF5F5F5, 0xFDF6E3, 0xEEEEEE],
  ]

  /// Text is readable (WCAG 2.2, 1.4.3), in the colors of the file and rounded to 256.
  ///
  /// A cell has one role, which is both its colors: what lies on a selection bar, in a dialog, in a
  /// gauge or in the heat map has no others.
  @Test(arguments: ThemeFile.names)
  func textHasContrast(name: String) throws {
    let theme = try #require(ThemeFile.embedded(name))
    let least = name == "high-contrast" ? 7 : 4.5
    // The border of a pane is no text; that of a dialog carries its title.
    for role in StyleRole.allCases where role != .border {
      for ground in try #require(Self.grounds[theme.ground]) {
        for rounded in [false, true] {
          let contrast = theme.contrast(of: role, on: ground, rounded: rounded)
          #expect(contrast >= least, "\(name), \(role.name), \(String(ground, radix: 16))")
        }
      }
    }
  }

  /// The states that matter can be distinguished, by more than one bit of brightness.
  @Test(arguments: ThemeFile.names)
  func selectionAndBadgesStandOut(name: String) throws {
    let theme = try #require(ThemeFile.embedded(name))
    for role in [StyleRole.selection, .inactiveSelection, .operate, .watch, .focusedButton] {
      var plain = theme[role]
      plain.bold = false
      #expect(plain != theme[.text], "\(name), \(role.name)")
      #expect(plain.background.index256 != theme[.text].background.index256 || name == "mono")
    }
    #expect(theme[.operate] != theme[.watch])
    #expect(theme[.bad] != theme[.warning])
  }

  /// With 16 colors, and with the darker 8 of them, no text has the color of what it stands on.
  @Test(arguments: ThemeFile.names)
  func standInsCanBeTold(name: String) throws {
    let theme = try #require(ThemeFile.embedded(name))
    for role in StyleRole.allCases {
      guard let front = theme[role].foreground16, let back = theme[role].background16 else {
        continue
      }
      #expect(front % 8 != back % 8, "\(name), \(role.name)")
    }
  }

  @Test func monoHasNoColors() throws {
    let mono = try #require(ThemeFile.embedded("mono"))
    for role in StyleRole.allCases {
      #expect(mono[role].foreground == .terminal)
      #expect(mono[role].background == .terminal)
    }
  }

  @Test func theDefaultKeepsTheTerminalsBackground() throws {
    let dark = try #require(ThemeFile.embedded("dark"))
    #expect(dark[.text] == Style())
    #expect(dark.ground == .dark)
  }
}

extension Theme {
  fileprivate func contrast(of role: StyleRole, on own: UInt32, rounded: Bool) -> Double {
    let style = self[role]
    let back = luminance(of: style.background, else: own, rounded)
    let front = luminance(of: style.foreground, else: ground == .dark ? 0xFFFFFF : 0, rounded)
    return (max(front, back) + 0.05) / (min(front, back) + 0.05)
  }

  /// Relative luminance as WCAG 2.2 defines it.
  private func luminance(of color: Color, else own: UInt32, _ rounded: Bool) -> Double {
    var parts = [16, 8, 0].map { UInt8(truncatingIfNeeded: own >> $0) }
    if case .rgb(let red, let green, let blue) = color {
      parts = [red, green, blue]
      if rounded, let index = color.index256 { parts = Theme.parts(of: Int(index)) }
    }
    let linear = parts.map { part in
      let share = Double(part) / 255
      return share <= 0.04045 ? share / 12.92 : pow((share + 0.055) / 1.055, 2.4)
    }
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
  }

  private static func parts(of index: Int) -> [UInt8] {
    if index >= 232 { return Array(repeating: UInt8(8 + 10 * (index - 232)), count: 3) }
    let levels: [UInt8] = [0, 95, 135, 175, 215, 255]
    return [36, 6, 1].map { levels[(index - 16) / $0 % 6] }
  }
}
