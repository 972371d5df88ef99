// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes
import MailServer
import Replies

/// Remembers the verdicts of replies: the same few are said again and again, apart from addresses and ids in them.
///
/// A fixed number of places; two replies that fall on one push each other out.
struct CauseCache: Sendable {
  private static let places = 4096

  private let grammar: LogGrammar
  private var keys = [UInt64](repeating: 0, count: places)
  private var verdicts = [Verdict?](repeating: nil, count: places)
  /// Of this run: a peer who writes replies cannot aim at a place.
  private let seed = UInt64.random(in: .min ... .max)

  init(grammar: LogGrammar) { self.grammar = grammar }

  /// The cause that the rule book gives the record's reply, at the place where it was said.
  mutating func cause(of record: LogRecord, in line: Span<UInt8>) -> Cause {
    record.cause ?? verdict(of: record, in: line).cause
  }

  /// What the rule book says of the record's reply.
  mutating func verdict(of record: LogRecord, in line: Span<UInt8>) -> Verdict {
    guard record.cause == nil else { return grammar.verdict(of: record, in: line) }
    let verdict = verdict(of: record, in: line, at: record.hop(in: line))
    guard let hop = grammar.placement(of: record, in: line, at: verdict.hop) else { return verdict }
    return self.verdict(of: record, in: line, at: hop)
  }

  /// - Parameter hop: where it was said; nil where neither the line nor the settings tell.
  private mutating func verdict(
    of record: LogRecord, in line: Span<UInt8>, at hop: Hop?
  ) -> Verdict {
    let key = key(of: record, in: line, at: hop)
    let place = Int(truncatingIfNeeded: key & UInt64(Self.places - 1))
    if keys[place] == key, let verdict = verdicts[place] { return verdict }
    let verdict = record.verdict(in: line, by: grammar.rules, at: hop)
    (keys[place], verdicts[place]) = (key, verdict)
    return verdict
  }

  /// A hash of the reply's words, its code, where it was said, and the host's last two labels, never 0.
  private func key(of record: LogRecord, in line: Span<UInt8>, at hop: Hop?) -> UInt64 {
    var key = Self.mix(seed, record.direction == .inbound ? 1 : 0)
    key = Self.mix(key, record.isLogin ? 1 : 0)
    key = Self.mix(key, hop.map(Self.number) ?? 0)
    key = Self.mix(key, UInt8(truncatingIfNeeded: (record.code ?? 0) / 100))
    let host = record.remoteHost.range
    var dots = 0
    var index = host.upperBound
    while index > host.lowerBound {
      index -= 1
      if line[index] == UInt8(ascii: ".") { dots += 1 }
      if dots == 2 { break }
      key = Self.mix(key, line[index])
    }
    var word = record.reply.range.lowerBound
    while word < record.reply.range.upperBound {
      let end =
        line.firstIndex(of: ASCII.space, from: word, before: record.reply.range.upperBound)
        ?? record.reply.range.upperBound
      key = Self.mix(Self.adding(word..<end, of: line, to: key), ASCII.space)
      word = end + 1
    }
    return key | 1
  }

  private static func number(_ hop: Hop) -> UInt8 {
    switch hop {
    case .final: 1
    case .relay: 2
    case .filter: 3
    case .local: 4
    case .unknown: 5
    }
  }

  /// The word, unless it is of a kind that is different in every reply and decides nothing: an address, an IP, an id.
  private static func adding(_ word: Range<Int>, of line: Span<UInt8>, to key: UInt64) -> UInt64 {
    var next = key
    var (digits, separators, marks) = (0, 0, 0)
    for index in word {
      let byte = line[index]
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digits += 1
      case UInt8(ascii: "."), UInt8(ascii: ":"): separators += 1
      case UInt8(ascii: "/"), UInt8(ascii: "#"): marks += 1
      case UInt8(ascii: "@"): return key
      default: break
      }
      next = mix(next, byte)
    }
    let isIP = separators >= 3 && digits >= 4 && marks == 0
    let isID = word.count >= 14 && digits >= 5 && marks == 0
    return isIP || isID ? key : next
  }

  private static func mix(_ key: UInt64, _ byte: UInt8) -> UInt64 {
    (key ^ UInt64(byte)) &* 0x100_0000_01B3
  }
}
