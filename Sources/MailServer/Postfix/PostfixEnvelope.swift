// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes

extension MessageEnvelope {
  /// Reads what `postcat -qe` prints (postcat(1)).
  ///
  /// Nil if the last marker is missing, or where it is something else.
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
    guard let sender else { return nil }
    self.init(
      idText: String(id), isHeld: queue == "hold", arrival: arrival, sender: sender,
      recipients: recipients)
  }

  /// The size that the queue and the log show of a message, from the record `message_size` of what `postcat -qe` prints.
  ///
  /// It is of the queue file, which has two bytes beside each line where the text has one, its newline.
  package static func listedSize(postcatEnvelope bytes: [UInt8]) -> Int64? {
    let field = Array("message_size:".utf8)
    return bytes.split(separator: ASCII.newline).lazy.filter { $0.starts(with: field) }.first
      .flatMap { line in
        let digits = line.dropFirst(field.count).drop { $0 == ASCII.space }
          .prefix { ASCII.digit($0) != nil }
        return Int64(String(decoding: digits, as: UTF8.self))
      }
  }

  /// Reads `Tue Nov 24 00:40:47 2026` (asctime(3)).
  private static func time(_ text: String, _ utcOffset: (Int64) -> Int) -> Int64? {
    let bytes = Array(text.utf8)
    guard bytes.count == 24, let month = CivilTime.month(bytes.span, at: 4),
      let day = Int(text.dropFirst(8).prefix(2).drop { $0 == " " }), let year = Int(text.suffix(4)),
      let clock = CivilTime.clock(bytes.span, at: 11),
      let days = CivilTime.days(year: year, month: month, day: day)
    else { return nil }
    let local = Int64(days * 86_400 + clock)
    return local - Int64(utcOffset(local - Int64(utcOffset(local))))
  }
}
