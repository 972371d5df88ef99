// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas
import TOMLKit

/// A TOML file with what complaints about it need: its name and the lines of its keys.
struct TOMLDocument {
  let file: String
  let root: TOMLTable
  private let lines: [[String]: Int]

  init(_ bytes: [UInt8], file: String) throws(Diagnostic) {
    let text = String(decoding: bytes, as: UTF8.self)
    self.file = file
    lines = TOMLDocument.lines(of: text)
    if let line = TOMLDocument.lineOfBadHeading(text) {
      throw Diagnostic(
        file: file, line: line, message: "a table must be a name in brackets: [name]")
    }
    if let line = TOMLDocument.lineOfDeepKey(bytes) {
      throw Diagnostic(file: file, line: line, message: "a key has too many parts")
    }
    do {
      root = try TOMLTable(string: text)
    } catch let error as TOMLParseError {
      throw Diagnostic(file: file, line: error.source.begin.line, message: error.description)
    } catch {
      throw Diagnostic(file: file, line: nil, message: "\(error)")
    }
  }

  /// A complaint about the key at `path`, or about the nearest thing around it that has a line.
  func complaint(_ message: String, at path: [String]) -> Diagnostic {
    Diagnostic(file: file, line: line(of: path), message: message)
  }

  /// The line of the key at `path`, or of the nearest thing around it that has one.
  func line(of path: [String]) -> Int? {
    (0...path.count).lazy.reversed().compactMap { lines[Array(path.prefix($0))] }.first
  }

  /// A complaint about a name that does not exist, with the one that was probably meant.
  func unknown(
    _ kind: String, _ name: String, among names: some Sequence<String>, at path: [String]
  ) -> Diagnostic {
    let hint = nearestName(to: name, among: names).map { "; did you mean \"\($0)\"?" } ?? ""
    return complaint("unknown \(kind) \"\(name)\"\(hint)", at: path)
  }

  /// The table at a key of the root; empty if there is none.
  func table(_ key: String) throws(Diagnostic) -> TOMLTable {
    guard let value = root[key] else { return TOMLTable() }
    guard let table = value.table else { throw complaint("[\(key)] must be a table", at: [key]) }
    return table
  }

  /// The line that first sets each key: TOMLKit reports positions only for syntax errors.
  ///
  /// Reads one key a line, which is how these files are written. Inside a string of several lines
  /// it may see a key that is none; only a line number in a message depends on it.
  private static func lines(of text: String) -> [[String]: Int] {
    var lines: [[String]: Int] = [:]
    var section: [String] = []
    for (index, line) in rows(of: text) {
      if line.first == "[" {
        section = path(line.drop { $0 == "[" }.prefix { $0 != "]" })
        lines[section] = lines[section] ?? index + 1
      } else if line.first != "#", let equals = line.firstIndex(of: "=") {
        let key = section + path(line[..<equals])
        lines[key] = lines[key] ?? index + 1
      }
    }
    return lines
  }

  /// The lines from 1 on, without the blanks before their text.
  private static func rows(of text: String) -> [(Int, Substring)] {
    // By scalars: as a Character, CR LF is no newline.
    text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).enumerated().map {
      ($0.offset, Substring($0.element.drop { " \t\u{FEFF}".unicodeScalars.contains($0) }))
    }
  }

  /// Parts of a dotted key beyond which toml++ is not asked: it takes a frame of the stack for each.
  private static let mostParts = 64

  /// The first line with a key of more parts.
  ///
  /// What is between quotes and behind a `#` is passed over; a multiline string that resembles such a key is refused too.
  private static func lineOfDeepKey(_ bytes: [UInt8]) -> Int? {
    var (line, dots) = (1, 0)
    var (quote, isEscaped, isComment) = (UInt8(0), false, false)
    for byte in bytes {
      switch byte {
      case UInt8(ascii: "\n"):
        line += 1
        (dots, quote, isEscaped, isComment) = (0, 0, false, false)
      case _ where isComment: break
      case _ where isEscaped: isEscaped = false
      case UInt8(ascii: "\\") where quote == UInt8(ascii: "\""): isEscaped = true
      case quote where quote != 0: quote = 0
      case _ where quote != 0: break
      case UInt8(ascii: "\""), UInt8(ascii: "'"): quote = byte
      case UInt8(ascii: "#"): isComment = true
      case UInt8(ascii: "="), UInt8(ascii: ","), UInt8(ascii: "["), UInt8(ascii: "{"): dots = 0
      case UInt8(ascii: "."):
        dots += 1
        if dots >= mostParts { return line }
      default: break
      }
    }
    return nil
  }

  /// The first line that begins as a heading, but with no name.
  ///
  /// toml++ takes for granted there what it has not looked at, and ends the process.
  private static func lineOfBadHeading(_ text: String) -> Int? {
    rows(of: text).first { _, line in
      guard line.unicodeScalars.first == "[" else { return false }
      guard let name = line.unicodeScalars.first(where: { !"[ \t".unicodeScalars.contains($0) })
      else { return true }
      let isBare =
        name.isASCII && (name.properties.isAlphabetic || name.properties.numericType != nil)
      return !isBare && !"_-\"']".unicodeScalars.contains(name)
    }
    .map { $0.0 + 1 }
  }

  /// The parts of a dotted key, without blanks and quotes.
  private static func path(_ key: Substring) -> [String] {
    key.split(separator: ".").map { part in
      String(part.filter { !" \t\r\"'".contains($0) })
    }
  }
}
