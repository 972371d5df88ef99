// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes

/// The `tag=value; …` records of DKIM and DMARC (RFC 6376, section 3.2).
struct TagList: Hashable, Sendable {
  private let tags: [String: String]
  /// The first tag, which shows what record it is.
  let first: String?

  init(_ text: String) {
    var tags: [String: String] = [:]
    var first: String?
    for part in text.split(separator: ";") {
      let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard pair.count == 2 else { continue }
      let name = pair[0].filter { !$0.isWhitespace }.lowercased()
      first = first ?? name
      tags[name] = tags[name] ?? pair[1].trimmed
    }
    self.tags = tags
    self.first = first
  }

  subscript(_ name: String) -> String? { tags[name] }
}

/// A DMARC policy record (RFC 7489, section 6.3).
package struct DMARCRecord: Hashable, Sendable {
  package enum Policy: String, Hashable, Sendable {
    case none, quarantine, reject
  }

  package var policy: Policy
  /// Whether DKIM's domain must be the same, not only of the same organisation.
  package var hasStrictDKIM: Bool
  /// Whether SPF's domain must be the same.
  package var hasStrictSPF: Bool

  /// Fails where the text is no DMARC record with a policy.
  package init?(_ text: String) {
    let tags = TagList(text)
    guard tags.first == "v", tags["v"] == "DMARC1",
      let policy = tags["p"].flatMap({ Policy(rawValue: $0.lowercased()) })
    else { return nil }
    self.policy = policy
    hasStrictDKIM = tags["adkim"]?.lowercased() == "s"
    hasStrictSPF = tags["aspf"]?.lowercased() == "s"
  }
}

/// A DKIM public key record (RFC 6376, section 3.6.1).
package struct DKIMKey: Hashable, Sendable {
  /// An empty key: revoked.
  package var isRevoked: Bool

  /// Fails where the text is no key record.
  package init?(_ text: String) {
    let tags = TagList(text)
    guard let key = tags["p"], tags["v"] == nil || tags["v"] == "DKIM1" else { return nil }
    isRevoked = key.isEmpty
  }
}
