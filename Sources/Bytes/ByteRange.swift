// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

/// A place in a byte arena (a listing, a log block), kept instead of a copied string.
package struct ByteRange: Hashable, Sendable {
  /// First byte, counted from the start of the arena.
  package var offset: UInt32
  /// Number of bytes.
  package var count: UInt32

  package init(offset: Int, count: Int) {
    self.offset = UInt32(clamping: offset)
    self.count = UInt32(clamping: count)
  }

  package init(_ range: Range<Int>) {
    self.init(offset: range.lowerBound, count: range.count)
  }

  /// The empty place.
  package static let empty = ByteRange(offset: 0, count: 0)

  package var isEmpty: Bool { count == 0 }
  package var range: Range<Int> { Int(offset)..<Int(offset) + Int(count) }
}
