// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

/// Finds the newlines of some bytes one after the other; no block of them is looked at twice.
@usableFromInline
package struct LineEnds {
  /// The newlines that are still to come in the block before `next`.
  @usableFromInline var matches: UInt64 = 0
  /// Where the search goes on.
  @usableFromInline var next = 0

  @inlinable package init() {}

  /// The next newline, or the end of the bytes if there is none.
  ///
  /// - Parameter bytes: the same for each call.
  @inlinable @inline(__always)
  package mutating func next(in bytes: Span<UInt8>) -> Int {
    while true {
      if let offset = matches.takeBit() { return next - 64 + offset }
      guard next <= bytes.count - 64 else {
        let end = bytes.firstIndexNear(next, of: ASCII.newline, before: .max) ?? bytes.count
        next = end + 1
        return end
      }
      matches = bytes.matches(of: ASCII.newline, at: next)
      next += 64
    }
  }
}
