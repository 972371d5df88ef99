// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes

/// What stands before a log line's message: when it was written, and by which program.
struct LogHead {
  /// Seconds since 1970, or nil where there is no readable time.
  var time: Int64?
  /// The program's name as syslog has it (`exim`, `postfix/smtp`), or nil where the MTA wrote the file itself.
  var program: Range<Int>?
  /// Where the message begins.
  var body: Int
  /// Whether Exim's own stamp stands in the line.
  var hasEximStamp = false

  /// Reads an RFC 3339 or BSD syslog stamp with host and program, Exim's own stamp, or both.
  init(in line: Span<UInt8>, now: Int64, utcOffset: Int) {
    let offset = Int64(clamping: utcOffset)
    (time, program, body) = (nil, nil, 0)
    if let clock = LogClock(bsd: line, at: 0) {
      // A day of grace, because the clocks of two machines differ.
      time = clock.lastTime(notAfter: now.adding(86_400 + offset))?.adding(-offset)
      readProgram(in: line, from: 16)
    } else if line.byte(at: 10) == UInt8(ascii: "T"), let clock = LogClock(iso: line, at: 0) {
      let (zone, end) = Self.zone(in: line, from: Self.endOfFraction(in: line, from: 19))
      time = clock.secondsUTC?.adding(-(zone ?? offset))
      readProgram(in: line, from: end + 1)
    } else {
      readProgram(in: line, from: 0)
    }
    readEximStamp(in: line, utcOffset: offset)
  }

  /// The places only, and no time: quick, and nil where the line begins in no usual way.
  init?(placesIn line: Span<UInt8>) {
    let hyphen = UInt8(ascii: "-")
    (time, program, body) = (nil, nil, 0)
    if line.byte(at: 4) == hyphen, line.byte(at: 7) == hyphen {
      var end = Self.endOfFraction(in: line, from: 19)
      if line.byte(at: 10) == ASCII.space {
        if let sign = line.byte(at: end + 1), sign == hyphen || sign == UInt8(ascii: "+") {
          end += 6
        }
        body = end + 1
        return
      }
      end = Self.zone(in: line, from: end).end
      guard line.byte(at: end) == ASCII.space else { return nil }
      readProgram(in: line, from: end + 1)
    } else if line.byte(at: 3) == ASCII.space, line.byte(at: 6) == ASCII.space {
      readProgram(in: line, from: 16)
    }
    guard program != nil else { return nil }
  }

  /// A message that came without a head, of a program and a time that are known otherwise (the journal).
  init(time: Int64?, program: Range<Int>, body: Int, in line: Span<UInt8>) {
    (self.time, self.program, self.body) = (time, program, body)
    readEximStamp(in: line, utcOffset: 0)
    self.time = time ?? self.time
  }

  /// The name of the Postfix daemon that wrote the line, or nil.
  ///
  /// Postfix's programs are named `instance/daemon`, as nobody else's in a mail log.
  func daemon(in line: Span<UInt8>) -> Range<Int>? {
    guard let program,
      let slash = line.lastIndex(of: UInt8(ascii: "/"), before: program.upperBound),
      slash > program.lowerBound
    else { return nil }
    return slash + 1..<program.upperBound
  }

  /// `host program[pid]: ` or, without a host, `program[pid]: `.
  private mutating func readProgram(in line: Span<UInt8>, from start: Int) {
    var word = start
    for _ in 0..<2 {
      guard let end = line.firstIndex(of: ASCII.space, from: word), end > word else { return }
      if line[end - 1] == UInt8(ascii: ":") {
        let bracket = line.firstIndex(of: UInt8(ascii: "["), from: word, before: end)
        program = word..<(bracket ?? end - 1)
        body = end + 1
        return
      }
      // Without a stamp only `program: ` can stand here: anything else is the message itself.
      guard start > 0 else { return }
      word = end + 1
    }
  }

  /// `YYYY-MM-DD HH:MM:SS[.mmm][ +0100] `, which Exim writes itself, into syslog too by default.
  private mutating func readEximStamp(in line: Span<UInt8>, utcOffset: Int64) {
    // A long line through syslog comes in pieces, marked before the stamp: `[1/5] `. The first one alone tells most.
    if let piece = LogLineJoiner.piece(in: line, at: body), piece.number == 1 { body = piece.text }
    guard line.byte(at: body + 10) == ASCII.space, let clock = LogClock(iso: line, at: body)
    else { return }
    let end = Self.endOfFraction(in: line, from: body + 19)
    guard line.byte(at: end) == ASCII.space else { return }
    let (zone, zoneEnd) = Self.zone(in: line, from: end + 1)
    // Syslog's own stamp, where it has a year and a zone, is at least as good as this one.
    if program == nil || time == nil || LogClock(bsd: line, at: 0) != nil {
      time = clock.secondsUTC?.adding(-(zone ?? utcOffset))
    }
    body = zone == nil ? end + 1 : zoneEnd + 1
    hasEximStamp = true
  }

  private static func endOfFraction(in line: Span<UInt8>, from index: Int) -> Int {
    line.byte(at: index) == UInt8(ascii: ".") ? line.endOfDigits(from: index + 1) : index
  }

  /// `Z`, `+01:00` or `+0100`, in seconds east of UTC, and the place behind it.
  private static func zone(in line: Span<UInt8>, from index: Int) -> (Int64?, end: Int) {
    let sign: Int64
    switch line.byte(at: index) {
    case UInt8(ascii: "Z"): return (0, index + 1)
    case UInt8(ascii: "+"): sign = 1
    case UInt8(ascii: "-"): sign = -1
    default: return (nil, index)
    }
    let minutes = line.byte(at: index + 3) == UInt8(ascii: ":") ? index + 4 : index + 3
    guard let hour = line.number(at: index + 1, digits: 2),
      let minute = line.number(at: minutes, digits: 2)
    else { return (nil, index) }
    return (sign * Int64(hour * 3600 + minute * 60), minutes + 2)
  }
}

extension Int64 {
  /// The sum, or the nearest number that can be said: times come from outside.
  func adding(_ other: Int64) -> Int64 {
    let (sum, overflows) = addingReportingOverflow(other)
    return overflows ? (other < 0 ? .min : .max) : sum
  }
}
