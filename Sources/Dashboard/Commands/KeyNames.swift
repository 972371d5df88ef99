// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

package import Canvas

extension Key {
  /// The keys that have their own name, as screen, files and docs write it.
  private static let named: [(key: Key, label: String)] = [
    (.character(" "), "Space"), (.enter, "Enter"), (.escape, "Esc"), (.tab, "Tab"),
    (.backTab, "S-Tab"), (.backspace, "Bksp"), (.delete, "Del"), (.insert, "Ins"), (.up, "Up"),
    (.down, "Down"), (.left, "Left"), (.right, "Right"), (.pageUp, "PgUp"), (.pageDown, "PgDn"),
    (.home, "Home"), (.end, "End"),
  ]

  /// The names of keys that are more than a character.
  package static var names: [String] {
    named.map(\.label) + (1...12).map { "F\($0)" }
  }

  /// The key's name as the footer, the help overlay and the docs write it.
  package var label: String {
    if let named = Self.named.first(where: { $0.key == self }) { return named.label }
    switch self {
    case .character(let character): return String(character)
    case .control(let character): return "^\(character)"
    case .function(let number): return "F\(number)"
    default: return "Paste"
    }
  }

  /// The same for keys that somebody presses for something: not for text that was pasted, or the mouse.
  var shownLabel: String? {
    switch self {
    case .paste, .mouse: nil
    default: label
    }
  }

  /// The key of a label, or nil if there is none; names may be written in any case.
  package init?(label: String) {
    if let named = Self.named.first(where: { $0.label.lowercased() == label.lowercased() }) {
      self = named.key
      return
    }
    let characters = Array(label)
    if characters.count == 1, SafeText(label).width == 1, SafeText(label).string == label {
      self = .character(characters[0])
      return
    }
    guard characters.count > 1 else { return nil }
    if characters[0] == "^", characters.count == 2 {
      guard let letter = characters[1].lowercased().first, ("a"..."z").contains(letter) else {
        return nil
      }
      self = .control(letter)
    } else if "Ff".contains(characters[0]), let number = Int(label.dropFirst()),
      (1...12).contains(number)
    {
      self = .function(number)
    } else {
      return nil
    }
  }
}
