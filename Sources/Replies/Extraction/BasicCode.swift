// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes

/// A basic code at the start of a reply (RFC 5321, section 4.2).
struct BasicCode {
  let value: Int16
  /// Where the text begins.
  let end: Int
  /// Whether a hyphen follows: more lines come.
  let continues: Bool
}

extension Span where Element == UInt8 {
  /// The code that a reply in `range` begins with.
  ///
  /// A count at the start of a sentence ("421 messages in queue") is no code.
  func basicCode(_ range: Range<Int>) -> BasicCode? {
    let start = range.lowerBound
    guard range.count >= 3, let hundreds = ASCII.digit(self[start]), (2...5).contains(hundreds),
      let tens = ASCII.digit(self[start + 1]), let ones = ASCII.digit(self[start + 2])
    else { return nil }
    let value = Int16(hundreds * 100 + tens * 10 + ones)
    let end = start + 3
    guard end < range.upperBound else { return BasicCode(value: value, end: end, continues: false) }
    switch self[end] {
    case UInt8(ascii: "-"): return BasicCode(value: value, end: end + 1, continues: true)
    case UInt8(ascii: ":") where end + 1 < range.upperBound && self[end + 1] == ASCII.space,
      UInt8(ascii: "_"):
      return BasicCode(value: value, end: end + 1, continues: false)
    case UInt8(ascii: "\\"), 0...ASCII.space:
      guard !isCount(end..<range.upperBound) else { return nil }
      return BasicCode(value: value, end: end, continues: false)
    default: return nil
    }
  }

  /// Whether the words after a number say that it counts something.
  private func isCount(_ range: Range<Int>) -> Bool {
    let noun = word(range)
    guard !noun.isEmpty else { return false }
    if Counted.nouns.contains(where: { equals($0, noun) }) { return true }
    guard Counted.letters.contains(where: { equals($0, noun) }) else { return false }
    let next = word(noun.upperBound..<range.upperBound)
    return next.isEmpty || Counted.followers.contains { equals($0, next) }
  }

  private func word(_ range: Range<Int>) -> Range<Int> {
    let start = trimmed(range).lowerBound
    var end = start
    while end < range.upperBound, LatinFold.ascii(self[end]) != ASCII.space { end += 1 }
    return start..<end
  }

  private func equals(_ word: StaticString, _ range: Range<Int>) -> Bool {
    word.utf8CodeUnitCount == range.count && has(word, at: range.lowerBound)
  }
}

/// Small words that follow a number in a sentence but not a code in a reply.
private enum Counted {
  static let nouns: [StaticString] = [
    "attempt", "attempts", "bounces", "byte", "bytes", "days", "deferrals", "deliveries", "entries",
    "files", "GB", "gb", "hours", "items", "KB", "KiB", "kb", "kbytes", "lines", "MB", "MiB", "mb",
    "milliseconds", "minutes", "ms",
    "octets", "of", "percent", "records", "rows", "s", "seconds", "secs", "times",
  ]
  static let letters: [StaticString] = [
    "clients", "connections", "domains", "emails", "errors", "hosts", "jobs", "mails", "message",
    "messages", "processes", "recipients", "replies", "requests", "sessions", "users",
  ]
  static let followers: [StaticString] = [
    "accepted", "active", "checked", "and", "are", "at", "bounced", "deferred", "delivered", "for",
    "found",
    "frozen", "has", "have", "held", "in", "is", "on", "open", "pending", "per", "processed",
    "queued", "received", "remain", "remaining", "removed", "sent", "since", "still", "to", "today",
    "total", "waiting", "was", "were",
  ]
}
