// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes

/// Collects what the parsers of the formats find.
struct ListingBuilder {
  private(set) var rows: [ListingRow] = []
  private(set) var recipients: [ListedRecipient] = []
  private var senders = ByteInterner()
  private(set) var destinations = ByteInterner(ignoringCase: true)
  private var reasons = ByteInterner()
  /// The senders by number, complete after `finish`; the first is the empty one.
  private(set) var senderPlaces: [ByteRange] = []
  /// The texts of the reasons by number, complete after `finish`.
  private(set) var reasonPlaces: [ByteRange] = []
  /// By row number.
  private(set) var problems: [Int32: ListingProblem] = [:]
  /// Whether a string of the listing has JSON escapes.
  var hasEscapes = false
  /// Lines that are no part of the listing: warnings of the command.
  private(set) var notes: [ByteRange] = []
  var last: ListingRow? { rows.last }
  /// Whether no row is there that recipients and problems can belong to.
  var isEmpty: Bool { rows.isEmpty }

  /// - Parameter count: the messages to have room for; room that is not used costs no memory.
  init(expecting count: Int) {
    rows.reserveCapacity(count)
    recipients.reserveCapacity(2 * count)
    let nothing: [UInt8] = []
    _ = senders.number(of: .empty, in: nothing.span)
  }

  mutating func sender(_ place: ByteRange, in bytes: Span<UInt8>) -> Int32 {
    senders.number(of: place, in: bytes)
  }

  /// Begins a message; recipients and problems that follow are its own.
  mutating func begin(_ row: ListingRow) {
    var row = row
    row.firstRecipient = UInt32(clamping: recipients.count)
    row.recipientCount = 0
    rows.append(row)
    if rows.count % 2048 == 0 { Parallel.giveWay() }
  }

  /// Adds a recipient to the last message.
  mutating func addRecipient(
    _ address: ByteRange, isDelivered: Bool = false, reason: Int32 = ListedRecipient.noReason,
    in bytes: Span<UInt8>
  ) {
    guard !rows.isEmpty else { return }
    recipients.append(
      ListedRecipient(
        address: address,
        destination: destinations.number(of: Self.domain(of: address, in: bytes), in: bytes),
        reason: reason, isDelivered: isDelivered))
    rows[rows.count - 1].recipientCount += 1
  }

  /// Sets the address of the last recipient.
  mutating func setAddress(_ address: ByteRange, in bytes: Span<UInt8>) {
    guard !recipients.isEmpty else { return }
    recipients[recipients.count - 1].address = address
    recipients[recipients.count - 1].destination = destinations.number(
      of: Self.domain(of: address, in: bytes), in: bytes)
  }

  /// Sets the reason of the last recipient.
  mutating func setReason(_ reason: Int32) {
    guard !recipients.isEmpty else { return }
    recipients[recipients.count - 1].reason = reason
  }

  mutating func reason(_ place: ByteRange, in bytes: Span<UInt8>) -> Int32 {
    reasons.number(of: place, in: bytes)
  }

  /// Changes the last message.
  mutating func updateLast(_ change: (inout ListingRow) -> Void) {
    guard !rows.isEmpty else { return }
    change(&rows[rows.count - 1])
  }

  /// Forgets what the last message has from outside of a place.
  mutating func keepLast(within place: Range<Int>) {
    guard var row = rows.popLast() else { return }
    func isInside(_ field: ByteRange) -> Bool {
      place.lowerBound <= field.range.lowerBound && field.range.upperBound <= place.upperBound
    }
    if !isInside(row.id) { row.id = .empty }
    if !isInside(senders.places[Int(row.sender)]) { row.sender = 0 }
    let kept = recipients[row.recipients].filter { isInside($0.address) }
    recipients.replaceSubrange(row.recipients, with: kept)
    row.recipientCount = UInt32(clamping: kept.count)
    rows.append(row)
  }

  /// Says that something about the last message could not be read.
  mutating func problem(_ problem: ListingProblem) {
    guard !rows.isEmpty else { return }
    rows[rows.count - 1].hasProblem = true
    problems[Int32(clamping: rows.count - 1)] = problem
  }

  /// A line that should be a message and is none becomes a row that says so.
  mutating func unreadable(_ line: ByteRange, _ text: String) {
    var row = ListingRow()
    row.id = ByteRange(offset: Int(line.offset), count: min(Int(line.count), 64))
    begin(row)
    problem(.found(text))
  }

  /// Decodes the strings with escapes: what they say is added to the arena, and their places are there.
  private mutating func decodeEscapes(in arena: inout [UInt8]) {
    guard hasEscapes else { return }
    func decode(_ place: inout ByteRange) {
      guard arena[place.range].contains(UInt8(ascii: "\\")) else { return }
      let text = arena.span.unescaped(place.range).text
      place = ByteRange(arena.count..<arena.count + text.count)
      arena += text
    }
    for index in senderPlaces.indices { decode(&senderPlaces[index]) }
    for index in recipients.indices { decode(&recipients[index].address) }
    for index in reasonPlaces.indices { decode(&reasonPlaces[index]) }
  }

  /// Decodes escapes, drops the rows that come again later in the listing, and indexes the rest.
  mutating func finish(in arena: inout [UInt8]) -> ListingIndex {
    senderPlaces = senders.places
    reasonPlaces = reasons.places
    decodeEscapes(in: &arena)
    let bytes = arena.span
    let (index, repeated) = ListingIndex.build(rows, in: bytes)
    guard !repeated.isEmpty else { return index }
    let kept = rows.indices.filter { !repeated.contains($0) }
    let oldProblems = problems
    problems = [:]
    for (number, old) in kept.enumerated() {
      problems[Int32(clamping: number)] = oldProblems[Int32(clamping: old)]
    }
    rows = kept.map { rows[$0] }
    return ListingIndex.build(rows, in: bytes).index
  }

  mutating func note(_ line: ByteRange) { notes.append(line) }

  /// What follows the last `@` of an address; empty if there is none.
  static func domain(of address: ByteRange, in bytes: Span<UInt8>) -> ByteRange {
    let range = address.range
    var index = range.upperBound
    while index > range.lowerBound {
      if bytes[index - 1] == UInt8(ascii: "@") {
        return ByteRange(index..<range.upperBound)
      }
      index -= 1
    }
    return ByteRange(range.upperBound..<range.upperBound)
  }
}
