// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

package import Canvas

/// Turns the bytes that a terminal sends into keys.
///
/// ncurses is not asked: its decoder blocks on a lone Esc, loses characters that arrive in two
/// reads, and hands sequences that terminfo lacks through as letters, which here would be commands.
/// Sequences have the shapes of ECMA-48; the tables hold what xterm, rxvt, the Linux console,
/// screen and tmux send, with and without application cursor keys. An unknown sequence is dropped
/// whole.
package struct KeyDecoder {
  private var pending: [UInt8] = []
  /// What was pasted so far, while a paste goes on.
  private var paste: [UInt8]?

  /// Bytes kept of one paste; more is dropped.
  package static let pasteLimit = 65_536

  package init() {}

  /// Whether Esc came, and it is not known yet whether it is the key or begins a sequence.
  ///
  /// What is clearly the middle of a sequence or a character is waited for without a limit: over a
  /// slow line the rest may come late, and as keys it would be commands.
  package var isWaiting: Bool { paste == nil && pending.first == 0x1B && pending.count <= 2 }

  /// Takes bytes as they were read, and returns the keys that are complete.
  package mutating func decode(_ bytes: some Sequence<UInt8>) -> [Key] {
    pending += bytes
    var keys: [Key] = []
    var position = 0
    while position < pending.count {
      let rest = pending[position...]
      if paste != nil {
        guard let length = continuePaste(rest, &keys) else { break }
        position += length
        continue
      }
      guard let step = KeyDecoder.step(rest) else { break }
      position += step.length
      switch step.meaning {
      case .key(let key): keys.append(key)
      case .pasteBegins: paste = []
      case .nothing: break
      }
    }
    pending.removeFirst(position)
    return keys
  }

  /// Ends the wait: what came is the Esc key, and perhaps another.
  package mutating func flush() -> [Key] {
    guard isWaiting else { return [] }
    defer { pending = [] }
    return [.escape] + pending.dropFirst().map { .character(Character(Unicode.Scalar($0))) }
  }

  /// Takes pasted bytes up to the end mark; nil when it may have begun but is not complete.
  private mutating func continuePaste(_ rest: ArraySlice<UInt8>, _ keys: inout [Key]) -> Int? {
    let mark: [UInt8] = [0x1B, 0x5B, 0x32, 0x30, 0x31, 0x7E]
    let text = rest.prefix { $0 != 0x1B }
    let after = rest[text.endIndex...]
    if after.starts(with: mark) {
      keep(text)
      keys.append(.paste(pastedText()))
      paste = nil
      return text.count + mark.count
    }
    if !after.isEmpty, mark.starts(with: after), text.isEmpty { return nil }
    // An escape that is no mark belongs to the text; one that may become the mark is left.
    let taken = after.isEmpty || mark.starts(with: after) ? text : rest[...after.startIndex]
    keep(taken)
    return taken.count
  }

  private mutating func keep(_ bytes: ArraySlice<UInt8>) {
    let room = KeyDecoder.pasteLimit - (paste?.count ?? 0)
    paste?.append(contentsOf: bytes.prefix(room))
  }

  /// The pasted text; terminals send line ends as Enter does.
  private func pastedText() -> String {
    String(decoding: (paste ?? []).map { $0 == 0x0D ? 0x0A : $0 }, as: UTF8.self)
  }
}

extension KeyDecoder {
  private enum Meaning {
    case key(Key)
    case pasteBegins
    case nothing
  }

  /// The first key in `bytes` and its length, or nil when it is not complete.
  private static func step(_ bytes: ArraySlice<UInt8>) -> (meaning: Meaning, length: Int)? {
    guard let first = bytes.first else { return nil }
    switch first {
    case 0x1B: return escapeSequence(bytes)
    case 0x0A, 0x0D: return (.key(.enter), 1)
    case 0x09: return (.key(.tab), 1)
    case 0x08, 0x7F: return (.key(.backspace), 1)
    case 0x01...0x1A: return (.key(.control(Character(Unicode.Scalar(first + 0x60)))), 1)
    case 0x20...0x7E: return (.key(.character(Character(Unicode.Scalar(first)))), 1)
    case 0x80...: return encodedCharacter(bytes, first)
    default: return (.nothing, 1)
    }
  }

  private static func encodedCharacter(
    _ bytes: ArraySlice<UInt8>, _ first: UInt8
  ) -> (meaning: Meaning, length: Int)? {
    let length =
      switch first {
      case 0xC2...0xDF: 2
      case 0xE0...0xEF: 3
      case 0xF0...0xF4: 4
      default: 1
      }
    let character = bytes.prefix(length)
    if character.count < length, character.dropFirst().allSatisfy({ $0 & 0xC0 == 0x80 }) {
      return nil
    }
    guard let text = String(validating: character, as: UTF8.self),
      let scalar = text.unicodeScalars.first, scalar.properties.generalCategory != .control
    else { return (.nothing, 1) }
    return (.key(.character(Character(scalar))), length)
  }

