// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas

/// `Docs/Keys.md`, written from the command table.
package enum KeysPage {
  package static var markdown: String {
    var text = """
      # Keys

      `?` shows these in the dashboard, for the pane in use, with the reason where one is off; typing there
      searches. `:` runs a command by its name, and completes it with Tab. A title with `…` asks first.

      With `mouse = true` or `--mouse` a click selects a row, sorts by a heading of the queue (again: the other way round),
      or runs the command of a hint in the footer; the wheel scrolls the list under it. In the fix a click selects a step; what lies over the panes scrolls
      with the wheel, and a click on a hint at its lower edge does what the key does. Questions are answered by keys only.

      """
    for group in CommandGroup.allCases {
      let rows = CommandTable.commands.filter { $0.group == group }.map { command in
        let keys =
          command.keys.isEmpty
          ? "`:\(command.id.name)`"
          : command.keys.map { "`\($0.label)`" }.joined(separator: " ")
        return "| \(keys) | \(command.title) | \(command.places) | `\(command.id.name)` |"
      }
      let name = group.rawValue.prefix(1) + group.rawValue.dropFirst().lowercased()
      text += """

        ## \(name)

        | key | what it does | where | name |
        |---|---|---|---|
        \(rows.joined(separator: "\n"))

        """
    }
    text += """

      ## On the command line (`:`)

      | | |
      |---|---|
      \(PaletteVerb.allCases.map { "| `:\($0.usage)` | \($0.help) |" }.joined(separator: "\n"))

      ## Keys of your own

      ```toml
      [keys]
      remove = "D"
      retry = ["r", "F6"]
      requeue = []
      ```

      in the [configuration](Configuration.md): the name of a command, and its key or the list of its keys;
      an empty list takes them away. Keys are written as above: a character, `^` and a letter for Ctrl,
      \(Key.names.prefix(16).map { "`\($0)`" }.joined(separator: ", ")), `F1` to `F12`.
      A key that you give to a command is taken from the one that had it, and Tempfail says so when it opens.
      What asks before it acts asks whatever its key is. `^c` always ends the program.

      """
    return text
  }
}
