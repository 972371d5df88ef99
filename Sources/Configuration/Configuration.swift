// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

/// Where the value of a setting comes from.
package enum SettingOrigin: Hashable, Sendable, CustomStringConvertible {
  case standard
  case file(String, line: Int?)
  case environment(String)
  case option(String)

  package var description: String {
    switch self {
    case .standard: "default"
    case .file(let path, let line): line.map { "\(path):\($0)" } ?? path
    case .environment(let name): "environment \(name)"
    case .option(let name): "option \(name)"
    }
  }
}

/// The settings in effect, each with where it comes from.
///
/// Options go before the environment, that before the user's file, that before the
/// administrator's. Only `read_only = true` of the administrator goes before all.
package struct Configuration: Sendable {
  /// Where the administrator of this machine decides for everyone on it; root writes it.
  package static let administratorPath = "/etc/tempfail/config.toml"

  /// A file as it was read, or why it was not.
  package struct File: Sendable {
    package var path: String
    package var content: Result<[UInt8], Diagnostic>
    /// Whether it was not read because it is someone else's: then it says nothing, and forbids nothing either.
    package var isForeign: Bool

    package init(
      path: String, content: Result<[UInt8], Diagnostic>, isForeign: Bool = false
    ) {
      self.path = path
      self.content = content
      self.isForeign = isForeign
    }
  }

  package struct Entry: Hashable, Sendable {
    package var value: SettingValue
    package var origin: SettingOrigin
  }

  /// What the command line says of a setting, with the option that said it.
  package typealias Option = (name: SettingName, value: SettingValue, option: String)

  /// What is wrong in the files and in the environment, in the order of their reading.
  package private(set) var faults: [Diagnostic] = []
  private var entries: [SettingName: Entry] = [:]
  private var open: [OpenTable: [String: Entry]] = [:]
  /// Why the administrator's file forbids every change, or nil.
  private var administratorsReason: String?
  /// Why the user's own settings, which are not understood, may forbid every change, or nil.
  private var faultReason: String?

  /// Puts the layers together.
  ///
  /// - Parameters:
  ///   - administrator: nil if there is no such file.
  ///   - user: nil if there is no such file.
  ///   - options: what the command line says, with the option's name.
  package init(
    administrator: File? = nil, user: File? = nil, environment: [String: String] = [:],
    options: [Option] = []
  ) {
    for setting in SettingsTable.settings {
      entries[setting.name] = Entry(value: setting.standard, origin: .standard)
    }
    if let administrator {
      let faults = take(administrator)
      if let fault = faults.first {
        administratorsReason = Self.reason(fault)
      } else if case .flag(true) = self[.readOnly].value {
        administratorsReason = "read_only = true in \(self[.readOnly].origin)"
      }
    }
    let restriction = self[.readOnly]
    if let user, let fault = take(user).first, !user.isForeign { faultReason = Self.reason(fault) }
    take(environment)
    for option in options {
      entries[option.name] = Entry(value: option.value, origin: .option(option.option))
    }
    if administratorsReason != nil {
      entries[.readOnly] = Entry(value: .flag(true), origin: restriction.origin)
    }
  }

  package subscript(name: SettingName) -> Entry {
    entries[name] ?? Entry(value: .flag(false), origin: .standard)
  }

  /// The entries of a table whose keys are the user's own, by key.
  package subscript(table: OpenTable) -> [String: Entry] { open[table] ?? [:] }

  /// Why nothing may be changed, or nil.
  package var readOnlyReason: String? {
    if let reason = administratorsReason ?? faultReason { return reason }
    guard case .flag(true) = self[.readOnly].value else { return nil }
    return "read_only is set (\(self[.readOnly].origin))"
  }

  /// A misspelled restriction must not be ignored.
  private static func reason(_ fault: Diagnostic) -> String {
    "nothing can be changed until this is fixed: \(fault)"
  }

  /// Takes another fault in, such as a key that does not exist.
  package mutating func note(_ fault: Diagnostic) { faults.append(fault) }

  private mutating func take(_ file: File) -> [Diagnostic] {
    switch file.content {
    case .failure(let fault):
      faults.append(fault)
      return [fault]
    case .success(let bytes):
      let read = ConfigurationFile(bytes, path: file.path)
      for (name, line) in read.settings {
        entries[name] = Entry(value: line.value, origin: .file(file.path, line: line.line))
      }
      for (table, lines) in read.open {
        for (key, line) in lines {
          open[table, default: [:]][key] = Entry(
            value: line.value, origin: .file(file.path, line: line.line))
        }
      }
      faults += read.faults
      return read.faults
    }
  }

  private mutating func take(_ environment: [String: String]) {
    // https://no-color.org: set and not empty.
    if environment["NO_COLOR"]?.isEmpty == false {
      entries[.color] = Entry(value: .flag(false), origin: .environment("NO_COLOR"))
    }
    for setting in SettingsTable.settings {
      guard let text = environment[setting.variable], !text.isEmpty else { continue }
      do throws(SettingFault) {
        entries[setting.name] = Entry(
          value: try setting.value(text: text), origin: .environment(setting.variable))
      } catch {
        let fault = Diagnostic(
          file: "environment \(setting.variable)", line: nil, message: error.message)
        faults.append(fault)
        if setting.name == .readOnly { faultReason = faultReason ?? Self.reason(fault) }
      }
    }
  }
}

extension Configuration {
  package var theme: String { text(.theme) }
  package var mta: String { text(.mta) }
  package var log: [String] { list(.log) }
  /// Seconds between queue refreshes.
  package var refresh: Double { number(.refresh) }
  package var usesColor: Bool { flag(.color) }
  package var isASCII: Bool { flag(.ascii) }
  /// The name of a set of characters, or `auto`.
  package var graphs: String { text(.graphs) }
  package var usesMouse: Bool { flag(.mouse) }
  package var ringsBell: Bool { flag(.bell) }
  package var setsTitle: Bool { flag(.title) }
  /// Nil for the usual one.
  package var saveFolder: String? { text(.saveFolder).isEmpty ? nil : text(.saveFolder) }
  /// Names out of `SettingsTable.columns`; empty if the width decides.
  package var queueColumns: [String] { list(.queueColumns) }
  package var queueSort: String { text(.queueSort) }
  package var queueIsDescending: Bool { flag(.queueDescending) }
  /// Nil for none.
  package var queueGroup: String? { text(.queueGroup) == "none" ? nil : text(.queueGroup) }
  /// Whether the ages of each destination are shown.
  package var showsHeatMap: Bool { queueGroup == "heat-map" }
  /// DNS zones; a check asks no other.
  package var blockLists: [String] { list(.blockLists) }
  /// An IP address, or empty.
  package var ownAddress: String { text(.ownAddress) }
  package var keepDays: Int { Int(number(.keepDays)) }
  package var keepMegabytes: Int { Int(number(.keepMegabytes)) }

  private func text(_ name: SettingName) -> String {
    if case .text(let text) = self[name].value { text } else { "" }
  }

  private func number(_ name: SettingName) -> Double {
    if case .number(let number) = self[name].value { number } else { 0 }
  }

  private func flag(_ name: SettingName) -> Bool { self[name].value == .flag(true) }

  private func list(_ name: SettingName) -> [String] {
    if case .list(let texts) = self[name].value { texts } else { [] }
  }
}
