// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes

/// What a server wrote for the sender to read: the lines of a bounce before the mail that it returns.
struct BounceText {
  struct Line {
    let bytes: ArraySlice<UInt8>
    /// Without the white space around it.
    let text: ArraySlice<UInt8>
    /// The same in small letters.
    let folded: [UInt8]
    /// Columns of white space before the text.
    let indent: Int

    init(_ bytes: ArraySlice<UInt8>) {
      self.bytes = bytes
      text = bytes.trimmed
      folded = text.lowercased
      indent = text.startIndex - bytes.startIndex
    }

    var isBlank: Bool { text.isEmpty }
    /// A line of hyphens, stars and the like, with words in it or not.
    var isRule: Bool {
      guard let first = text.first, "-=*_|#~".utf8.contains(first) else { return false }
      return text.count >= 4 && text.prefix(4).allSatisfy { $0 == first }
        || text.dropFirst().first == UInt8(ascii: "-") && text.count >= 8
          && first == UInt8(ascii: "|")
    }
  }

  let lines: [Line]
  /// The returned mail, or what is there of it.
  let returned: ArraySlice<ArraySlice<UInt8>>

  /// What a server says itself is short.
  private static let longest = 1_500

  init(_ all: [ArraySlice<UInt8>]) {
    var lines: [Line] = []
    var end = 0
    for bytes in all.prefix(Self.longest) {
      let line = Line(Self.unquoted(bytes.prefix(4_096)))
      if let last = lines.last, last.isBlank, lines.count > 1,
        Self.isFolded(lines[lines.count - 2], line)
      {
        lines.removeLast()
      }
      if !lines.isEmpty, Self.beginsReturnedMail(line, hasText: lines.contains { !$0.isBlank }) {
        break
      }
      lines.append(line)
      end += 1
    }
    self.lines = lines
    returned = all[end...]
  }

  /// Whether a reply of several lines goes on: the line ends of the remote server became blank lines.
  private static func isFolded(_ line: Line, _ next: Line) -> Bool {
    line.text.count > 4 && line.text.dropFirst(3).first == UInt8(ascii: "-")
      && line.text.prefix(3).allSatisfy { ASCII.digit($0) != nil }
      && next.text.starts(with: line.text.prefix(3))
  }

  /// Without the marks of a quoted mail; `>>> RCPT TO` is a transcript's.
  private static func unquoted(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var rest = bytes
    while rest.first == UInt8(ascii: ">"), !rest.begins(">>>") {
      rest = rest.dropFirst()
      if rest.first == ASCII.space { rest = rest.dropFirst() }
    }
    return rest
  }

  private static func beginsReturnedMail(_ line: Line, hasText: Bool) -> Bool {
    guard hasText, !line.isBlank else { return false }
    if line.indent == 0, returnedFields.contains(where: { line.folded.begins($0) }) { return true }
    return line.text.count < 120 && returnedTitles.contains { line.folded.holds($0) }
  }

  /// Fields with which a returned mail begins, where no words announce it.
  private static let returnedFields: [StaticString] = [
    "received: ", "received:from ", "return-path: <", "dkim-signature: ", "x-received: ",
    "message-id: <", "message-id:<", "x-google-", "arc-seal: ",
  ]

  /// How servers announce the mail that they return.
  private static let returnedTitles: [StaticString] = [
    "original message follows", "original message -----", "original message header",
    "original message headers", "copy of the original message", "is a copy of the message",
    "is a copy of your message", "header of the original message", "message headers follow",
    "message header follows", "message text follows", "returned message ---", "unsent message",
    "no message was collected", "copy of the first part", "copy of the message header",
    "contains the original mail header", "original mail as follows", "original mail info",
    "end of message", "non-delivered message is attached", "message header:",
    "cabeceras del mensaje original", "kopie der nachricht", "ursprüngliche nachricht",
    "le message original", "исходное сообщение", "元のメッセージ", "original message is attached",
    "returned message follows", "original message:", "text of your message",
    "headers of the message",
    "original message text",
  ]

  /// Lines that belong together, as one text: a paragraph around a line, from that line on.
  func paragraph(from start: Int) -> [UInt8] {
    var text: [UInt8] = []
    var index = start
    while index < lines.count, !lines[index].isBlank, !lines[index].isRule || index == start,
      text.count < 2_000
    {
      if !text.isEmpty { text.append(ASCII.space) }
      text += lines[index].text
      index += 1
    }
    return text
  }

  /// Where paragraphs begin.
  var paragraphs: [Int] {
    lines.indices.filter { index in
      !lines[index].isBlank && !lines[index].isRule
        && (index == 0 || lines[index - 1].isBlank || lines[index - 1].isRule)
    }
  }

  /// The first line at or after `start` that holds something.
  func next(from start: Int) -> Int? {
    lines[min(start, lines.count)...].firstIndex { !$0.isBlank }
  }
}
