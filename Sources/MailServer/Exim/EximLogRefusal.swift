// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes
import Replies

/// Lines about a client that we deferred (daemon.c, smtp_in.c).
///
/// Most do not repeat the reply.
enum EximLogRefusal {
  /// How a kind of refusal is logged, and the reply to the client.
  private struct Rule {
    var prefix: StaticString
    /// What else is in the line.
    var mark: StaticString
    var said: StaticString
    var cause: Cause
  }

  private static let rules: [Rule] = [
    Rule(
      prefix: "Connection from ", mark: " refused: too many connections from that IP address",
      said:
        "421 Too many concurrent SMTP connections from this IP address; please try again later.",
      cause: .connectionLimit),
    Rule(
      prefix: "Connection from ", mark: " refused: too many connections",
      said: "421 Too many concurrent SMTP connections; please try again later.",
      cause: .connectionLimit),
    Rule(
      prefix: "Connection from ", mark: " refused: load average = ",
      said: "421 Too much load; please try again later.", cause: .resource),
    Rule(
      prefix: "temporarily refused connection from ", mark: " and load average = ",
      said: "421 Too much load; please try again later.", cause: .resource),
    Rule(
      prefix: "temporarily refused connection from ", mark: ": not in reserve list",
      said: "421 Too many concurrent SMTP connections; please try again later.",
      cause: .connectionLimit),
    Rule(
      prefix: "rejected MAIL command ", mark: ": too many messages in one connection",
      said: "421 too many messages in this connection", cause: .rateLimit),
    Rule(
      prefix: "SMTP command timeout on ", mark: "connection from ",
      said: "421 SMTP command timeout - closing connection", cause: .timeout),
    Rule(
      prefix: "SMTP data timeout (message abandoned) on ", mark: "connection from ",
      said: "421 SMTP incoming data timeout - closing connection.", cause: .timeout),
    Rule(
      prefix: "unexpected disconnection while reading SMTP command from ", mark: "",
      said: "421 lost input connection", cause: .timeout),
    Rule(
      prefix: "SMTP connection from ", mark: " closed after SIGTERM",
      said: "421 Service not available - closing connection", cause: .resource),
  ]

  static func record(in line: Span<UInt8>, from start: Int) -> LogRecord? {
    let rule = rules.first {
      line.has($0.prefix, at: start)
        && ($0.mark.utf8CodeUnitCount == 0 || line.firstIndex(of: $0.mark, from: start) != nil)
    }
    guard let rule else {
      return rejection(in: line, from: start) ?? authentication(in: line, from: start)
    }
    var record = LogRecord(.exim, .refusal, .inbound)
    record.said = rule.said
    record.code = 421
    record.cause = rule.cause
    let field: StaticString = line.firstIndex(of: " H=", from: start) == nil ? "from " : " H="
    EximLogHost(field: field, in: line, start..<line.count).fill(&record)
    return record
  }

  /// `[H=host …] [F=<…>] temporarily rejected RCPT <…>: text`: an ACL's `defer`, whose code is 451 unless its text says another.
  private static func rejection(in line: Span<UInt8>, from start: Int) -> LogRecord? {
    let words: StaticString = "temporarily rejected "
    guard
      line.has("H=", at: start) || line.has("F=<", at: start) || line.has("U=", at: start)
        || line.has(words, at: start),
      let mark = line.firstIndex(of: words, from: endOfSender(in: line, from: start, words))
    else { return nil }
    var record = LogRecord(.exim, .refusal, .inbound)
    if line.has("H=", at: start) {
      EximLogHost(in: line, start + 2..<mark).fill(&record)
    } else {
      EximLogHost(field: "from ", in: line, mark..<line.count).fill(&record)
    }
    let command = mark + words.utf8CodeUnitCount
    var from = command
    if let open = line.firstIndex(of: UInt8(ascii: "<"), from: command, before: command + 6),
      let close = line.endOfAngle(from: open, before: line.count)
    {
      if line.has("RCPT ", at: command) { record.recipient = ByteRange(open + 1..<close - 1) }
      from = close
    }
    let text = line.firstIndex(of: ": ", from: from).map { $0 + 2 } ?? line.count
    record.take(reply: text..<line.count, in: line)
    record.code = record.code ?? 451
    return record.code.map { $0 / 100 == 4 } == true ? record : nil
  }

  /// Behind the sender's address, into which a client can write whatever it likes: also the words of a refusal.
  private static func endOfSender(
    in line: Span<UInt8>, from start: Int, _ words: StaticString
  ) -> Int {
    let field: Int? =
      line.has("F=<", at: start)
      ? start : line.firstIndex(of: " F=<", from: start).map { $0 + 1 }
    guard let field, line.firstIndex(of: words, from: start, before: field) == nil else {
      return start
    }
    return line.endOfAngle(from: field + 2, before: line.count) ?? start
  }

  /// `plain authenticator failed for host (helo) [ip]: 435 Unable to authenticate at present (set_id=…): why`: what looks
  /// the password up does not answer.
  private static func authentication(in line: Span<UInt8>, from start: Int) -> LogRecord? {
    let words: StaticString = " authenticator failed for "
    guard let mark = line.firstIndex(of: words, from: start, before: start + 100),
      let host = line.bracketedIP(in: mark..<line.count),
      let colon = line.firstIndex(of: ": ", from: host.ip.upperBound),
      let code = LogReplyCodes.basic(in: line, at: colon + 2, before: line.count), code / 100 == 4
    else { return nil }
    var record = LogRecord(.exim, .refusal, .inbound)
    EximLogHost(in: line, mark + words.utf8CodeUnitCount..<colon).fill(&record)
    record.take(reply: colon + 2..<line.count, in: line)
    return record
  }
}
