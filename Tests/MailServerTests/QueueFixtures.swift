// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import MailServer
import Testing

/// Recorded output of real commands.
enum QueueFixture {
  /// When the recordings were made: 2026-11-24 00:45 UTC.
  static let now: Int64 = 1_795_481_100

  static func bytes(_ name: String) throws -> [UInt8] {
    let folder = Bundle.module.resourceURL?.appending(path: "Fixtures")
    return [UInt8](try Data(contentsOf: try #require(folder).appending(path: name)))
  }

  static func listing(_ name: String, mta: MTA? = nil) throws -> QueueListing {
    QueueListing(try bytes(name), mta: mta, now: now)
  }
}

extension QueueListing {
  /// All rows, with their strings.
  var messages: [QueuedMessage] { (0..<count).map { message(at: $0) } }

  init(_ text: String, mta: MTA? = nil, now: Int64 = QueueFixture.now, utcOffset: Int = 0) {
    self.init(Array(text.utf8), mta: mta, now: now, zone: LocalZone(offset: utcOffset))
  }
}
