// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

package import Replies

extension Check {
  package static let conversation = Check(
    "conversation", .destination, "SMTP session with {name}, sending nothing",
    both: ["swaks --quit-after RCPT --to postmaster@{name}", "telnet MX-OF-{name} 25"])
}

/// The check that talks to a mail exchanger as far as RCPT, and sends nothing.
package struct Conversation: Hashable, Sendable {
  /// One command and its answer.
  package struct Exchange: Hashable, Sendable {
    /// `greeting`, `EHLO`, `MAIL FROM`, `RCPT TO`: without addresses.
    package var command: String
    package var answer: Classification

    package init(command: String, answer: Classification) {
      self.command = command
      self.answer = answer
    }
  }

  package var domain: String
  package var exchanges: [Exchange]
  /// How it ended before all was said; nil if it did not.
  package var failure: ProbeOutcome?
  /// The server that answered, for people; empty if there was none.
  package var host = ""
  /// What is known of encryption with it.
  var encryption: String?

  package init(domain: String, exchanges: [Exchange]) {
    self.domain = domain
    self.exchanges = exchanges
  }

  /// Classifies what a server answered; nil if there was no address to connect to.
  ///
  /// - Parameter host: its name and address, for people.
  package init(domain: String, transcript: SMTPTranscript?, host: String) {
    self.host = host
    self.domain = domain
    failure = transcript?.failure
    encryption = transcript?.encryptionWords
    exchanges = (transcript?.exchanges ?? []).map { exchange in
      Exchange(
        command: exchange.command,
        answer: RuleBook.standard.classify(
          exchange.reply, isDeferral: Reply(in: exchange.reply).code == nil))
    }
  }

  /// Who answered, and then what, a line each.
  var lines: [String] {
    (host.isEmpty ? [] : [host])
      + exchanges.map { exchange in
        let reply = exchange.answer.reply
        let codes = [reply.code.map(String.init), reply.enhanced?.description].compactMap(\.self)
        return "\(exchange.command): \((codes + [reply.text]).joined(separator: " "))"
      } + [encryption].compactMap(\.self)
  }

  /// What the first answer that is no agreement means.
  package func verdict(time: Int64) -> CheckResult {
    let details = lines
    func result(_ verdict: CheckResult.Verdict, _ summary: String) -> CheckResult {
      CheckResult(CheckRequest(.conversation, of: domain), verdict, summary, details, at: time)
    }
    guard let last = exchanges.last else {
      guard let failure else {
        return result(.unavailable, "No mail exchanger of \(domain) could be tried.")
      }
      return result(.failed, "\(host): \(failure.words).")
    }
    let stopped = exchanges.first { exchange in
      exchange.answer.reply.code.map { !(200...299).contains($0) } ?? true
    }
    guard let stopped else {
      if let failure {
        return result(.failed, "\(domain) accepts \(last.command), then: \(failure.words).")
      }
      return result(
        .passed, "\(domain) accepts everything up to \(last.command). Nothing was sent.")
    }
    return stopped.answer.isTemporary
      ? result(
        .warns, "They defer us at \(stopped.command): \(stopped.answer.cause.meaning)")
      : result(.failed, "They refuse us permanently at \(stopped.command).")
  }
}
