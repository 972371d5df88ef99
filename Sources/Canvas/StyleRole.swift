// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

/// What a piece of the screen is; a theme says what it looks like.
package enum StyleRole: UInt8, CaseIterable, Hashable, Sendable {
  /// Ordinary text.
  case text
  /// Less important text.
  case dim
  /// The header line.
  case header
  /// Border and title of a pane, and of the pane that has the focus.
  case border, title, focusedBorder, focusedTitle
  /// Column headings.
  case heading
  /// The selected row: in the pane that has the focus, and in another.
  case selection, inactiveSelection
  /// A marked row.
  case mark
  /// Verdicts and states.
  case good, warning, bad
  /// A message that is held or frozen.
  case held
  /// A message being delivered.
  case active
  /// What stands out without being good or bad: counts, links.
  case accent
  /// A key in the footer, its label, and one that is off.
  case key, label, disabled
  /// The OPERATE and the WATCH badge.
  case operate, watch
  /// Text being typed; a match of the filter.
  case input, match
  /// A dialog: its ground, its border, the button that has the focus.
  case dialog, dialogBorder, button, focusedButton
  /// A dialog about something that cannot be undone.
  case danger
}
