// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes

/// The services of master.cf, as `postconf -M` shows them (master(5)).
package struct PostfixServices: Hashable, Sendable {
  /// The programs behind the names that transports have: `smtp` of `smtp-amavis`.
  private var programs: [String: String] = [:]
  /// Where this Postfix itself takes mail.
  private(set) var listeners: [Endpoint] = []
  /// Content filters that single services have instead of the one of main.cf.
  private(set) var contentFilters: [String] = []

  /// As Postfix comes with them.
  private static let usual = [
    "smtp": "smtp", "relay": "smtp", "lmtp": "lmtp", "local": "local", "virtual": "virtual",
    "error": "error", "retry": "error", "discard": "discard",
  ]

  /// - Parameter output: a service a line, which goes on in lines that begin with a blank.
  package init(_ output: [UInt8] = []) {
    var service: [Substring] = []
    for line in String(decoding: output, as: UTF8.self).split(whereSeparator: \.isNewline) {
      let words = line.split(whereSeparator: \.isWhitespace)
      if line.first?.isWhitespace ?? true {
        service += words
      } else {
        take(service)
        service = words
      }
    }
    take(service)
  }

  /// The program behind a transport's name; nil where it is not known.
  func program(of transport: String) -> String? {
    programs.isEmpty ? Self.usual[transport] : programs[transport]
  }

  /// `name type private unpriv chroot wakeup maxproc command args`.
  private mutating func take(_ words: [Substring]) {
    guard words.count >= 8 else { return }
    let (name, type, program) = (String(words[0]), words[1], String(words[7]))
    if type == "unix" { programs[name] = program }
    if type == "inet", program == "smtpd" || program == "postscreen", let end = Self.end(name) {
      listeners.append(end)
    }
    for (option, value) in Self.options(words[8...]) where option == "content_filter" {
      contentFilters.append(value)
    }
  }

  /// `smtp`, `10025`, `127.0.0.1:10025`, `[::1]:10025`: without a host it is every address, this server's own among them.
  private static func end(_ name: String) -> Endpoint? {
    let hop = PostfixNextHop(name.contains(":") ? name : "127.0.0.1:\(name)")
    return hop.ends.first
  }

  /// `-o name=value`, `-o { name = value }`.
  private static func options(_ words: ArraySlice<Substring>) -> [(String, String)] {
    var options: [(String, String)] = []
    var rest = words
    while let word = rest.popFirst() {
      guard word == "-o", let first = rest.popFirst() else { continue }
      var text = String(first)
      if first.hasPrefix("{") {
        while !text.hasSuffix("}"), let next = rest.popFirst() { text += " \(next)" }
        text = String(text.dropFirst().dropLast())
      }
      let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2 else { continue }
      options.append((parts[0].trimmed, parts[1].trimmed))
    }
    return options
  }
}
