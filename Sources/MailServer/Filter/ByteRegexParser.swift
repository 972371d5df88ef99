// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes

/// Reads a regular expression and works out its position automaton while it does.
struct ByteRegexParser {
  /// What is known of a part of the expression.
  struct Part {
    var isNullable = false
    /// Where a match of it can begin, and where it can end.
    var first = ByteRegex.Positions()
    var last = ByteRegex.Positions()

    static let empty = Part(isNullable: true)
  }

  private static let deepest = 40
  /// How much is read, repetitions written out: `(((){99}){99}){99}` has no character and no end.
  private static let patience = 5000

  private let characters: [Character]
  private var index = 0
  private var depth = 0
  private var atoms = 0
  /// By position: the symbols that it takes, and where a match can go on.
  private(set) var symbols: [SymbolSet] = []
  private(set) var follow: [ByteRegex.Positions] = []

  init(_ source: String) { characters = Array(source) }

  mutating func parse() throws(ByteRegex.Problem) -> Part {
    let root = try alternatives()
    guard index == characters.count else { throw problem("This ) has no matching (.") }
    return root
  }

  private mutating func alternatives() throws(ByteRegex.Problem) -> Part {
    var part = try sequence()
    while take("|") {
      let other = try sequence()
      part.isNullable = part.isNullable || other.isNullable
      part.first |= other.first
      part.last |= other.last
    }
    return part
  }

  private mutating func sequence() throws(ByteRegex.Problem) -> Part {
    var part = Part.empty
    while let next = peek, next != "|", next != ")" { part = join(part, try repeated()) }
    return part
  }

  private mutating func repeated() throws(ByteRegex.Problem) -> Part {
    let start = index
    var part = try atom()
    let end = index
    while let next = peek {
      let place = index
      let (least, most): (Int, Int?)
      switch next {
      case "*": (least, most) = (0, nil)
      case "+": (least, most) = (1, nil)
      case "?": (least, most) = (0, 1)
      case "{":
        guard let bounds = bounds() else { return part }
        (least, most) = bounds
        if let most, most < least {
          throw problem("The second number must not be smaller than the first.", at: place)
        }
        guard max(least, most ?? 0) <= ByteRegex.capacity else { throw tooLong(at: place) }
        guard index == end else { throw problem("A repetition cannot be repeated.", at: place) }
        part = try copies(of: part, from: start, least, most, resumeAt: closing(after: place))
        continue
      default: return part
      }
      index += 1
      if most == nil { loop(part) }
      if least == 0 { part.isNullable = true }
    }
    return part
  }

  /// Writes a repetition with bounds out: the same part again and again.
  private mutating func copies(
    of part: Part, from start: Int, _ least: Int, _ most: Int?, resumeAt end: Int
  ) throws(ByteRegex.Problem) -> Part {
    var whole = Part.empty
    var copy = part
    let count = max(1, most ?? least)
    for number in 0..<count {
      if number > 0 {
        index = start
        copy = try atom()
      }
      var last = copy
      if number >= least { last.isNullable = true }
      if most == nil, number == count - 1 {
        loop(last)
        if least == 0 { last.isNullable = true }
      }
      whole = join(whole, last)
    }
    index = end
    return most == 0 ? .empty : whole
  }

  /// `{3}`, `{3,}`, `{3,5}`; nil if a brace is only a brace.
  private func bounds() -> (Int, Int?)? {
    let end = closing(after: index)
    guard end > index + 2 else { return nil }
    let parts = characters[index + 1..<end - 1].split(
      separator: ",", omittingEmptySubsequences: false)
    guard parts.count <= 2, let least = Int(String(parts[0])), least >= 0, parts[0].count <= 4
    else {
      return nil
    }
    if parts.count == 1 { return (least, least) }
    if parts[1].isEmpty { return (least, nil) }
    guard let most = Int(String(parts[1])), parts[1].count <= 4 else { return nil }
    return (least, most)
  }

  private func closing(after open: Int) -> Int {
    characters[open...].firstIndex(of: "}").map { $0 + 1 } ?? open
  }

  private mutating func atom() throws(ByteRegex.Problem) -> Part {
    let start = index
    guard let next = peek else { throw problem("Something is missing here.") }
    index += 1
    atoms += 1
    guard atoms <= Self.patience else { throw tooLong(at: start) }
    switch next {
    case "(":
      guard depth < Self.deepest else { throw problem("There are too many parentheses.") }
      if take("?"), !take(":") {
        throw problem("Of the (? groups, only (?: is supported.", at: start)
      }
      depth += 1
      let part = try alternatives()
      guard take(")") else { throw problem("This ( has no matching ).", at: start) }
      depth -= 1
      return part
    case "*", "+", "?": throw problem("There is nothing to repeat before this.", at: start)
    case "^": return try position(SymbolSet([ByteRegex.start]))
    case "$": return try position(SymbolSet([ByteRegex.end]))
    case ".": return try anyCharacter()
    case "[": return try position(set(from: start))
    case "\\": return try position(escape())
    default: return try literal(next)
    }
  }

  /// A character of any number of bytes.
  private mutating func literal(_ character: Character) throws(ByteRegex.Problem) -> Part {
    var part = Part.empty
    for byte in character.utf8 { part = join(part, try position(SymbolSet(letter: byte))) }
    return part
  }