  private static func escapeSequence(
    _ bytes: ArraySlice<UInt8>
  ) -> (meaning: Meaning, length: Int)? {
    let start = bytes.startIndex
    guard bytes.count > 1 else { return nil }
    switch bytes[start + 1] {
    case UInt8(ascii: "["): return controlSequence(bytes)
    case UInt8(ascii: "O"):
      guard bytes.count > 2 else { return nil }
      guard let key = finals[bytes[start + 2]] ?? keypad[bytes[start + 2]] else {
        return (.key(.escape), 1)
      }
      return (.key(key), 3)
    default: return (.key(.escape), 1)
    }
  }

  /// ESC [ parameters final, or ESC [ [ letter for F1 to F5 of the Linux console.
  private static func controlSequence(
    _ bytes: ArraySlice<UInt8>
  ) -> (meaning: Meaning, length: Int)? {
    let body = bytes.dropFirst(2)
    guard let first = body.first else { return nil }
    if first == UInt8(ascii: "[") {
      guard let letter = body.dropFirst().first else { return nil }
      let number = Int(letter) - 0x40
      return ((1...5).contains(number) ? .key(.function(number)) : .nothing, 4)
    }
    let parameters = body.prefix { (0x20...0x3F).contains($0) }
    guard let final = body.dropFirst(parameters.count).first else {
      return parameters.count > 32 ? (.nothing, bytes.count) : nil
    }
    let length = 2 + parameters.count + 1
    if final == UInt8(ascii: "M"), parameters.isEmpty {
      // A terminal without SGR reports: three bytes follow, which as keys would be commands.
      return bytes.count < length + 3 ? nil : (.nothing, length + 3)
    }
    if first == UInt8(ascii: "<"), final == UInt8(ascii: "M") {
      return (mouse(parameters.dropFirst()).map { .key(.mouse($0)) } ?? .nothing, length)
    }
    // A control character inside means that the sequence was cut off: it counts for itself.
    guard (0x40...0x7E).contains(final) else { return (.nothing, length - 1) }
    if final == UInt8(ascii: "~") {
      let number = parameters.prefix { (0x30...0x39).contains($0) }
      let code = Int(String(decoding: number, as: UTF8.self)) ?? 0
      return (code == 200 ? .pasteBegins : numbered[code].map { .key($0) } ?? .nothing, length)
    }
    return (finals[final].map { .key($0) } ?? .nothing, length)
  }

  /// ESC [ < button ; column ; row M, both counted from 1 (xterm's ctlseqs, mode 1006).
  ///
  /// Other buttons, motion and releases (which end in m) mean nothing here.
  private static func mouse(_ parameters: ArraySlice<UInt8>) -> Mouse? {
    let numbers = parameters.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false)
      .map { digits in
        digits.allSatisfy { (0x30...0x39).contains($0) }
          ? Int(String(decoding: digits, as: UTF8.self)) : nil
      }
    guard numbers.count == 3, let button = numbers[0], let column = numbers[1],
      let row = numbers[2], column > 0, row > 0
    else { return nil }
    // Shift, Alt and Ctrl, which may be held, have bits of their own.
    guard let action = buttons[button & ~0b11100] else { return nil }
    return Mouse(action, at: Point(x: column - 1, y: row - 1))
  }

  private static let buttons: [Int: Mouse.Action] = [0: .press, 64: .wheelUp, 65: .wheelDown]

  /// After ESC [ or ESC O; with parameters these are the same keys with Shift, Alt or Ctrl held.
  private static let finals: [UInt8: Key] = [
    UInt8(ascii: "A"): .up, UInt8(ascii: "B"): .down, UInt8(ascii: "C"): .right,
    UInt8(ascii: "D"): .left, UInt8(ascii: "H"): .home, UInt8(ascii: "F"): .end,
    UInt8(ascii: "Z"): .backTab, UInt8(ascii: "P"): .function(1), UInt8(ascii: "Q"): .function(2),
    UInt8(ascii: "R"): .function(3), UInt8(ascii: "S"): .function(4),
  ]

  /// After ESC O only.
  private static let keypad: [UInt8: Key] = [UInt8(ascii: "M"): .enter]

  /// ESC [ number ~, by the number.
  private static let numbered: [Int: Key] = [
    1: .home, 2: .insert, 3: .delete, 4: .end, 5: .pageUp, 6: .pageDown, 7: .home, 8: .end,
    11: .function(1), 12: .function(2), 13: .function(3), 14: .function(4), 15: .function(5),
    17: .function(6), 18: .function(7), 19: .function(8), 20: .function(9), 21: .function(10),
    23: .function(11), 24: .function(12),
  ]
}
