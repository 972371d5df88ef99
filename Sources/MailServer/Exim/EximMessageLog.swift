// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes

extension LogGrammar {
  /// The events in a message's own log (`exim -Mvl`), oldest first.
  ///
  /// Its lines are those of the main log without the ID and without the flag: `DATE TIME jane@x.example
  /// R=… T=… defer (-44) …`.
  package func events(inMessageLog bytes: [UInt8], of id: QueueID) -> [LogEvent] {
    let span = bytes.span
    var events: [LogEvent] = []
    var start = 0
    while start < span.count {
      let line = start..<span.lineEnd(from: start)
      if let text = Self.textStart(span, line) {
        let flag = span.contains(" defer (", in: text..<line.upperBound) ? "== " : ""
        let isAttempt = flag.isEmpty && span.has("H=", at: text)
        if !flag.isEmpty || isAttempt {
          let written = Array("\(span.string(start..<text))\(id) \(flag)".utf8)
          let whole = written + bytes[text..<line.upperBound]
          if let event = event(in: whole.span, mta: .exim) { events.append(event) }
        }
      }
      start = line.upperBound + 1
    }
    return events
  }

  /// Where the text after the date, the time and perhaps a zone begins, or nil.
  private static func textStart(_ bytes: Span<UInt8>, _ line: Range<Int>) -> Int? {
    let date = ListingText.word(bytes, line)
    let clock = ListingText.word(bytes, date.upperBound..<line.upperBound)
    guard date.count == 10, date.lowerBound == line.lowerBound, clock.count >= 8,
      ASCII.digit(bytes[date.lowerBound]) != nil
    else { return nil }
    let zone = ListingText.word(bytes, clock.upperBound..<line.upperBound)
    let isZone =
      zone.count == 5
      && (bytes.has("+", at: zone.lowerBound) || bytes.has("-", at: zone.lowerBound))
      && ListingText.number(bytes, zone.lowerBound + 1..<zone.upperBound) != nil
    let end = isZone ? zone.upperBound : clock.upperBound
    let text = ListingText.afterBlanks(bytes, end..<line.upperBound)
    return text < line.upperBound ? text : nil
  }
}
