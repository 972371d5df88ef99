// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes

/// Reads `postqueue -j`: one JSON object a line (Postfix's `showq_json.c`).
///
/// What makes an object unreadable gives up its line; the next one is read. Strings with escapes are kept as they
/// stand; the builder decodes them at the end.
struct PostfixJSONListing {
  private var scanner = JSONScanner()
  private var hasSender = false

  init() {}

  mutating func parse(_ bytes: Span<UInt8>, into builder: inout ListingBuilder) {
    defer { if scanner.hasEscapes { builder.hasEscapes = true } }
    while scanner.skipBlanks(bytes) {
      let line = scanner.position..<bytes.lineEnd(from: scanner.position)
      if bytes[line.lowerBound] == UInt8(ascii: "{") {
        message(bytes, line, into: &builder)
        continue
      }
      if ListingText.isComplaint(bytes, at: line.lowerBound) {
        builder.note(ByteRange(line))
      } else {
        builder.unreadable(ByteRange(line), "this line of the listing could not be read")
      }
      scanner.position = line.upperBound
    }
  }

  private mutating func message(
    _ bytes: Span<UInt8>, _ line: Range<Int>, into builder: inout ListingBuilder
  ) {
    hasSender = false
    builder.begin(ListingRow())
    do throws(JSONScanner.Malformed) {
      try members(bytes, &builder, isRecipient: false)
      complete(bytes, &builder)
    } catch {
      // The line was cut, or a string without its end ran into the next one.
      scanner.position = line.upperBound
      builder.keepLast(within: line)
      complete(bytes, &builder)
      builder.problem(.found("this line of the listing is cut off or damaged"))
    }
  }

  private func complete(_ bytes: Span<UInt8>, _ builder: inout ListingBuilder) {
    guard let row = builder.last else { return }
    if !Postfix.isQueueID(bytes, row.id.range) {
      builder.problem(.found("it has no valid queue ID"))
    } else if !hasSender {
      builder.problem(.found("it has no sender"))
    }
  }

  private mutating func messageMember(
    _ bytes: Span<UInt8>, _ name: ByteRange, _ builder: inout ListingBuilder
  ) throws(JSONScanner.Malformed) {
    let start = name.range.lowerBound
    switch name.count {
    case 6 where bytes.has("sender", at: start):
      var sender = try scanner.string(bytes)
      if sender.count == 13, bytes.has("MAILER-DAEMON", at: sender.range.lowerBound) {
        sender = .empty
      }
      let number = builder.sender(sender, in: bytes)
      builder.updateLast { $0.sender = number }
      hasSender = true
    case 8 where bytes.has("queue_id", at: start):
      let id = try scanner.string(bytes)
      builder.updateLast { $0.id = id }
    case 10 where bytes.has("queue_name", at: start):
      let queue = queue(try scanner.string(bytes), in: bytes)
      builder.updateLast { row in (row.queue, row.isHeld) = (queue, queue == .hold) }
    case 10 where bytes.has("recipients", at: start):
      try recipients(bytes, &builder)
    case 12 where bytes.has("arrival_time", at: start):
      let time = try number(bytes)
      builder.updateLast { $0.arrival = time ?? ListingRow.unknownArrival }
    case 12 where bytes.has("message_size", at: start):
      let size = try number(bytes)
      builder.updateLast { $0.size = size ?? ListingRow.unknownSize }
    default:
      try scanner.skipValue(bytes)
    }
  }

  private mutating func recipients(
    _ bytes: Span<UInt8>, _ builder: inout ListingBuilder
  ) throws(JSONScanner.Malformed) {
    try scanner.expect(UInt8(ascii: "["), bytes)
    if scanner.take(UInt8(ascii: "]"), bytes) { return }
    repeat {
      builder.addRecipient(.empty, in: bytes)
      try members(bytes, &builder, isRecipient: true)
    } while scanner.take(UInt8(ascii: ","), bytes)
    try scanner.expect(UInt8(ascii: "]"), bytes)
  }

  /// `{"address": "…", "delay_reason": "…"}`; 3.11 and newer have `bounce_reason` and `other_reason` too.
  private mutating func recipientMember(
    _ bytes: Span<UInt8>, _ name: ByteRange, _ builder: inout ListingBuilder
  ) throws(JSONScanner.Malformed) {
    let start = name.range.lowerBound
    switch name.count {
    case 7 where bytes.has("address", at: start):
      builder.setAddress(try scanner.string(bytes), in: bytes)
    case 12 where bytes.has("delay_reason", at: start),
      12 where bytes.has("other_reason", at: start),
      13 where bytes.has("bounce_reason", at: start):
      builder.setReason(builder.reason(try scanner.string(bytes), in: bytes))
    default:
      try scanner.skipValue(bytes)
    }
  }

  private func queue(_ place: ByteRange, in bytes: Span<UInt8>) -> QueueName {
    let start = place.range.lowerBound
    return switch place.count {
    case 8 where bytes.has("deferred", at: start): .deferred
    case 6 where bytes.has("active", at: start): .active
    case 4 where bytes.has("hold", at: start): .hold
    case 8 where bytes.has("incoming", at: start): .incoming
    case 8 where bytes.has("maildrop", at: start): .maildrop
    case 7 where bytes.has("corrupt", at: start): .corrupt
    default: .none
    }
  }

  private mutating func members(
    _ bytes: Span<UInt8>, _ builder: inout ListingBuilder, isRecipient: Bool
  ) throws(JSONScanner.Malformed) {
    try scanner.expect(UInt8(ascii: "{"), bytes)
    if scanner.take(UInt8(ascii: "}"), bytes) { return }
    repeat {
      let name = try scanner.name(bytes)
      if isRecipient {
        try recipientMember(bytes, name, &builder)
      } else {
        try messageMember(bytes, name, &builder)
      }
    } while scanner.take(UInt8(ascii: ","), bytes)
    try scanner.expect(UInt8(ascii: "}"), bytes)
  }

  /// A whole number; nil for another value, which is skipped.
  private mutating func number(_ bytes: Span<UInt8>) throws(JSONScanner.Malformed) -> Int64? {
    guard scanner.skipBlanks(bytes) else { throw JSONScanner.Malformed() }
    let start = scanner.position
    while scanner.position < bytes.count, ASCII.digit(bytes[scanner.position]) != nil {
      scanner.position += 1
    }
    if scanner.position > start { return ListingText.number(bytes, start..<scanner.position) }
    try scanner.skipValue(bytes)
    return nil
  }
}
