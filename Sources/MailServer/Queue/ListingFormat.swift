// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes

/// The shape of a queue listing.
enum ListingFormat {
  case exim, postfix, postfixJSON

  /// About how many bytes the shortest usual message takes.
  var bytesPerMessage: Int {
    switch self {
    case .exim: 80
    case .postfix: 200
    case .postfixJSON: 300
    }
  }

  /// Recognises a format by the first line that can belong to one only.
  ///
  /// - Parameter mta: nil where any MTA's listing may come.
  init(of bytes: Span<UInt8>, mta: MTA?) {
    guard mta != .exim else {
      self = .exim
      return
    }
    var start = 0
    for _ in 0..<200 where start < bytes.count {
      let end = bytes.lineEnd(from: start)
      if let format = Self.format(ofLine: bytes, start..<end, isPostfix: mta == .postfix) {
        self = format
        return
      }
      start = end + 1
    }
    self = mta == .postfix ? .postfix : .exim
  }

  private static func format(
    ofLine bytes: Span<UInt8>, _ line: Range<Int>, isPostfix: Bool
  ) -> ListingFormat? {
    let text = ListingText.afterBlanks(bytes, line)
    if bytes.has("{", at: text) { return .postfixJSON }
    if bytes.has("-", at: line.lowerBound), bytes.has("Queue ID", at: afterDashes(bytes, line)) {
      return .postfix
    }
    if bytes.has("-- ", at: line.lowerBound) || bytes.has("Mail queue is empty", at: text) {
      return .postfix
    }
    if isPostfix { return nil }
    // `AGE SIZE ID`, of which the first two may be missing.
    var word = ListingText.word(bytes, line)
    for _ in 0..<3 {
      if QueueID.isValid(bytes, word, of: .exim) { return .exim }
      word = ListingText.word(bytes, word.upperBound..<line.upperBound)
    }
    return isPostfixHeader(bytes, line) ? .postfix : nil
  }

  private static func afterDashes(_ bytes: Span<UInt8>, _ line: Range<Int>) -> Int {
    var index = line.lowerBound
    while index < line.upperBound, bytes[index] == UInt8(ascii: "-") { index += 1 }
    return index
  }

  /// `3D4A7134865!    724 Tue Nov 24 …`: a listing whose headings were cut off.
  private static func isPostfixHeader(_ bytes: Span<UInt8>, _ line: Range<Int>) -> Bool {
    let id = ListingText.word(bytes, line)
    let size = ListingText.word(bytes, id.upperBound..<line.upperBound)
    let weekday = ListingText.word(bytes, size.upperBound..<line.upperBound)
    return id.lowerBound == line.lowerBound && ListingText.number(bytes, size) != nil
      && weekday.count == 3 && CivilTime.weekday(bytes, at: weekday.lowerBound) != nil
  }
}
