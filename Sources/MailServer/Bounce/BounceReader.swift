// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes
import Replies

/// The sources of a report, in their order.
struct BounceReader {
  private let mail: MailParts
  private let text: BounceText
  /// The header leaves no doubt that this is a report.
  private let isCertain: Bool
  /// It may be one: a server, or the person who runs one, wrote it.
  private let isReport: Bool
  private let isSuccess: Bool
  private let status: [DeliveryStatus.Recipient]
  private let words: FailedAddresses
  private let isDelayed: Bool
  /// The reason for all who have none of their own.
  private let common: [UInt8]

  init(_ mail: MailParts) {
    self.mail = mail
    let isBare = mail.header.fields.isEmpty
    let isOther = mail.parts.contains(where: \.isOtherReport)
    text = BounceText(Self.ownLines(mail))
    let fields = mail.parts.filter { $0.isStatus || $0.isRefusal }.flatMap { $0.content.mailLines }
    // Notifications without MIME have their fields in the text.
    let all =
      isOther ? [] : DeliveryStatus(fields.isEmpty ? text.lines.map(\.bytes) : fields).recipients
    status = all.filter(\.isTrouble)
    isCertain = !isBare && !isOther && Self.isCertain(mail.header)
    isReport = isCertain || !isBare && !isOther && Self.isFromServer(mail.header)
    isSuccess = !all.isEmpty && status.isEmpty
    // A mail with a person's header is none, whatever it contains.
    let isSilent = isSuccess || isOther || !isBare && !isReport
    words = FailedAddresses(
      isSilent ? BounceText([]) : text, isReport: isReport, isCertain: isCertain,
      senders: Self.senders(mail.header))
    isDelayed = Self.isDelayed(text, mail.header)
    common = BounceReasons(isSuccess ? BounceText([]) : text).common
  }

  /// The lines that the server wrote: those of the first part that says something.
  private static func ownLines(_ mail: MailParts) -> [ArraySlice<UInt8>] {
    let plain = mail.parts.filter { $0.type == "text/plain" || $0.type == "text" }
    let telling = plain.first { $0.content.contains(UInt8(ascii: "@")) } ?? plain.first
    let html = mail.parts.filter { $0.type == "text/html" }.map { MarkupText.plain($0.content) }
    if let telling, telling.content.contains(UInt8(ascii: "@")) || html.isEmpty {
      // A blank line between them: they are paragraphs of their own.
      return Array(plain.prefix(3).map(\.content.mailLines).joined(separator: [[]]))
    }
    return (html.first ?? []).mailLines
  }

  /// Their subjects may be in any language, or be that of the returned mail.
  private static func isFromServer(_ header: MailHeader) -> Bool {
    let from = (header["from"] ?? "").utf8.map(ASCII.lowercase)
    return BouncePhrases.holds(
      from, ["mailer-daemon@", "postmaster@", "mailer-daemon <", "mdaemon@"])
  }

  private static func isCertain(_ header: MailHeader) -> Bool {
    if header["x-failed-recipients"] != nil { return true }
    let type = (header["content-type"] ?? "").lowercased()
    // Of other reports, such as that a mail was read, RFC 6522 has the same type.
    if type.hasPrefix("multipart/report") {
      return !type.contains("disposition") && !type.contains("feedback")
    }
    func has(_ field: String, _ phrases: [StaticString]) -> Bool {
      header[field].map { BouncePhrases.holds($0.utf8.map(ASCII.lowercase), phrases) } ?? false
    }
    if has("subject", BouncePhrases.title) { return true }
    let isFromServer =
      has("from", BouncePhrases.sender) || has("sender", BouncePhrases.sender)
      || has("return-path", BouncePhrases.sender) || header["from"] == "<>"
      || header["x-mlserver"] != nil
    return isFromServer
      && (has("subject", BouncePhrases.subject) || (header["subject"] ?? "").isEmpty)
  }

  /// To whom the report was sent: the sender of the mail that it is about.
  private static func senders(_ header: MailHeader) -> Set<String> {
    var senders: Set<String> = []
    for name in [
      "to", "delivered-to", "x-original-to", "envelope-to", "from", "sender", "reply-to",
    ] {
      guard let value = header[name] else { continue }
      senders.formUnion(MailAddress.all(in: Array(value.utf8)[...]).map { $0.text.lowercased() })
    }
    return senders
  }

  var recipients: [Bounce.Recipient] {
    if !status.isEmpty { return status.map(recipient) + unlisted }
    if !words.found.isEmpty {
      return words.found.map { recipient($0.address, $0.reason.isEmpty ? common : $0.reason) }
    }
    return failedInHeader.map { recipient($0, common) }
  }

  /// Some fields name a pipe, a user without a domain, or nobody.
  private func address(
    _ fields: DeliveryStatus.Recipient, _ beside: FailedAddresses.Found?
  ) -> String? {
    if fields.address?.contains("@") == true { return fields.address }
    return beside?.address ?? fields.address ?? failedInHeader.first
  }

  private func isDelayed(_ fields: DeliveryStatus.Recipient) -> Bool {
    guard let action = fields.action, !action.isEmpty else { return isDelayed }
    return action.hasPrefix("delay") || action.hasPrefix("defer")
  }

