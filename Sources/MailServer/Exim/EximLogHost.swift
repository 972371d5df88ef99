// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes

/// A host as Exim writes it: `H=name (helo) [ip]:port`, each part optional.
struct EximLogHost {
  var name = Range(uncheckedBounds: (0, 0))
  var ip: Range<Int>?
  var port: UInt16?
  /// Behind the host and its port.
  var end = 0

  init() {}

  /// The host behind the first `field` in `range`.
  init(field: StaticString, in line: Span<UInt8>, _ range: Range<Int>) {
    self.init()
    guard let mark = line.firstIndex(of: field, from: range.lowerBound, before: range.upperBound)
    else { return }
    self.init(in: line, mark + field.utf8CodeUnitCount..<range.upperBound)
  }

  /// The host that `range` begins with.
  init(in line: Span<UInt8>, _ range: Range<Int>) {
    let start = min(range.lowerBound, range.upperBound)
    let word = line.firstIndex(of: ASCII.space, from: start, before: range.upperBound)
    let nameEnd = word ?? range.upperBound
    name = start..<nameEnd
    end = nameEnd
    // What the client said in HELO (`(name)`) is no name that anybody has checked.
    if start < nameEnd, [UInt8(ascii: "("), UInt8(ascii: "[")].contains(line[start]) {
      name = start..<start
    }
    guard let found = line.bracketedIP(in: range) else { return }
    ip = found.ip
    end = found.ip.upperBound + 1
    port = line.port(behind: found.ip.upperBound)
    if line.byte(at: end) == UInt8(ascii: ":") {
      let port = line.endOfDigits(from: end + 1)
      if port > end + 1 { end = port }
    }
  }

  func fill(_ record: inout LogRecord) {
    record.remoteHost = ByteRange(name)
    if let ip { record.remoteIP = ByteRange(ip) }
    if port != nil { record.port = port }
  }
}

/// The text of an error, in the words that Exim puts around a reply (transports/smtp.c).
enum EximLogMessage {
  /// How the words before a reply end: up to 4.5x `mailer`, then `mail server`.
  private static let openings: [StaticString] = [
    "SMTP error from remote mail server after ", "SMTP error from remote mailer after ",
    "LMTP error from remote mail server after ", "LMTP error after ",
  ]

  /// Finds the reply in `range`; text without one is Exim's own and holds no code.
  static func read(_ range: Range<Int>, in line: Span<UInt8>, into record: inout LogRecord) {
    let ehlo: StaticString = "(EHLO response was: "
    if let opening = openings.first(where: { line.has($0, at: range.lowerBound) }) {
      readReply(
        from: range.lowerBound + opening.utf8CodeUnitCount, to: range.upperBound, in: line, &record)
      return
    }
    fillHost(from: range, in: line, &record)
    if let mark = line.firstIndex(of: ehlo, from: range.lowerBound, before: range.upperBound) {
      // A reply to EHLO that closed the connection is reported inside the text of the closing.
      let start = mark + ehlo.utf8CodeUnitCount
      let end = line.lastIndex(of: UInt8(ascii: ")"), before: range.upperBound) ?? range.upperBound
      record.take(reply: start..<max(start, end), in: line)
    } else if LogReplyCodes.basic(in: line, at: range.lowerBound, before: range.upperBound) != nil {
      record.take(reply: range, in: line)
    } else {
      record.take(words: range)
    }
  }

  /// Up to version 4.84 the words name the host: `Remote host NAME [IP] closed connection in response to …`, `SMTP timeout
  /// while connected to NAME [IP] after …`, `failed to connect to NAME [IP]`.
  private static func fillHost(
    from range: Range<Int>, in line: Span<UInt8>, _ record: inout LogRecord
  ) {
    guard record.remoteIP.isEmpty, record.remoteHost.isEmpty,
      let found = line.bracketedIP(in: range)
    else { return }
    record.remoteIP = ByteRange(found.ip)
    guard found.open > range.lowerBound, line[found.open - 1] == ASCII.space else { return }
    let end = found.open - 1
    var start = end
    while start > range.lowerBound, line[start - 1] != ASCII.space { start -= 1 }
    // A word of the sentence is no name.
    let isName =
      line.firstIndex(of: UInt8(ascii: "."), from: start, before: end) != nil
      || line.has("host ", at: start - 5) || line.has("to ", at: start - 3)
    if start < end, isName { record.remoteHost = ByteRange(start..<end) }
  }

  /// `COMMAND: REPLY`, up to version 4.84 `COMMAND: host NAME [IP]: REPLY`.
  private static func readReply(
    from start: Int, to end: Int, in line: Span<UInt8>, _ record: inout LogRecord
  ) {
    var from = start
    // The address of a command can hold anything, a colon and a code among it.
    if let open = line.firstIndex(of: UInt8(ascii: "<"), from: start, before: end),
      line.has(":", at: open - 1) || line.has(": ", at: open - 2),
      let close = line.endOfAngle(from: open, before: end), open - start < 24
    {
      if line.contains("RCPT TO:", in: start..<open), record.recipient.isEmpty {
        record.recipient = ByteRange(open + 1..<close - 1)
      }
      from = close
    }
    guard let colon = line.firstIndex(of: ": ", from: from, before: end) else {
      record.take(words: min(from, end)..<end)
      return
    }
    var reply = colon + 2
    if line.has("host ", at: reply),
      let hostEnd = line.firstIndex(of: ": ", from: reply, before: end),
      line.bracketedIP(in: reply..<hostEnd) != nil
    {
      EximLogHost(in: line, reply + 5..<hostEnd).fill(&record)
      reply = hostEnd + 2
    }
    record.take(reply: reply..<end, in: line)
  }
}
