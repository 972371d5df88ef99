// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

package import Bytes
package import MailServer

/// A message that was removed or bounced, kept whole so that it can be brought back.
package struct SavedCopy: Hashable, Sendable {
  /// The name that `tempfail restore` takes, and of the file.
  package var name: String { "\(queueID)-\(saved)" }
  /// Seconds since 1970 of the copy.
  package var saved: Int64
  package var mta: MTA
  /// The act that it was kept for.
  package var act: Act
  /// Who acted.
  package var user: String
  package var queueID: String
  /// Seconds since 1970.
  package var arrived: Int64?
  /// Empty for the null sender.
  package var sender: String
  /// The recipients that were still undelivered.
  package var recipients: [String]
  /// Bytes of the envelope, as the MTA's tool printed it.
  package var envelopeSize: Int
  /// Bytes of headers and body, as they stood in the queue.
  package var contentSize: Int

  package init(
    saved: Int64, mta: MTA, act: Act, user: String, queueID: String, arrived: Int64?,
    sender: String, recipients: [String], envelopeSize: Int, contentSize: Int
  ) {
    self.saved = saved
    self.mta = mta
    self.act = act
    self.user = user
    self.queueID = queueID
    self.arrived = arrived
    self.sender = sender
    self.recipients = recipients
    self.envelopeSize = envelopeSize
    self.contentSize = contentSize
  }

  package var json: JSON {
    [
      "name": .string(name), "saved": .integer(saved), "mta": .string(mta.rawValue),
      "act": .string(act.rawValue), "user": .string(user), "id": .string(queueID),
      "arrived": .integer(orNull: arrived), "sender": .string(sender),
      "recipients": .array(recipients.map(JSON.string)),
      "envelopeSize": .integer(Int64(envelopeSize)), "size": .integer(Int64(contentSize)),
    ]
  }

  init?(_ json: JSON) {
    guard let saved = json["saved"]?.integer, let mta = MTA(rawValue: json["mta"]?.text ?? ""),
      let act = Act(rawValue: json["act"]?.text ?? ""), let queueID = json["id"]?.text,
      let sender = json["sender"]?.text, let recipients = json["recipients"]?.elements,
      let envelopeSize = json["envelopeSize"]?.integer, let contentSize = json["size"]?.integer,
      (0...1 << 40).contains(envelopeSize), (0...1 << 40).contains(contentSize)
    else { return nil }
    self.init(
      saved: saved, mta: mta, act: act, user: json["user"]?.text ?? "", queueID: queueID,
      arrived: json["arrived"]?.integer, sender: sender, recipients: recipients.compactMap(\.text),
      envelopeSize: Int(clamping: envelopeSize), contentSize: Int(clamping: contentSize))
  }
}
