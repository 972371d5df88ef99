// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes
import Replies

/// Lines with a flag: `== ADDR … defer (N) …: text`, `=> ADDR …`, `** ADDR …: text`.
enum EximLogDelivery {
  /// A recipient deferred; a host or route that was not due yet is no attempt at all and is not counted.
  static func deferral(in line: Span<UInt8>, from start: Int) -> LogRecord? {
    let address = EximLogAddress(in: line, from: start)
    var record = LogRecord(.exim, .deferral)
    address.fill(&record)
    let word = placeOfDefer(in: line, from: max(start, address.end))
    record.route = ByteRange(min(address.end, word.start)..<word.start)
    let tail = fields(in: line, from: word.end)
    tail.host.fill(&record)
    var words = tail.message
    if words.isEmpty, let error = tail.error { words = error }
    EximLogMessage.read(words, in: line, into: &record)
    // "retry time not reached for any host", "Retry time not yet reached" (-52 to -54, by version).
    if line.has("etry time not ", at: words.lowerBound + 1) {
      record.kind = .attempt
      record.cause = .other
    }
    return record
  }

  static func delivery(in line: Span<UInt8>, from start: Int) -> LogRecord? {
    let address = EximLogAddress(in: line, from: start)
    var record = LogRecord(.exim, .delivery)
    address.fill(&record)
    EximLogHost(field: "H=", in: line, address.end..<line.count).fill(&record)
    // The confirmation: C="250 2.0.0 Ok".
    if let open = line.firstIndex(of: " C=\"", from: address.end) {
      let close = line.lastIndex(of: UInt8(ascii: "\""), before: line.count) ?? line.count
      record.take(reply: open + 4..<max(open + 4, close), in: line)
    }
    return record
  }

  static func bounce(in line: Span<UInt8>, from start: Int) -> LogRecord? {
    let address = EximLogAddress(in: line, from: start)
    var record = LogRecord(.exim, .bounce)
    address.fill(&record)
    let tail = fields(in: line, from: address.end)
    tail.host.fill(&record)
    EximLogMessage.read(tail.message, in: line, into: &record)
    return record
  }

  /// Behind ` defer (N)`, or ` defer` before a colon or a field, as Exim writes it since 4.100 where it has no number; the
  /// first one behind the address.
  ///
  /// A line with the flag of a deferral is one, whatever is in it: without the word its last field ends it.
  private static func placeOfDefer(
    in line: Span<UInt8>, from start: Int
  ) -> (start: Int, end: Int) {
    var from = start
    while let mark = line.firstIndex(of: " defer", from: from) {
      let end = mark + 6
      if line.has(" (", at: end) {
        let sign = end + 2
        let digits = line.byte(at: sign) == UInt8(ascii: "-") ? sign + 1 : sign
        let close = line.endOfDigits(from: digits)
        if close > digits, line.byte(at: close) == UInt8(ascii: ")") { return (mark, close + 1) }
      } else if EximLogAddress.isEndOfDefer(in: line, at: end) {
        return (mark, end)
      }
      from = mark + 1
    }
    return (start, start)
  }

  /// `[: strerror][ H=host [ip]:port][ I=[..]][ DT=1s][: message]`: the host is between the error and the message.
  private static func fields(in line: Span<UInt8>, from start: Int)
    -> (host: EximLogHost, error: Range<Int>?, message: Range<Int>)
  {
    var from = start
    var error: Range<Int>?
    if line.has(": ", at: start) {
      let rest = start + 2
      let message = line.firstIndex(of: ": ", from: rest) ?? line.count
      let ends = [
        line.firstIndex(of: " H=", from: rest, before: message),
        line.firstIndex(of: " DT=", from: rest, before: message),
      ]
      // Without fields behind it, this is the message and not strerror's text.
      guard let end = ends.compactMap({ $0 }).min() else {
        return (EximLogHost(), nil, rest..<line.count)
      }
      (error, from) = (rest..<end, end)
    }
    let colon = line.firstIndex(of: ": ", from: from)
    let host = EximLogHost(field: " H=", in: line, from..<(colon ?? line.count))
    let text = colon.map { $0 + 2 } ?? line.count
    return (host, error, text..<line.count)
  }
}

/// The address behind a flag: `ADDR[ (parents)][ <top>]`, up to the first field.
///
/// Exim writes a quoted local part without its quotes first and in full in the angle brackets, so an address can hold
/// spaces: only a field (`R=`, `T=`, …) ends it.
struct EximLogAddress {
  var recipient: Range<Int>
  var original: Range<Int>?
  var end: Int

