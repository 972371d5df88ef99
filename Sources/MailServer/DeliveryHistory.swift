// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Replies

/// What the log says of the messages that are still queued.
///
/// The last deferral of each recipient and the attempts. It joins an Exim listing, which does not
/// carry replies, with the reasons.
package struct DeliveryHistory: Sendable {
  package init() {}

  /// Takes a batch of events in.
  ///
  /// Deliveries and completed messages are forgotten.
  package mutating func record(_ events: [LogEvent]) {}
}
