// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas

/// A line of text that is typed, with a cursor.
package struct LineInput: Hashable, Sendable {
  package private(set) var characters: [Character]
  /// The place before which the next character goes.
  package private(set) var cursor: Int

  package init(_ text: String = "") {
    characters = Array(text)
    cursor = characters.count
  }

  package var text: String { String(characters) }
  package var isEmpty: Bool { characters.isEmpty }

  /// Edits or moves as a key asks; false where the key is none of these.
  mutating func press(_ key: Key) -> Bool {
    switch key {
    case .character(let character): insert([character])
    // A pasted line is text and never runs a command.
    case .paste(let text): insert(text.filter { !$0.isNewline })
    case .backspace:
      if cursor > 0 { replace(cursor - 1..<cursor, with: "") }
    case .delete:
      if cursor < characters.count { characters.remove(at: cursor) }
    case .left: cursor = max(0, cursor - 1)
    case .right: cursor = min(characters.count, cursor + 1)
    case .home, .control("a"): cursor = 0
    case .end, .control("e"): cursor = characters.count
    case .control("u"): replace(0..<cursor, with: "")
    case .control("w"):
      let blanks = characters[..<cursor].reversed().prefix { $0.isWhitespace }.count
      let word = characters[..<(cursor - blanks)].reversed().prefix { !$0.isWhitespace }.count
      replace(cursor - blanks - word..<cursor, with: "")
    default: return false
    }
    return true
  }

  /// Puts a text in the place of a range of characters, and the cursor behind it.
  mutating func replace(_ range: Range<Int>, with text: String) {
    let range = range.clamped(to: 0..<characters.count)
    characters.replaceSubrange(range, with: text)
    cursor = range.lowerBound + text.count
  }

  private mutating func insert(_ new: some Collection<Character>) {
    characters.insert(contentsOf: new, at: cursor)
    cursor += new.count
  }
}
