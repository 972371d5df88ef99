// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes
package import MailServer

/// Where in the SMTP conversation a reply came: it decides whether other mail waits too.
package enum SMTPStage: String, CaseIterable, Hashable, Sendable {
  /// Greeting, EHLO, HELO, STARTTLS, or no connection: it concerns the host.
  case connection
  /// MAIL FROM, DATA or the end of the data: it concerns the message.
  case message
  /// RCPT TO: it concerns the recipient.
  case recipient

  private static let words: [(StaticString, SMTPStage)] = [
    ("(in reply to RCPT TO", .recipient),
    ("(in reply to MAIL FROM", .message),
    ("(in reply to DATA", .message),
    ("(in reply to end of DATA", .message),
    ("after RCPT TO:", .recipient),
    ("after pipelined RCPT TO:", .recipient),
    ("after MAIL FROM:", .message),
    ("after pipelined MAIL FROM:", .message),
    ("after DATA", .message),
    ("after pipelined DATA", .message),
    ("after end of data", .message),
    ("after sending data block", .message),
    ("while sending RCPT TO", .recipient),
    ("while sending MAIL FROM", .message),
    ("while sending message body", .message),
    ("while sending end of data", .message),
    ("refused to talk to me", .connection),
    ("after initial connection", .connection),
    ("after EHLO", .connection),
    ("after HELO", .connection),
    ("after STARTTLS", .connection),
    ("(in reply to EHLO", .connection),
    ("(in reply to HELO", .connection),
    ("(in reply to STARTTLS", .connection),
    ("while receiving the initial server greeting", .connection),
    ("while performing the EHLO handshake", .connection),
    ("while performing the HELO handshake", .connection),
    ("Connection refused", .connection),
    ("Connection timed out", .connection),
    ("No route to host", .connection),
  ]

  /// The key of an Exim retry record shows at which stage it was said.
  package init(_ scope: RetryTimes.Failure.Scope) {
    self =
      switch scope {
      case .host: .connection
      case .message: .message
      case .address: .recipient
      }
  }

  /// Reads it from the words that the MTA puts around a reply; nil if they do not say.
  package init?(in text: String) {
    let bytes = text.utf8.span
    guard let found = Self.words.first(where: { bytes.firstIndex(of: $0.0) != nil }) else {
      return nil
    }
    self = found.1
  }
}
