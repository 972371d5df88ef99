// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

extension Grid {
  /// The text of the rows, trailing blanks cut: for tests and screen dumps.
  package var textRows: [String] {
    (0..<size.rows).map { y in
      var text = String.UnicodeScalarView()
      var end = text.endIndex
      for cell in row(y) {
        text.append(contentsOf: cell.content.scalars)
        if cell.content != .blank { end = text.endIndex }
      }
      return String(text[..<end])
    }
  }

  /// One character a cell that names its role (`StyleRole.letter`), row by row: for tests.
  package var styleRows: [String] {
    (0..<size.rows).map { y in String(row(y).map(\.role.letter)) }
  }
}

extension StyleRole {
  /// The character that names the role in `Grid.styleRows`.
  package var letter: Character {
    switch self {
    case .text: "."
    case .dim: ","
    case .header: "H"
    case .border: "-"
    case .title: "t"
    case .focusedBorder: "="
    case .focusedTitle: "T"
    case .heading: "C"
    case .selection: "S"
    case .inactiveSelection: "s"
    case .mark: "*"
    case .good: "g"
    case .warning: "w"
    case .bad: "b"
    case .held: "h"
    case .active: "a"
    case .accent: "c"
    case .key: "k"
    case .label: "l"
    case .disabled: "x"
    case .operate: "O"
    case .watch: "W"
    case .input: "i"
    case .match: "m"
    case .dialog: "d"
    case .dialogBorder: "D"
    case .button: "n"
    case .focusedButton: "N"
    case .danger: "!"
    }
  }
}
