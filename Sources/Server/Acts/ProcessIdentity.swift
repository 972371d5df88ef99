// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes
import Glibc

/// A process, identified uniquely: its number is reused after it ends, the number with its start time is not.
package struct ProcessIdentity: Hashable, Sendable {
  package var number: Int32
  /// Clock ticks since the machine's start (proc(5), `/proc/PID/stat`, field 22); 0 if unknown.
  package var started: UInt64

  package init(number: Int32, started: UInt64) {
    self.number = number
    self.started = started
  }

  /// This process.
  package static var current: ProcessIdentity {
    let number = getpid()
    return ProcessIdentity(number: number, started: start(of: number) ?? 0)
  }

  /// Whether the process still runs on this machine.
  package var isAlive: Bool { Self.start(of: number) == started }

  /// When it started; nil if there is none, or where it has ended.
  static func start(of process: Int32) -> UInt64? {
    guard process > 0, let file = fopen("/proc/\(process)/stat", "re") else { return nil }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1024)
    let count = fread(&bytes, 1, bytes.count, file)
    // The name in parentheses may hold anything, parentheses and spaces too; field 3 follows it.
    let text = bytes.span.string(0..<count)
    guard let end = text.lastIndex(of: ")") else { return nil }
    let fields = text[end...].split(separator: " ")
    // One that has ended and waits for its parent to notice (Z) does nothing anymore.
    guard fields.count > 20, fields[1] != "Z", fields[1] != "X" else { return nil }
    return UInt64(fields[20])
  }
}
