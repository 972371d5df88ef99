// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes
import Replies

/// What is peculiar to Postfix.
enum Postfix: MailTransferAgent {
  static let name = "Postfix"
  static let holdWords = HoldWords(
    hold: "hold", holding: "holding", held: "held", release: "release", releasing: "releasing",
    released: "released", state: "on hold", label: "HOLD")

  static let exampleID = "4dGXk2Tz9Bz1"

  /// Short (hexadecimal) or long (`enable_long_queue_ids`).
  static func isQueueID(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
    guard (6...25).contains(range.count) else { return false }
    if range.allSatisfy({ isUpperHexadecimal(bytes[$0]) }) { return true }
    // Seconds (6 or more), microseconds (4), `z`, inode (1 or more); the inode has no `z`.
    guard range.allSatisfy({ IDDigit.base52(bytes[$0]) != nil }),
      let separator = bytes.lastIndex(of: UInt8(ascii: "z"), before: range.upperBound)
    else { return false }
    return separator - range.lowerBound >= 10 && separator < range.upperBound - 1
  }

  /// When the queue file was made, which is later than the arrival for a message that was requeued.
  ///
  /// Long IDs only (`mail_queue.h`: base 52, then four digits of microseconds).
  static func time(inQueueID id: Span<UInt8>) -> Int64? {
    guard let separator = id.lastIndex(of: UInt8(ascii: "z"), before: id.count),
      (10...14).contains(separator)
    else { return nil }
    var seconds: Int64 = 0
    for index in 0..<separator - 4 {
      guard let digit = IDDigit.base52(id[index]) else { return nil }
      seconds = seconds * 52 + digit
    }
    return seconds
  }

  private static func isUpperHexadecimal(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x46).contains(byte)
  }

  static let usualListing = ListingFormat.postfix
  static let listsFirstDeliveryAsDeferred = false
  /// The queue manager sets it from the message's age (qmgr(8)).
  static let retriesByMessage = true
  static let hasRetryRules = false
  /// The queue manager does not look into the hold queue (qmgr(8)).
  static let retriesHeld = false

  static func listingFormat(ofLine line: Range<Int>, in bytes: Span<UInt8>) -> ListingFormat? {
    let text = ListingText.afterBlanks(bytes, line)
    if bytes.has("{", at: text) { return .postfixJSON }
    if bytes.has("-", at: line.lowerBound), bytes.has("Queue ID", at: afterDashes(bytes, line)) {
      return .postfix
    }
    if bytes.has("-- ", at: line.lowerBound) || bytes.has("Mail queue is empty", at: text) {
      return .postfix
    }
    return isHeader(bytes, line) ? .postfix : nil
  }

  private static func afterDashes(_ bytes: Span<UInt8>, _ line: Range<Int>) -> Int {
    var index = line.lowerBound
    while index < line.upperBound, bytes[index] == UInt8(ascii: "-") { index += 1 }
    return index
  }

  /// `3D4A7134865!    724 Tue Nov 24 …`: a listing whose headings were cut off.
  private static func isHeader(_ bytes: Span<UInt8>, _ line: Range<Int>) -> Bool {
    let id = ListingText.word(bytes, line)
    let size = ListingText.word(bytes, id.upperBound..<line.upperBound)
    let weekday = ListingText.word(bytes, size.upperBound..<line.upperBound)
    return id.lowerBound == line.lowerBound && ListingText.number(bytes, size) != nil
      && weekday.count == 3 && CivilTime.weekday(bytes, at: weekday.lowerBound) != nil
  }

  static let keepsMessageLogs = false
  static let writesBareLines = false

  /// `postfix/lmtp`, `postfix/local`, `postfix/pipe` deliver on this server, or hand the mail to a filter of it.
  static func hop(of record: LogRecord, in line: Span<UInt8>) -> Hop? {
    let daemon = record.daemon.range
    let start = daemon.lowerBound
    // Of a reply only what is around it names an end of ours.
    let peer =
      Peer(in: line, record.route.range)
      ?? (record.code == nil ? Peer(in: line, record.reply.range) : nil)
    let end = record.isLogin ? .relay : peer.flatMap { Hop($0, in: line) }
    switch daemon.count {
    case 4 where line.has("lmtp", at: start): return end == .filter ? .filter : .local
    case 4 where line.has("pipe", at: start):
      return line.namesFilter(in: record.route.range) ? .filter : .local
    case 5 where line.has("local", at: start), 7 where line.has("virtual", at: start): return .local
    default: return end
    }
  }

  static func router(inLogLine line: Span<UInt8>, _ range: Range<Int>) -> String? { nil }
  static func transport(inLogLine line: Span<UInt8>, _ range: Range<Int>) -> String? { nil }

  /// `conn_use`, from the second use on.
  static func continuesConnection(logLine line: Span<UInt8>) -> Bool {
    line.firstIndex(of: ", conn_use=") != nil
  }

  /// It repeats why a destination failed before.
  static func isUntried(_ attempt: LogEvent) -> Bool { attempt.recipient != nil }
}
