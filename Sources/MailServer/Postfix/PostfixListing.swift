// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes

/// Reads `postqueue -p` (Postfix's `showq_compat.c`).
///
///     -Queue ID-  --Size-- ----Arrival Time---- -Sender/Recipient-------
///     3D4A7134865!#   724 Tue Nov 24 00:40:47  news@list.example
///     (host mx.example[192.0.2.1] said: 421 4.3.2 busy (in reply to MAIL FROM command))
///                                              u1@busy.example
///
/// A reason is before the recipients that share it. Flags and long IDs push the columns.
struct PostfixListing {
  /// Seconds since 1970.
  var now: Int64
  /// Of the dates.
  var zone: LocalZone
  private var reason = ListedRecipient.noReason

  init(now: Int64, zone: LocalZone) {
    self.now = now
    self.zone = zone
  }

  mutating func parse(_ bytes: Span<UInt8>, into builder: inout ListingBuilder) {
    var start = 0
    while start < bytes.count {
      let end = bytes.lineEnd(from: start)
      line(bytes, start..<ListingText.withoutReturn(bytes, start..<end), into: &builder)
      start = end + 1
    }
  }

  private mutating func line(
    _ bytes: Span<UInt8>, _ line: Range<Int>, into builder: inout ListingBuilder
  ) {
    let text = ListingText.afterBlanks(bytes, line)
    if text == line.upperBound { return }
    if bytes[text] == UInt8(ascii: "(") {
      reason(bytes, text..<line.upperBound, into: &builder)
    } else if text > line.lowerBound {
      if builder.isEmpty { builder.unreadable(ByteRange(line), "a recipient without a message") }
      builder.addRecipient(ByteRange(text..<line.upperBound), reason: reason, in: bytes)
    } else if bytes[text] == UInt8(ascii: "-") || bytes.has("Mail queue is empty", at: text) {
      // The headings and the sum at the end.
    } else if ListingText.isComplaint(bytes, at: text) {
      builder.note(ByteRange(line))
    } else {
      reason = ListedRecipient.noReason
      header(bytes, line, into: &builder)
    }
  }

  private mutating func reason(
    _ bytes: Span<UInt8>, _ text: Range<Int>, into builder: inout ListingBuilder
  ) {
    var end = text.upperBound
    if end > text.lowerBound + 1, bytes[end - 1] == UInt8(ascii: ")") { end -= 1 }
    let place = ByteRange(text.lowerBound + 1..<end)
    let isUnavailable =
      place.count == 18 && bytes.has("reason unavailable", at: place.range.lowerBound)
    reason = isUnavailable ? ListedRecipient.noReason : builder.reason(place, in: bytes)
  }

  private func header(
    _ bytes: Span<UInt8>, _ line: Range<Int>, into builder: inout ListingBuilder
  ) {
    let word = ListingText.word(bytes, line)
    var row = ListingRow()
    row.queue = .deferred
    var end = word.upperBound
    flags: while end > word.lowerBound {
      switch bytes[end - 1] {
      case UInt8(ascii: "*"): row.queue = .active
      case UInt8(ascii: "!"): (row.queue, row.isHeld) = (.hold, true)
      // Expires at the next attempt, whatever its age.
      case UInt8(ascii: "#"): break
      default: break flags
      }
      end -= 1
    }
    guard Postfix.isQueueID(bytes, word.lowerBound..<end) else {
      builder.unreadable(ByteRange(line), "this line of the listing could not be read")
      return
    }
    row.id = ByteRange(word.lowerBound..<end)
    let size = ListingText.word(bytes, word.upperBound..<line.upperBound)
    row.size = ListingText.number(bytes, size) ?? ListingRow.unknownSize
    guard let date = date(bytes, size.upperBound..<line.upperBound) else {
      builder.begin(row)
      builder.problem(.found("the arrival time could not be read"))
      return
    }
    row.arrival = date.time
    let sender = ListingText.afterBlanks(bytes, date.end..<line.upperBound)..<line.upperBound
    let isNull = sender.count == 13 && bytes.has("MAILER-DAEMON", at: sender.lowerBound)
    row.sender = builder.sender(ByteRange(isNull ? 0..<0 : sender), in: bytes)
    builder.begin(row)
    if sender.isEmpty || row.size == ListingRow.unknownSize {
      builder.problem(.found("the \(sender.isEmpty ? "sender" : "size") could not be read"))
    }
  }

  /// `Wed Jun  5 21:49:08`: local time, no year.
  private func date(_ bytes: Span<UInt8>, _ rest: Range<Int>) -> (time: Int64, end: Int)? {
    let weekday = ListingText.word(bytes, rest)
    let month = ListingText.word(bytes, weekday.upperBound..<rest.upperBound)
    let day = ListingText.word(bytes, month.upperBound..<rest.upperBound)
    let clock = ListingText.word(bytes, day.upperBound..<rest.upperBound)
    guard weekday.count == 3, month.count == 3, clock.count == 8,
      let monthNumber = CivilTime.month(bytes, at: month.lowerBound),
      let dayNumber = ListingText.number(bytes, day),
      let seconds = CivilTime.clock(bytes, at: clock.lowerBound),
      let time = lastTime(
        month: monthNumber, day: Int(dayNumber), seconds: seconds,
        weekday: CivilTime.weekday(bytes, at: weekday.lowerBound))
    else { return nil }
    return (time, clock.upperBound)
  }

  /// The last time that is not in the future (a day of grace) and falls on that day of the week.
  ///
  /// The day of the week gives the year of a listing that was saved long ago, and of a 29 February.
  private func lastTime(month: Int, day: Int, seconds: Int, weekday: Int?) -> Int64? {
    let thisYear = CivilTime.year(of: now &+ 86_400)
    var withoutWeekday: Int64?
    for year in (thisYear - 28...thisYear + 1).reversed() {
      guard let days = CivilTime.days(year: year, month: month, day: day) else { continue }
      let time = zone.time(ofLocal: Int64(days) * 86_400 + Int64(seconds), notAfter: now)
      guard time <= now &+ 86_400 else { continue }
      if weekday == nil || (days % 7 + 11) % 7 == weekday { return time }
      withoutWeekday = withoutWeekday ?? time
    }
    return withoutWeekday
  }
}
