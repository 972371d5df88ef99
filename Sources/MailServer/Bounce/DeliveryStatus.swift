// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes
import Replies

/// The fields of a delivery status notification, a group for each recipient (RFC 3464, section 2.3).
///
/// Servers leave out the blank lines between groups, or put them within one; they fold fields without indentation and
/// write a type in front of a value or none. Where a field comes a second time, the next recipient begins.
struct DeliveryStatus {
  struct Recipient {
    /// The mailbox that failed; the one that the sender named where that is none.
    var address: String?
    var action: String?
    var status: EnhancedStatusCode?
    /// The words beside the number of the status.
    var statusComment: String?
    var diagnostic: String?
    var remoteHost: String?

    /// Whether the group says of a failure or a delay, and not of a success (RFC 3464, section 2.3.3).
    var isTrouble: Bool {
      switch action {
      case "delivered", "relayed", "expanded": false
      // Some have a status of success beside it.
      case "failed", "delayed": true
      default: status?.category != 2
      }
    }
  }

  private(set) var recipients: [Recipient] = []
  private var group = Group()

  /// A list of recipients that is longer was not written for a reader.
  private static let most = 1_000

  init(_ lines: [ArraySlice<UInt8>]) {
    for line in lines where recipients.count < Self.most { add(line) }
    close()
  }

  /// One group, as it is read.
  private struct Group {
    var values: [Field: [UInt8]] = [:]
    var last: Field?
    var isInterrupted = false
    /// Whether the last line may go on in the next one: it is a field of the group, or belongs to one.
    var isOpen = false
  }

  private enum Field: String {
    case finalRecipient = "final-recipient"
    case originalRecipient = "original-recipient"
    case actualRecipient = "x-actual-recipient"
    case action
    case status
    case diagnostic = "diagnostic-code"
    case remoteMTA = "remote-mta"
    case supplement = "x-supplementary-info"
  }

  private static let longest = 4_096

  private mutating func add(_ line: ArraySlice<UInt8>) {
    let text = line.trimmed
    guard !text.isEmpty else {
      group.isInterrupted = true
      group.isOpen = false
      return
    }
    if line.first == ASCII.space || line.first == ASCII.tab, group.isOpen {
      goOn(text)
      return
    }
    guard let colon = text.prefix(40).firstIndex(of: UInt8(ascii: ":")) else {
      // Folded without indentation; only the reply may be long.
      if group.isOpen, group.last == .diagnostic { goOn(text) }
      return
    }
    let name = String(decoding: text[..<colon].trimmed.map(ASCII.lowercase), as: UTF8.self)
    guard let field = Field(rawValue: name) else {
      if group.isOpen, group.last == .diagnostic, !Self.isName(text[..<colon]) {
        goOn(text)
      } else {
        group.isOpen = false
      }
      return
    }
    let isNext =
      group.values[field] != nil
      || group.isInterrupted && group.values[.finalRecipient] != nil
        && [.finalRecipient, .originalRecipient, .action].contains(field)
    if isNext { close() }
    group.values[field] = Array(text[(colon + 1)...].trimmed)
    group.last = field
    group.isInterrupted = false
    group.isOpen = true
  }

  /// `X-Name`, `Last-Attempt-Date`: what may be a field's name, where a sentence has blanks.
  private static func isName(_ text: ArraySlice<UInt8>) -> Bool {
    text.contains(UInt8(ascii: "-")) && !text.contains(ASCII.space)
  }

  private mutating func goOn(_ text: ArraySlice<UInt8>) {
    guard let last = group.last, let value = group.values[last], value.count < Self.longest else {
      return
    }
    group.values[last] = value + [ASCII.space] + text
  }

  private mutating func close() {
    defer { group = Group() }
    guard !group.values.isEmpty else { return }
    let addresses = [Field.finalRecipient, .originalRecipient, .actualRecipient]
      .compactMap { group.values[$0] }.map(Self.address)
    // A pipe, a user without a domain or nothing at all: then the sender's own word says more.
    let address =
      addresses.first { $0.dropFirst().contains("@") } ?? addresses.first { !$0.isEmpty }
    guard address != nil || group.values[.diagnostic] != nil && group.values[.action] != nil else {
      return
    }
    let status = group.values[.status].map(Self.status)
    let supplement = group.values[.supplement].map { String(decoding: $0, as: UTF8.self) }
    recipients.append(
      Recipient(
        address: address,
        action: group.values[.action].map { value in
          String(
            decoding: value.prefix { $0 > ASCII.space && $0 != UInt8(ascii: "(") }.map(
              ASCII.lowercase), as: UTF8.self)
        },
        status: status?.code, statusComment: status?.comment,
        diagnostic: group.values[.diagnostic].flatMap(Self.diagnostic) ?? supplement,
        remoteHost: group.values[.remoteMTA].flatMap(Self.host)))
  }

  /// The value behind its type (`rfc822;`, `dns;`), if it has one.
  private static func value(_ field: [UInt8]) -> ArraySlice<UInt8> {
    guard let mark = field.firstIndex(of: UInt8(ascii: ";")),
      field[..<mark].allSatisfy({ !"@<(: ".utf8.contains($0) || $0 == ASCII.space }),
      field[..<mark].trimmed.allSatisfy({ $0 != ASCII.space })
    else { return field[...] }
    return field[(mark + 1)...].trimmed
  }

  private static func address(_ field: [UInt8]) -> String {
    let value = value(field)
    if let place = MailAddress.first(in: value) { return place.text }
    return String(decoding: value, as: UTF8.self)
  }

  private static func host(_ field: [UInt8]) -> String? {
    let name = value(field).prefix { $0 > ASCII.space && $0 != UInt8(ascii: "(") }
    return name.isEmpty ? nil : String(decoding: name, as: UTF8.self)
  }

  /// `5.1.10 (host/domain does not accept mail)`.
  private static func status(_ field: [UInt8]) -> (code: EnhancedStatusCode?, comment: String?) {
    let number = field.prefix { $0 > ASCII.space && $0 != UInt8(ascii: "(") }
    var comment = field[number.endIndex...].trimmed
    if comment.first == UInt8(ascii: "("), comment.last == UInt8(ascii: ")") {
      comment = comment.dropFirst().dropLast()
    }
    let code = EnhancedStatusCode(String(decoding: number, as: UTF8.self))
    // `Status: 553 Exceeded maximum inbound message size` is the reply.
    if code == nil { return (nil, field.isEmpty ? nil : String(decoding: field, as: UTF8.self)) }
    return (code, comment.isEmpty ? nil : String(decoding: comment, as: UTF8.self))
  }

  private static func diagnostic(_ field: [UInt8]) -> String? {
    let value = value(field)
    return value.isEmpty ? nil : String(decoding: value, as: UTF8.self)
  }
}
