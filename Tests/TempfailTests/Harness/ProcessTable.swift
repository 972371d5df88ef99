// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

/// What `/proc` says about other processes.
enum ProcessTable {
  static func children(of process: Int32) -> [Int32] {
    contents(of: "/proc/\(process)/task/\(process)/children")?
      .split(separator: " ").compactMap { Int32($0) } ?? []
  }

  /// A process below another one by its name: `nsenter` stays above what it runs.
  static func descendant(of process: Int32, named name: String) -> Int32? {
    for child in children(of: process) {
      if contents(of: "/proc/\(child)/comm") == name + "\n" { return child }
      if let found = descendant(of: child, named: name) { return found }
    }
    return nil
  }

  /// Whether its first thread waits in a write to standard output (proc(5), `syscall`: the call's number, then what it got).
  ///
  /// Root alone may see that everywhere.
  static func isWriting(_ process: Int32) -> Bool {
    contents(of: "/proc/\(process)/syscall")?.split(separator: " ").dropFirst().first == "0x1"
  }

  /// A process that has ended but was not reaped yet does not run.
  static func isRunning(_ process: Int32) -> Bool {
    guard let stat = contents(of: "/proc/\(process)/stat") else { return false }
    let state = stat[(stat.lastIndex(of: ")") ?? stat.startIndex)...].dropFirst(2).first
    return state != "Z" && state != "X"
  }
}
