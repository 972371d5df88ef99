// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer
import Replies

/// Lines of the log that say the same of the same destination.
package struct LogGroup: Hashable, Sendable {
  package struct Key: Hashable, Sendable {
    var direction: Direction
    var party: String
    var code: Int?
    var enhanced: EnhancedStatusCode?
    var cause: Cause
    /// The reply without its numbers, addresses and names.
    var words: String
  }

  package let key: Key
  /// Numbers of the events, oldest first.
  package fileprivate(set) var numbers: [Int]

  /// Groups events, the latest first.
  static func groups(of numbers: [Int], _ event: (Int) -> LogEvent?) -> [LogGroup] {
    var places: [Key: Int] = [:]
    var groups: [LogGroup] = []
    for number in numbers {
      guard let event = event(number) else { continue }
      let key = Key(event)
      if let place = places[key] {
        groups[place].numbers.append(number)
      } else {
        places[key] = groups.count
        groups.append(LogGroup(key: key, numbers: [number]))
      }
    }
    return groups.sorted { ($0.numbers.last ?? 0) > ($1.numbers.last ?? 0) }
  }
}

extension LogGroup.Key {
  fileprivate init(_ event: LogEvent) {
    self.init(
      direction: event.direction, party: event.party.lowercased(), code: event.code,
      enhanced: event.enhanced, cause: event.cause, words: Self.words(event.reply))
  }

  /// What is the same in every copy of a reply: words of letters alone.
  private static func words(_ reply: String) -> String {
    var words: [UInt8] = []
    for word in reply.utf8.split(separator: UInt8(ascii: " ")) {
      let isPlain = word.allSatisfy { byte in
        !(0x30...0x39).contains(byte) && !"@[]=<>".utf8.contains(byte)
      }
      guard isPlain else { continue }
      words.append(contentsOf: word)
      words.append(UInt8(ascii: " "))
      // What follows is a help address or the text of a ticket.
      if words.count > 80 { break }
    }
    return String(decoding: words, as: UTF8.self)
  }
}

extension LogEvent {
  /// Whom a line is about: the destination, or the client that we deferred.
  var party: String {
    if direction == .inbound { return remoteIP ?? remoteHost ?? "-" }
    return destination ?? remoteHost ?? remoteIP ?? recipient ?? "-"
  }
}