  /// Exim's and Gmail's own field.
  private var failedInHeader: [String] {
    let value = mail.header["x-failed-recipients"] ?? ""
    return MailAddress.all(in: Array(value.utf8)[...]).map(\.text)
  }

  /// Recipients whom the words name with their own reply and the fields do not.
  private var unlisted: [Bounce.Recipient] {
    let listed = Set(status.compactMap { $0.address?.lowercased() })
    // Where the two name all of them differently, they mean the same mailboxes.
    guard words.found.contains(where: { listed.contains($0.address.lowercased()) }) else {
      return []
    }
    return words.found.filter {
      !listed.contains($0.address.lowercased()) && ReplyInWords($0.reason)?.code != nil
    }.map { recipient($0.address, $0.reason) }
  }

  private func recipient(_ fields: DeliveryStatus.Recipient) -> Bounce.Recipient {
    let said = fields.diagnostic.map { Array($0.utf8) } ?? []
    let beside =
      words[fields.address]
      ?? (status.count == 1 && words.found.count == 1 ? words.found[0] : nil)
    var candidates = [said, beside?.reason ?? []]
    if status.count == 1 || candidates.allSatisfy({ !Self.saysSomething($0) }) {
      candidates.append(common)
    }
    if let comment = fields.statusComment { candidates.insert(Array(comment.utf8), at: 2) }
    let reason =
      candidates.first(where: Self.saysSomething) ?? candidates.first { !$0.isEmpty } ?? []
    return recipient(
      address(fields, beside), reason, isDelayed: isDelayed(fields), fields,
      // A code alone, and words elsewhere.
      else: ReplyInWords(said))
  }

  private func recipient(_ address: String?, _ reason: [UInt8]) -> Bounce.Recipient {
    recipient(address, reason, isDelayed: isDelayed)
  }

  private func recipient(
    _ address: String?, _ reason: [UInt8], isDelayed: Bool,
    _ fields: DeliveryStatus.Recipient? = nil,
    else other: ReplyInWords? = nil
  ) -> Bounce.Recipient {
    let reply = ReplyInWords(reason)
    // `5.0.0` says less than the text.
    let statuses = [reply?.status, fields?.status, other?.status].compactMap(\.self)
    return Bounce.Recipient(
      address: address, outcome: isDelayed ? .delayed : .failed,
      reason: Self.words(reply.map { Array($0.words) } ?? reason),
      code: reply?.code ?? other?.code,
      status: statuses.first { $0.subject != 0 || $0.detail != 0 } ?? statuses.first,
      remoteHost: fields?.remoteHost)
  }

  /// Whether the words say that the message is still tried.
  private static func isDelayed(_ text: BounceText, _ header: MailHeader) -> Bool {
    let lines = text.lines.map(\.folded) + [(header["subject"] ?? "").utf8.map(ASCII.lowercase)]
    return lines.contains { BouncePhrases.holds($0, BouncePhrases.delay) }
      && !lines.contains { BouncePhrases.holds($0, BouncePhrases.end) }
  }

  /// Whether there are words beside the numbers.
  private static func saysSomething(_ reason: [UInt8]) -> Bool {
    reason.split {
      !(($0 | 0x20) >= UInt8(ascii: "a") && ($0 | 0x20) <= UInt8(ascii: "z") || $0 >= 0x80)
    }
    .contains { $0.count >= 3 && !$0.lowercased.elementsEqual("smtp".utf8) }
  }

  /// In one line, without what is around.
  private static func words(_ reason: [UInt8]) -> String {
    var words = reason[...].trimmed
    if words.first == UInt8(ascii: "["), words.last == UInt8(ascii: "]") {
      words = words.dropFirst().dropLast()
    }
    if words.lowercased.begins("reason:") { words = words.dropFirst(7) }
    // `(reason: 550 …)`: what was opened before the words.
    for (opening, closing) in [("(", ")"), ("[", "]")].map({
      (Array($0.utf8)[0], Array($1.utf8)[0])
    })
    where words.last == closing
      && words.count(where: { $0 == opening }) < words.count(where: { $0 == closing })
    {
      words = words.dropLast()
    }
    let parts = words.split(whereSeparator: { $0 <= ASCII.space })
    return String(decoding: Array(parts.joined(separator: [ASCII.space])), as: UTF8.self)
  }

  /// The text of a mail that is no report: somebody wrote it.
  var letter: [UInt8]? {
    guard !mail.header.fields.isEmpty, !isReport, status.isEmpty else { return nil }
    return Array(text.lines.map(\.bytes).joined(separator: [ASCII.newline]))
  }

  /// Where a report names nobody, the one recipient of the mail that it returns.
  var lastResort: [Bounce.Recipient] {
    guard isCertain, !isSuccess else { return [] }
    let returned =
      mail.parts.filter(\.isMail).map(\.content.mailLines).first ?? Array(text.returned)
    var start = returned.firstIndex { MailHeader.begins($0) } ?? 0
    let header = MailHeader(returned, from: &start)
    guard let to = header["to"] else { return [] }
    let addresses = MailAddress.all(in: Array(to.utf8)[...])
    guard addresses.count == 1 else { return [] }
    let subject = mail.header["subject"].map { Array($0.utf8) } ?? []
    return [recipient(addresses[0].text, common.isEmpty ? subject : common)]
  }
}
