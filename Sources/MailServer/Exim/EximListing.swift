// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes

/// Reads `exim -bp` and its variants (`queue_list()` in Exim's `queue.c`).
///
///     25m  2.9K 0t5C6f-0000c8-00 <alice@wonderland.example> (login) *** frozen ***
///             D delivered@looking-glass.example
///              +D generated@looking-glass.example      (-bpa only, seven spaces)
///               red.king@looking-glass.example
struct EximListing {
  /// Seconds since 1970.
  var now: Int64

  func parse(_ bytes: Span<UInt8>, into builder: inout ListingBuilder) {
    var start = 0
    while start < bytes.count {
      let end = bytes.lineEnd(from: start)
      line(bytes, start..<ListingText.withoutReturn(bytes, start..<end), into: &builder)
      start = end + 1
    }
  }

  private func line(_ bytes: Span<UInt8>, _ line: Range<Int>, into builder: inout ListingBuilder) {
    let text = ListingText.afterBlanks(bytes, line)
    let indent = text - line.lowerBound
    if text == line.upperBound { return }
    if indent > 0, bytes.has("*** ", at: text) {
      problem(bytes, text..<line.upperBound, into: &builder)
    } else if indent == 7, bytes.has("+D ", at: text) {
      recipient(bytes, text + 3..<line.upperBound, isDelivered: true, into: &builder)
    } else if indent == 8, bytes.has("D ", at: text) {
      recipient(bytes, text + 2..<line.upperBound, isDelivered: true, into: &builder)
    } else if indent >= 8 {
      recipient(bytes, text..<line.upperBound, isDelivered: false, into: &builder)
    } else if ListingText.isComplaint(bytes, at: text) {
      builder.note(ByteRange(line))
    } else {
      header(bytes, text..<line.upperBound, isIndented: indent > 0, into: &builder)
    }
  }

  private func recipient(
    _ bytes: Span<UInt8>, _ address: Range<Int>, isDelivered: Bool,
    into builder: inout ListingBuilder
  ) {
    if builder.isEmpty { builder.unreadable(ByteRange(address), "a recipient without a message") }
    builder.addRecipient(ByteRange(address), isDelivered: isDelivered, in: bytes)
  }

  /// Exim's words for a spool file that it cannot read: `*** spool format error: size=0 ***`.
  private func problem(
    _ bytes: Span<UInt8>, _ text: Range<Int>, into builder: inout ListingBuilder
  ) {
    var (start, end) = (text.lowerBound + 4, text.upperBound)
    if end - start >= 4, bytes.has(" ***", at: end - 4) { end -= 4 }
    start = min(start, end)
    if builder.isEmpty {
      builder.unreadable(ByteRange(text), "an error message without a message")
    } else {
      builder.problem(.reported(ByteRange(start..<end)))
    }
  }

  private func header(
    _ bytes: Span<UInt8>, _ line: Range<Int>, isIndented: Bool,
    into builder: inout ListingBuilder
  ) {
    var word = ListingText.word(bytes, line)
    var row = ListingRow()
    var age: Int64?
    if let seconds = Self.age(bytes, word) {
      age = seconds
      word = ListingText.word(bytes, word.upperBound..<line.upperBound)
    }
    if let size = Self.size(bytes, word) {
      row.size = size
      word = ListingText.word(bytes, word.upperBound..<line.upperBound)
    }
    // Exim 4.97.0 printed old IDs with the suffix of their file.
    let id =
      bytes.has("-H", at: word.upperBound - 2) && word.count > 16 && word.count != 23
      ? word.lowerBound..<word.upperBound - 2 : word
    guard Exim.isQueueID(bytes, id) else {
      builder.unreadable(ByteRange(line), "this line of the listing could not be read")
      if let age { builder.updateLast { $0.arrival = now &- age } }
      return
    }
    row.id = ByteRange(id)
    row.arrival = Exim.time(inQueueID: bytes, at: id.lowerBound) ?? ListingRow.unknownArrival
    let envelope = Self.envelope(bytes, word.upperBound..<line.upperBound)
    row.isHeld = envelope.isFrozen
    row.sender = builder.sender(ByteRange(envelope.sender ?? 0..<0), in: bytes)
    builder.begin(row)
    guard envelope.sender == nil else { return }
    let isListedAlone = !isIndented && age == nil && word.upperBound == line.upperBound
    builder.problem(
      .found(isListedAlone ? "only its ID is listed" : "the envelope could not be read"))
  }

  /// The rest of a header: ` <sender>`, perhaps ` (login)` on either side of it, perhaps ` *** frozen ***`.
  private static func envelope(
    _ bytes: Span<UInt8>, _ rest: Range<Int>
  ) -> (sender: Range<Int>?, isFrozen: Bool) {
    let frozen: StaticString = " *** frozen ***"
    var end = rest.upperBound
    let isFrozen = rest.count >= 15 && bytes.has(frozen, at: end - 15)
    if isFrozen { end -= 15 }
    var start = rest.lowerBound
    if bytes.has(" (", at: start), let close = bytes.firstIndex(of: ") <", from: start),
      close < end
    {
      start = close + 1
    }
    guard bytes.has(" <", at: start),
      let close = bytes.lastIndex(of: UInt8(ascii: ">"), before: end), close >= start + 2
    else { return (nil, isFrozen) }
    return (start + 2..<close, isFrozen)
  }

  /// `25m`, `3h`, `100d`, in seconds; negative where the clock moved.
  static func age(_ bytes: Span<UInt8>, _ word: Range<Int>) -> Int64? {
    guard (2...8).contains(word.count) else { return nil }
    let unit: Int64
    switch bytes[word.upperBound - 1] {
    case UInt8(ascii: "m"): unit = 60
    case UInt8(ascii: "h"): unit = 3600
    case UInt8(ascii: "d"): unit = 86_400
    case UInt8(ascii: "w"): unit = 604_800
    default: return nil
    }
    let isNegative = bytes[word.lowerBound] == UInt8(ascii: "-")
    let digits = word.lowerBound + (isNegative ? 1 : 0)..<word.upperBound - 1
    guard let number = ListingText.number(bytes, digits) else { return nil }
    return isNegative ? -number * unit : number * unit
  }

  /// `646`, `2.9K`, `39M`, in bytes (`string_format_size()`).
  static func size(_ bytes: Span<UInt8>, _ word: Range<Int>) -> Int64? {
    guard (1...12).contains(word.count) else { return nil }
    var end = word.upperBound
    var unit: Int64 = 1
    switch bytes[end - 1] {
    case UInt8(ascii: "K"): unit = 1024
    case UInt8(ascii: "M"): unit = 1024 * 1024
    case UInt8(ascii: "G"): unit = 1024 * 1024 * 1024
    default: break
    }
    if unit > 1 { end -= 1 }
    if end - word.lowerBound >= 3, bytes[end - 2] == UInt8(ascii: "."),
      let tenth = ASCII.digit(bytes[end - 1])
    {
      guard let whole = ListingText.number(bytes, word.lowerBound..<end - 2) else { return nil }
      return whole * unit + Int64(tenth) * unit / 10
    }
    return ListingText.number(bytes, word.lowerBound..<end).map { $0 * unit }
  }
}
