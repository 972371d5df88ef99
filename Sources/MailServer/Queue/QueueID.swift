// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

/// A queue ID that has the exact form of one: it can be given to a command as an argument.
///
/// `ALL`, `-`, options and paths cannot be expressed.
package struct QueueID: Hashable, Sendable, Comparable, CustomStringConvertible {
  package let text: String

  /// Fails where `text` is no queue ID of `mta`.
  package init?(_ text: String, of mta: MTA) {
    let bytes = Array(text.utf8)
    guard Self.isValid(bytes.span, 0..<bytes.count, of: mta) else { return nil }
    self.text = text
  }

  package var description: String { text }

  package static func < (left: Self, right: Self) -> Bool { left.text < right.text }

  /// The time in the ID, in seconds since 1970, or nil if the form of ID carries none.
  package func arrival(of mta: MTA) -> Int64? {
    let bytes = Array(text.utf8)
    return mta.agent.time(inQueueID: bytes.span)
  }

  /// Whether the bytes in `range` have the form of a queue ID.
  static func isValid(_ bytes: Span<UInt8>, _ range: Range<Int>, of mta: MTA) -> Bool {
    mta.agent.isQueueID(bytes, range)
  }
}
