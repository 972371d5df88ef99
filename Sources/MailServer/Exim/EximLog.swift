// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes

/// Lines of an Exim main log (spec.xfpt, chapter "Log files"; deliver.c, smtp_in.c, daemon.c).
enum EximLog {
  /// The record in the message at `body`, or nil.
  static func record(in line: Span<UInt8>, from start: Int) -> LogRecord? {
    let body = skippingPID(in: line, from: start)
    guard let id = queueID(in: line, at: body) else {
      return EximLogRefusal.record(in: line, from: body)
    }
    let text = min(id.upperBound + 1, line.count)
    var record: LogRecord?
    switch flag(in: line, at: text) {
    case .deferral: record = EximLogDelivery.deferral(in: line, from: text + 3)
    case .delivery: record = EximLogDelivery.delivery(in: line, from: text + 3)
    case .bounce: record = EximLogDelivery.bounce(in: line, from: text + 3)
    case .completed: record = LogRecord(.exim, .completed)
    case .arrival: record = nil
    case nil:
      record =
        EximLogAttempt.record(in: line, from: text) ?? EximLogRefusal.record(in: line, from: text)
    }
    record?.queueID = ByteRange(id)
    return record
  }

  /// Whether a message with a queue ID stands at `index`: that is how nobody else's begin.
  static func isMessage(_ line: Span<UInt8>, at index: Int) -> Bool {
    let body = skippingPID(in: line, from: index)
    // The seconds since 1970 come first: their first digit is no letter before the year 2150.
    guard line.byte(at: body + 6) == hyphen, let first = line.byte(at: body),
      ASCII.digit(first) != nil
    else { return false }
    return queueID(in: line, at: body) != nil
  }

  /// Whether Exim writes messages like this: many have no queue ID.
  static func isKnown(_ line: Span<UInt8>, at start: Int) -> Bool {
    let body = skippingPID(in: line, from: start)
    return isMessage(line, at: body) || beginnings.contains { line.has($0, at: body) }
  }

  /// How messages without a queue ID begin (smtp_in.c, acl.c, daemon.c, tls-*.c, dns.c, queue.c).
  private static let beginnings: [StaticString] = [
    "H=", "F=<", "SMTP ", "TLS ", "Start queue run", "End queue run", "no host name found for IP",
    "no IP address found for host", "Connection from ", "connection from ", "refused connection",
    "temporarily re", "rejected ", "unexpected disconnection", "cwd=", "exim ", "Exim ",
    "pid ", "2 SIGHUP", "SIGHUP", "daemon ", "socket bind()", "unqualified ", "lowest ", "DKIM: ",
    "login authenticator", "plain authenticator", "dovecot_login authenticator",
    "dovecot_plain authenticator", "fixed_login authenticator", "fixed_plain authenticator",
    "auth_", "host name alias list", "no MAIL in", "syntax error in", "remote host ", "Warning: ",
    "Failed to ", "failed to ", "Unable to ", "DNS list lookup", "DNSSEC", "ident connection",
    "Queue runner", "queue run", "Ignored ", "LOG: ", "malware acl", "spam acl",
  ]

  /// Whether a line is routine traffic, by its first bytes: most lines do, and need no more reading.
  static func isRoutine(_ line: Span<UInt8>, from start: Int) -> Bool {
    let body = skippingPID(in: line, from: start)
    // The hyphens of a queue ID and the flag behind it are enough: no other line has both.
    guard line.byte(at: body + 6) == hyphen else {
      return line.has("SMTP connection from ", at: body)
        && line.firstIndex(of: "SIGTERM", from: body) == nil
    }
    let text = endOfID(in: line, at: body) + 1
    return line.byte(at: text - 1) == ASCII.space && isRoutine(line, flagAt: text)
  }

  /// The same where it is known that a queue ID is before the flag.
  @inline(__always)
  static func isRoutine(_ line: Span<UInt8>, flagAt text: Int) -> Bool {
    switch flag(in: line, at: text) {
    case .arrival, .delivery, .completed, .bounce: true
    case .deferral, nil: false
    }
  }

  /// Where the queue ID at `index` ends, if there is one: the third of its parts begins elsewhere since 4.97.
  static func endOfID(in line: Span<UInt8>, at index: Int) -> Int {
    index + (line.byte(at: index + 13) == hyphen ? 16 : 23)
  }

  private enum Flag { case arrival, delivery, deferral, bounce, completed }

  /// The two characters behind the queue ID.
  private static func flag(in line: Span<UInt8>, at index: Int) -> Flag? {
    guard index >= 0, index + 3 <= line.count else { return nil }
    let first = line[index]
    // The second character first: it leaves the fewest to compare with, and every line of a log comes by here.
    switch line[index + 1] {
    case UInt8(ascii: "="):
      switch first {
      case UInt8(ascii: "<"), UInt8(ascii: "("): return .arrival
      case UInt8(ascii: "="): return .deferral
      default: return nil
      }
    case UInt8(ascii: ">"):
      switch first {
      case UInt8(ascii: "="), UInt8(ascii: "-"), UInt8(ascii: ">"), UInt8(ascii: "*"):
        return .delivery
      default: return nil
      }
    case UInt8(ascii: "*"): return first == UInt8(ascii: "*") ? .bounce : nil
    case UInt8(ascii: "o") where line.has("Completed", at: index),
      UInt8(ascii: "e") where line.has("removed by ", at: index),
      UInt8(ascii: "a") where line.has("cancelled by ", at: index):
      return .completed
    default: return nil
    }
  }

  /// `[pid] `, which log_selector +pid puts before the ID.
  private static func skippingPID(in line: Span<UInt8>, from index: Int) -> Int {
    guard line.byte(at: index) == UInt8(ascii: "[") else { return index }
    let end = line.endOfDigits(from: index + 1)
    return end > index + 1 && line.has("] ", at: end) ? end + 2 : index
  }

  /// A queue ID of 6-6-2 (up to 4.96) or 6-11-4 (4.97 and newer) characters, then a space or the end.
  static func queueID(in line: Span<UInt8>, at index: Int) -> Range<Int>? {
    guard line.byte(at: index + 6) == hyphen else { return nil }
    let (middle, last) = line.byte(at: index + 13) == hyphen ? (13, 16) : (18, 23)
    guard index + last <= line.count, line[index + middle] == hyphen,
      line.byte(at: index + last) ?? ASCII.space == ASCII.space
    else { return nil }
    for offset in 0..<last where offset != 6 && offset != middle {
      guard line[index + offset].isASCIIAlphanumeric else { return nil }
    }
    return index..<index + last
  }
}

private let hyphen = UInt8(ascii: "-")

extension UInt8 {
  var isASCIIAlphanumeric: Bool {
    // Every byte of every queue ID comes by here: two comparisons.
    self &- 0x30 < 10 || (self | 0x20) &- 0x61 < 26
  }
}
