// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes

/// Why a delivery failed, where the words do not stand beside the recipient.
struct BounceReasons {
  private let text: BounceText

  init(_ text: BounceText) { self.text = text }

  /// The best words for all recipients, or nothing.
  var common: [UInt8] {
    let labelled = text.lines.indices.compactMap(labelled)
    if let said = labelled.first(where: ReplyInWords.holdsReply) { return said }
    if let said = text.lines.indices.compactMap(transcript).first { return said }
    return labelled.first ?? explanation ?? statement ?? []
  }

  /// What follows `because:`, `The error that the other server returned was:` and the like.
  private func labelled(_ index: Int) -> [UInt8]? {
    let line = text.lines[index]
    guard line.text.count < 1_000,
      let label = Self.labels.first(where: { line.folded.holds($0) }),
      let place = line.folded.place(of: label)
    else { return nil }
    let after = line.text.dropFirst(place + label.utf8CodeUnitCount)
    // The words may be in any sentence: a mark or the end of the line makes them a label.
    guard
      label.hasColon
        || after.trimmed.first.map({ ":'\"[-=*".utf8.contains($0) || after.begins("：") }) ?? true
    else { return nil }
    var rest = after.drop { ": -=*'\"[".utf8.contains($0) }.trimmed
    if rest.begins("：") { rest = rest.dropFirst(3).trimmed }
    if rest.isEmpty {
      guard let next = text.next(from: index + 1), next <= index + 3 else { return nil }
      var words = text.paragraph(from: next)[...]
      while words.first == UInt8(ascii: "-") || words.first == ASCII.space {
        words = words.dropFirst()
      }
      return words.isEmpty ? nil : Array(words)
    }
    let more = text.paragraph(from: index + 1)
    rest = rest.prefix(1_500)
    return Array(rest) + (more.isEmpty ? [] : [ASCII.space]) + more
  }

  /// In small letters; where two are in a line the more special one comes first.
  private static let labels: [StaticString] = [
    "the error that the other server returned was", "the response from the remote server was",
    "the response was", "the reply was", "remote server returned", "error message below",
    "responded as follows", "following error message", "delivery failed for the following reason",
    "for the following reason", "the reason for the problem",
    "technical details of permanent failure",
    "technical details of temporary failure", "could not be delivered because of",
    "because of the following",
    "non-delivered information", "failure reasons", "failure reason", "the problem appears to be",
    "additional information follows", "server message", "generated response", "delay reason",
    "error was given", "reason was given",
    "error message", "the following error", "reason of failure", "reason for failure",
    "details of the failure", "said:", "reason:", "because:", "error:",
    "grund:", "motivo:", "raison", "причина", "原因", "理由", "エラー内容",
  ]

  /// A reply in a transcript, or alone in a line: `<<< 550 …`, `550 …`, `SMTP:RCPT host …: 553 …`.
  private func transcript(_ index: Int) -> [UInt8]? {
    let line = text.lines[index]
    guard !line.isBlank, line.text.count < 2_000, !line.folded.begins("subject:"),
      let reply = ReplyInWords(Array(line.text)), reply.code != nil
    else { return nil }
    return text.paragraph(from: index)
  }

  /// A sentence with the words of a failure and a reason within it.
  private var explanation: [UInt8]? {
    for index in text.paragraphs {
      let words = text.paragraph(from: index)
      let folded = words[...].lowercased
      if folded.holds("because ") || folded.holds("account is") || folded.holds("as their ")
        || folded.holds("may not exist") || folded.holds("not a member of")
        || folded.holds("the last ") && folded.holds("could not")
      {
        return words
      }
    }
    return nil
  }

  /// The first paragraph that says something: longer than a greeting, and no list's title.
  private var statement: [UInt8]? {
    let paragraphs = text.paragraphs.map(text.paragraph)
    let telling = paragraphs.filter { words in
      let folded = words[...].lowercased
      return words.count >= 20 && !Self.courtesies.contains { folded.holds($0) }
        && !Self.fields.contains { folded.begins($0) }
        && !words.allSatisfy { "-=*_#| ".utf8.contains($0) }
    }
    let plain = telling.filter {
      MailAddress.first(in: $0[...]) == nil && $0.first != UInt8(ascii: "*")
    }
    return plain.first { $0.count >= ($0.last == UInt8(ascii: ":") ? 80 : 40) && !$0.holds("http") }
      ?? plain.first ?? telling.first
  }

  private static let fields: [StaticString] = [
    "subject:", "date:", "sent:", "to:", "from:", "cc:", "message-id:", "sender:",
  ]

  private static let courtesies: [StaticString] = [
    "warning message only", "need to resend", "if you have questions", "for assistance", "thank",
    "created automatically", "this is the mail system at", "mime-encapsulated", "mime format",
    "multi-part message", "mime encoded", "automatically generated", "please do not reply",
    "do not reply", "dragonfly mail agent", "this is the qmail-send", "message from ", "hi!",
    "this is the mailer-daemon", "will be retried", "original message was received",
  ]
}

extension StaticString {
  /// Whether it ends as a label does.
  fileprivate var hasColon: Bool { withUTF8Buffer { $0.last == UInt8(ascii: ":") } }
}
