// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

/// A configuration file that the program wrote: what was chosen on the screen, and nothing else.
package enum WrittenFile {
  /// A setting with the value that it is to have.
  package typealias Value = (name: SettingName, value: SettingValue)

  private static let head = """
    # Written by Tempfail's command "save", which replaces it as long as nothing else stands here.
    # tempfail config prints every setting.
    """

  /// The file with these settings.
  package static func text(_ values: [Value]) -> String {
    head + "\n" + lines(values) { "\($0) = \($1)" }.joined(separator: "\n") + "\n"
  }

  /// Whether all of a file was written by the program: then nobody loses anything when it is replaced.
  ///
  /// - Parameter names: the settings that the program writes.
  package static func isOwn(_ bytes: [UInt8], _ names: [SettingName]) -> Bool {
    let text = String(decoding: bytes, as: UTF8.self)
    guard text.hasPrefix(head + "\n") else { return false }
    let keys = names.map { "\(key($0)) = " }
    return text.dropFirst(head.count).split(separator: "\n").allSatisfy { line in
      if line.hasPrefix("[") { return tables(names).contains(String(line)) }
      // A remark behind a value is the user's.
      return !line.contains("#") && keys.contains { line.hasPrefix($0) }
    }
  }

  /// Lines of TOML in the order that it wants: those without a table first.
  static func lines(_ values: [Value], _ line: (String, SettingValue) -> String) -> [String] {
    var lines = values.filter { table($0.name) == nil }.map { line(key($0.name), $0.value) }
    var last: String?
    for (name, value) in values {
      guard let table = table(name) else { continue }
      if table != last { lines += (lines.isEmpty ? [] : [""]) + ["[\(table)]"] }
      lines.append(line(key(name), value))
      last = table
    }
    return lines
  }

  private static func tables(_ names: [SettingName]) -> Set<String> {
    Set(names.compactMap(table).map { "[\($0)]" })
  }

  private static func table(_ name: SettingName) -> String? {
    let parts = name.rawValue.split(separator: ".")
    return parts.count > 1 ? String(parts[0]) : nil
  }

  static func key(_ name: SettingName) -> String {
    String(name.rawValue.split(separator: ".").last ?? "")
  }
}

extension Configuration {
  /// The lines that somebody has to write into a file of his own, so that these values stay; none where
  /// they do already.
  ///
  /// A line that says otherwise in that file is named, so that it can be found.
  package func missing(_ values: [WrittenFile.Value], inFile path: String) -> [String] {
    let missing = values.filter { name, value in
      switch self[name].origin {
      case .environment, .option: true
      case .standard, .file: self[name].value != value
      }
    }
    let places = Dictionary(
      missing.compactMap { name, _ -> (String, String)? in
        guard case .file(path, let line?) = self[name].origin else { return nil }
        return (WrittenFile.key(name), " # replaces line \(line)")
      }, uniquingKeysWith: { first, _ in first })
    return WrittenFile.lines(missing) { "\($0) = \($1)\(places[$0] ?? "")" }
  }
}
