// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

package import Canvas

extension LineSet {
  /// The lines that a terminal of the type `name` can be trusted to have.
  package init(terminal name: String, isUTF8: Bool) {
    self = !isUTF8 ? .ascii : name.hasPrefix("linux") ? .console : .unicode
  }
}

extension GraphSet {
  /// What a terminal can be trusted to have a font for.
  ///
  /// No terminal tells. Those with 256 colours draw braille themselves or find a font for it; PuTTY does
  /// neither, and what calls itself `xterm`, `screen` or `vt220` is often PuTTY.
  package init(terminal name: String, colors: Int, lines: LineSet) {
    self =
      switch lines {
      case .console, .ascii: .ascii
      case .unicode: colors >= 256 && !name.hasPrefix("putty") ? .braille : .blocks
      }
  }
}
