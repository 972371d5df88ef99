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
  /// The command's own warnings, where they are in the listing.
  package let notes: [String]

  /// The arena: all places point into it.
  let bytes: [UInt8]
  let rows: [ListingRow]
  /// The recipients of all rows, one after the other.
  let recipients: [ListedRecipient]
  /// The envelope senders, by number.
  let senders: [ByteRange]
  /// The domains of recipients, by number.
  let destinations: [ByteRange]
  /// The texts for which recipients were deferred, by number.
  let reasons: [ByteRange]
  private let problems: [Int32: ListingProblem]
  private let index: ListingIndex
  /// Row numbers by ID; empty if the rows are in that order already.
  let idOrder: [Int32]

  /// Reads a listing.
  ///
  /// Total: what cannot be read becomes a row with a `problem` and without a reference.
  ///
  /// - Parameters:
  ///   - bytes: the whole output of the command.
  ///   - mta: nil to recognize the format.
  ///   - now: seconds since 1970; Exim gives ages, and `postqueue -p` dates without a year.
  ///   - zone: the server's, for the dates of `postqueue -p`.
  package init(_ bytes: [UInt8], mta: MTA? = nil, now: Int64, zone: LocalZone = .utc) {
    let format = ListingFormat(of: bytes.span, mta: mta)
    var builder = ListingBuilder(expecting: bytes.count / format.bytesPerMessage)
    var arena = bytes
    switch format {
    case .exim:
      EximListing(now: now).parse(bytes.span, into: &builder)
    case .postfix:
      var parser = PostfixListing(now: now, zone: zone)
      parser.parse(bytes.span, into: &builder)
    case .postfixJSON:
      var parser = PostfixJSONListing()
      parser.parse(bytes.span, into: &builder)
    }
    self.mta = format.mta
    index = builder.finish(in: &arena)
    self.bytes = arena
    notes = builder.notes.map { arena.span.string($0) }
    rows = builder.rows
    recipients = builder.recipients
    senders = builder.senderPlaces
    destinations = builder.destinations.places
    reasons = builder.reasonPlaces
    problems = builder.problems
    idOrder = ByteOrder.order(of: builder.rows.map(\.id), in: arena.span)
  }

  private init(_ other: QueueListing, keeping kept: [Int]) {
    let (bytes, rows) = (other.bytes, kept.map { other.rows[$0] })
    (mta, notes, self.bytes, self.rows) = (other.mta, other.notes, bytes, rows)
    (recipients, senders, destinations) = (other.recipients, other.senders, other.destinations)
    reasons = other.reasons
    var problems: [Int32: ListingProblem] = [:]
    for (number, old) in kept.enumerated() where !other.problems.isEmpty {
      problems[Int32(clamping: number)] = other.problems[Int32(clamping: old)]
    }
    self.problems = problems
    index = ListingIndex.build(rows, in: bytes.span).index
    idOrder = ByteOrder.order(of: rows.map(\.id), in: bytes.span)
  }

  /// The listing without the messages that left the queue since, which the log mentioned by their IDs.
  package func without(_ gone: some Sequence<String>) -> QueueListing {
    let rows = Set(gone.compactMap { row(withID: $0) })
    return rows.isEmpty ? self : keeping { !rows.contains($0) }
  }

  /// The listing with the rows alone for which a condition holds.
  func keeping(_ isKept: (Int) -> Bool) -> QueueListing {
    let kept = (0..<count).filter(isKept)
    return kept.count == count ? self : QueueListing(self, keeping: kept)
  }

  /// The number of messages.
  package var count: Int { rows.count }

  package func state(at index: Int) -> MessageState {
    let row = rows[index]
    return row.isHeld ? .held : row.queue.state
  }

  /// Seconds since 1970, or nil.
  package func arrival(at index: Int) -> Int64? {
    let arrival = rows[index].arrival
    return arrival == ListingRow.unknownArrival ? nil : arrival
  }

  /// Bytes, or nil.
  package func size(at index: Int) -> Int64? {
    let size = rows[index].size
    return size == ListingRow.unknownSize ? nil : size
  }

  /// The ID as it appears in the listing.
  package func idText(at index: Int) -> String { bytes.span.string(rows[index].id) }

  /// Empty for a bounce.
  package func sender(at index: Int) -> String {
    bytes.span.string(senders[Int(rows[index].sender)])
  }

  /// What could not be read, or nil.
  package func problem(at index: Int) -> String? {
    guard rows[index].hasProblem else { return nil }
    return switch problems[Int32(clamping: index)] {
    case .reported(let place): bytes.span.string(place)
    case .found(let text): text
    case nil: nil
    }
  }

  /// The identity of a message, or nil if the row could not be read: nothing may be done to it.
  package func reference(at index: Int) -> MessageReference? {
    guard !rows[index].hasProblem, let id = QueueID(idText(at: index), of: mta) else { return nil }
    return MessageReference(queueID: id, arrival: arrival(at: index), sender: sender(at: index))
  }

  /// The row that holds a message, or nil if it is not listed.
  package func row(of reference: MessageReference) -> Int? {
    row(withID: reference.queueID.text) {
      self.reference(at: $0).map(reference.matches) ?? false
    }
  }

  /// The first row with an ID for which a condition holds.
  func row(withID id: String, where isRight: (Int) -> Bool = { _ in true }) -> Int? {
    let text = id.utf8.span
    return row(at: ByteRange(0..<text.count), of: text, where: isRight)
  }

  /// The first row whose ID stands at a place of other bytes, and for which a condition holds.
  func row(
    at place: ByteRange, of text: Span<UInt8>, where isRight: (Int) -> Bool = { _ in true }
  ) -> Int? {
    index.firstRow(of: place, in: text) { row in
      self.has(text.extracting(place.range), at: self.rows[row].id) && isRight(row)
    }
  }

  /// Whether these bytes stand at a place of the arena.
  func has(_ text: Span<UInt8>, at place: ByteRange) -> Bool {
    guard text.count == Int(place.count) else { return false }
    let span = bytes.span
    for index in text.indices where text[index] != span[Int(place.offset) + index] { return false }
    return true
  }

  /// The message in row `index`, with its strings made.
  package func message(at index: Int) -> QueuedMessage {
    let row = rows[index]
    let span = bytes.span
    return QueuedMessage(
      reference: reference(at: index), idText: idText(at: index), mta: mta, queue: row.queue.text,
      state: state(at: index), arrival: arrival(at: index), size: size(at: index),
      sender: sender(at: index),
      recipients: row.recipients.map {
        let recipient = recipients[$0]
        return QueuedRecipient(
          address: span.string(recipient.address), isDelivered: recipient.isDelivered,
          reply: recipient.reason == ListedRecipient.noReason
            ? nil : span.string(reasons[Int(recipient.reason)]),
          cause: nil)
      },
      problem: problem(at: index))
  }
}
