// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The logs that belong to one: what it was rotated to.
package enum LogFiles {
  /// How a compressed log is read, by the end of its name: by the tool that made it.
  private static let decompressors: [(suffix: String, tool: String)] = [
    (".gz", "gzip"), (".xz", "xz"), (".zst", "zstd"), (".bz2", "bzip2"),
  ]

  /// The tool that unpacks a file of this name, or nil for a plain one.
  static func decompressor(of path: String) -> String? {
    decompressors.first { path.hasSuffix($0.suffix) }?.tool
  }

  /// The tool that packed what begins with these bytes, or nil.
  static func packer(of head: [UInt8]) -> String? {
    let marks: [(bytes: [UInt8], tool: String)] = [
      ([0x1F, 0x8B], "gzip"), ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], "xz"),
      ([0x28, 0xB5, 0x2F, 0xFD], "zstd"), ([0x42, 0x5A, 0x68], "bzip2"),
    ]
    return marks.first { head.starts(with: $0.bytes) }?.tool
  }

  /// What to do where something packed is read as it is.
  static func packedWords(_ name: String, _ tool: String) -> String {
    "\(name) is compressed with \(tool): decompress it first (\(tool) -dc), or give it the usual suffix of \(tool)"
  }

  /// The log and its rotated files, oldest first, as logrotate, newsyslog and savelog name them.
  ///
  /// `main.log.2.gz`, `main.log-20261123.xz`, `main.log.20261123`, `main.log.0`.
  package static func withRotations(of path: String) -> [String] {
    let slash = path.lastIndex(of: "/")
    let folder = slash.map { String(path[...$0]) } ?? ""
    let name = slash.map { String(path[path.index(after: $0)...]) } ?? path
    let others = FileAccess.names(inFolder: folder.isEmpty ? "." : folder)
    return rotations(of: name, among: others).map { folder + $0 } + [path]
  }

  /// Those of `names` that a log of this name was rotated to, oldest first.
  static func rotations(of name: String, among names: [String]) -> [String] {
    let rotated = names.compactMap { other -> (age: Age, name: String)? in
      guard other.hasPrefix(name), let age = Age(suffix: other.dropFirst(name.count)) else {
        return nil
      }
      return (age, other)
    }
    return rotated.sorted { $0.age < $1.age }.map(\.name)
  }

  /// The age in a rotated file's name: oldest first.
  private enum Age: Comparable {
    /// `-20261123`, also with hours.
    case date(String)
    /// `.2`: the larger, the older.
    case number(Int)

    init?(suffix: Substring) {
      var rest = suffix
      for (end, _) in decompressors where rest.hasSuffix(end) { rest = rest.dropLast(end.count) }
      guard let separator = rest.first, separator == "." || separator == "-" else { return nil }
      rest = rest.dropFirst()
      guard !rest.isEmpty, rest.utf8.allSatisfy({ (0x30...0x39).contains($0) || $0 == 0x2D })
      else { return nil }
      if rest.utf8.count >= 8 {
        self = .date(rest.filter { $0 != "-" })
      } else if separator == ".", let number = Int(rest) {
        self = .number(number)
      } else {
        return nil
      }
    }

    static func < (left: Age, right: Age) -> Bool {
      switch (left, right) {
      case (.date(let left), .date(let right)): left < right
      case (.number(let left), .number(let right)): left > right
      // A folder in which both occur changed its way once; dates are the newer one nowadays.
      case (.number, .date): true
      case (.date, .number): false
      }
    }
  }
}
