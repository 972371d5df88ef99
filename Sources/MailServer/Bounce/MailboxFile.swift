// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes

/// The mails of an mbox (RFC 4155): each begins with a line `From `, the sender and the time, behind a blank line.
package enum MailboxFile {
  /// Cuts a text into its mails; a text that does not begin as an mbox is one mail.
  ///
  /// A line of a body may begin with `From ` too, where whoever wrote the mbox did not quote it: only a line that ends in
  /// a date and has a header field below it begins a mail.
  package static func mails(in bytes: [UInt8]) -> [ArraySlice<UInt8>] {
    guard bytes.span.has("From ", at: 0), isSeparator(bytes.span, at: 0) else {
      return [bytes[...]]
    }
    var mails: [ArraySlice<UInt8>] = []
    var start = 0
    var place = 0
    let span = bytes.span
    while let newline = span.firstIndex(of: "\nFrom ", from: place) {
      place = newline + 1
      guard isBlank(span, endingAt: newline), isSeparator(span, at: place) else { continue }
      mails.append(bytes[start..<place])
      start = place
    }
    return mails + [bytes[start...]]
  }

  /// The subject of a mail, its encoded words decoded; not safe for a terminal.
  package static func subject(of mail: ArraySlice<UInt8>) -> String? {
    var index = 0
    return MailHeader(Array(mail.prefix(256 << 10)).mailLines, from: &index)["subject"]
  }

  /// Whether the line that ends at a newline is blank.
  private static func isBlank(_ span: borrowing Span<UInt8>, endingAt newline: Int) -> Bool {
    let end = newline > 0 && span[newline - 1] == UInt8(ascii: "\r") ? newline - 1 : newline
    return end == 0 || span[end - 1] == ASCII.newline
  }

  /// `From jane@example.net Tue Nov 24 10:00:00 2026`, perhaps with a zone before or behind the year.
  private static func isSeparator(_ span: borrowing Span<UInt8>, at start: Int) -> Bool {
    let end = min(span.lineEnd(from: start), start + longestSeparator)
    let words = String(decoding: (start..<end).map { span[$0] }, as: UTF8.self)
      .split { $0 == " " || $0 == "\r" }
    guard words.count >= 6 else { return false }
    let hasDate = words.indices.dropFirst(2).contains { month in
      words.indices.contains(month + 2) && months.contains(words[month].lowercased())
        && Int(words[month + 1]).map { (1...31).contains($0) } ?? false
        && words[month + 2].utf8.count { $0 == UInt8(ascii: ":") } >= 1
        && words[(month + 3)...].contains { $0.count == 4 && Int($0) != nil }
    }
    return hasDate && isField(span, at: span.lineEnd(from: start) + 1)
  }

  private static let longestSeparator = 512
  private static let months: Set = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
  ]

  /// Whether a header field, or the line of another mbox before one, is there.
  private static func isField(_ span: borrowing Span<UInt8>, at start: Int) -> Bool {
    guard start < span.count else { return false }
    if span.has(">From ", at: start) { return true }
    let end = min(span.lineEnd(from: start), start + 80)
    return MailHeader.begins((start..<end).map { span[$0] }[...])
  }
}
