// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import SystemPackage

/// What `/proc` says about other processes.
enum ProcessTable {
  static func children(of process: Int32) -> [Int32] {
    text(of: "/proc/\(process)/task/\(process)/children")?
      .split(separator: " ").compactMap { Int32($0) } ?? []
  }

  /// A process that has ended but was not reaped yet does not run.
  static func isRunning(_ process: Int32) -> Bool {
    guard let stat = text(of: "/proc/\(process)/stat") else { return false }
    let state = stat[(stat.lastIndex(of: ")") ?? stat.startIndex)...].dropFirst(2).first
    return state != "Z" && state != "X"
  }

  private static func text(of path: String) -> String? {
    guard let file = try? FileDescriptor.open(FilePath(path), .readOnly) else { return nil }
    defer { try? file.close() }
    var bytes = [UInt8](repeating: 0, count: 4096)
    guard let count = try? bytes.withUnsafeMutableBytes({ try file.read(into: $0) }) else {
      return nil
    }
    return String(decoding: bytes.prefix(count), as: UTF8.self)
  }
}
