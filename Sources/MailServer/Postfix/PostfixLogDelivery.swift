// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes
import Replies

/// `to=<…>, [orig_to=<…>, ]relay=…, … status=deferred (reason)`, read key by key: versions differ in what is between.
enum PostfixLogDelivery {
  static func record(in line: Span<UInt8>, from start: Int) -> LogRecord? {
    guard let (end, relay, mark) = places(in: line, from: start) else { return nil }
    let status = mark + 9
    var record: LogRecord
    if line.has("deferred", at: status) || line.has("SOFTBOUNCE", at: status) {
      record = LogRecord(.postfix, .deferral)
    } else if line.has("sent", at: status) {
      record = LogRecord(.postfix, .delivery)
    } else if line.has("bounced", at: status) || line.has("expired", at: status) {
      record = LogRecord(.postfix, .bounce)
    } else {
      return nil
    }
    record.recipient = ByteRange(start + 4..<end)
    if line.has(">, orig_to=<", at: end) {
      record.original = ByteRange(end + 12..<max(end + 12, relay - 1))
    }
    let relayEnd = line.firstIndex(of: UInt8(ascii: ","), from: relay + 8) ?? mark
    let peer = relay + 8..<max(relay + 8, relayEnd)
    record.route = ByteRange(peer)
    PostfixLogPeer.fill(&record, in: line, peer)
    let open = line.firstIndex(of: " (", from: status) ?? line.count
    let reason = min(open + 2, line.count)
    // A line that was cut off has no end of its reason; a parenthesis before it is none.
    let close = line.lastIndex(of: UInt8(ascii: ")"), before: line.count) ?? 0
    PostfixLogReason.read(
      reason..<(close < reason ? line.count : close), in: line, into: &record)
    if record.code != nil, record.enhanced == nil {
      record.enhanced = remoteStatus(in: line, relay..<mark)
    }
    return record
  }

  /// The code in `dsn=`, if it is the remote's: of many lines Postfix keeps the last that has one.
  ///
  /// Where the remote gave none, Postfix writes one with two zeros (smtp_chat.c).
  private static func remoteStatus(in line: Span<UInt8>, _ range: Range<Int>) -> EnhancedStatusCode?
  {
    guard
      let mark = line.firstIndex(of: ", dsn=", from: range.lowerBound, before: range.upperBound),
      let status = LogReplyCodes(in: line, mark + 6..<range.upperBound).enhanced
    else { return nil }
    return status.subject == 0 && status.detail == 0 ? nil : status
  }

  /// Whether the line reports a successful delivery.
  static func isSent(in line: Span<UInt8>, from start: Int) -> Bool {
    places(in: line, from: start).map { line.has("sent", at: $0.status + 9) } ?? false
  }

  /// The ends of the address, and where `, relay=` and `, status=` stand.
  private static func places(in line: Span<UInt8>, from start: Int)
    -> (address: Int, relay: Int, status: Int)?
  {
    guard line.has("to=<", at: start), let end = endOfAddress(in: line, from: start + 4),
      let relay = line.has(", relay=", at: end + 1)
        ? end + 1 : line.firstIndex(of: ", relay=", from: end),
      let status = line.firstIndex(of: ", status=", from: relay)
    else { return nil }
    return (end, relay, status)
  }

  /// The `>` that ends the address: it can hold one itself, so what follows decides.
  private static func endOfAddress(in line: Span<UInt8>, from start: Int) -> Int? {
    var from = start
    while let end = line.firstIndexNear(from, of: UInt8(ascii: ">"), before: line.count) {
      if line.has(">, relay=", at: end) || line.has(">, orig_to=<", at: end) { return end }
      from = end + 1
    }
    return nil
  }
}

/// Lines of the SMTP client without a status: a host failed, and the next one is tried.
enum PostfixLogAttempt {
  private static let beginnings: [StaticString] = [
    "host ", "connect to ", "lost connection with ", "conversation with ", "Cannot start TLS",
    "TLS is required", "SSL_connect error", "Server certificate", "server certificate",
    "SASL authentication failed; ",
  ]

  static func record(in line: Span<UInt8>, from start: Int) -> LogRecord? {
    guard beginnings.contains(where: { line.has($0, at: start) }) else { return nil }
    var record = LogRecord(.postfix, .attempt)
    PostfixLogReason.read(start..<line.count, in: line, into: &record)
    return record
  }
}

