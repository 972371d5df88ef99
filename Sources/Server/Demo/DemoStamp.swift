// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Times as the simulated logs write them.
enum DemoStamp {
  /// `2026-11-24T03:50:34.000000+00:00`: the traditional format of newer rsyslog.
  static func rfc3339(_ seconds: Int64) -> String {
    let (date, clock) = parts(seconds)
    return "\(date)T\(clock).000000+00:00"
  }

  /// `2026-11-24 03:50:34`, in local time: Exim's.
  static func exim(_ seconds: Int64, utcOffset: Int) -> String {
    let (date, clock) = parts(seconds + Int64(utcOffset))
    return "\(date) \(clock)"
  }

  private static func parts(_ seconds: Int64) -> (date: String, clock: String) {
    var seconds = time_t(seconds)
    var utc = tm()
    gmtime_r(&seconds, &utc)
    let date = [utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday]
    let clock = [utc.tm_hour, utc.tm_min, utc.tm_sec]
    return (
      date.map(twoDigits).joined(separator: "-"), clock.map(twoDigits).joined(separator: ":")
    )
  }

  private static func twoDigits(_ number: Int32) -> String {
    number < 10 ? "0\(number)" : "\(number)"
  }
}
