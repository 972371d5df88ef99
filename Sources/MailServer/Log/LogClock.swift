// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes

/// A date and time of day in a log line, without a zone yet.
struct LogClock {
  var year: Int
  var month: Int
  var day: Int
  var second: Int

  /// `YYYY-MM-DD?HH:MM:SS`.
  init?(iso line: Span<UInt8>, at start: Int) {
    guard let year = line.number(at: start, digits: 4), line.byte(at: start + 4) == hyphen,
      let month = line.number(at: start + 5, digits: 2), line.byte(at: start + 7) == hyphen,
      let day = line.number(at: start + 8, digits: 2),
      let second = Self.secondOfDay(in: line, at: start + 11)
    else { return nil }
    self.init(year: year, month: month, day: day, second: second)
  }

  /// `Mon dd HH:MM:SS`, the day padded by a space or a zero: there is no year, so 0 stands for it.
  init?(bsd line: Span<UInt8>, at start: Int) {
    guard let month = Self.month(in: line, at: start), line.byte(at: start + 3) == ASCII.space
    else { return nil }
    let padded = line.byte(at: start + 4) == ASCII.space
    guard let day = line.number(at: start + (padded ? 5 : 4), digits: padded ? 1 : 2),
      line.byte(at: start + 6) == ASCII.space,
      let second = Self.secondOfDay(in: line, at: start + 7)
    else { return nil }
    self.init(year: 0, month: month, day: day, second: second)
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

  private static func month(in line: Span<UInt8>, at start: Int) -> Int? {
    let names: [StaticString] = [
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    return names.firstIndex { line.has($0, at: start) }.map { $0 + 1 }
  }
}

private let hyphen = UInt8(ascii: "-")
private let colon = UInt8(ascii: ":")
