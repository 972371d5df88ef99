// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

/// A text that is looked for in many short ones; ASCII letters match in any case.
package struct FoldedNeedle: Sendable {
  private typealias Block = SIMD16<UInt8>
  private typealias Words = SIMD2<UInt64>

  private let bytes: [UInt8]
  /// Its first two bytes, and the bits that are set in what is compared with them.
  private let (first, second): (Block, Block)
  private let (firstFold, secondFold): (Words, Words)

  /// - Parameter bytes: the text in lower case.
  package init(_ bytes: [UInt8]) {
    self.bytes = bytes
    let (one, two) = (bytes.first ?? 0, bytes.count > 1 ? bytes[1] : 0)
    (first, firstFold) = (Block(repeating: one), Self.fold(one))
    (second, secondFold) = (Block(repeating: two), Self.fold(two))
  }

  /// With bit 0x20 set, a byte is a small letter exactly where it is that letter in either case.
  private static func fold(_ byte: UInt8) -> Words {
    Words(repeating: byte >= 0x61 && byte <= 0x7A ? 0x2020_2020_2020_2020 : 0)
  }

  /// Whether it is in `range` of some text.
  ///
  /// An empty one stands everywhere.
  package func isFound(in text: Span<UInt8>, at range: Range<Int>) -> Bool {
    let last = range.upperBound - bytes.count
    var start = range.lowerBound
    while start <= last {
      // One byte more than a block is read, for the second byte of the needle.
      guard start < text.count - Block.scalarCount else {
        return (start...last).contains { stands(at: $0, of: text) }
      }
      let hits = hits(in: text, at: start)
      for lane in 0..<Words.scalarCount {
        var places = hits[lane]
        while let offset = places.takeMark() {
          let place = start + lane * 8 + offset
          if place > last { return false }
          if stands(at: place, of: text) { return true }
        }
      }
      start += Block.scalarCount
    }
    return bytes.isEmpty
  }

  /// A byte that is not 0 for each place of a block at which the first two bytes stand.
  @inline(__always)
  private func hits(in text: Span<UInt8>, at start: Int) -> Words {
    let raw = text.bytes
    let one = raw.unsafeLoadUnaligned(fromByteOffset: start, as: Words.self) | firstFold
    let hits = unsafeBitCast(unsafeBitCast(one, to: Block.self) .== first, to: Words.self)
    guard bytes.count > 1 else { return hits }
    let two = raw.unsafeLoadUnaligned(fromByteOffset: start + 1, as: Words.self) | secondFold
    return hits & unsafeBitCast(unsafeBitCast(two, to: Block.self) .== second, to: Words.self)
  }

  @inline(__always)
  private func stands(at place: Int, of text: Span<UInt8>) -> Bool {
    for offset in bytes.indices where ASCII.lowercase(text[place + offset]) != bytes[offset] {
      return false
    }
    return true
  }
}

extension UInt64 {
  /// The offset of the first byte that is not 0, which becomes 0; nil if there is none.
  fileprivate mutating func takeMark() -> Int? {
    guard self != 0 else { return nil }
    let offset = trailingZeroBitCount / 8
    self &= ~(0xFF << UInt64(offset * 8))
    return offset
  }
}