  /// Any character: a byte that begins one, and those that continue it.
  private mutating func anyCharacter() throws(ByteRegex.Problem) -> Part {
    let continuing = SymbolSet(Array(0x80...0xBF))
    let lead = try position(continuing.inverted)
    var rest = try position(continuing)
    loop(rest)
    rest.isNullable = true
    return join(lead, rest)
  }

  // MARK: - Sets

  private mutating func escape() throws(ByteRegex.Problem) -> SymbolSet {
    guard let next = peek else { throw problem("A character is missing after \\.") }
    index += 1
    switch next {
    case "d": return .digits
    case "w": return .wordCharacters
    case "s": return .blanks
    case "D": return SymbolSet.digits.inverted
    case "W": return SymbolSet.wordCharacters.inverted
    case "S": return SymbolSet.blanks.inverted
    case "t": return SymbolSet([9])
    case "n": return SymbolSet([10])
    case "r": return SymbolSet([13])
    default:
      guard let byte = next.asciiValue, !next.isLetter, !next.isNumber else {
        throw problem(
          "\\\(next) is not supported: use \\d, \\w, \\s or an escaped sign.", at: index - 2)
      }
      return SymbolSet(letter: byte)
    }
  }

  /// What is between brackets, the first of which was read.
  private mutating func set(from start: Int) throws(ByteRegex.Problem) -> SymbolSet {
    let isInverted = take("^")
    var set = SymbolSet([])
    var isFirst = true
    while let next = peek, isFirst || next != "]" {
      isFirst = false
      index += 1
      if next == "\\" {
        set.formUnion(try escape())
        continue
      }
      let low = try ascii(next)
      guard peek == "-", index + 1 < characters.count, characters[index + 1] != "]" else {
        set.formUnion(SymbolSet(letter: low))
        continue
      }
      index += 2
      let high = try ascii(characters[index - 1])
      guard low <= high else { throw problem("This range runs backwards.", at: index - 3) }
      for byte in low...high { set.formUnion(SymbolSet(letter: byte)) }
    }
    guard take("]") else { throw problem("This [ has no matching ].", at: start) }
    return isInverted ? set.inverted : set
  }

  private func ascii(_ character: Character) throws(ByteRegex.Problem) -> UInt8 {
    guard let byte = character.asciiValue else {
      throw problem("Only ASCII is allowed between [ and ]. Use (a|b).", at: index - 1)
    }
    return byte
  }

  // MARK: - The automaton

  private mutating func position(_ set: SymbolSet) throws(ByteRegex.Problem) -> Part {
    guard symbols.count < ByteRegex.capacity else { throw tooLong(at: max(0, index - 1)) }
    var bit = ByteRegex.Positions()
    bit.insert(symbols.count)
    symbols.append(set)
    follow.append(ByteRegex.Positions())
    return Part(isNullable: false, first: bit, last: bit)
  }

  private mutating func join(_ left: Part, _ right: Part) -> Part {
    for position in left.last.members { follow[position] |= right.first }
    return Part(
      isNullable: left.isNullable && right.isNullable,
      first: left.isNullable ? left.first | right.first : left.first,
      last: right.isNullable ? left.last | right.last : right.last)
  }

  private mutating func loop(_ part: Part) {
    for position in part.last.members { follow[position] |= part.first }
  }

  // MARK: - Characters

  private var peek: Character? { index < characters.count ? characters[index] : nil }

  private mutating func take(_ character: Character) -> Bool {
    guard peek == character else { return false }
    index += 1
    return true
  }

  private func problem(_ message: String, at position: Int? = nil) -> ByteRegex.Problem {
    ByteRegex.Problem(position: position ?? index, message: message)
  }

  private func tooLong(at position: Int) -> ByteRegex.Problem {
    problem(
      "Too long: at most \(ByteRegex.capacity) characters with repetitions expanded.",
      at: position)
  }
}

/// A set of symbols: the 256 bytes, the start and the end of the text.
struct SymbolSet {
  private var words: SIMD8<UInt64> = .zero

  static let digits = SymbolSet(Array(0x30...0x39))
  static let wordCharacters = SymbolSet(
    Array(0x30...0x39) + Array(0x41...0x5A) + Array(0x61...0x7A) + [0x5F])
  static let blanks = SymbolSet([9, 10, 11, 12, 13, 32])

  init(_ symbols: [Int]) {
    for symbol in symbols { words[symbol >> 6] |= 1 << UInt64(symbol & 63) }
  }

  /// A byte; a letter of ASCII in both cases.
  init(letter byte: UInt8) {
    let low = ASCII.lowercase(byte)
    let isLetter = (0x61...0x7A).contains(low)
    self.init(isLetter ? [Int(low), Int(low) & ~0x20] : [Int(byte)])
  }

  func contains(_ symbol: Int) -> Bool { words[symbol >> 6] >> UInt64(symbol & 63) & 1 == 1 }

  mutating func formUnion(_ other: SymbolSet) { words |= other.words }

  /// All other bytes.
  var inverted: SymbolSet {
    var other = SymbolSet([])
    for lane in 0..<4 { other.words[lane] = ~words[lane] }
    return other
  }
}
