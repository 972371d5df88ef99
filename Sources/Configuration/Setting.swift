// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

/// What a setting can hold.
package enum SettingValue: Hashable, Sendable {
  case text(String)
  case number(Double)
  case flag(Bool)
  case list([String])
}

/// One row of the table of settings: it feeds the reading of files and of the environment,
/// `tempfail config`, and the documentation.
package struct Setting: Sendable {
  package enum Kind: Hashable, Sendable {
    case text
    case number(ClosedRange<Double>)
    case flag
    /// One of these words.
    case choice([String])
    /// Any texts.
    case list
    /// Some of these words, in the order wanted.
    case choices([String])
  }

  package let name: SettingName
  package let kind: Kind
  package let standard: SettingValue
  /// What it does, in one line.
  package let help: String
  /// The option that goes before it, as the command line writes it.
  package let option: String?

  /// The variable of the environment that goes before files: `TEMPFAIL_QUEUE_SORT` for `queue.sort`.
  package var variable: String {
    "TEMPFAIL_" + String(name.rawValue.uppercased().map { $0 == "." ? "_" : $0 })
  }

  /// What it takes, in words: `a number from 0.5 to 3600`.
  package var takes: String {
    switch kind {
    case .text: "a text"
    case .number(let range):
      "a number from \(Self.plain(range.lowerBound)) to \(Self.plain(range.upperBound))"
    case .flag: "true or false"
    case .choice(let words): "one of " + words.joined(separator: ", ")
    case .list: "a list of strings"
    case .choices(let words): "a list of " + words.joined(separator: ", ")
    }
  }

  /// A number without digits that say nothing: `5`, `0.5`.
  static func plain(_ number: Double) -> String {
    Int(exactly: number).map(String.init) ?? String(number)
  }
}

extension SettingValue: CustomStringConvertible {
  /// The value as TOML writes it.
  package var description: String {
    switch self {
    case .text(let text): Self.quoted(text)
    case .number(let number): Setting.plain(number)
    case .flag(let flag): flag ? "true" : "false"
    case .list(let texts): "[" + texts.map(Self.quoted).joined(separator: ", ") + "]"
    }
  }

  /// A basic string of TOML 1.0.
  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": quoted += "\\\(scalar)"
      case _ where scalar.value < 0x20 || scalar.value == 0x7F:
        let digits = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
