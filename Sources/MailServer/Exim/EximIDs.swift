// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes

/// The queue IDs that `exim -bpi` and `-bpri` print, one a line, as places in the output.
///
/// Exim 4.97 and newer: it takes them from the names of the spool's files and opens none
/// (`queue_list()` in Exim's `queue.c`), unlike for any other listing.
package struct EximIDs: Sendable {
  let bytes: [UInt8]
  let places: [ByteRange]

  /// Fails where a line is no queue ID: whatever was printed, it is not understood.
  package init?(_ bytes: [UInt8]) {
    var places: [ByteRange] = []
    places.reserveCapacity(bytes.count / 17)
    let span = bytes.span
    var start = 0
    while start < span.count {
      let end = span.lineEnd(from: start)
      guard Exim.isQueueID(span, start..<end) else { return nil }
      places.append(ByteRange(start..<end))
      start = end + 1
    }
    (self.bytes, self.places) = (bytes, places)
  }
}
