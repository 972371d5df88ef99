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
    } else if let host = plainHost(in: line, at: start) {
      host.fill(&record)
      text = line.byte(at: host.end) == UInt8(ascii: ":") ? host.end + 2 : host.end + 1
    }
    guard text <= line.count, isFailure(in: line, at: text) else { return nil }
    EximLogMessage.read(text..<line.count, in: line, into: &record)
    return record
  }

  /// Up to version 4.84: `NAME [IP]: Connection refused`, without `H=`.
  private static func plainHost(in line: Span<UInt8>, at start: Int) -> EximLogHost? {
    let start = line.has("host ", at: start) ? start + 5 : start
    guard let blank = line.firstIndexNear(start, of: ASCII.space, before: line.count),
      line.byte(at: blank + 1) == UInt8(ascii: "["),
      let found = line.bracketedIP(in: blank..<min(line.count, blank + 64)), found.open == blank + 1
    else { return nil }
    return EximLogHost(in: line, start..<found.ip.upperBound + 1)
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
    "SMTP error from remote mail", "LMTP error ", "SMTP timeout ", "Remote host ",
    "Malformed SMTP reply", "Connection ", "Network is unreachable", "Network Error",
    "No route to host", "Host is unreachable", "Host is down", "Operation timed out",
    "Protocol error", "Broken pipe", "Permission denied", "Cannot assign requested address",
    "Address not available", "Can't assign requested address", "Address family not supported",
    "TLS session", "TLS error", "a TLS session is required", "DANE error", "DANE attempt",
  ]

  /// What Exim logs of TLS although the delivery goes on or is over: the next line mentions a failure, if there is one.
  private static let harmless: [StaticString] = [
    "TLS error on connection (recv)", "TLS error on connection (send)",
    "TLS error (recv)", "TLS error (send)", "TLS error on connection (SSL_read)",
    "TLS error on connection (SSL_write)", "TLS error on connection (SSL_shutdown)",
    "TLS error (SSL_read)", "TLS error (SSL_write)", "TLS error (SSL_shutdown)",
    "TLS error (gnutls_bye", "TLS session failure: delivering unencrypted",
  ]

  private static func isFailure(in line: Span<UInt8>, at index: Int) -> Bool {
    failures.contains { line.has($0, at: index) } && !harmless.contains { line.has($0, at: index) }
  }
}
