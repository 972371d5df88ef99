// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

extension Rule {
  /// The rule book in the order in which it is tried: from a provider's own code to a bare status.
  static let all: [Rule] =
    finals + gmail + yahoo + providers + homes + microsoft + greylisting + blames + exceptions
    + authentication + reputation + encryption + limits + mailboxes + rates + lookups + onwards
    + timeouts + failures + shortages + distrust + ownWords + leftovers + statuses
}
