// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas

/// A text for the terminal's title, as OSC 2 carries it.
package enum WindowTitle {
  /// More than any title bar shows, in characters.
  package static let limit = 120

  /// The sequence that sets the title; what could end it early is made visible.
  package static func sequence(for text: String) -> [UInt8] {
    Array("\u{1B}]2;\(SafeText(text.prefix(limit)).string)\u{7}".utf8)
  }
}
