// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes

/// A remote server's reply whose code an MTA wrote apart from its words.
///
/// `transient error (451): 4.7.650 …`, `4.3.2 - Not accepting messages at this time ('421', ['…'])` (IronPort),
/// `ResponseCode 421, , 4.7.0 …` (Zoho).
struct CodeApart {
  let code: Int16
  /// A status that is before the words.
  private(set) var enhanced: EnhancedStatusCode?
  /// Where the words are.
  let words: Range<Int>

  /// Nil if no such code is in `range`.
  init?(_ text: borrowing Span<UInt8>, _ range: Range<Int>) {
    if let place = text.firstIndex(folded: " error (", in: range),
      let code = text.code(at: place + 8, in: range), text.has("): ", at: place + 11)
    {
      self.code = code
      // The blank may be the last of the text, where no words follow.
      words = text.trimmed(min(place + 14, range.upperBound)..<range.upperBound)
    } else if let place = text.firstIndex(folded: "responsecode ", in: range),
      let code = text.code(at: place + 13, in: range)
    {
      self.code = code
      var start = place + 16
      while start < range.upperBound, ", :".utf8.contains(text[start]) { start += 1 }
      words = start..<range.upperBound
    } else if let place = text.firstIndex(folded: "('", in: range),
      let code = text.code(at: place + 2, in: range), text.has("', [", at: place + 5)
    {
      self.code = code
      var start = place + 9
      if start < range.upperBound, "'\"".utf8.contains(text[start]) { start += 1 }
      var end = range.upperBound
      while end > start, "'\"]), ".utf8.contains(text[end - 1]) { end -= 1 }
      words = min(start, end)..<end
      enhanced = text.status(from: range.lowerBound, before: place)
    } else {
      return nil
    }
  }
}

extension Span where Element == UInt8 {
  /// The three digits of a code of a failure at a place.
  fileprivate func code(at index: Int, in range: Range<Int>) -> Int16? {
    guard index + 3 <= range.upperBound, let hundreds = ASCII.digit(self[index]),
      (4...5).contains(hundreds),
      let tens = ASCII.digit(self[index + 1]), let ones = ASCII.digit(self[index + 2]),
      index + 3 == range.upperBound || ASCII.digit(self[index + 3]) == nil
    else { return nil }
    return Int16(hundreds * 100 + tens * 10 + ones)
  }

  /// The first status between two places.
  fileprivate func status(from start: Int, before end: Int) -> EnhancedStatusCode? {
    var index = start
    while index < end {
      if index == start || self[index - 1] == ASCII.space,
        let status = EnhancedStatusCode.read(self, index..<end)
      {
        return status.code
      }
      index += 1
    }
    return nil
  }
}
