// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes

/// Whole messages as `postcat -qod` prints them (postcat(1)): each record with its offset and type
/// before it, so that no text of a message can be taken for a marker.
package enum PostcatRecords {
  package struct Message: Hashable, Sendable {
    package var envelope: MessageEnvelope
    /// The lines before the content.
    package var envelopeText: [UInt8]
    /// Headers and body.
    package var content: [UInt8]
  }

  private static let normal = UInt8(ascii: "N")
  private static let continued = UInt8(ascii: "L")
  private static let contents = UInt8(ascii: "M")
  private static let extracted = UInt8(ascii: "X")
  private static let end = UInt8(ascii: "E")

  /// The messages that are whole; what breaks off or is of a form that is not known is left out.
  ///
  /// - Parameter utcOffset: seconds east of UTC of the server's local time, at about a time.
  package static func messages(_ bytes: [UInt8], utcOffset: (Int64) -> Int) -> [Message] {
    var messages: [Message] = []
    var message: Partial?
    var index = 0
    while let newline = bytes.span.firstIndex(of: ASCII.newline, from: index) {
      let line = bytes[index..<newline]
      index = newline + 1
      // The first marker of a message has no offset before it.
      if line.starts(with: "*** ENVELOPE RECORDS ".utf8) {
        message = Partial(marker: line)
      } else if let (type, text) = record(line) {
        message?.take(type, text)
        guard type == end, let whole = message?.message(utcOffset) else { continue }
        messages.append(whole)
        message = nil
      } else {
        message = nil
      }
    }
    return messages
  }

  /// Takes a line such as `     2541  78 text` apart.
  private static func record(_ line: ArraySlice<UInt8>) -> (type: UInt8, text: ArraySlice<UInt8>)? {
    var rest = line.drop { $0 == ASCII.space }.drop { ASCII.digit($0) != nil }
    guard rest.first == ASCII.space else { return nil }
    rest = rest.drop { $0 == ASCII.space }
    let digits = rest.prefix { ASCII.digit($0) != nil }
    guard let type = UInt8(String(decoding: digits, as: UTF8.self)),
      rest.dropFirst(digits.count).first == ASCII.space
    else { return nil }
    return (type, rest.dropFirst(digits.count + 1))
  }

  private struct Partial {
    var envelopeText: [UInt8]
    var content: [UInt8] = []
    var isContent = false

    init(marker: ArraySlice<UInt8>) { envelopeText = marker + [ASCII.newline] }

    mutating func take(_ type: UInt8, _ text: ArraySlice<UInt8>) {
      switch type {
      case contents: isContent = true
      // What follows is envelope again: the recipients that `sendmail -t` found.
      case extracted: isContent = false
      case normal where isContent: content += text + [ASCII.newline]
      case continued where isContent: content += text
      case _ where !isContent: envelopeText += text + [ASCII.newline]
      default: break
      }
    }

    func message(_ utcOffset: (Int64) -> Int) -> Message? {
      MessageEnvelope(postcatEnvelope: envelopeText, utcOffset: utcOffset).map {
        Message(envelope: $0, envelopeText: envelopeText, content: content)
      }
    }
  }
}
