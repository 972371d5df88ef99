// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes

/// The recipients that a server names in its own words, each with what is beside it.
struct FailedAddresses {
  struct Found {
    let address: String
    var reason: [UInt8]
  }

  private(set) var found: [Found] = []
  /// Where an address in small letters is in `found`.
  private var places: [String: Int] = [:]
  private let text: BounceText
  /// Addresses of whom the report was sent to: where the words leave room for doubt, they are not meant.
  private let senders: Set<String>

  private static let most = 1_000

  /// - Parameters:
  ///   - isReport: the header says that this may be a report; otherwise the words have to.
  ///   - isCertain: it is one, whatever the words are.
  init(_ text: BounceText, isReport: Bool, isCertain: Bool, senders: Set<String>) {
    self.text = text
    self.senders = senders
    let anchor = text.lines.firstIndex {
      BouncePhrases.holds($0.folded, BouncePhrases.failure) && (isReport || Self.isProse($0))
    }
    if let anchor { scan(from: anchor) }
    guard isReport, found.isEmpty else { return }
    // Notes says why before it says who; others have no words that are known here.
    if isCertain { scan(from: 0, isDoubtful: true) }
    // `RCPT TO` only names the recipient: the answer is what counts.
    if found.isEmpty { found = commands() }
  }

  /// Whether a line of an unknown text is a sentence, and no line of a log, of a listing or a bare reply.
  private static func isProse(_ line: BounceText.Line) -> Bool {
    guard let first = line.text.first, ASCII.digit(first) == nil, first != UInt8(ascii: "(") else {
      return false
    }
    return !["status=", "to=<", " == ", " ** ", "postfix/", "exim[", "said:", "diagnostic-code:"]
      .contains {
        line.folded.holds($0)
      }
  }

  private mutating func scan(from start: Int, isDoubtful: Bool = false) {
    var index = start
    while index < text.lines.count, found.count < Self.most {
      let line = text.lines[index]
      if !line.isBlank, let address = FailedAddressLine(line),
        accepts(address, at: index, isDoubtful),
        !(address.reason.isEmpty && isForHelp(index))
      {
        index = add(address, at: index)
      } else {
        if !isDoubtful, index == start || text.lines[index - 1].isBlank { addSentence(at: index) }
        index += 1
      }
    }
    shareReasons()
  }

  private func accepts(_ line: FailedAddressLine, at index: Int, _ isDoubtful: Bool) -> Bool {
    if line.isCommand { return false }
    // Exim names the pipe or the file, or nobody, and below it whose it was.
    if line.isOrigin { return index > 0 && !text.lines[index - 1].text.contains(UInt8(ascii: "@")) }
    guard isDoubtful || line.isLoose else { return true }
    return !line.addresses.contains { senders.contains($0.lowercased()) }
  }

  /// `Please contact:`, and an address below it.
  private func isForHelp(_ index: Int) -> Bool {
    let isLast = index + 1 == text.lines.count || text.lines[index + 1].isBlank
    guard isLast, text.lines[index].text.last != UInt8(ascii: ":"),
      let before = text.lines[..<index].lastIndex(where: { !$0.isBlank }), before >= index - 2
    else {
      return false
    }
    var words: [UInt8] = []
    for line in text.lines[...before].suffix(3).filter({ !$0.isBlank }) {
      words += line.folded + [ASCII.space]
    }
    return Self.help.contains { words.suffix(60).holds($0) }
      && !BouncePhrases.holds(text.lines[before].folded, BouncePhrases.failure)
  }

  /// Takes the line and those that belong to it; the index of the next one.
  private mutating func add(_ line: FailedAddressLine, at index: Int) -> Int {
    var reason = Array(line.reason)
    var next = index + 1
    if reason.isEmpty, text.lines[index].text.last == UInt8(ascii: ":"),
      next < text.lines.count, text.lines[next].isBlank, let beyond = text.next(from: next),
      FailedAddressLine(text.lines[beyond]) == nil
    {
      next = beyond
    }
    while next < text.lines.count, reason.count < 4_096 {
      let more = text.lines[next]
      if more.isBlank || more.isRule { break }
      if !Self.isNoise(more), let other = FailedAddressLine(more),
        !(other.isLoose && more.indent > text.lines[index].indent)
      {
        guard other.addresses.first?.lowercased() == line.addresses.first?.lowercased() else {
          if other.isCommand { next += 1; continue }
          break
        }
        reason = Self.joined(reason, other.reason)
      } else if !Self.isNoise(more) {
        reason = Self.joined(reason, more.text)
      }
      next += 1
    }
    for address in line.addresses { add(address, reason) }
    return next
  }

  private static func joined(_ reason: [UInt8], _ more: ArraySlice<UInt8>) -> [UInt8] {
    reason.isEmpty || more.isEmpty ? reason + more : reason + [ASCII.space] + more
  }

