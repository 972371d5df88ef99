// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

package import MailServer

/// A moment in the server's own time, in words.
package struct LocalTime: Hashable, Sendable {
  private let seconds: Int64
  private let offset: Int64

  /// - Parameters:
  ///   - time: seconds since 1970; what lies outside the years 1970 to 9999 becomes their end.
  ///   - zone: the server's.
  package init(_ time: Int64, zone: LocalZone) {
    offset = Swift.min(Swift.max(zone.offset(at: time), -86_400), 86_400)
    seconds = Swift.min(Swift.max(time, 86_400), 253_402_200_000) + offset
  }

  /// `23:14`.
  package var hourMinute: String { "\(Self.two(seconds % 86_400 / 3600)):\(Self.two(minute))" }

  /// `2026-11-24 23:14:09 +0100`.
  package var stamp: String {
    let (year, month, day) = date
    let sign = offset < 0 ? "-" : "+"
    let zone = "\(sign)\(Self.two(abs(offset) / 3600))\(Self.two(abs(offset) / 60 % 60))"
    return
      "\(year)-\(Self.two(month))-\(Self.two(day)) \(hourMinute):\(Self.two(seconds % 60)) \(zone)"
  }

  /// `23:14`, or `2026-11-23 23:14` where it is not within the last 20 hours before `now`.
  package func relative(to now: Int64) -> String {
    if now - (seconds - offset) < 72_000 { return hourMinute }
    let (year, month, day) = date
    return "\(year)-\(Self.two(month))-\(Self.two(day)) \(hourMinute)"
  }

  private var minute: Int64 { seconds / 60 % 60 }

  /// The civil date (Howard Hinnant, chrono-compatible date algorithms).
  private var date: (year: Int64, month: Int64, day: Int64) {
    let days = seconds / 86_400 + 719_468
    let era = days / 146_097
    let dayOfEra = days % 146_097
    let year = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * year + year / 4 - year / 100)
    let shifted = (5 * dayOfYear + 2) / 153
    let month = shifted < 10 ? shifted + 3 : shifted - 9
    return (year + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shifted + 2) / 5 + 1)
  }

  private static func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
