// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes

/// What is known of one mail provider: its codes, its limits and its postmaster page.
///
/// Limits of third parties differ: they are where to start, not what the provider promises.
package struct ProviderNote: Hashable, Sendable {
  package struct Code: Hashable, Sendable {
    /// As it appears in the reply, ignoring case.
    package var text: String
    package var meaning: String
  }

  package var name: String
  /// The names under which the rule book knows it.
  package var keys: [String]
  /// Ends of the names of its mail exchangers and domains.
  package var hosts: [String]
  package var codes: [Code]
  /// The postmaster page, without `https://`; nil if there is none anymore.
  package var page: String?
  /// What to know before writing to them.
  package var advice: String
  /// Connections at once that it takes, where something is known.
  package var connections: Int?
  /// Messages in one connection that it takes, where something is known.
  package var messagesPerConnection: Int?

  /// The note for a provider's name, or else for the host or domain.
  package static func find(provider: String?, host: String?, domain: String?) -> ProviderNote? {
    if let provider, let note = table.first(where: { $0.keys.contains(provider) }) { return note }
    for name in [host, domain].compactMap({ $0?.lowercased() }) {
      let note = table.first { note in
        note.hosts.contains { name == $0 || name.hasSuffix(".\($0)") }
      }
      if let note { return note }
    }
    return nil
  }

  /// What the codes in this reply mean at this provider.
  package func meanings(in reply: String) -> [String] {
    let bytes = reply.utf8.span
    return codes.filter { code in
      let needle = FoldedNeedle(code.text.utf8.map(ASCII.lowercase))
      return needle.isFound(in: bytes, at: 0..<bytes.count)
    }.map { "\($0.text): \($0.meaning)" }
  }
}
