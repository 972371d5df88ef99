// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import CTerminal
package import Canvas

/// The description by which a terminal is driven: that of TERM, or of what it resembles.
struct TerminalType: Hashable, Sendable {
  /// The name in the terminfo database.
  let description: String
  /// 0 for none.
  let colors: Int

  /// Why there is none.
  enum Failure: Error, Hashable { case unknown, cannotMoveCursor }

  /// Looks for a description of the terminal that calls itself `name`.
  ///
  /// - Parameter probe: as `tf_probe`.
  init(
    _ name: String, probe: (String) -> Int = { Int(tf_probe($0)) }
  ) throws(Failure) {
    var failure = Failure.unknown
    for candidate in [name] + Self.relatives(of: name) where !candidate.isEmpty {
      let found = probe(candidate)
      if found >= 0 {
        (description, colors) = (candidate, found)
        return
      }
      if found == -2 { failure = .cannotMoveCursor }
    }
    throw failure
  }

  /// Types that do what one of this name does, best first.
  ///
  /// New terminals bring descriptions of their own, which a server that is reached by SSH does not have.
  static func relatives(of name: String) -> [String] {
    let likeXterm = [
      "alacritty", "foot", "wezterm", "contour", "rio", "st-", "konsole", "vte", "iterm",
    ]
    if name.hasPrefix("tmux") || name.hasPrefix("screen") { return ["screen-256color", "screen"] }
    if name.hasPrefix("xterm") || likeXterm.contains(where: name.hasPrefix) {
      return ["xterm-256color", "xterm"]
    }
    return []
  }
}

extension LineSet {
  /// The lines that a terminal of the type `name` can be trusted to have.
  package init(terminal name: String, isUTF8: Bool) {
    self = !isUTF8 ? .ascii : name.hasPrefix("linux") ? .console : .unicode
  }
}

extension GraphSet {
  /// What a terminal can be trusted to have a font for.
  ///
  /// No terminal reports it. Those with 256 colors draw braille themselves or find a font for it; PuTTY does
  /// neither, and what calls itself `xterm`, `screen` or `vt220` is often PuTTY.
  package init(terminal name: String, colors: Int, lines: LineSet) {
    self =
      switch lines {
      case .console, .ascii: .ascii
      case .unicode: colors >= 256 && !name.hasPrefix("putty") ? .braille : .blocks
      }
  }
}
