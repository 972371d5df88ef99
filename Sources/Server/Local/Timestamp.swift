// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Times as text.
enum Timestamp {
  /// `2026-11-24T03:50:34.123456+00:00`, from microseconds since 1970.
  static func rfc3339(microseconds: Int64) -> String {
    let fraction = (microseconds % 1_000_000 + 1_000_000) % 1_000_000
    var seconds = time_t((microseconds - fraction) / 1_000_000)
    var utc = tm()
    gmtime_r(&seconds, &utc)
    let date = [Int(utc.tm_year) + 1900, Int(utc.tm_mon) + 1, Int(utc.tm_mday)]
    let clock = [Int(utc.tm_hour), Int(utc.tm_min), Int(utc.tm_sec)]
    return "\(date.map { padded($0, to: 2) }.joined(separator: "-"))"
      + "T\(clock.map { padded($0, to: 2) }.joined(separator: ":"))"
      + ".\(padded(Int(fraction), to: 6))+00:00"
  }

  private static func padded(_ number: Int, to width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
  }
}
