// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas
import Configuration
import Dashboard

/// The pages that are written from the tables of options, keys, settings and themes; a test keeps them fresh.
enum Manual {
  /// The page of the program, tempfail(1).
  static var commandPage: String {
    let table = CommandLineTable()
    var page = Roff(name: "tempfail", section: 1, title: "User Commands")
    page.section("NAME")
    page.paragraph("tempfail - a terminal dashboard for deferred mail")
    page.section("SYNOPSIS")
    page.paragraph("tempfail [command] [options]")
    page.section("DESCRIPTION")
    page.paragraph(table.abstract)
    page.paragraph(
      "Without a command, opens the dashboard for this machine's Exim or Postfix. It uses the mail "
        + "server's own tools and changes nothing until you press a key for it.")
    page.literal(table.examples.map(\.padded))
    page.section("COMMANDS")
    for command in table.commands {
      page.subsection(([command.name] + command.positions).joined(separator: " "))
      page.paragraph(command.abstract)
      if !command.discussion.isEmpty { page.paragraph(command.discussion) }
      for argument in command.arguments { page.item(argument.form, argument.help) }
      if !command.examples.isEmpty { page.literal(command.examples.map(\.padded)) }
    }
    page.section("KEYS")
    for group in CommandGroup.allCases {
      page.subsection(group.rawValue.prefix(1) + group.rawValue.dropFirst().lowercased())
      for command in CommandTable.commands where command.group == group {
        // One key does different things in different panes; what has no key has a name.
        let keys =
          command.keys.isEmpty
          ? ":\(command.id.name)" : command.keys.map(\.label).joined(separator: ", ")
        let place = command.places == "all" ? "" : " In: \(command.places)."
        page.item(keys, "\(command.title.trimmedDots).\(place)")
      }
    }
    page.section("THEMES")
    page.paragraph("\(ThemeFile.names.joined(separator: ", ")).")
    page.section("EXIT STATUS")
    for (status, words) in statuses { page.item(status, words) }
    page.section("ENVIRONMENT")
    for (name, words) in variables { page.item(name, words) }
    page.section("FILES")
    for (path, words) in files { page.item(path, words) }
    page.section("SEE ALSO")
    page.paragraph("tempfail.toml(5), exim(8), postqueue(1), postsuper(1), sudoers(5)")
    return page.text
  }

  /// The page of the configuration file, tempfail.toml(5).
  static var configurationPage: String {
    var page = Roff(name: "tempfail.toml", section: 5, title: "File Formats")
    page.section("NAME")
    page.paragraph("tempfail.toml - settings of tempfail(1)")
    page.section("SYNOPSIS")
    page.literal([
      Configuration.administratorPath, "$XDG_CONFIG_HOME/tempfail/config.toml",
      "~/.config/tempfail/config.toml",
    ])
    page.section("DESCRIPTION")
    page.paragraph(
      "No setting is required. Options override environment variables, which override the user's "
        + "file, which overrides the administrator's. Only read_only = true in the administrator's "
        + "file overrides everything. tempfail config prints the settings in effect, and where each "
        + "one comes from.")
    page.section("SETTINGS")
    for setting in SettingsTable.settings {
      let option = setting.option.map { " Option: \($0)." } ?? ""
      page.item(
        setting.name.rawValue,
        "\(setting.help) Value: \(setting.takes); the default is \(setting.standard). "
          + "Variable: \(setting.variable).\(option)")
    }
    page.section("TABLES")
    for table in SettingsTable.openTables { page.item("[\(table.name.rawValue)]", table.help) }
    page.section("EXAMPLE")
    page.literal(example)
    page.section("SEE ALSO")
    page.paragraph("tempfail(1)")
    return page.text
  }

  /// The page of commands and options, `Docs/Options.md`.
  static var optionsPage: String {
    let table = CommandLineTable()
    var text = """
      # Options

      Every command, with its options and examples, as in `tempfail help COMMAND`. This page is
      generated.


      """
    for command in table.commands {
      let form = (["tempfail", command.name] + command.positions).joined(separator: " ")
      text += "## `\(form)`\n\n\(command.abstract)\n\n"
      if !command.discussion.isEmpty { text += "\(command.discussion)\n\n" }
      if !command.arguments.isEmpty {
        text += "| option | what it does |\n|---|---|\n"
        for argument in command.arguments {
          text += "| `\(argument.form)` | \(argument.help) |\n"
        }
        text += "\n"
      }
      if !command.examples.isEmpty {
        text += command.examples.map { "    \($0.padded)\n" }.joined() + "\n"
      }
    }
    text += "## Exit status\n\n| status | meaning |\n|---|---|\n"
    for (status, words) in statuses { text += "| \(status) | \(words) |\n" }
    return text
  }

  private static let statuses = [
    ("0", "Done."),
    ("1", "Something needs attention, or the result is partial, as the command describes."),
    ("2", "Usage error, or a file that cannot be read."),
    ("69", "No usable mail server."), ("77", "Not permitted."),
  ]

  private static let variables = [
    ("NO_COLOR", "Draw without colors."),
    ("MAIL_CONFIG", "The configuration directory of the Postfix instance to read."),
    ("TZ", "The time zone for displaying times and reading logs."),
    ("XDG_CONFIG_HOME, XDG_STATE_HOME", "Directories for a user's settings and state."),
  ]

  private static let files = [
    (Configuration.administratorPath, "The administrator's settings for this machine."),
    ("~/.config/tempfail/config.toml", "A user's settings; themes are in themes/ beside it."),
    ("/var/lib/tempfail/audit.jsonl", "What was changed, by whom, and with what result."),
    ("/var/lib/tempfail/removed", "Copies of removed and bounced messages."),
  ]

  private static let example = [
    "theme = \"nord\"", "refresh = 10", "", "[queue]", "sort = \"next\"", "", "[filters]",
    "stuck = \"age>1d\"",
  ]
}

extension CommandLineTable.Command {
  /// What has no name, as it is written: `[FILE …]`.
  fileprivate var positions: [String] { arguments.filter(\.names.isEmpty).map(\.form) }
}

extension CommandLineTable.Example {
  /// The words begin in one column where the lines are short.
  fileprivate var padded: String {
    guard !words.isEmpty else { return line }
    return line + String(repeating: " ", count: max(2, 40 - line.count)) + words
  }
}
