// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes
import Glibc
import Synchronization
import Terminal

/// Standard output, written in large pieces; from any thread.
///
/// Whoever makes one flushes it at the end: a `deinit` would come too late where a task that has done
/// its work still holds it while the process exits.
final class Output: Sendable {
  private static let pieceSize = 1 << 16
  private let buffer = Mutex<[UInt8]>([])

  /// Writes a JSON value as one line (JSON Lines).
  func json(_ value: JSON) { append(CharacterSet.isUTF8 ? value.line : value.asciiLine) }

  /// Writes a line that may hold text from outside.
  ///
  /// What could move a terminal's cursor is shown as text.
  func line(_ text: String) { append(Array(LineText(text).string.utf8) + [ASCII.newline]) }

  /// Writes what is left.
  func flush() { buffer.withLock { Self.write(&$0) } }

  private func append(_ bytes: [UInt8]) {
    buffer.withLock { buffer in
      buffer += bytes
      if buffer.count >= Self.pieceSize { Self.write(&buffer) }
    }
  }

  private static func write(_ buffer: inout [UInt8]) {
    var start = 0
    while start < buffer.count {
      let written = buffer.withUnsafeBytes {
        Glibc.write(STDOUT_FILENO, $0.baseAddress.map { $0 + start }, $0.count - start)
      }
      if written < 0, errno == EINTR { continue }
      if written < 0, errno == EPIPE {
        signal(SIGPIPE, SIG_DFL)
        raise(SIGPIPE)
      }
      guard written > 0 else {
        complain("writing the output: \(String(cString: strerror(errno)))")
        exit(EXIT_FAILURE)
      }
      start += written
    }
    buffer.removeAll(keepingCapacity: true)
  }
}
