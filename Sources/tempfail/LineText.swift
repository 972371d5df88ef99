// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas
import Glibc
import Terminal

/// The one door for text to standard output and standard error: what could move a terminal's cursor is shown as text, and in
/// a locale that is not UTF-8 every byte is ASCII.
struct LineText {
  let string: String
  /// In columns.
  let width: Int

  init(_ unsafe: some StringProtocol) {
    let safe = SafeText(unsafe)
    string = CharacterSet.isUTF8 ? safe.string : safe.ascii
    width = CharacterSet.isUTF8 ? safe.width : string.utf8.count
  }
}

/// Writes a message to standard error, its further lines indented: so what a stranger wrote is never taken for a message.
func complain(_ message: String) {
  let lines = message.unicodeScalars.split(separator: "\n").map { LineText(String($0)).string }
  var rest = Array("tempfail: \(lines.joined(separator: "\n  "))\n".utf8)[...]
  while !rest.isEmpty {
    let written = rest.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
    if written < 0, errno == EINTR { continue }
    guard written > 0 else { return }
    rest = rest.dropFirst(written)
  }
}
