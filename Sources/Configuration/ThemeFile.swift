// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

package import Canvas
import TOMLKit
import Themes

/// Reads theme files.
///
/// A theme names its colors once, in `[palette]`, each with the one of the 16 standard colors
/// that stands for it where the terminal has no more, and says in `[roles]` what each role wears.
/// What a role does not say it takes from the role `text`. Every role must be there.
package enum ThemeFile {
  /// The names of the themes that are compiled in, the default first.
  package static let names = EmbeddedThemes.files.map(\.name)

  /// The theme that is compiled in under this name, or nil.
  package static func embedded(_ name: String) -> Theme? {
    guard let file = EmbeddedThemes.files.first(where: { $0.name == name }) else { return nil }
    return try? read(file.bytes, file: "Themes/\(name).toml")
  }

  /// Reads a theme.
  ///
  /// - Throws: the first fault, with its line and the nearest valid name.
  package static func read(_ bytes: [UInt8], file: String) throws(Diagnostic) -> Theme {
    let document = try TOMLDocument(bytes, file: file)
    for key in document.root.keys where !rootKeys.contains(key) {
      throw document.unknown("key", key, among: rootKeys, at: [key])
    }
    guard let name = document.root["name"]?.string else {
      throw document.complaint("name = \"…\" is missing", at: ["name"])
    }
    guard let ground = document.root["background"]?.string.flatMap(Theme.Ground.init) else {
      throw document.complaint("background must be \"dark\" or \"light\"", at: ["background"])
    }
    let palette = try Palette(document)
    let roles = try document.table("roles")
    let byName = Dictionary(uniqueKeysWithValues: StyleRole.allCases.map { ($0.name, $0) })
    for key in roles.keys where byName[key] == nil {
      throw document.unknown("role", key, among: byName.keys.sorted(), at: ["roles", key])
    }
    var styles: [StyleRole: Style] = [:]
    for role in StyleRole.allCases {
      let path = ["roles", role.name]
      guard let value = roles[role.name] else {
        throw document.complaint("the role \"\(role.name)\" is missing", at: ["roles"])
      }
      guard let table = value.table else {
        throw document.complaint("a role must be a table such as { bold = true }", at: path)
      }
      // `text` is the first role, so the others find it.
      var style = Style()
      if let text = styles[.text] {
        style = Style(
          foreground: text.foreground, background: text.background,
          foreground16: text.foreground16, background16: text.background16)
      }
      for key in table.keys {
        try set(key, of: &style, to: table[key], palette, document, path + [key])
      }
      styles[role] = style
    }
    return Theme(name: name, ground: ground, styles: styles)
  }

  private static let rootKeys = ["name", "background", "palette", "roles"]
  private static let colorKeys = ["fg", "bg"]
  private static let attributes: [String: any WritableKeyPath<Style, Bool> & Sendable] = [
    "bold": \.bold, "underline": \.underline, "reverse": \.reverse, "dim": \.dim,
  ]

  private static func set(
    _ key: String, of style: inout Style, to value: (any TOMLValueConvertible)?, _ palette: Palette,
    _ document: TOMLDocument, _ path: [String]
  ) throws(Diagnostic) {
    if let attribute = attributes[key] {
      guard let flag = value?.bool else {
        throw document.complaint("\(key) must be true or false", at: path)
      }
      style[keyPath: attribute] = flag
      return
    }
    guard colorKeys.contains(key) else {
      let keys = colorKeys + attributes.keys.sorted()
      throw document.unknown("property", key, among: keys, at: path)
    }
    guard let name = value?.string else {
      throw document.complaint("\(key) must be the name of a palette color, in quotes", at: path)
    }
    guard let color = palette.colors[name] else {
      throw document.unknown("color", name, among: palette.colors.keys.sorted(), at: path)
    }
    if key == "fg" {
      style.foreground = color.color
      style.foreground16 = color.index16
    } else {
      style.background = color.color
      style.background16 = color.index16
    }
  }
}

/// The named colors of a theme.
private struct Palette {
  /// With `default`, which is the terminal's own and always there.
  private(set) var colors: [String: (color: Color, index16: UInt8?)] = ["default": (.terminal, nil)]

  private static let standard = [
    "black", "red", "green", "yellow", "blue", "magenta", "cyan", "white", "bright-black",
    "bright-red", "bright-green", "bright-yellow", "bright-blue", "bright-magenta", "bright-cyan",
    "bright-white",
  ]

  init(_ document: TOMLDocument) throws(Diagnostic) {
    let table = try document.table("palette")
    for key in table.keys {
      let path = ["palette", key]
      guard let pair = table[key]?.array, pair.count == 2, let code = pair[0].string,
        let name = pair[1].string
      else {
        throw document.complaint("a color must be [\"#rrggbb\", \"name of the 16\"]", at: path)
      }
      guard let color = Color(code: code) else {
        throw document.complaint("\"\(code)\" is not a color: write #rrggbb", at: path)
      }
      let index = Palette.standard.firstIndex(of: name)
      guard index != nil || name == "default" else {
        throw document.unknown("color", name, among: Palette.standard + ["default"], at: path)
      }
      colors[key] = (color, index.map { UInt8($0) })
    }
  }
}

extension Color {
  /// A color from `#rrggbb`.
  fileprivate init?(code: String) {
    guard code.utf8.count == 7, code.first == "#", !code.contains("+"),
      let value = UInt32(code.dropFirst(), radix: 16)
    else { return nil }
    self = .rgb(
      red: UInt8(value >> 16), green: UInt8(value >> 8 & 0xFF), blue: UInt8(value & 0xFF))
  }
}

extension StyleRole {
  /// The name in theme files: `focused-border` for `focusedBorder`.
  package var name: String {
    "\(self)".reduce(into: "") { name, character in
      name += character.isUppercase ? "-\(character.lowercased())" : String(character)
    }
  }
}
