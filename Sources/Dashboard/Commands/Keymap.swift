// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

package import Canvas

/// The keys of the commands: those of the table, with the user's own in their place.
package struct Keymap: Hashable, Sendable {
  /// What is wrong with one command's keys, in words.
  package struct Fault: Hashable, Sendable {
    /// The name that the user wrote.
    package var name: String
    package var message: String
  }

  private var keys: [CommandID: [Key]]

  /// The keys of the table.
  package init() {
    keys = Dictionary(uniqueKeysWithValues: CommandTable.commands.map { ($0.id, $0.keys) })
  }

  /// The keys of the table with the user's in their place: by a command's name, labels of keys.
  ///
  /// What cannot be taken is left as it was, and reported. A key that the user gives to a command is taken
  /// from the one that had it, which is reported too.
  package init(overrides: [String: [String]], faults: inout [Fault]) {
    self.init()
    let byName = Dictionary(
      uniqueKeysWithValues: CommandTable.commands.map { ($0.id.name, $0) })
    var chosen: Set<CommandID> = []
    for (name, labels) in overrides.sorted(by: { $0.key < $1.key }) {
      guard let command = byName[name] else {
        let hint = nearestName(to: name, among: byName.keys.sorted())
          .map { "; did you mean \"\($0)\"?" }
        faults.append(Fault(name: name, message: "unknown command \"\(name)\"\(hint ?? "")"))
        continue
      }
      var wanted: [Key] = []
      for label in labels {
        if let message = Self.objection(to: label) {
          faults.append(Fault(name: name, message: message))
        } else if let key = Key(label: label), !wanted.contains(key) {
          wanted.append(key)
        }
      }
      guard !wanted.isEmpty || labels.isEmpty else { continue }
      keys[command.id] = wanted
      chosen.insert(command.id)
    }
    settle(chosen, &faults)
  }

  /// The keys of a command, the one that is shown first.
  package func keys(of id: CommandID) -> [Key] { keys[id] ?? [] }

  /// The label of a command's first key; its name on the command line where it has none.
  package func label(_ id: CommandID) -> String {
    keys(of: id).first?.label ?? ":\(id.name)"
  }

  /// The command that a key asks for in a pane, or nil.
  package func command(for key: Key, in pane: PaneID) -> Command? {
    CommandTable.commands.first { $0.panes.contains(pane) && keys(of: $0.id).contains(key) }
  }

  /// The command that a key asks for over the panes, or nil.
  func command(for key: Key, over overlay: any Overlay.Type) -> Command? {
    // These two always lead on and back.
    let fixed: CommandID? = key == .enter ? .accept : key == .escape ? .back : nil
    return CommandTable.commands.first { command in
      overlay.has(command.id)
        && (fixed.map { command.id == $0 } ?? keys(of: command.id).contains(key))
    }
  }

  private static func objection(to label: String) -> String? {
    guard let key = Key(label: label) else {
      let hint = nearestName(to: label, among: Key.names).map { "; did you mean \"\($0)\"?" }
      return "unknown key \"\(label)\"\(hint ?? "")"
    }
    return key == .control("c") ? "^c always quits: it cannot be reassigned" : nil
  }

  /// Whether a key can mean one of two commands only: they work in the same pane, or over it.
  private static func meet(_ one: Command, _ other: Command) -> Bool {
    !one.panes.isDisjoint(with: other.panes)
      || Overlays.all.contains { $0.has(one.id) && $0.has(other.id) }
  }

  /// Takes each chosen key from every other command that works in the same place.
  private mutating func settle(_ chosen: Set<CommandID>, _ faults: inout [Fault]) {
    let commands = CommandTable.commands
    for (index, command) in commands.enumerated() where chosen.contains(command.id) {
      for (place, other) in commands.enumerated()
      where other.id != command.id && Self.meet(command, other) {
        // Of two that the user chose, the first of the table keeps the key.
        guard !chosen.contains(other.id) || index < place else { continue }
        let lost = keys(of: other.id).filter { keys(of: command.id).contains($0) }
        guard !lost.isEmpty else { continue }
        keys[other.id]?.removeAll { lost.contains($0) }
        let left = keys(of: other.id).map(\.label).joined(separator: " ")
        faults.append(
          Fault(
            name: chosen.contains(other.id) ? other.id.name : command.id.name,
            message: "\(lost.map(\.label).joined(separator: " ")) now runs \(command.id.name) "
              + "instead of \(other.id.name), "
              + (left.isEmpty ? "which has no key left" : "which keeps \(left)")))
      }
    }
  }
}

extension CommandID {
  /// The name in `[keys]` and on the command line: `run-all-steps`.
  package var name: String {
    rawValue.reduce(into: "") { name, character in
      name += character.isUppercase ? "-\(character.lowercased())" : String(character)
    }
  }
}
