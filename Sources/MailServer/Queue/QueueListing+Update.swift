// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes

/// An Exim listing is brought up to date from the IDs alone and the blocks of a few messages.
extension QueueListing {
  /// What must be listed for the listing to be brought up to date.
  ///
  /// These are the messages that it has not, those that it could not read, and those of `changed`
  /// that are queued still.
  ///
  /// - Parameters:
  ///   - ids: all messages that are queued now.
  ///   - changed: the IDs of messages of which the listing may tell what is true no more.
  /// - Returns: nil if a line of the listing is of no message, so that its fate cannot be known.
  package func outdated(by ids: EximIDs, changed: Set<String>) -> [QueueID]? {
    guard !hasStrayLines else { return nil }
    let text = ids.bytes.span
    return ids.places.compactMap { place in
      let row = row(at: place, of: text)
      guard row == nil || !changed.isEmpty else { return nil }
      let id = text.string(place)
      return row == nil || changed.contains(id) ? QueueID(id, of: .exim) : nil
    }
  }

  /// The listing as it is now: messages that are queued no more leave, and what is listed again is
  /// added or takes the place of what it was.
  ///
  /// The arena keeps the bytes of those that left, until a whole listing begins a new one.
  ///
  /// - Parameters:
  ///   - ids: all messages that are queued now.
  ///   - listed: `exim -bp` of the outdated ones.
  ///   - now: seconds since 1970.
  package func updated(to ids: EximIDs, with listed: [UInt8], now: Int64) -> QueueListing {
    let end = bytes.count
    let all =
      listed.isEmpty ? self : QueueListing(bytes + [ASCII.newline] + listed, mta: mta, now: now)
    var isKept = [Bool](repeating: false, count: all.count)
    let text = ids.bytes.span
    for place in ids.places {
      if let row = all.lastRow(at: place, of: text) { isKept[row] = true }
    }
    // Damaged messages are in no index, so they are listed again each time.
    for row in all.rows.indices where all.rows[row].hasProblem {
      guard Int(all.rows[row].id.offset) > end else { continue }
      if let earlier = all.lastRow(at: all.rows[row].id, of: all.bytes.span) {
        isKept[earlier] = false
      }
      isKept[row] = !all.message(at: row).isGone
    }
    return all.keeping { isKept[$0] }
  }

  /// The newest row of an ID: where the sender was edited, the earlier one was not replaced.
  private func lastRow(at place: ByteRange, of text: Span<UInt8>) -> Int? {
    var last: Int?
    _ = row(at: place, of: text) { row in
      last = max(last ?? row, row)
      return false
    }
    return last
  }

  /// Whether a row has not even a queue ID.
  private var hasStrayLines: Bool {
    rows.contains {
      $0.hasProblem && !QueueID.isValid(bytes.span, $0.id.range, of: mta)
    }
  }
}
