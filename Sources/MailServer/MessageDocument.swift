// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

/// A queued message opened for reading: what the MTA shows of it, as lines that are not safe for a
/// terminal as they are.
package struct MessageDocument: Hashable, Sendable {
  package var reference: MessageReference
  package var envelope: [String]
  package var headers: [String]
  /// The first part of the body.
  package var body: [String]
  /// The message log: what was tried and what the other side said.
  package var log: [String]
  /// What could not be read and why.
  package var problems: [Problem]

  package init(
    reference: MessageReference, envelope: [String] = [], headers: [String] = [],
    body: [String] = [], log: [String] = [], problems: [Problem] = []
  ) {
    self.reference = reference
    self.envelope = envelope
    self.headers = headers
    self.body = body
    self.log = log
    self.problems = problems
  }
}
