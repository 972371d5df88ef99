// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

extension SMTPTranscript {
  /// Reads what `swaks` prints of a conversation: ` -> ` what we say, `<-` and `<**` what they
  /// answer, `***` what went wrong.
  ///
  /// Total: other lines are left out.
  package init(swaksOutput output: [UInt8]) {
    self.init(exchanges: [])
    var command = "greeting"
    var reply: [Substring] = []
    func exchange() -> [Exchange] {
      reply.isEmpty ? [] : [Exchange(command: command, reply: reply.joined(separator: "\n"))]
    }
    let text = String(decoding: output, as: UTF8.self)
    for line in text.split(whereSeparator: \.isNewline) {
      if line.hasPrefix("<** Timeout") {
        failure = .silent
      } else if line.hasPrefix("<-  ") || line.hasPrefix("<** ") {
        reply.append(line.dropFirst(4))
      } else if line.hasPrefix(" -> ") {
        // After an agreement to DATA it is the message, up to the line with the dot.
        if command == Self.data, reply.first?.hasPrefix("3") == true, line != " -> ." { continue }
        exchanges += exchange()
        reply = []
        command = Self.name(ofCommand: line.dropFirst(4))
        if command == "QUIT" { return }
      } else if line.hasPrefix("***") {
        failure = failure ?? Self.failure(in: line)
      }
    }
    exchanges += exchange()
  }

  private static func name(ofCommand line: Substring) -> String {
    if line == "." { return endOfData }
    let verb = line.prefix { $0.isLetter }.uppercased()
    return ["MAIL": "MAIL FROM", "RCPT": "RCPT TO"][verb] ?? verb
  }

  private static func failure(in line: Substring) -> ProbeOutcome? {
    let failures: [(String, ProbeOutcome)] = [
      ("closed connection", .closed), ("refused", .refused), ("timed out", .timedOut),
      ("Timeout", .timedOut), ("timeout", .timedOut),
      ("unreachable", .unreachable("no route to it")),
      ("No route", .unreachable("no route to it")),
    ]
    return failures.first { line.contains($0.0) }?.1
  }
}
