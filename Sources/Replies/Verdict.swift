// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

/// The part of a classification that needs no text: what a summary of a large log counts.
package struct Verdict: Hashable, Sendable {
  package let cause: Cause
  /// The basic code, or nil where none begins the reply.
  package let code: Int16?
  package let enhanced: EnhancedStatusCode?
  package let origin: ReplyOrigin
  /// The place of the deciding rule in the rule book.
  let rule: Int?
}
