// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes

/// What Exim remembers of a failure: one record of its retry database, as `exim_dumpdb SPOOL retry` prints it.
package struct EximRetryRecord: Hashable, Sendable {
  /// What is not tried before its time.
  package enum Subject: Hashable, Sendable {
    /// A host, for all mail: no connection, or an error before any message.
    case host(name: String, address: String)
    /// A host, for one message: an error after MAIL or DATA.
    case message(id: String, host: String, address: String)
    /// An address, with the sender where the record is for that sender only; or a domain.
    case address(String)
  }

  package var subject: Subject
  /// Exim's or the system's number of the error.
  package var error: Int
  /// The SMTP code, where the error was a reply of 4xx.
  package var code: Int?
  /// The error in words, cut off by Exim at some 150 characters; not safe for a terminal as it is.
  package var text: String
  /// Seconds since 1970.
  package var firstFailed: Int64
  package var lastTried: Int64
  package var nextTry: Int64
  /// Whether the retry rule has come to its end: the next failure bounces.
  package var isExpired: Bool

  /// Reads a dump; lines of another form are left out.
  ///
  /// - Parameter zone: the server's.
  package static func records(in bytes: [UInt8], zone: LocalZone) -> [EximRetryRecord] {
    let span = bytes.span
    var records: [EximRetryRecord] = []
    var head: EximRetryRecord?
    var start = 0
    while start < span.count {
      let line = start..<span.lineEnd(from: start)
      if var record = head, let times = times(span, line, zone) {
        (record.firstFailed, record.lastTried, record.nextTry) = times.times
        record.isExpired = times.isExpired
        records.append(record)
        head = nil
      } else {
        head = Self.head(span, line)
      }
      start = line.upperBound + 1
    }
    return records
  }

  /// Reads the first line of a pair: `  R:jane@x.example:<a@b.example> -44 12865 H=…`.
  ///
  /// A key may have spaces; it ends before two numbers.
  private static func head(_ bytes: Span<UInt8>, _ line: Range<Int>) -> EximRetryRecord? {
    let start = ListingText.afterBlanks(bytes, line)
    guard bytes.has("T:", at: start) || bytes.has("R:", at: start) else { return nil }
    var keyEnd = ListingText.word(bytes, start..<line.upperBound).upperBound
    while keyEnd < line.upperBound {
      let error = ListingText.word(bytes, keyEnd..<line.upperBound)
      let more = ListingText.word(bytes, error.upperBound..<line.upperBound)
      if let errorNumber = signed(bytes, error), let moreNumber = signed(bytes, more) {
        let text = ListingText.afterBlanks(bytes, more.upperBound..<line.upperBound)
        guard let subject = subject(bytes, start..<keyEnd) else { return nil }
        return EximRetryRecord(
          subject: subject, error: errorNumber, code: code(errorNumber, moreNumber),
          text: bytes.string(text..<line.upperBound), firstFailed: 0, lastTried: 0, nextTry: 0,
          isExpired: false)
      }
      keyEnd = error.upperBound
    }
    return nil
  }

  /// For an error that was a reply (-44 to -46), the second number holds the code less 400 above its low byte (`smtp.c`).
  private static func code(_ error: Int, _ more: Int) -> Int? {
    guard (-46 ... -44).contains(error), (0...99).contains(more >> 8) else { return nil }
    return 400 + more >> 8
  }

  private static func subject(_ bytes: Span<UInt8>, _ key: Range<Int>) -> Subject? {
    let text = bytes.string(key.lowerBound + 2..<key.upperBound)
    guard bytes[key.lowerBound] == UInt8(ascii: "T") else { return .address(text) }
    // `host:address[/interface][:port][:message]`; an IPv6 address has colons of its own.
    guard let colon = text.firstIndex(of: ":") else { return nil }
    let name = String(text[..<colon])
    var rest = text[text.index(after: colon)...]
    var message: QueueID?
    if let last = rest.lastIndex(of: ":"),
      let id = QueueID(String(rest[rest.index(after: last)...]), of: .exim)
    {
      message = id
      rest = rest[..<last]
    }
    if let slash = rest.firstIndex(of: "/") { rest = rest[..<slash] }
    if rest.count(where: { $0 == ":" }) == 1, let port = rest.firstIndex(of: ":") {
      rest = rest[..<port]
    }
    let address = String(rest)
    return message.map { .message(id: $0.text, host: name, address: address) }
      ?? .host(name: name, address: address)
  }

  /// Reads the second line of a pair: `24-Nov-2026 00:40:48  24-Nov-2026 00:42:02  24-Nov-2026 00:44:02 *`.
  private static func times(
    _ bytes: Span<UInt8>, _ line: Range<Int>, _ zone: LocalZone
  ) -> (times: (Int64, Int64, Int64), isExpired: Bool)? {
    var times: [Int64] = []
    var rest = line
    while times.count < 3 {
      let date = ListingText.word(bytes, rest)
      let clock = ListingText.word(bytes, date.upperBound..<rest.upperBound)
      guard date.count == 11, clock.count == 8,
        let day = ListingText.number(bytes, date.lowerBound..<date.lowerBound + 2),
        let month = CivilTime.month(bytes, at: date.lowerBound + 3),
        let year = ListingText.number(bytes, date.lowerBound + 7..<date.upperBound),
        let days = CivilTime.days(year: Int(year), month: month, day: Int(day)),
        let seconds = CivilTime.clock(bytes, at: clock.lowerBound)
      else { return nil }
      times.append(zone.time(ofLocal: Int64(days) * 86_400 + Int64(seconds)))
      rest = clock.upperBound..<rest.upperBound
    }
    return (
      (times[0], times[1], times[2]), bytes.has("*", at: ListingText.afterBlanks(bytes, rest))
    )
  }

  private static func signed(_ bytes: Span<UInt8>, _ word: Range<Int>) -> Int? {
    guard let first = word.first else { return nil }
    let isNegative = bytes[first] == UInt8(ascii: "-")
    let digits = isNegative ? first + 1..<word.upperBound : word
    return ListingText.number(bytes, digits).map { Int(isNegative ? -$0 : $0) }
  }
}

extension RetryTimes {
  /// The times of Exim's retry records.
  package init(_ records: [EximRetryRecord]) {
    self.init()
    for record in records {
      switch record.subject {
      case .host(let name, let address):
        // Any address of a host that is due will be tried.
        hosts[name] = min(hosts[name] ?? .max, record.nextTry)
        hosts[address] = min(hosts[address] ?? .max, record.nextTry)
        // It is given up when the last of them is.
        failures.hosts[name] = max(failures.hosts[name] ?? .min, record.firstFailed)
        failures.hosts[address] = max(failures.hosts[address] ?? .min, record.firstFailed)
      case .message(let id, _, _):
        messages[id] = min(messages[id] ?? .max, record.nextTry)
        failures.messages[id] = max(failures.messages[id] ?? .min, record.firstFailed)
      case .address(let key):
        addresses[key.lowercased()] = record.nextTry
        failures.addresses[key.lowercased()] = record.firstFailed
      }
    }
  }
}
