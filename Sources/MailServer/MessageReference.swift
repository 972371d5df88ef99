// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

/// The identity of a queued message: Postfix uses a queue ID again, so the ID alone names nothing.
package struct MessageReference: Hashable, Sendable {
  package let queueID: QueueID
  /// Arrival in seconds since 1970, or nil if the listing does not say it exactly.
  package let arrival: Int64?
  /// The envelope sender; empty for a bounce.
  package let sender: String

  package init(queueID: QueueID, arrival: Int64?, sender: String) {
    self.queueID = queueID
    self.arrival = arrival
    self.sender = sender
  }

  /// Whether both name the same message, as far as both know it: an arrival that one does not know is not compared.
  package func matches(_ other: MessageReference) -> Bool {
    guard queueID == other.queueID, sender == other.sender else { return false }
    guard let arrival, let otherArrival = other.arrival else { return true }
    return arrival == otherArrival
  }
}
