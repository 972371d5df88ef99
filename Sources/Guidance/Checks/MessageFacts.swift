// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes
package import MailServer

extension Check {
  package static let message = Check(
    "message", .message, "Size and recipients of {name}",
    exim: ["exim -Mvh {name}", "exim -bP message_size_limit"],
    postfix: ["postcat -qeh {name}", "postconf message_size_limit"])
}

/// The check whether a message is too large, or has too many recipients, for a destination.
package struct MessageFacts: Hashable, Sendable {
  package var id: QueueID
  package var domain: String
  /// Bytes; nil if the listing does not say.
  package var size: Int64?
  package var recipients: Int
  /// Those at the destination.
  package var recipientsThere: Int
  /// The largest message that the destination announced (RFC 1870); nil if it was not asked yet.
  package var announced: Int?
  /// Our own `message_size_limit`; nil if there is none.
  package var ownLimit: Int?
  /// The message's header, one line each as it stands.
  package var headers: [String]

  package init(
    id: QueueID, domain: String, size: Int64?, recipients: Int, recipientsThere: Int,
    announced: Int?, ownLimit: Int?, headers: [String]
  ) {
    self.id = id
    self.domain = domain
    self.size = size
    self.recipients = recipients
    self.recipientsThere = recipientsThere
    self.announced = announced
    self.ownLimit = ownLimit
    self.headers = headers
  }

  /// Recipients of one transaction that every server must take (RFC 5321, section 4.5.3.1.8).
  private static let recipientsForSure = 100

  package func verdict(time: Int64) -> CheckResult {
    var failed: [String] = []
    var warned: [String] = []
    var facts: [String] = []
    if let size {
      facts.append("The message is \(size) bytes.")
      if let announced, size > Int64(announced) {
        failed.append("\(domain) accepts at most \(announced) bytes; the message is \(size).")
      }
      if let ownLimit, size > Int64(ownLimit) {
        failed.append("Our own message_size_limit is \(ownLimit) bytes; the message is \(size).")
      }
    }
    facts.append(
      announced.map { "\(domain) accepts up to \($0) bytes." }
        ?? "The size limit of \(domain) is unknown: the SMTP session shows it.")
    facts.append(
      recipients == 1
        ? "It has 1 recipient."
        : "It has \(recipients) recipients, \(recipientsThere) of them at \(domain).")
    if recipientsThere > Self.recipientsForSure {
      warned.append(
        "\(recipientsThere) recipients at \(domain): servers need not accept more than"
          + " \(Self.recipientsForSure) at once.")
    }
    facts += headerFacts
    let isKnown = size != nil && announced != nil
    let verdict: CheckResult.Verdict =
      !failed.isEmpty ? .failed : !warned.isEmpty ? .warns : isKnown ? .passed : .unavailable
    let fits =
      if let size, let announced {
        "The message is \(size) bytes; \(domain) accepts \(announced)."
      } else if size == nil {
        "The size of the message is unknown: it may have left the queue."
      } else {
        "Not known yet: the SMTP session shows the size limit of \(domain)."
      }
    return CheckResult(
      CheckRequest(.message, of: domain, message: id), verdict, (failed + warned).first ?? fits,
      (failed + warned).dropFirst() + facts, at: time)
  }

  /// What the header says about attachments and 8-bit text; the content itself is never read.
  private var headerFacts: [String] {
    let fields = HeaderFields(headers)
    let type = fields["Content-Type"]?.lowercased() ?? ""
    let encoding = fields["Content-Transfer-Encoding"]?.lowercased() ?? ""
    return [
      type.hasPrefix("multipart/mixed")
        ? "Its Content-Type is multipart/mixed: it most likely has attachments." : nil,
      encoding.contains("8bit") || encoding.contains("binary")
        ? "It is sent as \(encoding == "binary" ? "binary" : "8-bit") text: a server without 8BITMIME"
          + " needs it converted." : nil,
      headers.contains { !$0.utf8.allSatisfy { $0 < 0x80 } }
        ? "Its header has 8-bit characters: only servers with SMTPUTF8 have to accept that." : nil,
    ].compactMap(\.self)
  }
}

/// The fields of a message's header, unfolded (RFC 5322, section 2.2.3).
package struct HeaderFields: Sendable {
  package private(set) var fields: [(name: String, value: String)] = []

  package init(_ lines: [String]) {
    for line in lines {
      if line.hasPrefix(" ") || line.hasPrefix("\t") {
        if !fields.isEmpty { fields[fields.count - 1].value += " " + line.trimmed }
      } else if let colon = line.firstIndex(of: ":") {
        fields.append((String(line[..<colon]), line[line.index(after: colon)...].trimmed))
      }
    }
  }

  /// The first field of that name.
  package subscript(_ name: String) -> String? { values(of: name).first }

  package func values(of name: String) -> [String] {
    fields.filter { $0.name.lowercased() == name.lowercased() }.map(\.value)
  }
}
