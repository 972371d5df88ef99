// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes

/// All words that the rules look for, found in one pass over a text.
///
/// Literals lie in buckets by their first two bytes; only where a word begins its bucket is
/// compared, so the cost depends on the length of the text and hardly on the number of rules.
struct Vocabulary: Sendable {
  private let bytes: [UInt8]
  /// Literal n is `bytes[starts[n]..<starts[n + 1]]`.
  private let starts: [Int]
  private let isWhole: [Bool]
  /// Literals ordered by bucket; bucket b is `ordered[bucketStarts[b]..<bucketStarts[b + 1]]`.
  private let ordered: [Slot]
  private let bucketStarts: [Int]

  private static let bucketCount = 4096

  /// A literal in its bucket.
  private struct Slot: Sendable {
    let literal: UInt16
    let length: UInt16
    /// Its first four bytes, and which of them it has: most words differ there already.
    let head: UInt32
    let mask: UInt32
  }

  /// Collects literals, each once.
  struct Builder {
    fileprivate var known: [String: UInt16] = [:]
    fileprivate var literals: [(bytes: [UInt8], isWhole: Bool)] = []

    /// The number of a literal in a rule's notation.
    mutating func literal(_ notation: String) -> UInt16 {
      if let number = known[notation] { return number }
      let isWhole = notation.hasSuffix(".")
      let folded = FoldedText(literal: notation).bytes
      let number = UInt16(literals.count)
      literals.append((folded, isWhole))
      known[notation] = number
      return number
    }
  }

  init(_ builder: Builder) {
    var bytes: [UInt8] = []
    var starts = [0]
    var buckets = [[UInt16]](repeating: [], count: Self.bucketCount)
    for (number, literal) in builder.literals.enumerated() {
      bytes += literal.bytes
      starts.append(bytes.count)
      guard literal.bytes.count > 1 else { continue }
      buckets[Self.bucket(literal.bytes[0], literal.bytes[1])].append(UInt16(number))
    }
    self.bytes = bytes
    self.starts = starts
    isWhole = builder.literals.map(\.isWhole)
    ordered = buckets.flatMap { $0 }.map { number in
      let text = builder.literals[Int(number)].bytes
      let mask = text.count < 4 ? UInt32(1) << (8 * UInt32(text.count)) - 1 : .max
      return Slot(
        literal: number, length: UInt16(text.count), head: Self.head(text, 0) & mask, mask: mask)
    }
    var sum = 0
    bucketStarts =
      [0]
      + buckets.map {
        sum += $0.count
        return sum
      }
  }

  var count: Int { isWhole.count }

  /// The four bytes at `index`, the first one lowest; 0 behind the end.
  private static func head(_ bytes: [UInt8], _ index: Int) -> UInt32 {
    var head: UInt32 = 0
    for offset in 0..<min(4, bytes.count - index) {
      head |= UInt32(bytes[index + offset]) << (8 * UInt32(offset))
    }
    return head
  }

  private static func bucket(_ first: UInt8, _ second: UInt8) -> Int {
    (Int(first) << 6 ^ Int(second)) & (bucketCount - 1)
  }

  /// Where literals are in one text.
  struct Hits: ~Copyable {
    struct Place {
      let literal: UInt16
      let start: Int
      let end: Int
    }

    /// In the order of their starts.
    private(set) var places: [Place] = []
    private var bits: [UInt64]

    fileprivate init(count: Int) {
      bits = [UInt64](repeating: 0, count: count >> 6 + 1)
      places.reserveCapacity(64)
    }

    func contains(_ literal: UInt16) -> Bool {
      bits[Int(literal) >> 6] & (1 << (UInt64(literal) & 63)) != 0
    }

    fileprivate mutating func add(_ place: Place) {
      places.append(place)
      bits[Int(place.literal) >> 6] |= 1 << (UInt64(place.literal) & 63)
    }
  }

  func hits(in text: FoldedText) -> Hits {
    var hits = Hits(count: count)
    let words = text.bytes
    var index = 0
    while index + 1 < words.count {
      if text.startsWord(at: index) {
        let bucket = Self.bucket(words[index], words[index + 1])
        let head = Self.head(words, index)
        for place in bucketStarts[bucket]..<bucketStarts[bucket + 1] {
          let slot = ordered[place]
          guard head & slot.mask == slot.head else { continue }
          let literal = Int(slot.literal)
          let end = index + Int(slot.length)
          guard end <= words.count, equals(literal, words, index, Int(slot.length)),
            !isWhole[literal] || end == words.count || words[end] == ASCII.space
          else { continue }
          hits.add(Hits.Place(literal: slot.literal, start: index, end: end))
        }
      }
      index += 1
    }
    return hits
  }

  private func equals(_ literal: Int, _ words: [UInt8], _ index: Int, _ length: Int) -> Bool {
    let start = starts[literal]
    for offset in 0..<length where bytes[start + offset] != words[index + offset] { return false }
    return true
  }
}
