// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas
import Dashboard
import Server

/// Files that the user asks for: screens for tickets, and copies.
///
/// They are the user's alone.
struct SavedFiles {
  /// The user's choice; nil for `screens` in the state folder.
  let folder: String?

  /// Saves a frame as text and as a picture, and says where.
  func save(_ grid: Grid, theme: Theme, at time: Int64) throws(Failure) -> String {
    let text = grid.textRows.joined(separator: "\n") + "\n"
    let path = try save(text, name: "screen-\(Self.stamp(time))", type: "txt")
    let image = try save(
      ScreenImage.svg(grid, theme: theme), name: "screen-\(Self.stamp(time))", type: "svg")
    return "Saved \(path) and \(image.split(separator: "/").last ?? "")"
  }

  /// Saves a copied text, and says where.
  func save(_ copied: CopiedText, at time: Int64) throws(Failure) -> String {
    let path = try save(copied.text + "\n", name: "copy-\(Self.stamp(time))", type: "txt")
    return "Saved \(copied.text.utf8.count) bytes to \(path)"
  }

  private func save(_ text: String, name: String, type: String) throws(Failure) -> String {
    let folder = try StateFolder(path())
    for number in 1...100 {
      let file = "\(name)\(number == 1 ? "" : "-\(number)").\(type)"
      do throws(StateFailure) {
        if let path = try folder.create(file, Array(text.utf8)) { return path }
      } catch {
        throw Failure(error)
      }
    }
    throw Failure("\(folder.path): it already has 100 files from this second", status: 1)
  }

  private func path() throws(Failure) -> String {
    guard let folder else { return try StateFolder.own().path + "/screens" }
    guard folder.hasPrefix("/") else {
      throw Failure("save_folder must be an absolute path, not \(folder)", status: 1)
    }
    return folder
  }

  /// `20261124-120000`.
  private static func stamp(_ time: Int64) -> String {
    LocalTime.text(time).filter { $0 != "-" && $0 != ":" }.map { $0 == " " ? "-" : $0 }
      .reduce(into: "") { $0.append($1) }
  }
}
