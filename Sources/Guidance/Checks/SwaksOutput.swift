// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

extension SMTPTranscript {
  /// Reads what `swaks` prints of a conversation: ` -> ` what we say, `<-` and `<**` what they
  /// answer, `***` what went wrong; a tilde in the arrow stands for encryption.
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
      } else if ["<-  ", "<** ", "<~  ", "<~* "].contains(where: line.hasPrefix) {
        reply.append(line.dropFirst(4))
      } else if line.hasPrefix(" -> ") || line.hasPrefix(" ~> ") {
        // After an agreement to DATA it is the message, up to the line with the dot.
        if command == Self.data, reply.first?.hasPrefix("3") == true, line.dropFirst(4) != "." {
          continue
        }
        exchanges += exchange()
        reply = []
        command = Self.name(ofCommand: line.dropFirst(4))
        if command == "QUIT" { return }
      } else if line.hasPrefix(Self.encrypted) {
        encryption = String(line.dropFirst(Self.encrypted.count))
      } else if line.hasPrefix(Self.notEncrypted) {
        // It talks on without encryption, to a server that waits for a handshake.
        failure = .tlsFailed(String(line.dropFirst(Self.notEncrypted.count)))
        break
      } else if line.hasPrefix("***") {
        failure = failure ?? Self.failure(in: line)
      }
    }
    exchanges += exchange()
  }

  private static let encrypted = "=== TLS started with cipher "
  private static let notEncrypted = "*** TLS startup failed "

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
