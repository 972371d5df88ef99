// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

/// Who signed a message, as its DKIM-Signature header says (RFC 6376, section 3.5).
package struct DKIMSignature: Hashable, Sendable {
  package var domain: String
  package var selector: String

  package init(domain: String, selector: String) {
    self.domain = domain
    self.selector = selector
  }

  /// The signatures in a message's header.
  package static func all(in headers: HeaderFields) -> [DKIMSignature] {
    headers.values(of: "DKIM-Signature").compactMap { value in
      let tags = TagList(value)
      guard let domain = tags["d"], let selector = tags["s"] else { return nil }
      return DKIMSignature(domain: domain.lowercased(), selector: selector)
    }
  }
}
