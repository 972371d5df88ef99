// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes

/// A Postfix queue; Exim has one queue without a name.
enum QueueName: UInt8 {
  case none, deferred, active, hold, incoming, maildrop, corrupt

  var text: String { self == .none ? "" : "\(self)" }

  var state: MessageState {
    switch self {
    case .none, .deferred, .corrupt: .deferred
    case .active: .active
    case .hold: .held
    case .incoming, .maildrop: .incoming
    }
  }
}

/// One message of a listing: places in its bytes and numbers, never strings.
struct ListingRow {
  static let unknownArrival = Int64.min
  static let unknownSize: Int64 = -1

  var id = ByteRange.empty
  /// Seconds since 1970.
  var arrival = unknownArrival
  var size = unknownSize
  /// The number of its sender.
  var sender: Int32 = 0
  /// Where its recipients begin in the listing's flat array.
  var firstRecipient: UInt32 = 0
  var recipientCount: UInt32 = 0
  var queue = QueueName.none
  var isHeld = false
  /// Whether something about it could not be read; the listing keeps what.
  var hasProblem = false

  var recipients: Range<Int> {
    Int(firstRecipient)..<Int(firstRecipient) + Int(recipientCount)
  }
}

/// One recipient of a message of a listing.
struct ListedRecipient {
  static let noReason: Int32 = -1

  var address: ByteRange
  /// The number of its domain.
  var destination: Int32
  /// The number of its reason, or `noReason`.
  var reason: Int32
  var isDelivered: Bool
}

/// What a row could not be read for.
enum ListingProblem: Sendable {
  /// In the MTA's own words.
  case reported(ByteRange)
  case found(String)
}
