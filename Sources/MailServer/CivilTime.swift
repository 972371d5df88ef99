// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes

/// Dates of the Gregorian calendar as seconds since 1970.
enum CivilTime {
  /// Days since 1970-01-01, or nil if there is no such day.
  static func days(year: Int, month: Int, day: Int) -> Int? {
    guard (1...9999).contains(year), (1...12).contains(month), day >= 1,
      day <= length(ofMonth: month, year: year)
    else { return nil }
    // The year begins in March, so that the leap day is its last.
    let shiftedYear = month > 2 ? year : year - 1
    let shiftedMonth = month > 2 ? month - 3 : month + 9
    let era = shiftedYear / 400
    let yearOfEra = shiftedYear % 400
    let dayOfYear = (153 * shiftedMonth + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }

  private static func length(ofMonth month: Int, year: Int) -> Int {
    switch month {
    case 4, 6, 9, 11: 30
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    default: 31
    }
  }

  /// The year of a time.
  static func year(of seconds: Int64) -> Int {
    // 400 years have 146,097 days; a guess from the mean length is off by one at most.
    let day = Int((Double(seconds) / 86_400).rounded(.down))
    let guess = 1970 + Int((Double(day) / 365.2425).rounded(.down))
    guard let newYear = days(year: guess, month: 1, day: 1),
      let nextNewYear = days(year: guess + 1, month: 1, day: 1)
    else { return min(max(guess, 1), 9999) }
    return day < newYear ? guess - 1 : day >= nextNewYear ? guess + 1 : guess
  }

  /// The number (1 to 12) of a month's English three-letter name at `start`.
  static func month(_ bytes: Span<UInt8>, at start: Int) -> Int? {
    name(bytes, at: start, in: "JanFebMarAprMayJunJulAugSepOctNovDec").map { $0 + 1 }
  }

  /// The number of a day of the week, Sunday 0, by its English three-letter name at `start`.
  static func weekday(_ bytes: Span<UInt8>, at start: Int) -> Int? {
    name(bytes, at: start, in: "SunMonTueWedThuFriSat")
  }

  private static func name(
    _ bytes: Span<UInt8>, at start: Int, in names: StaticString
  ) -> Int? {
    guard start >= 0, start <= bytes.count - 3 else { return nil }
    return names.withUTF8Buffer { names in
      for index in stride(from: 0, to: names.count - 2, by: 3)
      where names[index] == bytes[start] && names[index + 1] == bytes[start + 1]
        && names[index + 2] == bytes[start + 2]
      {
        return index / 3
      }
      return nil
    }
  }

  /// `HH:MM:SS` at `start`, in seconds; a leap second counts as one.
  static func clock(_ bytes: Span<UInt8>, at start: Int) -> Int? {
    guard start >= 0, start <= bytes.count - 8, bytes[start + 2] == UInt8(ascii: ":"),
      bytes[start + 5] == UInt8(ascii: ":"),
      let hour = ListingText.number(bytes, start..<start + 2),
      let minute = ListingText.number(bytes, start + 3..<start + 5),
      let second = ListingText.number(bytes, start + 6..<start + 8),
      hour < 24, minute < 60, second <= 60
    else { return nil }
    return Int(hour * 3600 + minute * 60 + second)
  }
}
