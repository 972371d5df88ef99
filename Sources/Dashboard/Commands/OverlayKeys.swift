// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas

/// Keys in what lies over the panes: those of shared commands, which are the user's own there too, and those that an
/// overlay has for itself, which no key of the user takes away.
enum OverlayKeys {
  /// Commands that mean the same there as in the panes: they scroll, copy and close.
  static let shared: Set<CommandID> = [
    .up, .down, .pageUp, .pageDown, .top, .bottom, .back, .quit, .mark, .sort, .copy, .copyToFile,
    .columns, .chart, .timeline, .themes, .dump, .notices, .findings, .escalation,
  ]

  /// What an overlay has for itself, with its name in sentences.
  static let own: [(overlay: String, keys: [Key])] = [
    columns, themes, escalation, chart, findings, dump,
  ]

  fileprivate static let columns = ("the list of columns", [Key.character("w")])
  fileprivate static let themes = ("the list of themes", [Key.character("w")])
  fileprivate static let escalation = ("the text for a postmaster", [Key.character("a")])
  fileprivate static let chart = (
    "the chart",
    [Key.character("h"), .character("d"), .character("i"), .tab, .left, .right]
  )
  fileprivate static let findings = ("the findings", [Key.character("t")])
  fileprivate static let dump = ("the question before the screen is saved", [Key.character("m")])

  /// Keys that the user gave to shared commands and that mean something else in an overlay.
  static func conflicts(of chosen: Set<CommandID>, in keymap: Keymap) -> [Keymap.Fault] {
    CommandTable.commands.filter { chosen.contains($0.id) && shared.contains($0.id) }
      .flatMap { command in
        own.compactMap { overlay, keys -> Keymap.Fault? in
          let taken = keymap.keys(of: command.id).filter(keys.contains)
          // What the table has there anyway is no conflict: `t` closes the chart, and opens it in the findings.
          guard let first = taken.first, !command.keys.contains(first) else { return nil }
          let other = label(of: command, beside: keys, in: keymap)
          return Keymap.Fault(
            name: command.id.name,
            message: "\(first.label) has a meaning of its own in \(overlay): there "
              + (other.map { "\($0) calls \(command.id.name)" } ?? "\(command.id.name) has no key"))
        }
      }
  }

  /// The key of a command where an overlay has these for itself, or nil.
  fileprivate static func label(
    of command: Command, beside own: [Key], in keymap: Keymap
  ) -> String? {
    let users = keymap.keys(of: command.id).first { !own.contains($0) }
    return
      (users
      ?? command.keys.first { key in
        !own.contains(key)
          && !CommandTable.commands.contains {
            shared.contains($0.id) && keymap.keys(of: $0.id).contains(key)
          }
      })?.label
  }
}

extension Modal {
  private var ownKeys: [Key] {
    switch self {
    case .columns: OverlayKeys.columns.1
    case .themes: OverlayKeys.themes.1
    case .escalation: OverlayKeys.escalation.1
    case .chart: OverlayKeys.chart.1
    case .findings: OverlayKeys.findings.1
    case .dump: OverlayKeys.dump.1
    case .filter, .gathering, .confirm, .test, .message, .help, .palette, .notices, .quit,
      .timeline, .keep:
      []
    }
  }

  /// The key of the table that a key stands for.
  func meaning(of key: Key, in keymap: Keymap) -> Key {
    // These two always lead on and back.
    guard key != .enter, key != .escape, !ownKeys.contains(key) else { return key }
    let command = CommandTable.commands.first {
      OverlayKeys.shared.contains($0.id) && keymap.keys(of: $0.id).contains(key)
    }
    return command?.keys.first ?? key
  }

  fileprivate func label(of id: CommandID, in keymap: Keymap) -> String {
    CommandTable.commands.first { $0.id == id }
      .flatMap { OverlayKeys.label(of: $0, beside: ownKeys, in: keymap) } ?? ":\(id.name)"
  }
}

extension State {
  /// The key of a command as it works in an overlay.
  func key(_ id: CommandID, over modal: Modal) -> String { modal.label(of: id, in: setup.keymap) }
}
