// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes

/// The other end of a delivery, as an MTA writes it: `NAME[IP]:PORT`, `NAME [IP]:PORT`, `NAME[private/dovecot-lmtp]`.
package struct Peer: Hashable, Sendable {
  /// Places in the text; empty if there is none.
  package private(set) var name = 0..<0
  /// An IP address, or the path of a socket.
  package private(set) var address = 0..<0
  package private(set) var port: Int?
  package private(set) var isSocket = false

  /// The first one in `range`, or nil.
  package init?(in text: borrowing Span<UInt8>, _ range: Range<Int>) {
    var from = range.lowerBound
    while let open = text.firstIndex(of: UInt8(ascii: "["), from: from, before: range.upperBound) {
      if read(text, open, before: range.upperBound) {
        readName(text, range.lowerBound..<open)
        return
      }
      from = open + 1
    }
    return nil
  }

  private mutating func read(
    _ text: borrowing Span<UInt8>, _ open: Int, before end: Int
  ) -> Bool {
    var index = open + 1
    var (digits, separators, hasSlash, isHex) = (0, 0, false, true)
    while index < end, text[index] > ASCII.space, text[index] != UInt8(ascii: "]") {
      switch text[index] {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digits += 1
      case UInt8(ascii: "."), UInt8(ascii: ":"): separators += 1
      case UInt8(ascii: "/"): hasSlash = true
      case UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"): break
      default: isHex = false
      }
      index += 1
    }
    guard index < end, text[index] == UInt8(ascii: "]"), index > open + 2 else { return false }
    isSocket = hasSlash
    guard hasSlash || isHex && digits > 0 && separators >= 2 else { return false }
    address = open + 1..<index
    var (place, number) = (index + 2, 0)
    if index + 1 < end, text[index + 1] == UInt8(ascii: ":") {
      while place < end, place < index + 7, let digit = ASCII.digit(text[place]) {
        number = number * 10 + digit
        place += 1
      }
      if (1...65_535).contains(number) { port = number }
    }
    return true
  }

  private mutating func readName(_ text: borrowing Span<UInt8>, _ range: Range<Int>) {
    var end = range.upperBound
    if end > range.lowerBound, text[end - 1] == ASCII.space { end -= 1 }
    var start = end
    while start > range.lowerBound, text[start - 1] > ASCII.space { start -= 1 }
    if text.has("H=", at: start) { start += 2 }
    if start < end { name = start..<end }
  }
}

extension Hop {
  /// What stands at this end, by its port and address; settings may know better.
  ///
  /// Submission ports are those of relays (RFC 6409, RFC 8314), 24 and 2003 are LMTP's in Dovecot's and Cyrus' guides,
  /// and from 10024 on listen amavis and its like.
  /// Nil if those do not say: a mail exchanger as well as a relay listens on port 25.
  package init?(_ peer: Peer, in text: borrowing Span<UInt8>) {
    guard !peer.isSocket else {
      self = text.namesFilter(in: peer.address) ? .filter : .local
      return
    }
    if let hop = peer.port.flatMap(Hop.init(port:)) {
      self = hop
    } else {
      guard peer.isLoopback(in: text) else { return nil }
      self = .relay
    }
  }

  /// What listens on a port; nil if several kinds do.
  package init?(port: Int) {
    switch port {
    case 24, 2003, 2424: self = .local
    case 465, 587, 2525, 2587: self = .relay
    case 10_020...10_050: self = .filter
    default: return nil
    }
  }
}

extension Span where Element == UInt8 {
  /// Whether a socket's or a transport's name in `range` is that of a content filter.
  package func namesFilter(in range: Range<Int>) -> Bool {
    let words: [StaticString] = ["amavis", "filter", "spam", "scan", "clam"]
    return words.contains { contains($0, in: range) }
  }
}

extension Peer {
  /// Whether it is this server itself.
  package func isLoopback(in text: borrowing Span<UInt8>) -> Bool {
    text.has("127.", at: address.lowerBound)
      || address.count == 3 && text.has("::1", at: address.lowerBound)
  }

  /// Whether it is the address that this server's own services listen at; others of 127.0.0.0/8 stand for anything.
  func isThisServer(in text: borrowing Span<UInt8>) -> Bool {
    let start = address.lowerBound
    return address.count == 9 && text.has("127.0.0.1", at: start)
      || address.count == 3 && text.has("::1", at: start)
  }
}
