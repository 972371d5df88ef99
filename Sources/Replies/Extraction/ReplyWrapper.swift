// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes

/// The words that MTAs write around a reply, taken off one layer at a time.
struct ReplyWrapper {
  /// What is left.
  private(set) var range: Range<Int>
  /// The remote host that the words name.
  private(set) var host: Range<Int>?
  /// The MTA repeats an older reply and did not try now.
  private(set) var isRepeated = false
  /// The MTA names these words as the reason of a deferral.
  private(set) var isDeferral = false
  /// The MTA has bounced it: what it quotes is no longer a deferral.
  private(set) var isFinal = false
  /// What is quoted is the answer to our login.
  private(set) var isLogin = false
  private var isQuotedByExim = false
  /// A code that the words say apart from the reply, and the status there.
  private(set) var apart: CodeApart?

  /// Layers: a suspended delivery in a deferral line that quotes a host is three.
  private static let deepest = 8

  init(_ text: borrowing Span<UInt8>) {
    range = text.withoutQuoteMarks(text.trimmed(0..<text.count))
    let all = range
    var layers = 0
    while layers < Self.deepest, text.basicCode(range) == nil, peel(text) { layers += 1 }
    if text.basicCode(range) == nil, let found = CodeApart(text, range) {
      apart = found
      range = found.words
    } else if text.basicCode(range) == nil, let reply = text.quotedReply(range) {
      findHost(text, range.lowerBound..<reply)
      range = reply..<range.upperBound
    }
    if !isDeferral { isDeferral = waits(text, all) }
    if !isFinal, !isDeferral { isFinal = isOver(text, all) }
    cutTail(text)
  }

  /// Whether words before the reply, or without one, say that the message waits.
  private func waits(_ text: borrowing Span<UInt8>, _ all: Range<Int>) -> Bool {
    let hasCode =
      apart != nil || text.basicCode(range) != nil || EnhancedStatusCode.read(text, range) != nil
    let words = hasCode ? all.lowerBound..<range.lowerBound : all
    if Self.deferrals.contains(where: { text.firstIndex(folded: $0, in: words) != nil }) {
      return true
    }
    guard let refusal = text.firstIndex(folded: Self.refusal, in: words) else { return false }
    return Self.refused.contains { text.has($0, at: refusal + Self.refusal.utf8CodeUnitCount) }
  }

  /// Whether words that say it is over stand outside of what they quote.
  ///
  /// Exim puts its own behind the reply; behind a 4xx that nobody else quotes they are the server's, and that one
  /// reports about a message of that server.
  private func isOver(_ text: borrowing Span<UInt8>, _ all: Range<Int>) -> Bool {
    if text.firstIndex(folded: Self.refrain, in: all) != nil { return true }
    guard Self.endings.contains(where: { text.firstIndex(folded: $0, in: all) != nil }) else {
      return false
    }
    return isQuotedByExim || text.basicCode(range).map { $0.value >= 500 } ?? true
  }

  private struct Opening {
    let words: StaticString
    /// Where the reply begins: at once, or after the last colon before a code.
    var isFarther = false
    var closing: StaticString?
    var isRepeated = false
    var isDeferral = false
    var isFinal = false
    var isLogin = false
    /// It reports a deferral where the text begins with it: elsewhere it may be anybody's word.
    var isDeferralFirst = false
    /// Exim puts words of its own behind what it quotes so.
    var isExim = false
  }

  private static let openings: [Opening] = [
    // The line around a reply first: it has the result for the message.
    Opening(words: "status=deferred (", closing: ")", isDeferral: true),
    Opening(words: "status=bounced (", closing: ")", isFinal: true),
    Opening(words: "status=expired ", isFinal: true),
    Opening(words: "stat=deferred: ", isDeferral: true),
    Opening(words: "stat=deferred (", closing: ")", isDeferral: true),
    Opening(words: "stat=deferred", isDeferral: true),
    Opening(words: "delivery temporarily suspended: ", isRepeated: true, isDeferral: true),
    // Postfix keeps the message then, whatever code it quotes (postconf(5): smtp_sasl_auth_soft_bounce,
    // smtp_skip_5xx_greeting).
    Opening(words: "sasl authentication failed; ", isDeferral: true, isLogin: true),
    Opening(words: " refused to talk to me: ", isDeferral: true),
    Opening(words: " said: "),
    Opening(words: "error from remote mail server after ", isFarther: true, isExim: true),
    Opening(words: "error from remote mailer after ", isFarther: true, isExim: true),
    Opening(words: "diagnostic-code: "),
    Opening(words: "smtp;"),
    Opening(words: "lmtp;"),
    Opening(words: "x-postfix;"),
    Opening(words: "remote host said: "),
    Opening(words: "remote_host_said:_"),
    Opening(words: " returned '", closing: "'"),
    Opening(words: "remote server returned: "),
    Opening(words: "(reason: ", closing: ")"),
    Opening(words: "server response was: "),
    Opening(words: "server responded: "),
    Opening(words: "response from remote server: "),
    Opening(words: "last error was: "),
    Opening(words: "the reply was "),
    Opening(words: "deferred: ", isDeferralFirst: true),
    Opening(words: "deferral: ", isDeferralFirst: true),
  ]

  private static let endings: [StaticString] = [
    "retry timeout exceeded", "after a long failure period", "has been in the queue too long",
  ]
  /// qmail's way to end a bounce.
  private static let refrain: StaticString = "i'm not going to try again"

