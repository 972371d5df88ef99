// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

package import Guidance
import MailServer

/// What is said to a mail server to learn how it answers: nothing that sends a message.
///
/// The list is closed: the greeting alone, or up to RCPT. QUIT is said in any case.
package struct SMTPScript: Hashable, Sendable {
  package struct Command: Hashable, Sendable {
    /// As people name it: `MAIL FROM`.
    package let name: String
    /// Without the line's end.
    package let line: String
  }

  package let commands: [Command]

  private init(_ commands: [Command]) { self.commands = commands }

  package var isGreetingOnly: Bool { commands.isEmpty }

  /// The greeting alone.
  package static let greeting = SMTPScript([])

  /// EHLO, MAIL from the null sender, RCPT to the postmaster, whom every domain has (RFC 5321, section 4.5.1).
  package static func postmaster(of domain: DomainName, helo: DomainName) -> SMTPScript {
    SMTPScript([
      Command(name: "EHLO", line: "EHLO \(helo)"),
      Command(name: "MAIL FROM", line: "MAIL FROM:<>"),
      Command(name: "RCPT TO", line: "RCPT TO:<postmaster@\(domain)>"),
    ])
  }
}
