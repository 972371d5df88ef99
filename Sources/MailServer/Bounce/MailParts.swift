// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes

/// One part of a mail that is no multipart itself (RFC 2045).
struct MailPart {
  /// The media type in small letters, `text/plain` where none is said.
  let type: String
  /// The content, decoded; text as UTF-8.
  let content: [UInt8]

  /// A mail within the mail, whole or its header alone: usually the one that is returned.
  var isMail: Bool {
    type.hasPrefix("message/rfc822") || type.hasPrefix("message/global") && !isStatus
      || type.hasPrefix("text/rfc822") || type == "message/partial"
  }

  /// A filter of the recipient refused the mail and says so as if it was read (RFC 5429, section 2.1.1).
  var isRefusal: Bool {
    guard type == "message/disposition-notification" else { return false }
    let folded = content[...].lowercased
    return folded.holds("automatic-action") && folded.holds("; deleted")
  }

  /// A report that a mail was read (RFC 8098), or called spam (RFC 5965).
  var isOtherReport: Bool {
    type == "message/disposition-notification" && !isRefusal || type == "message/feedback-report"
  }

  /// RFC 3464, and RFC 6533 for addresses that are not ASCII.
  var isStatus: Bool { type.hasPrefix("message/") && type.hasSuffix("delivery-status") }
}

/// A mail as its header and its parts in their order, however they were nested.
///
/// It never fails: a boundary that was announced nowhere begins a part if fields of a part follow it, and what has
/// no header is one part of text. One pass, and bounds for whatever strangers send.
struct MailParts {
  let header: MailHeader
  private(set) var parts: [MailPart] = []

  /// More parts or deeper ones no report has.
  private static let most = 60
  /// What a server says of a failure is in the first bytes of its part.
  private static let longest = 256 << 10

  init(_ bytes: [UInt8]) {
    let head = Array(bytes.prefix(Self.longest)).mailLines
    var index = 0
    let first = MailHeader(head, from: &index)
    guard first.isOfMail else {
      // Any other text, however long: a log may begin with a word and a colon too.
      header = MailHeader()
      read(head, from: 0)
      return
    }
    header = first
    read(bytes.mailLines, from: index)
  }

  private mutating func read(_ lines: [ArraySlice<UInt8>], from start: Int) {
    var boundaries: [[UInt8]] = []
    var kind = PartKind(header)
    if let boundary = kind.boundary { boundaries.append(boundary) }
    var begin = start
    var index = start
    while index < lines.count, parts.count < Self.most {
      guard Self.isDelimiter(lines, index, boundaries, insideMail: kind.isMail) else {
        index += 1
        continue
      }
      add(lines[begin..<index], kind)
      index += 1
      let header = Self.partHeader(lines, from: &index)
      kind = PartKind(header)
      if let boundary = kind.boundary, boundaries.count < Self.most { boundaries.append(boundary) }
      begin = index
    }
    if parts.count < Self.most { add(lines[begin...], kind) }
  }

  /// The header behind a delimiter; none where no field follows it at once.
  private static func partHeader(_ lines: [ArraySlice<UInt8>], from index: inout Int) -> MailHeader
  {
    guard index < lines.count, !lines[index].isBlank else {
      if index < lines.count { index += 1 }
      return MailHeader()
    }
    var end = index
    let header = MailHeader(lines, from: &end)
    guard header.fields.contains(where: { $0.name.hasPrefix("content-") }) else {
      return MailHeader()
    }
    index = end
    return header
  }

  private static func isDelimiter(
    _ lines: [ArraySlice<UInt8>], _ index: Int, _ boundaries: [[UInt8]], insideMail: Bool
  ) -> Bool {
    let line = lines[index]
    guard line.begins("--") else { return false }
    let mark = line.trimmed.dropFirst(2)
    if boundaries.contains(where: { mark.starts(with: $0) }) { return true }
    // The returned mail has boundaries of its own.
    guard !insideMail, mark.count > 4, index + 1 < lines.count else { return false }
    let next = lines[index + 1].prefix(13).map(ASCII.lowercase)
    return next.begins("content-type:") || next.begins("content-trans")
  }

  private mutating func add(_ lines: ArraySlice<ArraySlice<UInt8>>, _ kind: PartKind) {
    guard kind.boundary == nil || parts.isEmpty, lines.contains(where: { !$0.isBlank }) else {
      return
    }
    var size = 0
    let end = lines.firstIndex { line in
      size += line.count + 1
      return size > Self.longest
    }
    let content = kind.encoding.decoded(lines[..<(end ?? lines.endIndex)])
    // What is before the first boundary is text for programs without MIME, or all there is.
    let type = kind.boundary == nil ? kind.type : "text/plain"
    let isText = type.hasPrefix("text/") || type.hasPrefix("message/")
    parts.append(MailPart(type: type, content: isText ? kind.charset.decoded(content) : []))
  }
}

/// What the header of a part says of its content.
private struct PartKind {
  let type: String
  let boundary: [UInt8]?
  let charset: Charset
  let encoding: TransferEncoding

  init(_ header: MailHeader) {
    let content = FieldParameters(header["content-type"] ?? "text/plain")
    type = content.value.isEmpty ? "text/plain" : content.value
    let boundary = content["boundary"].map { Array($0.utf8) } ?? []
    self.boundary = boundary.isEmpty ? nil : boundary
    charset = Charset(content["charset"])
    encoding = TransferEncoding(
      boundary.isEmpty ? header["content-transfer-encoding"] : nil)
  }

  var isMail: Bool { MailPart(type: type, content: []).isMail }
}
