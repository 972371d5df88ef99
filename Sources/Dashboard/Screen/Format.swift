// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

package import MailServer

/// How times, sizes and counts are written on the screen.
package enum Format {
  /// An age or a wait: `12s`, `22m`, `2h14m`, `4d02h`; at most 6 cells up to 99 days.
  package static func duration(_ seconds: Int64) -> String {
    let seconds = max(0, seconds)
    switch seconds {
    case ..<60: return "\(seconds)s"
    case ..<3600: return "\(seconds / 60)m"
    case ..<86400: return "\(seconds / 3600)h\(twoDigits(seconds % 3600 / 60))m"
    default: return "\(seconds / 86400)d\(twoDigits(seconds % 86400 / 3600))h"
    }
  }

  /// A countdown, to the second: `14:59`, `1:02:03`.
  static func countdown(_ seconds: Int64) -> String {
    let seconds = max(0, seconds)
    let minutes = "\(twoDigits(seconds % 3600 / 60)):\(twoDigits(seconds % 60))"
    return seconds >= 3600 ? "\(seconds / 3600):\(minutes)" : minutes
  }

  /// A range of a wait in words: `15 to 30 minutes`.
  static func wait(min: Int, max: Int) -> String {
    if max < 120 { return min == max ? "\(max) seconds" : "\(min) to \(max) seconds" }
    if max <= 7200 {
      let (low, high) = ((min + 59) / 60, (max + 59) / 60)
      return low == high ? "\(high) minutes" : "\(low) to \(high) minutes"
    }
    let (low, high) = ((min + 3599) / 3600, (max + 3599) / 3600)
    return low == high ? "\(high) hours" : "\(low) to \(high) hours"
  }

  /// A size in bytes, as people read it: `646`, `2.9K`, `48K`, `1.4M`.
  package static func size(_ bytes: Int64) -> String {
    var value = Double(max(0, bytes))
    if value < 1000 { return "\(bytes)" }
    for unit in ["K", "M", "G"] {
      value /= 1024
      if value < 10 { return "\(Int(value)).\(Int(value * 10) % 10)\(unit)" }
      if value < 1000 || unit == "G" { return "\(Int(value))\(unit)" }
    }
    return "\(bytes)"
  }

  /// A count with separators: `1,284`.
  static func count(_ number: Int) -> String {
    let digits = String(abs(number))
    var result = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index).isMultiple(of: 3) { result.append(",") }
      result.append(digit)
    }
    return number < 0 ? "-" + result : result
  }

  /// A count in at most four cells: `999`, `9.9k`, `212k`, `3.1M`.
  static func short(_ number: Int) -> String {
    var value = Double(max(0, number))
    if value < 1000 { return String(max(0, number)) }
    for unit in ["k", "M"] {
      value /= 1000
      if value < 10 { return "\(Int(value)).\(Int(value * 10) % 10)\(unit)" }
      if value < 1000 || unit == "M" { return "\(Int(min(value, 999)))\(unit)" }
    }
    return ""
  }

  /// `1 message`, `2 messages`.
  static func messages(_ number: Int) -> String {
    number == 1 ? "1 message" : "\(count(number)) messages"
  }

  /// The time of day where the server is: `23:14:09`.
  package static func clock(_ time: Int64, zone: LocalZone) -> String {
    let day = (time + zone.offset(at: time)).quotientAndRemainder(dividingBy: 86400).remainder
    let second = day < 0 ? day + 86400 : day
    return "\(twoDigits(second / 3600)):\(twoDigits(second % 3600 / 60)):\(twoDigits(second % 60))"
  }

  /// Since when, to the minute, in words that hold over midnight: `12:23`, `yesterday 12:23`, `3d ago`.
  static func since(_ time: Int64, now: Int64, zone: LocalZone) -> String {
    func day(_ time: Int64) -> Int64 {
      let (days, rest) = (time + zone.offset(at: time)).quotientAndRemainder(dividingBy: 86400)
      return rest < 0 ? days - 1 : days
    }
    let minute = clock(time, zone: zone).prefix(5)
    return switch day(now) - day(time) {
    case ...0: String(minute)
    case 1: "yesterday \(minute)"
    case let days: "\(days)d ago"
    }
  }

  private static func twoDigits(_ number: Int64) -> String {
    number < 10 ? "0\(number)" : "\(number)"
  }
}