  /// What says, anywhere before a reply, that the message waits: in the logs of sendmail, Postfix and qmail.
  private static let deferrals: [StaticString] = ["stat=deferred", "dsn=4.", ": deferral: "]
  /// What Exim logs of mail that it did not take for now, and the steps that follow there (smtp_in.c, acl.c).
  private static let refusal: StaticString = " temporarily rejected "
  private static let refused: [StaticString] = [
    "RCPT", "MAIL", "DATA", "after ", "connection", "EHLO", "HELO", "AUTH", "ETRN", "VRFY", "EXPN",
    "predata", "STARTTLS",
  ]

  private mutating func peel(_ text: borrowing Span<UInt8>) -> Bool {
    for opening in Self.openings {
      guard let place = text.firstIndex(folded: opening.words, in: range) else { continue }
      var start = place + opening.words.utf8CodeUnitCount
      if opening.isFarther {
        guard let reply = text.replyAfterColon(start..<range.upperBound) else { continue }
        findHost(text, start..<reply)
        start = reply
      } else {
        findHost(text, range.lowerBound..<place)
      }
      var end = range.upperBound
      if let closing = opening.closing {
        let mark = closing.withUTF8Buffer { $0.first ?? 0 }
        end = text.lastIndex(of: mark, before: end).map { Swift.max(start, $0) } ?? end
      }
      isRepeated = isRepeated || opening.isRepeated
      isDeferral = isDeferral || opening.isDeferral
      isFinal = isFinal || opening.isFinal
      isLogin = isLogin || opening.isLogin
      isDeferral = isDeferral || opening.isDeferralFirst && place <= range.lowerBound + 1
      isQuotedByExim = isQuotedByExim || opening.isExim
      range = text.trimmed(start..<end)
      return true
    }
    return false
  }

  /// `host mx.example.net[192.0.2.1]` and `host mx.example.net [192.0.2.1]`.
  private mutating func findHost(_ text: borrowing Span<UInt8>, _ place: Range<Int>) {
    let start: Int
    if let word = text.lastIndex(folded: "host ", in: place) {
      start = word + 5
    } else if text.has("server ", at: place.lowerBound) {
      start = place.lowerBound + 7
    } else {
      return
    }
    var end = start
    while end < place.upperBound, text[end] > ASCII.space, text[end] != UInt8(ascii: "[") {
      end += 1
    }
    if end > start { host = start..<end }
  }

  /// What Postfix writes behind a reply: the command.
  private mutating func cutTail(_ text: borrowing Span<UInt8>) {
    guard let tail = text.lastIndex(folded: " (in reply to ", in: range) else { return }
    range = text.trimmed(range.lowerBound..<tail)
  }
}

extension Span where Element == UInt8 {
  /// `range` without the marks of a quoted mail (`> `) or of a transcript (`<<< `) before it.
  fileprivate func withoutQuoteMarks(_ range: Range<Int>) -> Range<Int> {
    var start = range.lowerBound
    if has("<<< ", at: start) { start += 4 }
    while start < range.upperBound, [UInt8(ascii: ">"), ASCII.space].contains(self[start]) {
      start += 1
    }
    return start..<range.upperBound
  }

  /// Where a reply begins that words introduce: a basic code behind a punctuation mark, with an
  /// enhanced code of the same class.
  fileprivate func quotedReply(_ range: Range<Int>) -> Int? {
    // What is behind its own status is only quoted by it; a subject may be anybody's.
    guard EnhancedStatusCode.read(self, range) == nil, !has("Subject:", at: range.lowerBound)
    else { return nil }
    var before: UInt8 = 0
    for index in range {
      let byte = self[index]
      defer { if byte != ASCII.space { before = byte } }
      guard byte == UInt8(ascii: "4") || byte == UInt8(ascii: "5"),
        "'\"(:;,<=".utf8.contains(before), let code = basicCode(index..<range.upperBound),
        let status = EnhancedStatusCode.read(self, trimmed(code.end..<range.upperBound)),
        status.code.category == Int(code.value) / 100
      else { continue }
      return index
    }
    return nil
  }

  /// `range` without white space at its ends.
  func trimmed(_ range: Range<Int>) -> Range<Int> {
    var start = range.lowerBound
    var end = range.upperBound
    while start < end, self[start] <= ASCII.space { start += 1 }
    while end > start, self[end - 1] <= ASCII.space { end -= 1 }
    return start..<end
  }

  /// The index of the first occurrence of `words` (small ASCII letters) in `range`, in any case.
  func firstIndex(folded words: StaticString, in range: Range<Int>) -> Int? {
    var index = range.lowerBound
    let last = range.upperBound - words.utf8CodeUnitCount
    let first = words.withUTF8Buffer { $0.first ?? 0 }
    while index <= last {
      if ASCII.lowercase(self[index]) == first, hasFolded(words, at: index) { return index }
      index += 1
    }
    return nil
  }

  fileprivate func lastIndex(folded words: StaticString, in range: Range<Int>) -> Int? {
    var index = range.upperBound - words.utf8CodeUnitCount
    let first = words.withUTF8Buffer { $0.first ?? 0 }
    while index >= range.lowerBound {
      if ASCII.lowercase(self[index]) == first, hasFolded(words, at: index) { return index }
      index -= 1
    }
    return nil
  }

  private func hasFolded(_ words: StaticString, at index: Int) -> Bool {
    words.withUTF8Buffer { buffer in
      for offset in 0..<buffer.count
      where ASCII.lowercase(self[index + offset]) != buffer[offset] {
        return false
      }
      return true
    }
  }

  /// Where a reply begins behind a colon and a space.
  fileprivate func replyAfterColon(_ range: Range<Int>) -> Int? {
    var index = range.lowerBound
    while let colon = firstIndex(of: UInt8(ascii: ":"), from: index), colon + 2 < range.upperBound {
      if self[colon + 1] == ASCII.space, basicCode(colon + 2..<range.upperBound) != nil {
        return colon + 2
      }
      index = colon + 1
    }
    return nil
  }
}
