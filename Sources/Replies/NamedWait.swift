// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes

/// Reads the wait that a reply itself names: "try again in 1 hour(s) 25 minute(s)".
enum NamedWait {
  /// Longest wait that is believed, in seconds.
  private static let longest = 7 * 86_400
  /// How many words before a duration may say that it is a wait.
  private static let reach = 7

  private static let units: [(words: [String], seconds: Int)] = [
    (["s", "sec", "secs", "second", "seconds", "sekunden", "secondes", "segundos", "secondi"], 1),
    (
      ["m", "min", "mins", "mn", "minute", "minutes", "minuten", "minutos", "minuti", "minut"], 60
    ),
    (
      ["h", "hr", "hrs", "hour", "hours", "stunde", "stunden", "heure", "heures", "hora", "horas"],
      3600
    ),
    (["d", "day", "days", "tag", "tage", "tagen", "jour", "jours", "dia", "dias"], 86_400),
  ]

  /// Beginnings of words that make a duration a wait.
  private static let waiting = [
    "try", "tri", "retry", "again", "wait", "back", "gr", "later", "resend", "after", "in", "next",
    "erneut", "wieder", "nach", "dans", "apres", "en", "despues", "dentro", "resum", "paus",
    "until", "dopo", "tra", "for",
  ]

  /// Words that make it something else: "in the last 10 minutes", "timed out after 300 s".
  private static let measuring: Set<String> = [
    "last", "past", "previous", "per", "every", "each", "timed", "timeout", "within", "letzten",
    "dernieres", "sent", "idle", "deliver", "pro", "than",
  ]

  static func read(_ text: FoldedText) -> WaitRange? {
    let words = text.bytes.split(separator: ASCII.space)
    for index in words.indices where isDigit(words[index].first) {
      guard let first = duration(words, index), isWait(words, before: index) else { continue }
      var sum = first.seconds
      var next = first.next
      while let more = duration(words, next), more.seconds < first.seconds {
        sum += more.seconds
        next = more.next
      }
      guard sum > 0, sum <= longest else { continue }
      return WaitRange(min: sum, max: Swift.max(sum * 2, 900))
    }
    return nil
  }

  /// A number and a unit, in two words ("5 minutes") or one ("300s"), or `00:05:00`.
  private static func duration(
    _ words: [ArraySlice<UInt8>], _ index: Int
  ) -> (seconds: Int, next: Int)? {
    guard index < words.count else { return nil }
    let word = words[index]
    let digits = word.prefix { isDigit($0) }
    guard (1...6).contains(digits.count), let value = number(digits) else { return nil }
    if digits.count == word.count {
      if let clock = clock(words, index) { return (clock, index + 3) }
      guard index + 1 < words.count, let unit = seconds(words[index + 1]) else { return nil }
      // "hour(s)" folds to two words.
      let plural = index + 2 < words.count && words[index + 2].elementsEqual("s".utf8)
      return (value * unit, index + (plural ? 3 : 2))
    }
    return seconds(word.dropFirst(digits.count)).map { (value * $0, index + 1) }
  }

  /// `00:05:00` folds to three words of two digits.
  private static func clock(_ words: [ArraySlice<UInt8>], _ index: Int) -> Int? {
    guard index + 2 < words.count else { return nil }
    let parts = words[index...index + 2]
    guard parts.allSatisfy({ $0.count == 2 && $0.allSatisfy { isDigit($0) } }) else { return nil }
    return parts.reduce(0) { $0 * 60 + (number($1) ?? 0) }
  }

  private static func isWait(_ words: [ArraySlice<UInt8>], before index: Int) -> Bool {
    let before = words[Swift.max(0, index - reach)..<index].map {
      String(decoding: $0, as: UTF8.self)
    }
    guard !before.contains(where: measuring.contains) else { return false }
    return before.contains { word in waiting.contains { word.hasPrefix($0) } }
  }

  private static func seconds(_ word: ArraySlice<UInt8>) -> Int? {
    units.first { $0.words.contains { word.elementsEqual($0.utf8) } }?.seconds
  }

  private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
    Int(String(decoding: digits, as: UTF8.self))
  }

  private static func isDigit(_ byte: UInt8?) -> Bool {
    byte.map { ASCII.digit($0) != nil } ?? false
  }
}
