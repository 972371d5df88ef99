// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes

/// An object of `tempfail queue --json`.
struct QueueRow {
  struct Recipient {
    let address: String
    let delivered: Bool
    let reply: String?
    let cause: String?
  }

  let id: String
  let mta: String
  let state: String
  let arrived: Int64?
  let size: Int64?
  let sender: String
  let recipients: [Recipient]

  /// Reads the object; nil if a name or a type is not as documented.
  init?(_ object: JSON) {
    guard let id = object["id"]?.text, let mta = object["mta"]?.text,
      let state = object["state"]?.text, let sender = object["sender"]?.text,
      object["queue"] != nil, object["attempts"] != nil, object["nextRetry"] != nil,
      let recipients = object["recipients"]?.elements
    else { return nil }
    self.id = id
    self.mta = mta
    self.state = state
    self.sender = sender
    arrived = object["arrived"]?.integer
    size = object["size"]?.integer
    self.recipients = recipients.compactMap(Recipient.init)
    guard self.recipients.count == recipients.count else { return nil }
  }
}

extension QueueRow.Recipient {
  init?(_ object: JSON) {
    guard let address = object["address"]?.text, case .bool(let delivered) = object["delivered"],
      object["reply"] != nil, object["cause"] != nil
    else { return nil }
    self.address = address
    self.delivered = delivered
    reply = object["reply"]?.text
    cause = object["cause"]?.text
  }
}
