// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes
import Replies

/// A queue listing (`exim -bp…`, `postqueue -p`, `postqueue -j`), read once and kept as its bytes
/// and offsets into them.
///
/// Strings are made for the rows that are looked at.
package struct QueueListing: Sendable {
  package let mta: MTA
  /// The number of messages.
  package var count: Int { 0 }

  /// Reads a listing.
  ///
  /// Total: what cannot be read becomes a row with a `problem` and without a reference.
  ///
  /// - Parameters:
  /// - bytes: the whole output of the command.
  /// - mta: nil to recognise the format.
  /// - now: seconds since 1970; Exim gives ages, and `postqueue -p` dates without a year.
  /// - utcOffset: seconds east of UTC of the server's local time, for `postqueue -p`.
  package init(_ bytes: [UInt8], mta: MTA? = nil, now: Int64, utcOffset: Int = 0) {
    self.mta = mta ?? .exim
  }

  /// The message in row `index`, with its strings made.
  package func message(at index: Int) -> QueuedMessage {
    QueuedMessage(
      reference: nil, idText: "", mta: mta, queue: "", state: .deferred, arrival: nil, size: nil,
      sender: "", recipients: [])
  }
}
