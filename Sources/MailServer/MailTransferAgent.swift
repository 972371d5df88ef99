// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes
import Replies

/// The differences between MTAs in words, queue IDs, listings and logs.
protocol MailTransferAgent {
  static var name: String { get }
  static var holdWords: HoldWords { get }

  // MARK: - Queue IDs

  static var exampleID: String { get }
  /// Whether the bytes in `range` have the form of a queue ID.
  static func isQueueID(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool
  /// The time in a queue ID, in seconds since 1970, or nil if this form of ID carries none.
  static func time(inQueueID id: Span<UInt8>) -> Int64?

  // MARK: - The queue

  /// The form of a listing that says nothing on its own.
  static var usualListing: ListingFormat { get }
  /// The form of a listing that a line can belong to, or nil.
  static func listingFormat(ofLine line: Range<Int>, in bytes: Span<UInt8>) -> ListingFormat?
  /// Whether its listing shows a message in its first delivery as one that was deferred.
  static var listsFirstDeliveryAsDeferred: Bool { get }
  /// Whether a message has its own retry time; otherwise the host or address has one for all its messages.
  static var retriesByMessage: Bool { get }
  /// Whether a rule for the recipient says how long a message is tried.
  static var hasRetryRules: Bool { get }
  /// Whether an attempt may be requested while a message is frozen or on hold.
  static var retriesHeld: Bool { get }

  // MARK: - The log

  /// Whether it keeps a log for each message in the queue.
  static var keepsMessageLogs: Bool { get }
  /// Whether it writes its own log files, each line of which begins with a date and no program's name.
  static var writesBareLines: Bool { get }
  /// Where a line says that the delivery was: by its program, its route and its port; nil if they do not say.
  static func hop(of record: LogRecord, in line: Span<UInt8>) -> Hop?
  /// The router that decided where the mail goes; nil if the line names none in `range`.
  static func router(inLogLine line: Span<UInt8>, _ range: Range<Int>) -> String?
  /// The transport that the mail was handed to; nil if the line names none in `range`.
  static func transport(inLogLine line: Span<UInt8>, _ range: Range<Int>) -> String?
  /// Whether a delivery went through a connection that was open already.
  static func continuesConnection(logLine line: Span<UInt8>) -> Bool
  /// Whether no attempt was made, because the result of an earlier one still counts.
  static func isUntried(_ attempt: LogEvent) -> Bool
}
