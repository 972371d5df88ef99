// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes
import Replies

/// What is peculiar to Exim.
enum Exim: MailTransferAgent {
  static let name = "Exim"
  static let holdWords = HoldWords(
    hold: "freeze", holding: "freezing", held: "froze", release: "thaw", releasing: "thawing",
    released: "thawed", state: "frozen", label: "FROZEN")

  static let exampleID = "1vNaBc-0001dE-2F"

  /// 6-6-2 (up to 4.96) or 6-11-4 (4.97 and newer).
  static func isQueueID(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
    guard range.count == 16 || range.count == 23 else { return false }
    let dashes = (range.lowerBound + 6, range.upperBound - (range.count == 16 ? 3 : 5))
    for index in range {
      let isDash = index == dashes.0 || index == dashes.1
      guard isDash ? bytes[index] == UInt8(ascii: "-") : IDDigit.base62(bytes[index]) != nil else {
        return false
      }
    }
    return true
  }

  /// When reception began.
  static func time(inQueueID id: Span<UInt8>) -> Int64? { time(inQueueID: id, at: 0) }

  /// The time in the first six characters of an ID that begins at `start`.
  static func time(inQueueID bytes: Span<UInt8>, at start: Int) -> Int64? {
    guard start <= bytes.count - 6 else { return nil }
    var seconds: Int64 = 0
    for index in start..<start + 6 {
      guard let digit = IDDigit.base62(bytes[index]) else { return nil }
      seconds = seconds * 62 + digit
    }
    return seconds
  }

  static let usualListing = ListingFormat.exim
  static let listsFirstDeliveryAsDeferred = true
  /// The retry database has a record for each host and address (spec.txt, "Retry configuration").
  static let retriesByMessage = false
  static let hasRetryRules = true
  /// `-M` thaws a message for its attempt.
  static let retriesHeld = true

  /// `AGE SIZE ID`, of which the first two may be missing.
  static func listingFormat(ofLine line: Range<Int>, in bytes: Span<UInt8>) -> ListingFormat? {
    var word = ListingText.word(bytes, line)
    for _ in 0..<3 {
      if isQueueID(bytes, word) { return .exim }
      word = ListingText.word(bytes, word.upperBound..<line.upperBound)
    }
    return nil
  }

  /// `spool_directory/msglog`.
  static let keepsMessageLogs = true
  static let writesBareLines = true

  /// `R=smarthost T=remote_smtp_smarthost`: the names that Debian's and cPanel's configurations and the specification use.
  static func hop(of record: LogRecord, in line: Span<UInt8>) -> Hop? {
    let place = record.route.range
    let relays: [StaticString] = ["smarthost", "smart_host", "relay", "satellite"]
    // Debian's dnslookup_relay_to_domains is for domains that this server is a mail exchanger of, and asks the DNS.
    if !line.contains("R=dnslookup", in: place),
      relays.contains(where: { line.contains($0, in: place) })
    {
      return .relay
    }
    if line.namesFilter(in: place) { return .filter }
    if let transport = line.firstIndex(of: "T=", from: place.lowerBound, before: place.upperBound),
      !line.contains("smtp", in: transport..<place.upperBound) && record.remoteIP.isEmpty
        || line.contains("lmtp", in: transport..<place.upperBound)
    {
      return .local
    }
    return record.port.flatMap { Hop(port: Int($0)) }
  }

  /// `R=…`.
  static func router(inLogLine line: Span<UInt8>, _ range: Range<Int>) -> String? {
    driver(" R=", in: line, range)
  }

  /// `T=…`.
  static func transport(inLogLine line: Span<UInt8>, _ range: Range<Int>) -> String? {
    driver(" T=", in: line, range)
  }

  private static func driver(
    _ key: StaticString, in line: Span<UInt8>, _ range: Range<Int>
  ) -> String? {
    guard let start = line.firstIndex(of: key, from: range.lowerBound, before: range.upperBound)
    else { return nil }
    let name = start + key.utf8CodeUnitCount
    let end = line.firstIndex(of: ASCII.space, from: name, before: range.upperBound)
    return line.string(name..<(end ?? range.upperBound))
  }

  /// A `*` behind the host's address and port.
  static func continuesConnection(logLine line: Span<UInt8>) -> Bool {
    guard let host = line.firstIndex(of: " H="),
      let bracket = line.firstIndex(of: UInt8(ascii: "]"), from: host)
    else { return false }
    let port = bracket + 1
    let end = line.has(":", at: port) ? line.endOfDigits(from: port + 1) : port
    return line.has("*", at: end)
  }

  /// It says that the time for the host or address has not come.
  static func isUntried(_ attempt: LogEvent) -> Bool { attempt.reply.contains("etry time not ") }
}
