// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

/// Text that can be put on a terminal: no control, escape, bidi or zero-width character is left in it.
///
/// Log lines, replies and addresses are written by strangers. What they could use to move the cursor, set the
/// window title or turn text around is replaced by a visible `\u{1B}`-style form, and nothing else can make a `Cell`.
package struct SafeText: Hashable, Sendable {
  /// The text, safe to draw.
  package let string: String
  /// Its width in cells.
  package let width: Int

  package init(_ unsafe: some StringProtocol) {
    string = String(unsafe)
    width = string.count
  }
}