  init(in line: Span<UInt8>, from start: Int) {
    let first = min(start, line.count)
    if let quoted = Self.quoted(in: line, from: first) {
      (recipient, original, end) = (quoted.inner, quoted.inner, quoted.end)
      return
    }
    end = Self.end(in: line, from: first)
    var last = end
    if last > first, line[last - 1] == UInt8(ascii: ">"),
      let open = line.firstIndex(of: " <", from: first, before: last)
    {
      original = open + 2..<last - 1
      last = open
    }
    // +all_parents: `child@a (parent@b) <top@c>`.
    if last > first, line[last - 1] == UInt8(ascii: ")"),
      let open = line.firstIndex(of: " (", from: first, before: last)
    {
      last = open
    }
    recipient = first..<last
    let isPlain =
      line.firstIndex(of: ASCII.space, from: first, before: last) == nil
      && line.firstIndex(of: UInt8(ascii: "@"), from: first, before: last) != nil
    // `jane q. public@a <"jane q. public"@a>`, `jane <jane@a>`, `|command <jane@a>`.
    if let whole = original, !isPlain { recipient = whole }
  }

  /// An address with a quoted local part, which stands without its quotes before the angle brackets: what is in them says
  /// where it ends, whatever fields and brackets its sender wrote into it.
  ///
  /// The last brackets that repeat all that is before them count: earlier ones are part of the address.
  private static func quoted(
    in line: Span<UInt8>, from start: Int
  ) -> (inner: Range<Int>, end: Int)? {
    var found: (inner: Range<Int>, end: Int)?
    var from = start
    while let mark = line.firstIndex(of: " <\"", from: from, before: start + longestAddress) {
      from = mark + 1
      guard let end = line.endOfAngle(from: mark + 1, before: line.count) else { continue }
      let inner = mark + 2..<end - 1
      if repeats(start..<mark, unquoted: inner, in: line) { found = (inner, end) }
    }
    return found
  }

  /// RFC 5321, section 4.5.3.1, allows 320 bytes; quotes and backslashes come to them.
  private static let longestAddress = 1024

  /// Whether `plain` is the address `quoted` without its quotes and backslashes; the case of the domain does not count.
  private static func repeats(
    _ plain: Range<Int>, unquoted quoted: Range<Int>, in line: Span<UInt8>
  ) -> Bool {
    var place = plain.lowerBound
    var isQuoted = false
    var index = quoted.lowerBound
    while index < quoted.upperBound {
      var byte = line[index]
      index += 1
      if byte == UInt8(ascii: "\"") {
        isQuoted.toggle()
        continue
      }
      if byte == UInt8(ascii: "\\"), isQuoted, index < quoted.upperBound {
        byte = line[index]
        index += 1
      }
      guard place < plain.upperBound,
        isQuoted
          ? line[place] == byte : ASCII.lowercase(line[place]) == ASCII.lowercase(byte)
      else { return false }
      place += 1
    }
    return place == plain.upperBound
  }

  func fill(_ record: inout LogRecord) {
    record.recipient = ByteRange(recipient)
    if let original, original != recipient { record.original = ByteRange(original) }
  }

  private static func end(in line: Span<UInt8>, from start: Int) -> Int {
    var from = start
    while let space = line.firstIndex(of: ASCII.space, from: from) {
      if isField(in: line, at: space + 1) { return space }
      if space > start, line[space - 1] == UInt8(ascii: ":") { return space - 1 }
      // A quoted part can hold anything.
      if line.has("<\"", at: space + 1),
        let end = line.endOfAngle(from: space + 1, before: line.count)
      {
        from = end
      } else {
        from = space + 1
      }
    }
    return line.count
  }

  /// `R=`, `T=`, `DT=`, … or the words of a deferral without any.
  private static func isField(in line: Span<UInt8>, at index: Int) -> Bool {
    var end = index
    while let byte = line.byte(at: end), (0x41...0x5A).contains(byte) { end += 1 }
    if end > index, line.byte(at: end) == UInt8(ascii: "=") { return true }
    let word = line.has("routing defer", at: index) ? index + 8 : index
    return line.has("defer (", at: word)
      || line.has("defer", at: word) && isEndOfDefer(in: line, at: word + 5)
  }

  /// Whether ` defer` ends at `index` without a number: a colon or a field follows.
  static func isEndOfDefer(in line: Span<UInt8>, at index: Int) -> Bool {
    index == line.count || line.has(": ", at: index) || line.has(" H=", at: index)
      || line.has(" DT=", at: index)
  }
}
