// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

/// `Docs/Configuration.md`, written from the table of settings.
package enum ConfigurationPage {
  package static var markdown: String {
    let rows = SettingsTable.settings.map { setting in
      let option = setting.option.map { "`\($0)`" } ?? ""
      return "| `\(setting.name.rawValue)` | \(setting.takes) | `\(setting.standard)` | "
        + "`\(setting.variable)` | \(option) | \(setting.help) |"
    }
    let tables = SettingsTable.openTables.map { "| `[\($0.name.rawValue)]` | \($0.help) |" }
    return """
      # Configuration

      No configuration is needed. To change a default, use a TOML file, an environment variable or an option;
      later ones in this list override earlier ones:

      1. `\(Configuration.administratorPath)`, the administrator's file, for everyone on the machine,
      2. `$XDG_CONFIG_HOME/tempfail/config.toml` (by default `~/.config/tempfail/config.toml`), or the
         file that `--config FILE` names,
      3. environment variables; separate list items with commas,
      4. options.

      `tempfail config` prints the settings in effect and where each one comes from, as a valid file;
      `--json` prints one object per line.

      ```toml
      theme = "nord"
      refresh = 10

      [queue]
      sort = "next"
      descending = false

      [keys]
      remove = "D"
      retry = ["r", "F6"]

      [filters]
      stuck = "age>1d"
      ```

      Errors in a file or variable are reported as notices, with the line and the name you probably meant
      (`config.toml:3: unknown setting "them"; did you mean "theme"?`). The rest of the file takes
      effect, but nothing on the server can be changed until the error is fixed: the part that was not
      understood may be a restriction. The same applies to a file that cannot be read.

      ## Saving the view

      `:save`, or `w` in the list of columns or themes, saves the queue's columns, sort order and view, and the
      theme. If there is no configuration file it writes `~/.config/tempfail/config.toml`, and replaces that
      file later as long as you have not edited it. A file of your own is never changed: the lines to add
      are shown instead, to copy (`y`) or save (`Y`). Watch mode writes no files.

      ## The administrator's file

      - `read_only = true` in `\(Configuration.administratorPath)` cannot be overridden: no file, variable or
        option allows changes again.
      - While that file has an error or cannot be read, nothing can be changed either: a misspelled
        restriction must not be ignored.
      - As root, a file that anyone but root can write to is not read, and a notice reports it.

      ## Settings

      | name | takes | default | environment | option | what it does |
      |---|---|---|---|---|---|
      \(rows.joined(separator: "\n"))

      A dot separates a table from its key: `queue.sort` is `sort` in `[queue]`.

      | table | contents |
      |---|---|
      \(tables.joined(separator: "\n"))

      Commands and keys are listed in [Keys.md](Keys.md), themes in [Themes.md](Themes.md).

      """
  }
}
