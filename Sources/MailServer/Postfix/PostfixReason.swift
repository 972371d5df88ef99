// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes

/// What Postfix puts around a reply in its reasons.
enum PostfixReason {
  /// The name of the remote host that a reason refers to, or nil.
  ///
  /// `host NAME[IP] said: …`, `connect to NAME[IP]:25: …`, `lost connection with NAME[IP] while …`:
  /// the word before the first bracket, where one of the known words is before it.
  static func remoteHost(_ bytes: Span<UInt8>, in place: ByteRange) -> Range<Int>? {
    let range = place.range
    var bracket = range.lowerBound
    while bracket < range.upperBound, bytes[bracket] != UInt8(ascii: "[") { bracket += 1 }
    guard bracket < range.upperBound else { return nil }
    var start = bracket
    while start > range.lowerBound, bytes[start - 1] != ASCII.space { start -= 1 }
    let isHost =
      bytes.has("host ", at: start - 5) || bytes.has(" to ", at: start - 4)
      || bytes.has(" with ", at: start - 6)
    return isHost && start < bracket ? start..<bracket : nil
  }
}
