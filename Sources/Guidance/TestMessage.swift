// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Replies

/// How a test message would go to a destination; found before anybody is asked to send it.
package struct TestRoute: Hashable, Sendable {
  package let domain: DomainName
  /// The mail exchanger's name, for people.
  package let host: String
  package let address: IPAddress
  /// Our end of the connection, as the MTA binds it; nil if the system chooses.
  package let source: IPAddress?
  package let helo: DomainName
  /// When the address may be connected to again, in seconds since 1970.
  package let freeAt: Int64

  package init(
    domain: DomainName, host: String, address: IPAddress, source: IPAddress?, helo: DomainName,
    freeAt: Int64
  ) {
    self.domain = domain
    self.host = host
    self.address = address
    self.source = source
    self.helo = helo
    self.freeAt = freeAt
  }
}

/// One plain text without attachment to one recipient, past the queue: to see whether it is taken.
package struct TestMessage: Hashable, Sendable {
  /// What is proposed, since every domain has it (RFC 5321, section 4.5.1).
  package static let standardRecipient = "postmaster"

  package let route: TestRoute
  package let recipient: String

  /// Addresses a test to a mailbox of the route's domain.
  ///
  /// Fails for a local part that could name another domain's mailbox (`%`, `!`), a second recipient
  /// (`,`) or an option, or that a shell would read differently.
  package init?(to local: String, by route: TestRoute) {
    let parts = local.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard (1...64).contains(local.utf8.count), local.utf8.first != UInt8(ascii: "-"),
      parts.allSatisfy({ !$0.isEmpty && $0.allSatisfy(Self.isPlain) })
    else { return nil }
    self.route = route
    recipient = "\(local)@\(route.domain)"
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
    default: "+-=_".utf8.contains(byte)
    }
  }

  /// Who sends it: our own postmaster, who can be answered.
  package var sender: String { "postmaster@\(route.helo)" }

  /// What `swaks` is called with; the content comes on its standard input.
  package var arguments: [String] {
    [
      "--server", route.address.text, "--port", "25", "--from", sender, "--to", recipient,
      "--helo", route.helo.text, "--timeout", "60", "--tls-optional", "--data", "-",
    ] + (route.address.isIPv4 ? [] : ["-6"])
      + (route.source.map { ["--local-interface", $0.text] } ?? [])
  }

  /// Headers and text; `swaks` fills the places in `%`.
  package var content: String {
    """
    Date: %DATE%
    From: <%FROM_ADDRESS%>
    To: <%TO_ADDRESS%>
    Message-ID: <%MESSAGEID%>
    Subject: Test of mail delivery
    Auto-Submitted: auto-generated

    This is a plain test, sent by hand, to see whether you accept mail from \(route.helo).
    No reply is needed.

    """
  }
}

/// The result of a test message.
package struct TestReport: Hashable, Sendable {
  package var message: TestMessage
  package var verdict: CheckResult.Verdict
  /// In one line.
  package var summary: String
  package var details: [String]

  package init(
    message: TestMessage, verdict: CheckResult.Verdict, summary: String, details: [String] = []
  ) {
    self.message = message
    self.verdict = verdict
    self.summary = summary
    self.details = details
  }

  /// Reads its result in the conversation.
  package init(_ message: TestMessage, _ transcript: SMTPTranscript) {
    let route = message.route
    let conversation = Conversation(
      domain: route.domain.text, transcript: transcript,
      host: "\(route.host) [\(route.address.text)]")
    self.init(
      message: message, verdict: .failed, summary: "", details: conversation.lines)
    let stopped = conversation.exchanges.first { exchange in
      let expected = exchange.command == SMTPTranscript.data ? 300...399 : 200...299
      return exchange.answer.reply.code.map { !expected.contains($0) } ?? true
    }
    if let stopped {
      guard stopped.answer.isTemporary else {
        summary = "Refused permanently at \(stopped.command)."
        return
      }
      verdict = .warns
      summary = "Deferred at \(stopped.command): \(stopped.answer.cause.meaning)"
    } else if let last = conversation.exchanges.last, last.command == SMTPTranscript.endOfData {
      verdict = .passed
      summary = "Accepted: the plain message got through."
      details.append("If another is still deferred: check its size, recipients and content.")
    } else if conversation.exchanges.last?.command == SMTPTranscript.data {
      verdict = .warns
      summary = "It was sent, but there was no answer: it is unknown whether they have it."
    } else {
      summary = "Not sent: \((conversation.failure ?? .closed).words)."
    }
  }
}
