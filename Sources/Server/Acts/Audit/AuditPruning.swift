// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

package import Bytes

/// Saved copies that were deleted, because they were too old or took too much room.
package struct AuditPruning: Hashable, Sendable {
  /// Seconds since 1970.
  package var time: Int64
  /// Who ran Tempfail then.
  package var user: String
  package var host: String
  /// The names of the copies.
  package var copies: [String]

  init(time: Int64, actor: Actor, copies: [String]) {
    self.time = time
    user = actor.user
    host = actor.host
    self.copies = copies
  }

  package var json: JSON {
    [
      "kind": "pruned", "time": .integer(time), "user": .string(user), "host": .string(host),
      "copies": .array(copies.map(JSON.string)),
    ]
  }

  init?(_ json: JSON) {
    guard json["kind"]?.text == "pruned", let time = json["time"]?.integer,
      let copies = json["copies"]?.elements
    else { return nil }
    self.time = time
    user = json["user"]?.text ?? ""
    host = json["host"]?.text ?? ""
    self.copies = copies.compactMap(\.text)
  }
}
