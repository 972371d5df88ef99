// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

/// What up to 64 bytes must look like, compared in one step.
@usableFromInline
package struct ByteStencil: Sendable {
  /// The most bytes that can be compared.
  @inlinable package static var length: Int { SIMD64<UInt8>.scalarCount }

  @usableFromInline let wanted: ByteWords
  @usableFromInline let mask: ByteWords

  /// Fits nothing.
  package init() { (wanted, mask) = (ByteWords(repeating: 1), ByteWords(repeating: 0)) }

  /// Takes the first bytes of `sample` for what is wanted.
  ///
  /// - Parameter bits: which bits of each byte count; behind its last one nothing is compared.
  package init(_ sample: Span<UInt8>, bits: [UInt8]) {
    var (wanted, mask) = (SIMD64<UInt8>(repeating: 0), SIMD64<UInt8>(repeating: 0))
    for index in 0..<min(Self.length, bits.count, sample.count) {
      mask[index] = bits[index]
      wanted[index] = sample[index] & bits[index]
    }
    self.wanted = unsafeBitCast(wanted, to: ByteWords.self)
    self.mask = unsafeBitCast(mask, to: ByteWords.self)
  }

  /// Whether the bytes at `index` are as wanted; where fewer than 64 follow, the answer is no.
  @inlinable @inline(__always)
  package func fits(_ bytes: Span<UInt8>, at index: Int) -> Bool {
    guard index >= 0, index <= bytes.count - Self.length else { return false }
    let found = bytes.bytes.unsafeLoadUnaligned(fromByteOffset: index, as: ByteWords.self)
    let differences = (found & mask) ^ wanted
    let four = differences.lowHalf | differences.highHalf
    let two = four.lowHalf | four.highHalf
    return two[0] | two[1] == 0
  }
}

/// A block as words: of these, unlike of 64 lanes, every operation compiles to a few instructions.
@usableFromInline typealias ByteWords = SIMD8<UInt64>
