// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

extension StringProtocol {
  /// With a capital letter, as at the beginning of a sentence.
  package var startingSentence: String { prefix(1).uppercased() + dropFirst() }
}
