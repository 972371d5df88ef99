// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas
import Configuration
import Server

/// The themes that can be chosen: those that are compiled in, and the user's own beside them.
struct ThemeShelf {
  /// The user's own by name, with their paths; one with the name of a compiled-in theme goes before it.
  private let own: [String: String]

  init(userFolder: String? = Configuration.userFolder) {
    var own: [String: String] = [:]
    if let folder = userFolder.map({ $0 + "/themes" }) {
      for file in FileAccess.names(inFolder: folder)
      where file.hasSuffix(".toml") && !file.hasPrefix(".") {
        own[String(file.dropLast(5))] = folder + "/" + file
      }
    }
    self.own = own
  }

  /// The names, the compiled-in ones first.
  var names: [String] {
    ThemeFile.names + own.keys.filter { !ThemeFile.names.contains($0) }.sorted()
  }

  /// Finds a theme by its name, or by the path of its file, which has a slash.
  func theme(_ name: String) throws(Diagnostic) -> Theme {
    if let path = own[name] ?? (name.contains("/") ? name : nil) { return try Self.read(path) }
    if let theme = ThemeFile.embedded(name) { return theme }
    let hint = nearestName(to: name, among: names).map { "; did you mean \"\($0)\"?" }
    throw Diagnostic(
      file: "theme", line: nil,
      message: "unknown theme \"\(name)\""
        + (hint ?? ". Available: \(names.joined(separator: ", "))"))
  }

  private static func read(_ path: String) throws(Diagnostic) -> Theme {
    guard let file = TrustedFile.read(path) else {
      throw Diagnostic(file: path, line: nil, message: "no such file")
    }
    return try ThemeFile.read(try file.content.get(), file: path)
  }
}
