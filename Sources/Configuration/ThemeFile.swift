// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

package import Canvas
import Themes

/// Reads theme files.
package enum ThemeFile {
  /// The theme that is compiled in under this name, or nil.
  package static func embedded(_ name: String) -> Theme? { Theme(name: name, styles: [:]) }
}
