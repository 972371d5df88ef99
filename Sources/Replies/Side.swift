// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

/// Whose affair a failure is: where it has to be fixed.
package enum Side: String, CaseIterable, Hashable, Sendable {
  /// This server: its settings, services, address, or what it sends.
  case ours
  /// Whoever runs the server that answered, or did not.
  case theirs
  /// The recipient: a full mailbox, an address that does not exist.
  case recipient
  /// The domain of the sender's address: its DNS, SPF, DKIM or DMARC.
  case senderDomain = "sender-domain"
  /// The words do not say.
  case unknown

  /// In one or two words, as the screen shows it.
  package var words: String {
    switch self {
    case .ours: "Ours"
    case .theirs: "Theirs"
    case .recipient: "The recipient"
    case .senderDomain: "The sender's domain"
    case .unknown: "Side not clear"
    }
  }
}

/// Where on its way the message was held up.
package enum Hop: String, CaseIterable, Hashable, Sendable {
  /// A mail exchanger of the recipient's domain.
  case final
  /// A relay host (smarthost) that takes all our mail, or this domain's.
  case relay
  /// A content filter that we hand the mail to.
  case filter
  /// Delivery on this server: LMTP, pipe, mailbox files, or before any delivery began.
  case local
  /// A server that is a relay or a mail exchanger: the settings leave both open.
  case unknown

  /// Its name in a sentence.
  package var words: String {
    switch self {
    case .final: "final server"
    case .relay: "relay host"
    case .filter: "content filter"
    case .local: "local delivery"
    case .unknown: "relay host or final server"
    }
  }
}

extension Cause {
  /// Whose affair a failure of this kind is, where the words say no more.
  var usualSide: Side {
    switch self {
    case .greylisting, .resource, .downstream: .theirs
    case .connectionLimit, .rateLimit, .policy, .configuration: .ours
    case .mailbox: .recipient
    case .timeout, .tls, .dns, .other, .notTemporary: .unknown
    }
  }
}
