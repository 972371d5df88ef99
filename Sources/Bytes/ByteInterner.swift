// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

/// A hash of bytes, with a seed that an outsider cannot know.
///
/// Addresses and replies come from strangers: with a fixed hash they could be chosen to collide.
@usableFromInline
package struct ByteHash: Sendable {
  @usableFromInline let seed: UInt64

  package init() { seed = UInt64.random(in: .min ... .max) }

  /// - Parameter ignoringCase: whether letters that differ in case only hash alike.
  @inlinable
  package func callAsFunction(
    _ place: ByteRange, in bytes: Span<UInt8>, ignoringCase: Bool = false
  ) -> UInt64 {
    let raw = bytes.bytes
    let fold: UInt64 = ignoringCase ? 0x2020_2020_2020_2020 : 0
    var hash = seed ^ UInt64(place.count)
    var index = Int(place.offset)
    let end = index + Int(place.count)
    while index <= end - 8 {
      let word = raw.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
      hash = Self.mixed(hash ^ (word | fold))
      index += 8
    }
    var rest: UInt64 = 0
    while index < end {
      rest = rest << 8 | UInt64(bytes[index])
      index += 1
    }
    return Self.mixed(hash ^ (rest | fold))
  }

  @inlinable
  static func mixed(_ value: UInt64) -> UInt64 {
    let product = value.multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
    return product.high ^ product.low
  }
}

/// Gives equal byte strings of one arena the same small number.
package struct ByteInterner: Sendable {
  /// The first place of each, in the order of their numbers.
  package private(set) var places: [ByteRange] = []
  private var hashes: [UInt32] = []
  /// Numbers in open addressing; -1 is free.
  private var slots: [Int32] = []
  private let hash = ByteHash()
  private let ignoringCase: Bool

  /// - Parameter ignoringCase: whether letters that differ in case only are equal.
  package init(ignoringCase: Bool = false) { self.ignoringCase = ignoringCase }

  package var count: Int { places.count }

  /// The number of the bytes at `place`.
  ///
  /// All calls must be with the same `bytes`.
  package mutating func number(of place: ByteRange, in bytes: Span<UInt8>) -> Int32 {
    if places.count * 2 >= slots.count { grow() }
    let hash = UInt32(truncatingIfNeeded: hash(place, in: bytes, ignoringCase: ignoringCase))
    let mask = slots.count - 1
    var slot = Int(hash) & mask
    while slots[slot] >= 0 {
      let number = Int(slots[slot])
      if hashes[number] == hash {
        let isEqual =
          ignoringCase
          ? bytes.equalIgnoringCase(places[number], place) : bytes.equal(places[number], place)
        if isEqual { return Int32(number) }
      }
      slot = (slot + 1) & mask
    }
    let number = Int32(places.count)
    slots[slot] = number
    places.append(place)
    hashes.append(hash)
    return number
  }

  private mutating func grow() {
    let capacity = max(64, slots.count * 2)
    slots = [Int32](repeating: -1, count: capacity)
    for (number, hash) in hashes.enumerated() {
      var slot = Int(hash) & (capacity - 1)
      while slots[slot] >= 0 { slot = (slot + 1) & (capacity - 1) }
      slots[slot] = Int32(number)
    }
  }
}
