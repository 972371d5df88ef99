// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

package import Bytes
package import MailServer

/// A message that was removed or bounced, kept whole so that it can be restored.
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
  /// The size that the queue showed of it, nil in copies of older versions: Postfix counts more than headers and body have.
  package var listedSize: Int64?
  /// The entry of the audit trail of the act; nil in copies of older versions.
  package var entry: String?
  /// Whether it was on hold or frozen; nil in copies of older versions.
  package var isHeld: Bool?
  /// The MTA's spool that it came from; nil if that is out of sight.
  package var spool: String?
  /// Postfix' MAIL_CONFIG then, where it was set.
  package var configuration: String?
  /// The MTA's own files of it, which follow the content; the last one makes it a message.
  package var files: [File] = []

  /// A file of the spool.
  package struct File: Hashable, Sendable {
    /// Within the spool: `deferred/8/8053D34`.
    package var path: String
    package var size: Int
    /// Seconds since 1970: of a deferred message of Postfix, when it is tried next.
    package var modified: Int64
  }

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
      "listedSize": .integer(orNull: listedSize),
      "entry": .string(orNull: entry), "held": isHeld.map(JSON.bool) ?? .null,
      "spool": .string(orNull: spool), "configuration": .string(orNull: configuration),
      "files": .array(
        files.map {
          [
            "path": .string($0.path), "size": .integer(Int64($0.size)),
            "modified": .integer($0.modified),
          ]
        }),
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
    listedSize = json["listedSize"]?.integer
    entry = json["entry"]?.text
    isHeld = json["held"]?.bool
    spool = json["spool"]?.text
    configuration = json["configuration"]?.text
    for file in json["files"]?.elements ?? [] {
      guard let path = file["path"]?.text, let size = file["size"]?.integer,
        let modified = file["modified"]?.integer, (0...1 << 40).contains(size)
      else { return nil }
      files.append(File(path: path, size: Int(clamping: size), modified: modified))
    }
  }

  /// Whether it is of the same message: a short queue ID of Postfix alone comes again.
  func isOfSameMessage(as other: SavedCopy) -> Bool {
    (mta, queueID, sender, spool) == (other.mta, other.queueID, other.sender, other.spool)
      && arrived != nil && arrived == other.arrived
  }

  /// Bytes of what follows the manifest.
  var size: Int { files.reduce(envelopeSize + contentSize) { $0 + $1.size } }
}

extension SavedCopy {
  /// What is to be kept of a message that an act is about to lose.
  init(
    _ message: MessageReader.Copy, of target: MessageReference, for act: Act, by user: String,
    at time: Int64, entry: String?, mta: MTA, tools: MailTools
  ) {
    self.init(
      saved: time, mta: mta, act: act, user: user, queueID: target.queueID.text,
      arrived: message.sighting.arrival, sender: message.sighting.sender ?? target.sender,
      recipients: message.sighting.recipients, envelopeSize: message.envelope.count,
      contentSize: message.content.count)
    listedSize =
      mta == .postfix
      ? MessageEnvelope.listedSize(postcatEnvelope: message.envelope)
      : Int64(message.content.count)
    self.entry = entry
    isHeld = message.sighting.isHeld
    spool = tools.spool
    configuration = tools.configuration
    files = message.files.map {
      File(path: $0.path, size: $0.bytes.count, modified: $0.modified)
    }
  }
}
