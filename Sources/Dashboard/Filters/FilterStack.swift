// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

package import MailServer

/// The filters of a list: those that were kept, each a chip, and the one that is being typed.
package struct FilterStack: Hashable, Sendable {
  package private(set) var chips: [Filter] = []
  /// What is typed, as far as it could be read.
  package var draft: Filter?

  package init() {}

  /// All of them must let something through.
  package var all: [Filter] { chips + (draft.map { [$0] } ?? []) }

  package var isEmpty: Bool { all.allSatisfy(\.isEmpty) }

  /// Keeps what is typed as a chip; twice the same says nothing more.
  mutating func keepDraft() {
    if let draft, !draft.isEmpty, !chips.contains(draft) { chips.append(draft) }
    draft = nil
  }

  /// Takes the last chip away.
  @discardableResult
  mutating func removeLast() -> Filter? { chips.popLast() }

  mutating func add(_ filter: Filter) {
    draft = filter
    keepDraft()
  }

  /// The chips in one line, for a title: `[dest:gmail.com] [age>1h]`.
  package var words: String? {
    isEmpty ? nil : all.filter { !$0.isEmpty }.map { "[\($0.text)]" }.joined(separator: " ")
  }
}
