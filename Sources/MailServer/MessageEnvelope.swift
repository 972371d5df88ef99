// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

/// The envelope of a queued message, as the MTA's own tool shows it.
package struct MessageEnvelope: Hashable, Sendable {
  /// The queue ID as it is shown.
  package var idText: String
  package var isHeld: Bool
  /// Seconds since 1970.
  package var arrival: Int64?
  /// Empty for the null sender.
  package var sender: String
  /// The recipients still undelivered, in their order.
  package var recipients: [String]

  package init(
    idText: String, isHeld: Bool, arrival: Int64?, sender: String, recipients: [String]
  ) {
    self.idText = idText
    self.isHeld = isHeld
    self.arrival = arrival
    self.sender = sender
    self.recipients = recipients
  }
}
