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

      Nothing has to be configured. What you want otherwise stands in TOML files, in the environment, or
      on the command line; the later of these goes before the earlier:

      1. `\(Configuration.administratorPath)`, by the administrator of the machine, for everyone on it,
      2. `$XDG_CONFIG_HOME/tempfail/config.toml` (by default `~/.config/tempfail/config.toml`), or the
         file that `--config FILE` names,
      3. variables of the environment; a list is written with commas,
      4. options.

      `tempfail config` prints the settings in effect, each with where it comes from, as a file that can
      be kept; with `--json` as one object a line.

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

      What is wrong in a file or in a variable is told with its line and the name that was probably meant
      (`config.toml:3: unknown setting "them"; did you mean "theme"?`), by the dashboard as a notice. The
      rest of the file counts, but nothing can be changed until that is fixed: what is not understood may be
      a restriction. That holds for a file that cannot be read, too.

      ## Keeping what was chosen on the screen

      `:save`, or `w` in the list of columns or of themes, keeps the columns of the queue, its order and view, and
      the theme. Where there is no configuration file yet it writes `~/.config/tempfail/config.toml`, and replaces
      that as long as nothing else was written into it. A file of your own is never changed: the lines that belong
      into it are shown, and can be copied (`y`) or saved (`Y`). Watch mode writes no file.

      ## What the administrator decides

      - `read_only = true` in `\(Configuration.administratorPath)` cannot be loosened: no file, variable or
        option brings acts back.
      - While anything is wrong in that file, or it cannot be read, nothing may be changed either: a
        misspelt restriction must not pass for none.
      - As root, a file that somebody other than root may write to is not read, and that is said.

      ## Settings

      | name | takes | default | environment | option | what it does |
      |---|---|---|---|---|---|
      \(rows.joined(separator: "\n"))

      A dot stands between a table and its key: `queue.sort` is `sort` below `[queue]`.

      | table | what stands in it |
      |---|---|
      \(tables.joined(separator: "\n"))

      The names of the commands and of the keys are in [Keys.md](Keys.md), themes in [Themes.md](Themes.md).

      """
  }
}
