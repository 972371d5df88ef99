// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer

/// Where Postfix keeps its messages.
enum PostfixSpool {
  /// The file of a deferred message: its modification time is the time of the next attempt (qmgr_active.c).
  ///
  /// The folder is named by the first digits of the microseconds in the ID: in a short ID they stand
  /// first, in a long one before the last `z`, as four digits of base 52 (mail_queue.h).
  static func deferredFile(of id: String, in spool: String, hashDepth: Int) -> String? {
    file(of: id, in: spool + "/deferred", hashDepth: hashDepth)
  }

  /// Where a message may be: in any queue, hashed or not (postconf(5), `hash_queue_names`).
  static func files(of id: String, in spool: String, hashDepth: Int) -> [String] {
    [hashDepth, 0].flatMap { depth in
      ["deferred", "hold", "active", "incoming", "maildrop"].compactMap {
        file(of: id, in: "\(spool)/\($0)", hashDepth: depth)
      }
    }
  }

  static func file(of id: String, in queue: String, hashDepth: Int) -> String? {
    guard let digits = microseconds(of: id), digits.count >= hashDepth else { return nil }
    let folders = digits.prefix(hashDepth).map { "\($0)/" }.joined()
    return "\(queue)/\(folders)\(id)"
  }

  private static let base52 = Array("0123456789BCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz")

  private static func microseconds(of id: String) -> String? {
    guard let separator = id.lastIndex(of: "z") else { return String(id.prefix(5)) }
    let digits = id[..<separator].suffix(4).compactMap { base52.firstIndex(of: $0) }
    guard digits.count == 4 else { return nil }
    let value = String(digits.reduce(0) { $0 * 52 + $1 }, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, 5 - value.count)) + value
  }
}
