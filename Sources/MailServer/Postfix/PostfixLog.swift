// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes

/// Lines of a Postfix log, whichever `syslog_name` its instance has (log_adhoc.c, smtp_trouble.c).
enum PostfixLog {
  /// What the message at `body` tells, or nil.
  ///
  /// - Parameter program: `postfix/smtp`, `postfix-out/relay/smtp`, …: the daemon is the last part.
  static func record(in line: Span<UInt8>, program: Range<Int>, from body: Int) -> LogRecord? {
    let daemon = Daemon(in: line, program: program)
    let id = queueID(in: line, at: body)
    let text = id.map { min($0.upperBound + 2, line.count) } ?? body
    var record: LogRecord?
    switch daemon {
    case .client:
      record =
        PostfixLogDelivery.record(in: line, from: text)
        ?? PostfixLogAttempt.record(in: line, from: text)
    case .delivery: record = PostfixLogDelivery.record(in: line, from: text)
    case .queueManager: record = queueManager(in: line, from: text)
    case .server: record = PostfixLogRefusal.record(in: line, from: text)
    case nil: record = nil
    }
    if let id { record?.queueID = ByteRange(id) }
    return record
  }

  /// Whether a line tells of ordinary traffic, by its program and first words: most lines do, and need no more reading.
  static func isRoutine(_ line: Span<UInt8>, program: Range<Int>, from body: Int) -> Bool {
    switch Daemon(in: line, program: program) {
    case nil, .queueManager: return true
    case .client, .delivery:
      guard let id = queueID(in: line, at: body) else { return false }
      return PostfixLogDelivery.isSent(in: line, from: id.upperBound + 2)
    case .server:
      let words: [StaticString] = ["connect from ", "disconnect from ", "lost connection after "]
      if words.contains(where: { line.has($0, at: body) }) { return true }
      guard let id = queueID(in: line, at: body) else { return false }
      return line.has("client=", at: id.upperBound + 2)
        || line.has("message-id=", at: id.upperBound + 2)
    }
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

    init?(in line: Span<UInt8>, program: Range<Int>) {
      let slash = line.lastIndex(of: UInt8(ascii: "/"), before: program.upperBound) ?? -1
      let name = max(slash + 1, program.lowerBound)
      func isCalled(_ text: StaticString) -> Bool {
        program.upperBound - name == text.utf8CodeUnitCount && line.has(text, at: name)
      }
      guard slash > program.lowerBound else { return nil }
      switch line.byte(at: name) {
      case UInt8(ascii: "s") where isCalled("smtp"), UInt8(ascii: "l") where isCalled("lmtp"):
        self = .client
      case UInt8(ascii: "q") where isCalled("qmgr"), UInt8(ascii: "n") where isCalled("nqmgr"):
        self = .queueManager
      case UInt8(ascii: "s") where isCalled("smtpd"),
        UInt8(ascii: "p") where isCalled("postscreen"),
        UInt8(ascii: "m") where isCalled("master"), UInt8(ascii: "c") where isCalled("cleanup"):
        self = .server
      case UInt8(ascii: "e") where isCalled("error"), UInt8(ascii: "l") where isCalled("local"),
        UInt8(ascii: "v") where isCalled("virtual"), UInt8(ascii: "p") where isCalled("pipe"),
        UInt8(ascii: "d") where isCalled("discard"), UInt8(ascii: "r") where isCalled("retry"):
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
