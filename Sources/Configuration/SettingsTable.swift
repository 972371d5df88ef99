// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

/// The settings by the names that files give them; a dot is between a table and its key.
package enum SettingName: String, CaseIterable, Hashable, Sendable {
  case mta, log, refresh
  case readOnly = "read_only"
  case theme, color, ascii, graphs, mouse, bell, title
  case saveFolder = "save_folder"
  case queueColumns = "queue.columns"
  case queueSort = "queue.sort"
  case queueDescending = "queue.descending"
  case queueGroup = "queue.group"
  case blockLists = "checks.block_lists"
  case ownAddress = "checks.address"
  case keepDays = "removed.keep_days"
  case keepMegabytes = "removed.keep_megabytes"
}

/// All settings, each once.
package enum SettingsTable {
  /// The columns of the queue, as settings and options call them.
  package static let columns = [
    "id", "age", "size", "attempts", "state", "sender", "destination", "host", "cause", "reply",
    "next",
  ]
  private static let groups = [
    "none", "destination", "cause", "sender", "host", "provider", "age", "heat-map",
  ]

  package static let settings: [Setting] = [
    Setting(
      name: .mta, kind: .choice(["auto", "exim", "postfix"]), standard: .text("auto"),
      help: "The mail server to read; auto detects it.", option: "--mta"),
    Setting(
      name: .log, kind: .list, standard: .list([]),
      help: "Log files to read instead of the mail server's own.", option: "--log"),
    Setting(
      name: .refresh, kind: .number(0.5...3600), standard: .number(5),
      help: "Seconds between queue refreshes.", option: "--refresh"),
    Setting(
      name: .readOnly, kind: .flag, standard: .flag(false),
      help: "Leave out everything that can change the server. "
        + "In the administrator's file it cannot be overridden.", option: "--read-only"),
    Setting(
      name: .theme, kind: .text, standard: .text("dark"),
      help: "The name of a theme, or the path of a theme file.", option: "--theme"),
    Setting(
      name: .color, kind: .flag, standard: .flag(true),
      help: "Use colors if the terminal supports them. NO_COLOR in the environment turns them off.",
      option: "--color, --no-color"),
    Setting(
      name: .ascii, kind: .flag, standard: .flag(false),
      help: "Draw with ASCII characters only.", option: "--ascii, --no-ascii"),
    Setting(
      name: .graphs, kind: .choice(["auto", "braille", "blocks", "ascii"]),
      standard: .text("auto"),
      help: "The characters that draw trends; auto picks what the terminal is likely to support.",
      option: nil),
    Setting(
      name: .mouse, kind: .flag, standard: .flag(false),
      help:
        "Let the mouse select, scroll and sort; hold Shift to select text in the terminal.",
      option: "--mouse, --no-mouse"),
    Setting(
      name: .bell, kind: .flag, standard: .flag(false),
      help: "Ring the terminal bell on a new critical finding.", option: nil),
    Setting(
      name: .title, kind: .flag, standard: .flag(false),
      help: "Show the queue size and the number of 421s in the terminal title.", option: nil),
    Setting(
      name: .saveFolder, kind: .text, standard: .text(""),
      help: "Where saved screens and copies go; empty means `screens` in the state directory.",
      option: nil),
    Setting(
      name: .queueColumns, kind: .choices(columns), standard: .list([]),
      help: "The columns of the queue; an empty list picks them by width.", option: nil),
    Setting(
      name: .queueSort, kind: .choice(columns), standard: .text("age"),
      help: "The column the queue is sorted by at first.", option: nil),
    Setting(
      name: .queueDescending, kind: .flag, standard: .flag(true),
      help: "Sort the largest first.", option: nil),
    Setting(
      name: .queueGroup, kind: .choice(groups), standard: .text("none"),
      help: "How the queue is grouped at first.", option: nil),
    Setting(
      name: .blockLists, kind: .list, standard: .list([]),
      help: "Block lists (DNS zones) that checks may query for this server's address. "
        + "None is queried unless it is listed here.", option: nil),
    Setting(
      name: .ownAddress, kind: .text, standard: .text(""),
      help:
        "The public IP address that this server's mail comes from, if it is behind NAT.",
      option: nil),
    Setting(
      name: .keepDays, kind: .number(1...3650), standard: .number(30),
      help: "Days to keep copies of removed messages.", option: nil),
    Setting(
      name: .keepMegabytes, kind: .number(1...1_000_000), standard: .number(1000),
      help: "Megabytes these copies may use; the oldest are deleted first.", option: nil),
  ]

  /// Tables whose keys are the user's own, with what is in them.
  package static let openTables: [(name: OpenTable, help: String)] = [
    (
      .keys,
      "A command's name, and the key or list of keys that replace its default keys."
    ),
    (.filters, "A name of your choice, and the filter it stands for: `:filter NAME` applies it."),
  ]

  /// The setting of a name that is in a file, or nil.
  package static func setting(_ name: SettingName) -> Setting? {
    settings.first { $0.name == name }
  }
}

/// A table whose keys are not known here.
package enum OpenTable: String, CaseIterable, Hashable, Sendable {
  case keys, filters
}
