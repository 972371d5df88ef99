// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas

/// `Docs/Keys.md`, written from the command table.
package enum KeysPage {
  package static var markdown: String {
    var text = """
      # Keys

      `?` shows the keys for the current pane in the dashboard, with the reason if one is unavailable; type to
      search. `:` runs a command by name; Tab completes it. A title with `…` asks first.

      With `mouse = true` or `--mouse`, click to select a row or a fix step, to sort by a queue heading (click again to
      reverse), or to run a hint in the footer or at the lower edge of an overlay. The wheel scrolls the list or overlay
      under the pointer. Confirmations take keys only.

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

      ## Custom keys

      ```toml
      [keys]
      remove = "D"
      retry = ["r", "F6"]
      requeue = []
      ```

      in the [configuration](Configuration.md): the name of a command, and its key or list of keys;
      an empty list removes its keys. Keys are written as above: a character, `^` and a letter for Ctrl,
      \(Key.names.prefix(16).map { "`\($0)`" }.joined(separator: ", ")), `F1` to `F12`.
      A key that you assign is taken from the command that had it, and a notice at startup reports that.
      A command that asks for confirmation asks with any key. `^c` always quits.

      """
    return text
  }
}
