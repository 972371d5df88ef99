// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import CTerminal

/// What the bytes that we write mean to those who read them.
package enum CharacterSet {
  /// Whether the locale of LC_ALL, LC_CTYPE and LANG is one in UTF-8.
  package static let isUTF8 = tf_set_locale()
}
