// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes

/// Lines of a Postfix log, whichever `syslog_name` its instance has (log_adhoc.c, smtp_trouble.c).
enum PostfixLog {
  /// The record in the message at `body`, or nil.
  ///
  /// - Parameter daemon: who wrote it; nil if only the message can tell.
  static func record(in line: Span<UInt8>, daemon: Daemon?, from body: Int) -> LogRecord? {
    let id = queueID(in: line, at: body)
    let text = id.map { min($0.upperBound + 2, line.count) } ?? body
    var record: LogRecord?
    switch daemon {
    case .client:
      record =
        PostfixLogDelivery.record(in: line, from: text)
        ?? PostfixLogAttempt.record(in: line, from: text)
    case .delivery: record = PostfixLogDelivery.record(in: line, from: text)
    case .queueManager:
      record =
        queueManager(in: line, from: text) ?? PostfixLogDelivery.record(in: line, from: text)
    case .server: record = PostfixLogRefusal.record(in: line, from: text)
    case .quiet: record = nil
    case nil:
      record =
        PostfixLogDelivery.record(in: line, from: text) ?? queueManager(in: line, from: text)
        ?? PostfixLogAttempt.record(in: line, from: text)
        ?? PostfixLogRefusal.record(in: line, from: text)
    }
    if let id { record?.queueID = ByteRange(id) }
    return record
  }

  /// Whether a message of Postfix stands at `index`, where no program's name shows it.
  static func isMessage(_ line: Span<UInt8>, at index: Int) -> Bool {
    if line.has("NOQUEUE: ", at: index) { return true }
    guard let id = queueID(in: line, at: index) else { return false }
    let text = id.upperBound + 2
    // Sendmail's lines begin alike.
    if line.has("to=<", at: text) { return line.firstIndex(of: ", status=", from: text) != nil }
    if line.has("from=<", at: text) { return line.firstIndex(of: ", nrcpts=", from: text) == nil }
    return beginnings.contains { line.has($0, at: text) }
  }

  /// What is behind a queue ID.
  private static let beginnings: [StaticString] = [
    "client=", "message-id=", "uid=", "removed", "host ", "connect to ",
    "lost connection with ", "conversation with ", "reject: ", "milter-reject: ", "proxy-reject: ",
    "sender non-delivery notification: ", "sender delivery status notification: ", "skipped, ",
    "Cannot start TLS", "TLS is required",
  ]

  /// Whether a line is routine traffic, by its program and first words: most lines do, and need no more reading.
  static func isRoutine(_ line: Span<UInt8>, daemon: Daemon?, from body: Int) -> Bool {
    switch daemon {
    case .quiet: return true
    case .queueManager:
      // It reports a recipient itself where it does not try (up to 2.2).
      return textBehindID(in: line, from: body).map { !line.has("to=<", at: $0) } ?? true
    case nil: return false
    case .client, .delivery:
      return textBehindID(in: line, from: body).map {
        PostfixLogDelivery.isSent(in: line, from: $0)
      } ?? false
    case .server:
      switch line.byte(at: body) {
      case UInt8(ascii: "c") where line.has("connect from ", at: body),
        UInt8(ascii: "d") where line.has("disconnect from ", at: body),
        UInt8(ascii: "l") where line.has("lost connection after ", at: body):
        return true
      default:
        guard let text = textBehindID(in: line, from: body) else { return false }
        return line.has("client=", at: text) || line.has("message-id=", at: text)
      }
    }
  }

  /// The place behind the first `: `, as if a queue ID stood before it.
  private static func textBehindID(in line: Span<UInt8>, from body: Int) -> Int? {
    line.firstIndexNear(body, of: UInt8(ascii: ":"), before: body + 26).map { $0 + 2 }
  }

  /// What a program does, as far as its lines concern us.
  enum Daemon {
    /// smtp and lmtp: they talk to other hosts.
    case client
    /// error, local, virtual, pipe, discard: they report a delivery.
    case delivery
    case queueManager
    /// smtpd, postscreen, master, cleanup: they answer clients.
    case server
    /// All others, whose lines say nothing that is followed.
    case quiet

    /// Fails for a program that is none of Postfix's: these are named `instance/daemon`.
    init?(of line: Span<UInt8>, program: Range<Int>) {
      guard let slash = line.lastIndex(of: UInt8(ascii: "/"), before: program.upperBound),
        slash > program.lowerBound
      else { return nil }
      if let known = Daemon(in: line, name: slash + 1..<program.upperBound) {
        self = known
      } else if line.contains("postfix", in: program.lowerBound..<slash) {
        self = .quiet
      } else {
        return nil
      }
    }

    init?(in line: Span<UInt8>, name: Range<Int>) {
      let start = name.lowerBound
      // By length first, as every line of a log comes by here.
      switch name.count {
      case 4 where line.has("smtp", at: start) || line.has("lmtp", at: start): self = .client
      case 4 where line.has("qmgr", at: start), 5 where line.has("nqmgr", at: start):
        self = .queueManager
      case 5 where line.has("smtpd", at: start), 7 where line.has("cleanup", at: start),
        6 where line.has("master", at: start), 10 where line.has("postscreen", at: start):
        self = .server
      case 4 where line.has("pipe", at: start),
        5
      where line.has("error", at: start) || line.has("local", at: start)
        || line.has("retry", at: start),
        7 where line.has("virtual", at: start) || line.has("discard", at: start):
        self = .delivery
      default: return nil
      }
    }
  }

  /// `ID: removed`, and `ID: from=<…>, status=expired, returned to sender`.
  private static func queueManager(in line: Span<UInt8>, from text: Int) -> LogRecord? {
    if line.has("removed", at: text) { return LogRecord(.postfix, .completed) }
    guard line.has("from=<", at: text),
      let status = line.firstIndex(of: ", status=", from: text),
      line.contains("expired, returned to sender", in: status..<line.count)
    else { return nil }
    var record = LogRecord(.postfix, .bounce)
    record.take(words: status + 9..<line.count)
    return record
  }

  /// `ID: `: short (capital hexadecimal) or long (letters and digits, mail_queue.h); a word with a colon is none.
  private static func queueID(in line: Span<UInt8>, at start: Int) -> Range<Int>? {
    var (end, isShort, hasDigit) = (start, true, false)
    while let byte = line.byte(at: end), byte.isASCIIAlphanumeric, end - start <= 25 {
      if byte > UInt8(ascii: "F") { isShort = false }
      if ASCII.digit(byte) != nil { hasDigit = true }
      end += 1
    }
    guard line.has(": ", at: end), end - start >= 5, isShort || (hasDigit && end - start >= 10)
    else { return nil }
    return start..<end
  }
}