  /// What says whom it was made from, or where, and not why.
  private static func isNoise(_ line: BounceText.Line) -> Bool {
    [
      "(generated from", "(expanded from", "(ultimately generated from", "the mts-id of", ";l=",
      "retry time not reached", ">>> ", "giving up on", "i'm not going to try again",
      "last-attempt", "arrival-date",
    ].contains { line.folded.begins($0) } || line.folded.holds(";l=")
  }

  /// The address, or what is new of it: a reply is better than words, words than nothing.
  private mutating func add(_ address: String, _ reason: [UInt8]) {
    let folded = address.lowercased()
    guard let known = places[folded] else {
      places[folded] = found.count
      found.append(Found(address: address, reason: reason))
      return
    }
    let old = found[known].reason
    if old.isEmpty || !ReplyInWords.holdsReply(old) && ReplyInWords.holdsReply(reason) {
      found[known].reason = reason
    }
  }

  /// Recipients within a sentence: `There was an error delivering your mail to <bob@example.com>`.
  private mutating func addSentence(at index: Int) {
    let words = text.paragraph(from: index)
    guard words.contains(UInt8(ascii: "@")) else { return }
    let folded = words[...].lowercased
    let isFailure = BouncePhrases.holds(folded, BouncePhrases.failure)
    for address in MailAddress.all(in: words[...]) {
      guard !senders.contains(address.text.lowercased()) else { continue }
      let before = folded[..<address.range.lowerBound].trimmed
      let near = before.suffix(90)
      guard !Self.strangers.contains(where: { near.suffix(40).holds($0) }),
        Self.pointers.contains(where: { Self.ends(before, with: $0) })
          || isFailure && Self.prepositions.contains(where: { Self.ends(before, with: $0) })
            && Self.verbs.contains(where: { near.holds($0) })
      else { continue }
      var reason = words[address.range.upperBound...].drop { ".,:;) ]".utf8.contains($0) }
      if reason.count < 12 {
        reason =
          Self.ends(before, with: "user") || before.last == UInt8(ascii: "(") ? words[...] : []
      }
      add(address.text, Array(reason))
    }
  }

  private static func ends(_ text: ArraySlice<UInt8>, with word: String) -> Bool {
    text.reversed().starts(with: word.utf8.reversed())
  }

  /// Before a recipient, wherever it stands.
  private static let pointers = [
    "address:", "address", "recipient", "recipient:", "recipients:", "recipient(s):", "errors:",
    "userid:", "user", "user:", "mailbox", "account", "mailing list", "message-id in",
    "delivered to:", "undeliverable to", "message to:", "user named",
  ]
  private static let prepositions = ["to", "to:", "for", "an", "à", "(", "al", "a", "para"]
  private static let verbs: [StaticString] = [
    "deliver", "sent", "message", "mail", "reach", "zugestellt", "nachricht", "envoy", "mensaje",
    "mensagem", "messaggio", "user", "доставл",
  ]
  private static let help: [StaticString] = [
    "please reply", "please send", "please write", "please e", "please call", "contact",
    "assistance", "send mail", "to the address", "write to", "questions",
    "support", "generating server:\n",
  ]
  /// Before somebody else's address.
  private static let strangers: [StaticString] = [
    "please", "contact", "send mail", "to the address", "write to", "assistance", "help",
    "problem report", "hello", "dear", "from", "write to",
    "reply to", "forward", "questions", "abuse", "sender", "return-path", "report to", "support",
  ]

  /// A list of addresses with one reason below it.
  private mutating func shareReasons() {
    guard found.count > 1, let last = found.last, !last.reason.isEmpty,
      found.dropLast().allSatisfy({ $0.reason.isEmpty })
    else { return }
    for index in found.indices { found[index].reason = last.reason }
  }

  /// Recipients of a transcript whose answer was no.
  private func commands() -> [Found] {
    var commands: [Found] = []
    for (index, line) in text.lines.enumerated() where commands.count < Self.most {
      guard let command = FailedAddressLine(line), command.isCommand else { continue }
      let answers = text.lines[(index + 1)...].prefix(4).prefix { !$0.folded.holds("rcpt to") }
      let no = answers.first { ReplyInWords(Array($0.text))?.code != nil }
      let isListed = !line.folded.holds("<< ") && !line.folded.holds(">> ")
      guard no != nil || isListed else { continue }
      commands += command.addresses.map {
        Found(address: $0, reason: no.map { Array($0.text) } ?? [])
      }
    }
    return commands
  }

  /// What was found of an address.
  subscript(address: String?) -> Found? {
    address.flatMap { places[$0.lowercased()] }.map { found[$0] }
  }
}
