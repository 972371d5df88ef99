// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Bytes
import Configuration
import Glibc

struct ConfigCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "config",
    abstract: "The settings in effect, and where each one comes from.",
    discussion: """
      The output is a valid configuration file. The exit status is 1 if a file has an error.

      Examples:
        tempfail config
        tempfail config --theme nord --json
      """)

  @OptionGroup var server: ServerOptions
  @OptionGroup var screen: ScreenOptions

  @Flag(help: "One JSON object per line, for each setting.")
  var json = false

  func run() throws {
    let configuration = try EffectiveSettings(server, screen).configuration
    let output = Output()
    if json { writeJSON(configuration, to: output) } else { writeTOML(configuration, to: output) }
    output.flush()
    configuration.complainOfFaults()
    if !configuration.faults.isEmpty { Glibc.exit(1) }
  }

  private func writeJSON(_ configuration: Configuration, to output: Output) {
    for setting in SettingsTable.settings {
      write(setting.name.rawValue, configuration[setting.name], to: output)
    }
    for table in OpenTable.allCases {
      for (key, entry) in configuration[table].sorted(by: { $0.key < $1.key }) {
        write("\(table.rawValue).\(key)", entry, to: output)
      }
    }
  }

  private func write(_ name: String, _ entry: Configuration.Entry, to output: Output) {
    output.json([
      "name": .string(name), "value": entry.value.json, "from": .string(entry.origin.description),
    ])
  }

  /// Settings of the root come first, as TOML wants them.
  private func writeTOML(_ configuration: Configuration, to output: Output) {
    var lines: [(heading: String, text: String, origin: String)] = []
    for setting in SettingsTable.settings {
      let parts = setting.name.rawValue.split(separator: ".")
      let entry = configuration[setting.name]
      lines.append(
        (
          parts.count > 1 ? String(parts[0]) : "", "\(parts[parts.count - 1]) = \(entry.value)",
          entry.origin.description
        ))
    }
    for table in OpenTable.allCases {
      for (key, entry) in configuration[table].sorted(by: { $0.key < $1.key }) {
        let name = SettingValue.text(key).description
        lines.append(
          (table.rawValue, "\(name) = \(entry.value)", entry.origin.description))
      }
    }
    let width = min(44, lines.map(\.text.count).max() ?? 0)
    var heading = ""
    for line in lines {
      if line.heading != heading {
        heading = line.heading
        output.line("")
        output.line("[\(heading)]")
      }
      let padding = String(repeating: " ", count: max(0, width - line.text.count))
      output.line("\(line.text)\(padding)  # \(line.origin)")
    }
  }
}

extension SettingValue {
  fileprivate var json: JSON {
    switch self {
    case .text(let text): .string(text)
    case .number(let number):
      Int64(exactly: number).map { .integer($0) } ?? .string(description)
    case .flag(let flag): .bool(flag)
    case .list(let texts): .array(texts.map { .string($0) })
    }
  }
}
