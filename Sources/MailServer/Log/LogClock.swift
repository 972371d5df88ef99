// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes

/// A date and time of day in a log line, without a zone yet.
struct LogClock {
  var year: Int
  var month: Int
  var day: Int
  var second: Int

  /// `YYYY-MM-DD HH:MM:SS`, with a blank, `T` or `_` between.
  init?(iso line: Span<UInt8>, at start: Int) {
    guard let year = line.number(at: start, digits: 4), line.byte(at: start + 4) == hyphen,
      let month = line.number(at: start + 5, digits: 2), line.byte(at: start + 7) == hyphen,
      let day = line.number(at: start + 8, digits: 2), let mark = line.byte(at: start + 10),
      mark == ASCII.space || mark == UInt8(ascii: "T") || mark == UInt8(ascii: "_"),
      let second = Self.secondOfDay(in: line, at: start + 11)
    else { return nil }
    self.init(year: year, month: month, day: day, second: second)
  }

  /// `Mon dd HH:MM:SS`, the day padded by a space, by a zero or not at all, and where it ends.
  ///
  /// Where there is no year, before the time or behind it, 0 stands for it.
  static func bsd(in line: Span<UInt8>, at start: Int) -> (clock: LogClock, end: Int)? {
    guard let word = line.firstIndexNear(start, of: ASCII.space, before: start + 12) else {
      return nil
    }
    let padded = line.byte(at: word + 1) == ASCII.space
    let first = padded ? word + 2 : word + 1
    var end = line.endOfDigits(from: first)
    guard (1...2).contains(end - first), line.byte(at: end) == ASCII.space,
      let day = line.number(at: first, digits: end - first)
    else { return nil }
    var year = 0
    if let number = line.number(at: end + 1, digits: 4), line.byte(at: end + 5) == ASCII.space {
      (year, end) = (number, end + 5)
    }
    guard let second = secondOfDay(in: line, at: end + 1),
      let month = MonthName.number(of: line, start..<word)
    else { return nil }
    end += 9
    if year == 0, line.byte(at: end) == ASCII.space,
      let number = line.number(at: end + 1, digits: 4), (1970...2100).contains(number),
      line.byte(at: end + 5) ?? ASCII.space == ASCII.space
    {
      (year, end) = (number, end + 5)
    }
    return LogClock(year: year, month: month, day: day, second: second).map { ($0, end) }
  }

  private init?(year: Int, month: Int, day: Int, second: Int) {
    guard (1...12).contains(month), (1...31).contains(day) else { return nil }
    (self.year, self.month, self.day, self.second) = (year, month, day, second)
  }

  /// Seconds since 1970 if the clock stood in UTC; nil for a day that the month does not have.
  var secondsUTC: Int64? {
    guard day <= Self.days(in: month, of: year) else { return nil }
    // Days from the civil date (Howard Hinnant, chrono-compatible date algorithms).
    let shifted = month > 2 ? year : year - 1
    let era = (shifted >= 0 ? shifted : shifted - 399) / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return Int64(era * 146_097 + dayOfEra - 719_468) * 86_400 + Int64(second)
  }

  /// The last time with this date that is not after `limit`, both in seconds of the same local time.
  func lastTime(notAfter limit: Int64) -> Int64? {
    var candidate = self
    candidate.year = Self.year(of: limit)
    // Eight years: 29 February comes after at most that many.
    for _ in 0...8 {
      if let time = candidate.secondsUTC, time <= limit { return time }
      candidate.year -= 1
    }
    return nil
  }

  private static func year(of seconds: Int64) -> Int {
    let days = Int(clamping: seconds / 86_400) + 719_468
    let era = (days >= 0 ? days : days - 146_096) / 146_097
    let dayOfEra = days - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    return yearOfEra + era * 400 + (dayOfYear >= 306 ? 1 : 0)
  }

  private static func days(in month: Int, of year: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  private static func secondOfDay(in line: Span<UInt8>, at start: Int) -> Int? {
    guard let hour = line.number(at: start, digits: 2), hour < 24,
      line.byte(at: start + 2) == colon,
      let minute = line.number(at: start + 3, digits: 2), minute < 60,
      line.byte(at: start + 5) == colon,
      let second = line.number(at: start + 6, digits: 2), second <= 60
    else { return nil }
    return hour * 3600 + minute * 60 + second
  }
}

private let hyphen = UInt8(ascii: "-")
private let colon = UInt8(ascii: ":")
