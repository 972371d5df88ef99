// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes

/// Reads `postqueue -j`: one JSON object a line (Postfix's `showq_json.c`).
///
/// A scanner by hand, five times faster than a decoder that makes objects. Strings with escapes are
/// kept as they stand; the builder decodes them at the end.
struct PostfixJSONListing {
  private var position = 0
  private var hasSender = false

  init() {}

  /// What makes an object unreadable; its line is given up, the next one is read.
  private struct Malformed: Error {}

  mutating func parse(_ bytes: Span<UInt8>, into builder: inout ListingBuilder) {
    while skipBlanks(bytes) {
      let line = position..<bytes.lineEnd(from: position)
      if bytes[position] == UInt8(ascii: "{") {
        message(bytes, line, into: &builder)
        continue
      }
      if ListingText.isComplaint(bytes, at: position) {
        builder.note(ByteRange(line))
      } else {
        builder.unreadable(ByteRange(line), "this line of the listing could not be read")
      }
      position = line.upperBound
    }
  }

  private mutating func message(
    _ bytes: Span<UInt8>, _ line: Range<Int>, into builder: inout ListingBuilder
  ) {
    hasSender = false
    builder.begin(ListingRow())
    do throws(Malformed) {
      try members(bytes, &builder, isRecipient: false)
      complete(bytes, &builder)
    } catch {
      // The line was cut, or a string without its end ran into the next one.
      position = line.upperBound
      builder.keepLast(within: line)
      complete(bytes, &builder)
      builder.problem(.found("this line of the listing is cut off or damaged"))
    }
  }

  private func complete(_ bytes: Span<UInt8>, _ builder: inout ListingBuilder) {
    guard let row = builder.last else { return }
    if !QueueID.isValid(bytes, row.id.range, of: .postfix) {
      builder.problem(.found("it has no valid queue ID"))
    } else if !hasSender {
      builder.problem(.found("it has no sender"))
    }
  }

  private mutating func messageMember(
    _ bytes: Span<UInt8>, _ name: ByteRange, _ builder: inout ListingBuilder
  ) throws(Malformed) {
    let start = name.range.lowerBound
    switch name.count {
    case 6 where bytes.has("sender", at: start):
      var sender = try string(bytes, &builder)
      if sender.count == 13, bytes.has("MAILER-DAEMON", at: sender.range.lowerBound) {
        sender = .empty
      }
      let number = builder.sender(sender, in: bytes)
      builder.updateLast { $0.sender = number }
      hasSender = true
    case 8 where bytes.has("queue_id", at: start):
      let id = try string(bytes, &builder)
      builder.updateLast { $0.id = id }
    case 10 where bytes.has("queue_name", at: start):
      let queue = queue(try string(bytes, &builder), in: bytes)
      builder.updateLast { row in (row.queue, row.isHeld) = (queue, queue == .hold) }
    case 10 where bytes.has("recipients", at: start):
      try recipients(bytes, &builder)
    case 12 where bytes.has("arrival_time", at: start):
      let time = try number(bytes, &builder)
      builder.updateLast { $0.arrival = time ?? ListingRow.unknownArrival }
    case 12 where bytes.has("message_size", at: start):
      let size = try number(bytes, &builder)
      builder.updateLast { $0.size = size ?? ListingRow.unknownSize }
    default:
      try skipValue(bytes, &builder)
    }
  }

  private mutating func recipients(
    _ bytes: Span<UInt8>, _ builder: inout ListingBuilder
  ) throws(Malformed) {
    guard take(UInt8(ascii: "["), bytes) else { throw Malformed() }
    if take(UInt8(ascii: "]"), bytes) { return }
    repeat {
      builder.addRecipient(.empty, in: bytes)
      try members(bytes, &builder, isRecipient: true)
    } while take(UInt8(ascii: ","), bytes)
    guard take(UInt8(ascii: "]"), bytes) else { throw Malformed() }
  }

