// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import CMemory

/// A place in a byte arena (a listing, a log block), kept instead of a copied string.
@usableFromInline
package struct ByteRange: Hashable, Sendable {
  /// First byte, counted from the start of the arena.
  @usableFromInline package var offset: UInt32
  /// Number of bytes.
  @usableFromInline package var count: UInt32

  @inlinable
  package init(offset: Int, count: Int) {
    self.offset = UInt32(clamping: offset)
    self.count = UInt32(clamping: count)
  }

  @inlinable
  package init(_ range: Range<Int>) {
    self.init(offset: range.lowerBound, count: range.count)
  }

  /// The empty place.
  @inlinable package static var empty: ByteRange { ByteRange(offset: 0, count: 0) }

  @inlinable package var isEmpty: Bool { count == 0 }
  @inlinable package var range: Range<Int> { Int(offset)..<Int(offset) + Int(count) }
}

extension Span where Element == UInt8 {
  /// Asks memory for the bytes at a place that is to be read soon, without waiting for them.
  package func prefetch(_ place: ByteRange) {
    guard Int(place.offset) < count else { return }
    withUnsafeBufferPointer { buffer in
      if let base = buffer.baseAddress { tempfail_prefetch(base + Int(place.offset)) }
    }
  }
}