/// Why a delivery ended as it did, in the words that Postfix puts around a reply.
enum PostfixLogReason {
  static func read(_ range: Range<Int>, in line: Span<UInt8>, into record: inout LogRecord) {
    var start = range.lowerBound
    let suspended: StaticString = "delivery temporarily suspended: "
    if start + suspended.utf8CodeUnitCount <= range.upperBound, line.has(suspended, at: start) {
      // The queue manager did not try: it repeats why the destination failed before.
      start += suspended.utf8CodeUnitCount
      if record.kind == .deferral { record.kind = .attempt }
    }
    record.isLogin = line.has("SASL authentication failed", at: start)
    let reply = replyStart(in: line, start..<range.upperBound)
    if record.remoteIP.isEmpty, record.remoteHost.isEmpty {
      PostfixLogPeer.fill(&record, in: line, start..<(reply ?? range.upperBound))
    }
    let end = endOfReply(in: line, (reply ?? start)..<range.upperBound)
    if let reply {
      record.take(reply: reply..<end, in: line)
    } else {
      record.take(words: start..<end)
      // LMTP and pipe deliveries, and what was accepted: the reply stands alone.
      if record.kind == .delivery || LogReplyCodes.basic(in: line, at: start, before: end) != nil {
        record.take(reply: start..<end, in: line)
      }
    }
  }

  /// Behind `host h[ip] said: ` or `… refused to talk to me: `, whichever comes first.
  private static func replyStart(in line: Span<UInt8>, _ range: Range<Int>) -> Int? {
    let marks: [StaticString] = [" said: ", " refused to talk to me: "]
    return marks.compactMap { mark in
      line.firstIndex(of: mark, from: range.lowerBound, before: range.upperBound)
        .map { $0 + mark.utf8CodeUnitCount }
    }.min()
  }

  /// Without ` (in reply to RCPT TO command)` or, up to version 2.2, ` (port 25)` at the end.
  private static func endOfReply(in line: Span<UInt8>, _ range: Range<Int>) -> Int {
    guard let open = line.lastIndex(of: UInt8(ascii: "("), before: range.upperBound),
      open > range.lowerBound, line.has("(in reply to ", at: open) || line.has("(port ", at: open)
    else { return range.upperBound }
    var end = open
    while end > range.lowerBound, line[end - 1] == ASCII.space { end -= 1 }
    return end
  }
}

/// `name[ip]` or `name[ip]:port`, as Postfix writes the other side, `name[private/socket]` where it is no host.
enum PostfixLogPeer {
  /// Takes the first peer in `range`, if there is one.
  static func fill(_ record: inout LogRecord, in line: Span<UInt8>, _ range: Range<Int>) {
    let host = line.bracketedIP(in: range)
    if let host {
      record.remoteIP = ByteRange(host.ip)
      record.port = line.port(behind: host.ip.upperBound)
    }
    guard let open = host?.open ?? socket(in: line, range) else { return }
    // Up to version 2.0 a blank is between: `connect to NAME [IP]`.
    let end = open > range.lowerBound && line[open - 1] == ASCII.space ? open - 1 : open
    var name = end
    while name > range.lowerBound, line[name - 1] != ASCII.space { name -= 1 }
    if end < open, line.firstIndex(of: UInt8(ascii: "."), from: name, before: end) == nil { return }
    // A client whose name does not resolve both ways is "unknown".
    let isUnknown = end - name == 7 && line.has("unknown", at: name)
    if !isUnknown { record.remoteHost = ByteRange(name..<end) }
  }

  /// The bracket of `name[private/dovecot-lmtp]` or `name[/run/dovecot/lmtp]`.
  private static func socket(in line: Span<UInt8>, _ range: Range<Int>) -> Int? {
    var from = range.lowerBound
    while let open = line.firstIndex(
      of: UInt8(ascii: "["), from: from, before: range.upperBound)
    {
      if let close = line.firstIndex(
        of: UInt8(ascii: "]"), from: open, before: min(range.upperBound, open + 128)),
        line.firstIndex(of: UInt8(ascii: "/"), from: open, before: close) != nil,
        line.firstIndex(of: ASCII.space, from: open, before: close) == nil
      {
        return open
      }
      from = open + 1
    }
    return nil
  }
}
