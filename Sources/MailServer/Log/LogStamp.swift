// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes

/// A date and time somewhere in a log line, in any of the forms that daemons, syslog, the journal and containers write.
struct LogStamp {
  /// How much a stamp says: of two in a line the one that says more counts.
  enum Value: Comparable {
    /// Without a year: BSD syslog.
    case yearless
    /// With a year, in a zone that it does not name.
    case local
    /// With a zone, or seconds since 1970.
    case instant
  }

  var value: Value
  /// Without an offset; nil if the stamp is a number of seconds.
  private var clock: LogClock?
  /// Seconds east of UTC, or seconds since 1970.
  private var seconds: Int64
  /// Behind it.
  var end: Int
  /// Whether it is Exim's own: `YYYY-MM-DD HH:MM:SS`.
  var isExims = false

  /// The stamp at `start`, if one is there and ends with a word.
  @inline(__always)
  init?(in line: Span<UInt8>, at start: Int) {
    guard let first = line.byte(at: start) else { return nil }
    // Every word of every line comes by here: its first byte says which form it can be, if any.
    switch first {
    case UInt8(ascii: "0")...UInt8(ascii: "9"):
      if line.byte(at: start + 4) == hyphen {
        self.init(iso: line, at: start)
      } else {
        self.init(epoch: line, at: start)
      }
    case UInt8(ascii: "@"): self.init(tai: line, at: start)
    // Of UTF-8 a byte that begins a character: some months do so.
    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"), 0xC3...0xD4:
      self.init(bsd: line, at: start)
    default: return nil
    }
  }

  /// Seconds since 1970, or nil for a day that there is not.
  func time(now: Int64, zone: borrowing LocalZone) -> Int64? {
    switch value {
    case .yearless:
      // A day of grace, because the clocks of two machines differ.
      let limit = now.adding(86_400)
      guard let local = clock?.lastTime(notAfter: limit.adding(zone.offset(at: limit))) else {
        return nil
      }
      return zone.time(ofLocal: local, notAfter: now.adding(Self.skew))
    case .local:
      guard let local = clock?.secondsUTC else { return nil }
      return zone.time(ofLocal: local, notAfter: now.adding(Self.skew))
    case .instant:
      guard let clock else { return seconds }
      return clock.secondsUTC?.adding(-seconds)
    }
  }

  /// Seconds by which a line's clock may be ahead of ours where that decides in which of two equal hours it was written.
  private static let skew: Int64 = 300

  /// `YYYY-MM-DD HH:MM:SS`, with `T` or `_` between, a fraction, a zone behind a blank or not.
  private init?(iso line: Span<UInt8>, at start: Int) {
    guard let clock = LogClock(iso: line, at: start) else { return nil }
    self.clock = clock
    (value, seconds) = (.local, 0)
    end = start + 19
    if let mark = line.byte(at: end), mark == UInt8(ascii: ".") || mark == UInt8(ascii: ",") {
      isExims = mark == UInt8(ascii: ".")
      end = line.endOfDigits(from: end + 1)
    } else {
      isExims = true
    }
    isExims = isExims && line.byte(at: start + 10) == ASCII.space
    let hasBlank = line.byte(at: end) == ASCII.space
    if let (offset, zoneEnd) = Self.zone(in: line, at: hasBlank ? end + 1 : end),
      Self.isEnd(of: line, at: zoneEnd)
    {
      (value, seconds, end) = (.instant, offset, zoneEnd)
      isExims = isExims && hasBlank
    }
    guard Self.isEnd(of: line, at: end) else { return nil }
  }

  /// `Mon dd HH:MM:SS`, the month in any of the languages that journalctl speaks, the day padded or not, a fraction, a
  /// year before or behind the time.
  private init?(bsd line: Span<UInt8>, at start: Int) {
    guard let (clock, clockEnd) = LogClock.bsd(in: line, at: start) else { return nil }
    self.clock = clock
    (value, seconds, end) = (clock.year == 0 ? .yearless : .local, 0, clockEnd)
    if line.byte(at: end) == UInt8(ascii: ".") { end = line.endOfDigits(from: end + 1) }
    guard Self.isEnd(of: line, at: end) else { return nil }
  }

  /// `1795476600.123456`: journalctl's short-unix, and dnsmasq's and others' way.
  private init?(epoch line: Span<UInt8>, at start: Int) {
    end = line.endOfDigits(from: start)
    guard end - start == 10, let number = line.number(at: start, digits: 10) else { return nil }
    (value, clock, seconds) = (.instant, nil, Int64(number))
    if line.byte(at: end) == UInt8(ascii: ".") { end = line.endOfDigits(from: end + 1) }
    guard Self.isEnd(of: line, at: end) else { return nil }
  }

  /// `@400000005f3b2c1a0abcdef4`: TAI64 with nanoseconds, as multilog and svlogd write it.
  private init?(tai line: Span<UInt8>, at start: Int) {
    var label: UInt64 = 0
    var digits = 0
    while let byte = line.byte(at: start + 1 + digits), let digit = Self.hexDigit(byte) {
      if digits < 16 { label = label << 4 | UInt64(digit) }
      digits += 1
    }
    // 2^62 is 1970; TAI was ten seconds ahead then, and daemontools counts no leap second since.
    guard digits == 24 || digits == 16, label >> 62 == 1 else { return nil }
    (value, clock, seconds) = (.instant, nil, Int64(label & (1 << 62 - 1)).adding(-10))
    end = start + 1 + digits
    guard Self.isEnd(of: line, at: end) else { return nil }
  }

  private static func hexDigit(_ byte: UInt8) -> Int? {
    (0x61...0x66).contains(byte) ? Int(byte) - 0x57 : ASCII.digit(byte)
  }

  private static func isEnd(of line: Span<UInt8>, at index: Int) -> Bool {
    guard let byte = line.byte(at: index) else { return true }
    return byte == ASCII.space || byte == 0x09
  }

  /// `Z`, `UTC`, `+01:00`, `+0100` or `+01`, in seconds east of UTC, and the place behind it.
  private static func zone(in line: Span<UInt8>, at index: Int) -> (Int64, end: Int)? {
    let sign: Int64
    switch line.byte(at: index) {
    case UInt8(ascii: "Z"), UInt8(ascii: "z"): return (0, index + 1)
    case UInt8(ascii: "U") where line.has("UTC", at: index): return (0, index + 3)
    case UInt8(ascii: "G") where line.has("GMT", at: index): return (0, index + 3)
    case UInt8(ascii: "+"): sign = 1
    case UInt8(ascii: "-"): sign = -1
    default: return nil
    }
    guard let hour = line.number(at: index + 1, digits: 2) else { return nil }
    let minutes = line.byte(at: index + 3) == UInt8(ascii: ":") ? index + 4 : index + 3
    guard let minute = line.number(at: minutes, digits: 2) else {
      return (sign * Int64(hour * 3600), index + 3)
    }
    return (sign * Int64(hour * 3600 + minute * 60), minutes + 2)
  }
}

private let hyphen = UInt8(ascii: "-")
