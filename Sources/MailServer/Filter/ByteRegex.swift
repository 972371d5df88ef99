// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes

/// A regular expression over bytes that is matched in linear time, whatever was typed.
///
/// Literals, `.`, `[a-z]`, `[^a-z]`, `\d \w \s \D \W \S`, `* + ? {n,m}`, `|`, groups, `^` and `$`; found
/// anywhere in the text, ASCII letters in any case. Without back references, which no automaton has.
/// It is a position automaton (Glushkov, 1961): each character of the expression is a bit.
package struct ByteRegex: Hashable, Sendable {
  /// Why an expression cannot be read, and where, in characters from its start.
  struct Problem: Error {
    let position: Int
    let message: String
  }

  /// Positions of the automaton, a bit each.
  typealias Positions = SIMD4<UInt64>

  /// How many characters an expression may have once its repetitions are written out.
  static let capacity = 256
  /// The symbols before the first byte and behind the last, which `^` and `$` stand for.
  static var start: Int { 256 }
  static var end: Int { 257 }

  package let source: String
  /// Whether nothing at all is a match.
  let matchesNothing: Bool
  /// Where a match can begin, and where it is complete.
  let first: Positions
  let last: Positions
  /// By position: where a match can go on.
  let follow: [Positions]
  /// By symbol: its class; symbols that mean the same to the expression have one.
  let classes: [UInt16]
  /// By class: the positions that take it.
  let taking: [Positions]
  /// By byte: whether a match can begin with it.
  let beginning: [Bool]

  init(_ source: String) throws(Problem) {
    var parser = ByteRegexParser(source)
    let root = try parser.parse()
    self.source = source
    matchesNothing = root.isNullable
    (first, last) = (root.first, root.last)
    follow = parser.follow
    var numbers: [Positions: UInt16] = [:]
    var classes: [UInt16] = []
    var taking: [Positions] = []
    for symbol in 0...Self.end {
      var positions = Positions()
      for (position, symbols) in parser.symbols.enumerated() where symbols.contains(symbol) {
        positions.insert(position)
      }
      if let number = numbers[positions] {
        classes.append(number)
      } else {
        numbers[positions] = UInt16(taking.count)
        classes.append(UInt16(taking.count))
        taking.append(positions)
      }
    }
    (self.classes, self.taking) = (classes, taking)
    let first = root.first
    beginning = classes.prefix(256).map { taking[Int($0)] & first != Positions() }
  }

  package static func == (left: ByteRegex, right: ByteRegex) -> Bool { left.source == right.source }

  package func hash(into hasher: inout Hasher) { hasher.combine(source) }
}

extension ByteRegex {
  /// The first byte in a range with which a match can begin, or the end of the range.
  private func firstBeginning(in bytes: Span<UInt8>, at range: Range<Int>) -> Int {
    let beginning = beginning.span
    var index = range.lowerBound
    while index < range.upperBound, !beginning[Int(bytes[index])] { index += 1 }
    return index
  }

  /// The states of an expression, made when they are first met.
  struct Automaton {
    /// More are forgotten: memory stays bounded.
    private static let limit = 2000

    private let regex: ByteRegex
    private var states: [Positions] = []
    private var numbers: [Positions: Int32] = [:]
    /// By state and class: the next state; -1 if it is not known yet, -2 where a match is complete.
    private var next: [Int32] = []

    init(_ regex: ByteRegex) {
      self.regex = regex
      _ = number(of: Positions())
    }

    mutating func matches(_ bytes: Span<UInt8>, in range: Range<Int>) -> Bool {
      if regex.matchesNothing { return true }
      guard var state = step(0, ByteRegex.start) else { return true }
      var index = range.lowerBound
      while index < range.upperBound {
        // Where nothing has begun, most bytes begin nothing.
        if state == 0 {
          index = regex.firstBeginning(in: bytes, at: index..<range.upperBound)
          if index == range.upperBound { break }
        }
        guard let other = step(state, Int(bytes[index])) else { return true }
        state = other
        index += 1
      }
      return step(state, ByteRegex.end) == nil
    }

    /// The state after a symbol, or nil if a match is complete.
    @inline(__always)
    private mutating func step(_ state: Int32, _ symbol: Int) -> Int32? {
      let group = Int(regex.classes[symbol])
      let known = next[Int(state) * regex.taking.count + group]
      if known >= 0 { return known }
      return known == -2 ? nil : learn(state, group)
    }

    /// The same for a class of symbols that did not follow this state before.
    private mutating func learn(_ state: Int32, _ group: Int) -> Int32? {
      let place = Int(state) * regex.taking.count + group
      // A match may begin anywhere.
      var positions = regex.first
      for position in states[Int(state)].members { positions |= regex.follow[position] }
      positions &= regex.taking[group]
      guard positions & regex.last == Positions() else {
        next[place] = -2
        return nil
      }
      if states.count >= Self.limit, numbers[positions] == nil {
        (states, numbers, next) = ([], [:], [])
        _ = number(of: Positions())
        return number(of: positions)
      }
      let other = number(of: positions)
      next[place] = other
      return other
    }

    private mutating func number(of positions: Positions) -> Int32 {
      if let number = numbers[positions] { return number }
      let number = Int32(states.count)
      numbers[positions] = number
      states.append(positions)
      next.append(contentsOf: repeatElement(-1, count: regex.taking.count))
      return number
    }
  }
}

extension SIMD4<UInt64> {
  mutating func insert(_ position: Int) { self[position >> 6] |= 1 << UInt64(position & 63) }

  /// The bits that are set, in order.
  var members: [Int] {
    var members: [Int] = []
    for lane in 0..<4 {
      var rest = self[lane]
      while let bit = rest.takeBit() { members.append(lane << 6 + bit) }
    }
    return members
  }
}
