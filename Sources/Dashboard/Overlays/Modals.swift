// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

package import MailServer

/// A message opened for reading.
package struct MessageReader: Hashable, Sendable {
  package var message: QueuedMessage
  /// Nil while it is being read.
  package var document: MessageDocument?
  package var problem: Problem?
  package var scroll = 0
}

/// The list of themes; the screen shows each as it is passed.
package struct ThemePicker: Hashable, Sendable {
  package var position: Int
  /// What Esc brings back.
  var before: String
}

/// The help overlay: what was typed there, and how far it is scrolled.
package struct HelpView: Hashable, Sendable {
  package var search = ""
  package var scroll = 0
}

/// Something that was said, kept to be read again.
package struct Notice: Hashable, Sendable {
  /// Seconds since 1970.
  package var time: Int64
  package var text: String
  package var tone: Toast.Tone
  /// How often it was said in a row.
  package var count = 1
}
