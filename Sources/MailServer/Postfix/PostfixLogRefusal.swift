// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes
import Replies

/// Lines about a client that we deferred (smtpd.c, postscreen.c, master_avail.c).
enum PostfixLogRefusal {
  /// How a limit is logged, and the reply to the client.
  private struct Rule {
    var prefix: StaticString
    var said: StaticString
    var code: Int?
    var enhanced: EnhancedStatusCode?
    var cause: Cause
  }

  private static let limits: [Rule] = [
    Rule(
      prefix: "warning: Connection concurrency limit exceeded: ",
      said: "421 4.7.0 Error: too many connections", code: 421,
      enhanced: EnhancedStatusCode(4, 7, 0), cause: .connectionLimit),
    Rule(
      prefix: "warning: Connection rate limit exceeded: ",
      said: "421 4.7.0 Error: too many connections", code: 421,
      enhanced: EnhancedStatusCode(4, 7, 0), cause: .rateLimit),
    Rule(
      prefix: "warning: New TLS session rate limit exceeded: ",
      said: "421 4.7.0 Error: too many new TLS sessions", code: 421,
      enhanced: EnhancedStatusCode(4, 7, 0), cause: .rateLimit),
    Rule(
      prefix: "warning: Message delivery request rate limit exceeded: ",
      said: "450 4.7.1 Error: too much mail", code: 450, enhanced: EnhancedStatusCode(4, 7, 1),
      cause: .rateLimit),
    Rule(
      prefix: "warning: Recipient address rate limit exceeded: ",
      said: "450 4.7.1 Error: too many recipients", code: 450,
      enhanced: EnhancedStatusCode(4, 7, 1), cause: .rateLimit),
    Rule(
      prefix: "warning: AUTH command rate limit exceeded: ",
      said: "450 4.7.1 Error: too many AUTH commands", code: 450,
      enhanced: EnhancedStatusCode(4, 7, 1), cause: .rateLimit),
    Rule(
      prefix: "timeout after ", said: "421 4.4.2 Error: timeout exceeded", code: 421,
      enhanced: EnhancedStatusCode(4, 4, 2), cause: .timeout),
    Rule(
      prefix: "too many errors after ", said: "421 4.7.0 Error: too many errors", code: 421,
      enhanced: EnhancedStatusCode(4, 7, 0), cause: .other),
  ]

  /// postscreen reports a limit in text after `reject: CONNECT from [ip]:port: `.
  private static let screenings: [Rule] = [
    Rule(
      prefix: "too many connections", said: "421 4.7.0 Error: too many connections", code: 421,
      enhanced: EnhancedStatusCode(4, 7, 0), cause: .connectionLimit),
    Rule(
      prefix: "all server ports busy", said: "421 4.3.2 All server ports are busy", code: 421,
      enhanced: EnhancedStatusCode(4, 3, 2), cause: .resource),
    Rule(
      prefix: "all screening ports busy", said: "421 4.3.2 All screening ports are busy", code: 421,
      enhanced: EnhancedStatusCode(4, 3, 2), cause: .resource),
  ]

  static func record(in line: Span<UInt8>, from start: Int) -> LogRecord? {
    if let rule = limits.first(where: { line.has($0.prefix, at: start) }) {
      guard let from = line.firstIndex(of: " from ", from: start) else { return nil }
      return record(rule, in: line, peer: from + 6..<line.count)
    }
    if line.has("warning: service ", at: start) { return processLimit(in: line, from: start) }
    return rejection(in: line, from: start)
  }

  private static func record(_ rule: Rule, in line: Span<UInt8>, peer: Range<Int>) -> LogRecord {
    var record = LogRecord(.postfix, .refusal, .inbound)
    (record.said, record.code, record.enhanced) = (rule.said, rule.code, rule.enhanced)
    record.cause = rule.cause
    PostfixLogPeer.fill(&record, in: line, peer)
    return record
  }

  /// master: clients get no reply then, they wait.
  private static func processLimit(in line: Span<UInt8>, from start: Int) -> LogRecord? {
    guard line.contains("has reached its process limit", in: start..<line.count) else { return nil }
    var record = LogRecord(.postfix, .refusal, .inbound)
    record.take(words: start + 9..<line.count)
    record.cause = .connectionLimit
    return record
  }

  /// `[NOQUEUE: ][milter-]reject: RCPT from name[ip]: 450 4.7.1 text; from=<…> to=<…> …`; postscreen puts commas between,
  /// and what a proxy says comes without the client.
  private static func rejection(in line: Span<UInt8>, from start: Int) -> LogRecord? {
    let text = line.has("NOQUEUE: ", at: start) ? start + 9 : start
    let kinds: [StaticString] = ["reject: ", "milter-reject: ", "proxy-reject: "]
    guard let kind = kinds.first(where: { line.has($0, at: text) }) else { return nil }
    let command = text + kind.utf8CodeUnitCount
    guard let colon = line.firstIndex(of: ": ", from: command) else { return nil }
    let reply = colon + 2
    let client = line.firstIndex(of: " from ", from: command, before: colon).map {
      $0 + 6..<colon
    }
    if let client, let rule = screenings.first(where: { line.has($0.prefix, at: reply) }) {
      return record(rule, in: line, peer: client)
    }
    var record = LogRecord(.postfix, .refusal, .inbound)
    if let client { PostfixLogPeer.fill(&record, in: line, client) }
    let end = endOfReply(in: line, from: reply)
    record.take(reply: reply..<end, in: line)
    let sender =
      line.has("; from=<", at: end)
      ? line.endOfAngle(from: end + 7, before: line.count) : end
    if let sender, let to = line.firstIndex(of: " to=<", from: sender),
      let close = line.endOfAngle(from: to + 4, before: line.count)
    {
      record.recipient = ByteRange(to + 5..<close - 1)
    }
    // A milter's line may hold the enhanced code alone.
    let category = record.code.map { $0 / 100 } ?? record.enhanced?.category
    return category == 4 ? record : nil
  }

  /// Before `; from=<…>`, or what comes first of the fields that there are.
  private static func endOfReply(in line: Span<UInt8>, from start: Int) -> Int {
    let fields: [StaticString] = ["; from=<", "; to=<", "; proto=", "; helo=<", "; sasl_"]
    return fields.compactMap { line.firstIndex(of: $0, from: start) }.min() ?? line.count
  }
}
