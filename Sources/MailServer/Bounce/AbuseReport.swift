// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes

/// A report that a recipient called a message spam (RFC 5965): it was delivered, but the address should get no more.
struct AbuseReport {
  let recipients: [Bounce.Recipient]

  init(_ mail: MailParts) {
    guard let part = mail.parts.first(where: { $0.type == "message/feedback-report" }) else {
      recipients = []
      return
    }
    var start = 0
    let fields = MailHeader(part.content.mailLines, from: &start)
    let named = ["original-rcpt-to", "removal-recipient"].compactMap { fields[$0] }.flatMap(
      Self.addresses)
    let address = named.first ?? Self.returned(mail)
    let kind = fields["feedback-type"] ?? "abuse"
    let words = "Feedback-Type: \(kind)"
    recipients = [
      Bounce.Recipient(
        address: address, outcome: .complained, reason: words, code: nil, status: nil,
        remoteHost: nil)
    ]
  }

  private static func addresses(_ value: String) -> [String] {
    MailAddress.all(in: Array(value.utf8)[...]).map(\.text)
  }

  /// The one recipient of the mail that is complained of.
  private static func returned(_ mail: MailParts) -> String? {
    guard let lines = mail.parts.first(where: \.isMail)?.content.mailLines else { return nil }
    var start = 0
    let to = MailHeader(lines, from: &start)["to"].map(addresses) ?? []
    return to.count == 1 ? to[0] : nil
  }
}
