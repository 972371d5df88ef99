// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

package import Replies

/// A report of a delivery that failed or waits, read from a mail or from what somebody copied of one.
///
/// The sources are asked in this order: the fields of a delivery status notification (RFC 3464), the words that the
/// server wrote, the field `X-Failed-Recipients`, a report within the mail, and, where a report names nobody, the one
/// recipient of the returned mail.
package struct Bounce: Sendable {
  /// What the report says of one recipient.
  package struct Recipient: Hashable, Sendable {
    /// The mailbox; nil if a reason is given and nobody is named.
    package let address: String?
    package let outcome: Outcome
    /// The words, from the reply on where there is one; not safe for a terminal.
    package let reason: String
    /// The basic code within the words, or nil.
    package let code: Int?
    /// The status within the words or of the notification's field, or nil.
    package let status: EnhancedStatusCode?
    package let remoteHost: String?
  }

  package enum Outcome: Hashable, Sendable {
    /// Given up: nothing is tried again.
    case failed
    /// The message is still kept, and tried again.
    case delayed
    /// It was delivered, and the recipient called it spam (RFC 5965).
    case complained
  }

  package private(set) var recipients: [Recipient] = []
  /// The decoded text of a mail that is no report; nil of any other text.
  package let letter: [UInt8]?

  /// Reports within reports: one that was forwarded is the deepest.
  private static let deepest = 3

  /// Reads a mail, or a piece of one; no recipients where it is no report.
  package init(_ bytes: [UInt8]) { self.init(bytes, depth: 0) }

  private init(_ bytes: [UInt8], depth: Int) {
    let mail = MailParts(bytes)
    let reader = BounceReader(mail)
    letter = reader.letter
    recipients = reader.recipients
    if recipients.isEmpty { recipients = AbuseReport(mail).recipients }
    guard recipients.isEmpty, depth < Self.deepest else { return }
    for part in mail.parts where part.isMail && recipients.isEmpty {
      recipients = Bounce(part.content, depth: depth + 1).recipients
    }
    if recipients.isEmpty { recipients = reader.lastResort }
  }
}
