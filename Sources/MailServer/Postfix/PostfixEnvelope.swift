// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes

extension MessageEnvelope {
  /// Reads what `postcat -qe` prints (postcat(1)).
  ///
  /// Nil where the last marker is missing, or where it is something else.
  ///
  /// - Parameter utcOffset: seconds east of UTC of the server's local time, in which `postcat`
  ///   writes the arrival, at about that time.
  package init?(postcatEnvelope bytes: [UInt8], utcOffset: (Int64) -> Int) {
    let lines = bytes.split(separator: ASCII.newline).map { String(decoding: $0, as: UTF8.self) }
    let marker = "*** ENVELOPE RECORDS "
    guard let first = lines.first, first.hasPrefix(marker), first.hasSuffix(" ***"),
      lines.last?.hasPrefix("*** MESSAGE FILE END ") == true
    else { return nil }
    // `hold/E4C0D135FD2`, `deferred/B/BC16A135FF6`.
    let path = first.dropFirst(marker.count).dropLast(4).split(separator: "/")
    guard let queue = path.first, let id = path.last else { return nil }

    var arrival: Int64?
    var sender: String?
    var recipients: [String] = []
    for line in lines {
      guard let colon = line.firstIndex(of: ":"), line[colon...].hasPrefix(": ") else { continue }
      let value = String(line[line.index(colon, offsetBy: 2)...])
      switch line[..<colon] {
      case "message_arrival_time" where arrival == nil: arrival = Self.time(value, utcOffset)
      case "sender" where sender == nil: sender = value
      case "recipient": recipients.append(value)
      default: break
      }
    }
    guard let sender = sender ?? Self.nullSender(lines) else { return nil }
    self.init(
      idText: String(id), isHeld: queue == "hold", arrival: arrival, sender: sender,
      recipients: recipients)
  }

  /// `sender: ` with nothing after it.
  private static func nullSender(_ lines: [String]) -> String? {
    lines.contains { $0 == "sender:" } ? "" : nil
  }

  /// Reads `Tue Nov 24 00:40:47 2026` (asctime(3)).
  private static func time(_ text: String, _ utcOffset: (Int64) -> Int) -> Int64? {
    let fields = text.split(separator: " ")
    let months = [
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    guard fields.count == 5, let month = months.firstIndex(of: String(fields[1])),
      let day = Int64(fields[2]), let year = Int64(fields[4]),
      (1...31).contains(day), (1970...9999).contains(year)
    else { return nil }
    let clock = fields[3].split(separator: ":").compactMap { Int64($0) }
    guard clock.count == 3, clock.allSatisfy({ (0...60).contains($0) }) else { return nil }
    let local =
      days(year: year, month: Int64(month) + 1, day: day) * 86_400
      + clock[0] * 3600 + clock[1] * 60 + clock[2]
    return local - Int64(utcOffset(local - Int64(utcOffset(local))))
  }

  /// Days since 1970-01-01 of a date of the Gregorian calendar (Howard Hinnant, "chrono-Compatible Low-Level Date
  /// Algorithms").
  private static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
    let y = month <= 2 ? year - 1 : year
    let era = y / 400
    let yearOfEra = y - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }
}
