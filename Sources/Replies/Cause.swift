// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

/// Why a delivery was deferred: what a sending admin should act on.
package enum Cause: String, CaseIterable, Hashable, Sendable {
  case greylisting
  case connectionLimit = "connection-limit"
  case rateLimit = "rate-limit"
  case resource
  case timeout
  case policy
  case tls
  case dns
  case mailbox
  case downstream
  /// A fault of this server's own settings or services.
  case configuration
  case other
  /// No temporary failure at all: a permanent one (5xx), a success, or no reply.
  case notTemporary = "not-temporary"

  /// What the cause means, in one short sentence for an admin under pressure.
  package var meaning: String {
    switch self {
    case .greylisting: "Greylisting: they ask unknown senders to retry later."
    case .connectionLimit: "We have too many connections open to them at once."
    case .rateLimit: "We send too much mail in too short a time."
    case .resource: "Their server is overloaded, out of disk space, or under maintenance."
    case .timeout: "The connection failed, or the other side stopped answering."
    case .policy: "They do not trust this mail: authentication, reputation or a block list."
    case .tls: "TLS could not be negotiated."
    case .dns: "A DNS lookup failed, here or on their side."
    case .mailbox: "The recipient's mailbox is full or temporarily disabled."
    case .downstream: "A system behind the server that answered failed."
    case .configuration: "This server's own settings or services are at fault."
    case .other: "The reply does not say why."
    case .notTemporary: "This is not a temporary failure."
    }
  }
}
