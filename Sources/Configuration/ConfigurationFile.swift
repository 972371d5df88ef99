// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import TOMLKit

/// What one file says, and what is wrong in it: the rest of it counts all the same.
struct ConfigurationFile {
  struct Line {
    var value: SettingValue
    var line: Int?
  }

  private(set) var settings: [SettingName: Line] = [:]
  private(set) var open: [OpenTable: [String: Line]] = [:]
  private(set) var faults: [Diagnostic] = []

  private static let sections = Set(
    SettingName.allCases.compactMap { name in
      name.rawValue.firstIndex(of: ".").map { String(name.rawValue[..<$0]) }
    })

  init(_ bytes: [UInt8], path: String) {
    let document: TOMLDocument
    do throws(Diagnostic) {
      document = try TOMLDocument(bytes, file: path)
    } catch {
      faults = [error]
      return
    }
    for key in document.root.keys.sorted() {
      guard let value = document.root[key] else { continue }
      if let table = OpenTable(rawValue: key) {
        readOpen(table, value, document)
      } else if Self.sections.contains(key) {
        guard let table = value.table else {
          faults.append(document.complaint("[\(key)] must be a table", at: [key]))
          continue
        }
        for inner in table.keys.sorted() { read([key, inner], table[inner], document) }
      } else {
        read([key], value, document)
      }
    }
  }

  private mutating func read(
    _ path: [String], _ value: (any TOMLValueConvertible)?, _ document: TOMLDocument
  ) {
    guard let value else { return }
    let key = path.joined(separator: ".")
    guard let name = SettingName(rawValue: key), let setting = SettingsTable.setting(name) else {
      let names =
        SettingName.allCases.map(\.rawValue) + OpenTable.allCases.map(\.rawValue) + Self.sections
      faults.append(document.unknown("setting", key, among: names, at: path))
      return
    }
    do throws(SettingFault) {
      settings[name] = Line(value: try setting.value(value), line: document.line(of: path))
    } catch {
      faults.append(document.complaint(error.message, at: path))
    }
  }

  private mutating func readOpen(
    _ name: OpenTable, _ value: any TOMLValueConvertible, _ document: TOMLDocument
  ) {
    guard let table = value.table else {
      faults.append(document.complaint("[\(name.rawValue)] must be a table", at: [name.rawValue]))
      return
    }
    for key in table.keys.sorted() {
      let path = [name.rawValue, key]
      // A restriction that was written below a heading must not be lost.
      guard SettingName(rawValue: key) == nil, let texts = table[key].flatMap(texts) else {
        let message =
          SettingName(rawValue: key) == nil
          ? "\(key) must be a string or a list of strings"
          : "\(key) must come before the first [table] of the file"
        faults.append(document.complaint(message, at: path))
        continue
      }
      open[name, default: [:]][key] = Line(value: .list(texts), line: document.line(of: path))
    }
  }
}
