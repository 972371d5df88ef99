// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes

/// Lines with a queue ID and no flag: a host failed, and the next one is tried.
enum EximLogAttempt {
  static func record(in line: Span<UInt8>, from start: Int) -> LogRecord? {
    var record = LogRecord(.exim, .attempt)
    var text = start
    if line.has("H=", at: start) {
      let colon = line.firstIndex(of: ": ", from: start) ?? line.count
      let host = EximLogHost(in: line, start + 2..<colon)
      host.fill(&record)
      text = endOfFields(in: line, from: host.end)
    } else if line.has("Remote host ", at: start),
      let host = line.bracketedIP(in: start..<line.count)
    {
      // Up to version 4.84: `Remote host NAME [IP] closed connection in response to …`.
      record.remoteIP = ByteRange(host.ip)
      record.remoteHost = ByteRange(start + 12..<max(start + 12, host.open - 1))
    }
    guard text <= line.count, isFailure(in: line, at: text) else { return nil }
    EximLogMessage.read(text..<line.count, in: line, into: &record)
    return record
  }

  /// The place of the text behind ` I=[..]:port`, ` PRX=[..]`, ` TFO*`, ` DS`, then `: ` or a space.
  private static func endOfFields(in line: Span<UInt8>, from start: Int) -> Int {
    var index = start
    while index < line.count {
      if line[index] == UInt8(ascii: "*") { index += 1 }
      if line.has(": ", at: index) { return index + 2 }
      guard line.byte(at: index) == ASCII.space else { return line.count }
      guard isField(in: line, at: index + 1) else { return index + 1 }
      var end = index + 1
      while let byte = line.byte(at: end), byte != ASCII.space, !line.has(": ", at: end) {
        end += 1
      }
      index = end
    }
    return line.count
  }

  private static func isField(in line: Span<UInt8>, at index: Int) -> Bool {
    let fields: [StaticString] = ["I=", "PRX=", "TFO", "DS", "DT="]
    return fields.contains { line.has($0, at: index) }
  }

  /// The beginnings of what can go wrong between us and a host.
  private static let failures: [StaticString] = [
    "SMTP error from remote mail server after ", "SMTP timeout ", "Remote host ",
    "Malformed SMTP reply", "Connection ", "Network is unreachable", "Network Error",
    "No route to host", "Host is unreachable", "Host is down", "Operation timed out",
    "TLS session", "TLS error", "a TLS session is required", "DANE error", "DANE attempted",
    "LMTP error from remote",
  ]

  private static func isFailure(in line: Span<UInt8>, at index: Int) -> Bool {
    failures.contains { line.has($0, at: index) }
  }
}
