// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Configuration
import Dashboard
import MailServer
import Server

/// Keeps what was chosen on the screen in the user's configuration.
///
/// A file that somebody wrote is left as it is: the lines to add are shown.
struct KeptSettings {
  let configuration: Configuration
  /// The user's file, whether it is there or not; nil if there is no home.
  let path: String?

  /// Writes the file, or shows what to add to the existing one.
  func keep(_ choice: ViewChoice) -> Event {
    let values = values(choice)
    guard let path, let (folder, name) = Self.split(path) else {
      return .told("Nothing was saved: there is no home directory (HOME).", isGood: false)
    }
    let text = WrittenFile.text(values)
    do throws(StateFailure) {
      if TrustedFile.read(path) == nil {
        if let written = try folder.create(name, Array(text.utf8)) { return Self.told(written) }
      } else {
        let file = KeptFile(name, in: folder)
        if WrittenFile.isOwn(file.read(), values.map(\.name)) {
          try file.write(Array(text.utf8))
          return Self.told(path)
        }
      }
    } catch {
      return .told("Nothing was saved: \(error)", isGood: false)
    }
    let lines = configuration.missing(values, inFile: path)
    return lines.isEmpty
      ? .told("\(path) already has these settings", isGood: true)
      : .keepByHand(path: path, lines: lines)
  }

  private static func told(_ path: String) -> Event {
    .told("Saved to \(path); used from the next start", isGood: true)
  }

  private static func split(_ path: String) -> (StateFolder, name: String)? {
    guard path.hasPrefix("/"), let slash = path.lastIndex(of: "/"), slash != path.startIndex
    else { return nil }
    return (StateFolder(String(path[..<slash])), String(path[path.index(after: slash)...]))
  }

  private func values(_ choice: ViewChoice) -> [WrittenFile.Value] {
    let all = choice.columns.count == QueueQuery.Column.allCases.count
    return [
      (.theme, choice.theme.map { .text($0) } ?? configuration[.theme].value),
      (.queueColumns, .list(all ? [] : choice.columns.map(\.rawValue))),
      (.queueSort, .text(choice.sort.rawValue)),
      (.queueDescending, .flag(choice.descending)),
      (
        .queueGroup,
        .text(choice.isHeatMap ? "heat-map" : choice.grouping?.rawValue ?? "none")
      ),
    ]
  }
}