  /// `{"address": "…", "delay_reason": "…"}`; 3.11 and newer have `bounce_reason` and `other_reason` too.
  private mutating func recipientMember(
    _ bytes: Span<UInt8>, _ name: ByteRange, _ builder: inout ListingBuilder
  ) throws(Malformed) {
    let start = name.range.lowerBound
    switch name.count {
    case 7 where bytes.has("address", at: start):
      builder.setAddress(try string(bytes, &builder), in: bytes)
    case 12 where bytes.has("delay_reason", at: start),
      12 where bytes.has("other_reason", at: start),
      13 where bytes.has("bounce_reason", at: start):
      builder.setReason(builder.reason(try string(bytes, &builder), in: bytes))
    default:
      try skipValue(bytes, &builder)
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

  // MARK: - JSON

  /// Goes to the next byte that is no blank; false at the end.
  private mutating func skipBlanks(_ bytes: Span<UInt8>) -> Bool {
    while position < bytes.count {
      switch bytes[position] {
      case 0x20, 0x09, 0x0A, 0x0D: position += 1
      default: return true
      }
    }
    return false
  }

  private mutating func take(_ byte: UInt8, _ bytes: Span<UInt8>) -> Bool {
    guard skipBlanks(bytes), bytes[position] == byte else { return false }
    position += 1
    return true
  }

  private mutating func members(
    _ bytes: Span<UInt8>, _ builder: inout ListingBuilder, isRecipient: Bool
  ) throws(Malformed) {
    guard take(UInt8(ascii: "{"), bytes) else { throw Malformed() }
    if take(UInt8(ascii: "}"), bytes) { return }
    repeat {
      let name = try string(bytes, &builder)
      guard take(UInt8(ascii: ":"), bytes) else { throw Malformed() }
      if isRecipient {
        try recipientMember(bytes, name, &builder)
      } else {
        try messageMember(bytes, name, &builder)
      }
    } while take(UInt8(ascii: ","), bytes)
    guard take(UInt8(ascii: "}"), bytes) else { throw Malformed() }
  }

  private mutating func string(
    _ bytes: Span<UInt8>, _ builder: inout ListingBuilder
  ) throws(Malformed) -> ByteRange {
    guard take(UInt8(ascii: "\""), bytes) else { throw Malformed() }
    let start = position
    while let stop = bytes.firstIndex(
      of: UInt8(ascii: "\""), or: UInt8(ascii: "\\"), from: position)
    {
      position = stop + 1
      if bytes[stop] == UInt8(ascii: "\"") { return ByteRange(start..<stop) }
      builder.hasEscapes = true
      position = min(stop + 2, bytes.count)
    }
    throw Malformed()
  }

  /// A whole number; nil for another value, which is skipped.
  private mutating func number(
    _ bytes: Span<UInt8>, _ builder: inout ListingBuilder
  ) throws(Malformed) -> Int64? {
    guard skipBlanks(bytes) else { throw Malformed() }
    let start = position
    while position < bytes.count, ASCII.digit(bytes[position]) != nil { position += 1 }
    if position > start { return ListingText.number(bytes, start..<position) }
    try skipValue(bytes, &builder)
    return nil
  }

  /// Skips a value of any kind, however deep.
  private mutating func skipValue(
    _ bytes: Span<UInt8>, _ builder: inout ListingBuilder
  ) throws(Malformed) {
    var depth = 0
    repeat {
      guard skipBlanks(bytes) else { throw Malformed() }
      switch bytes[position] {
      case UInt8(ascii: "\""): _ = try string(bytes, &builder)
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        depth += 1
        position += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        guard depth > 0 else { throw Malformed() }
        depth -= 1
        position += 1
      case UInt8(ascii: ","), UInt8(ascii: ":"):
        guard depth > 0 else { throw Malformed() }
        position += 1
      default: try skipScalar(bytes)
      }
    } while depth > 0
  }

  /// `true`, `null`, `-1.5e3`.
  private mutating func skipScalar(_ bytes: Span<UInt8>) throws(Malformed) {
    let start = position
    while position < bytes.count {
      let byte = bytes[position]
      let isScalar =
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
        || (0x61...0x7A).contains(byte) || byte == UInt8(ascii: "-")
        || byte == UInt8(ascii: "+") || byte == UInt8(ascii: ".")
      if !isScalar { break }
      position += 1
    }
    if position == start { throw Malformed() }
  }
}
