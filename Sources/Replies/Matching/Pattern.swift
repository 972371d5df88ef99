// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes

/// What the words of a reply must be for a rule, read from the rule's own notation.
///
/// `too many|max .. connect|session + !recipient` means: a word that begins with "too many" or
/// "max", later one that begins with "connect" or "session", and none that begins with "recipient".
/// A full stop after a word (`dns.`) asks for the whole word, `@word` for one inside a URL, a host
/// name or an address.
struct Pattern: Sendable {
  /// Steps that must follow one another; a step is any one of its literals.
  struct Clause: Sendable {
    let isForbidden: Bool
    let steps: [[UInt16]]
  }

  let clauses: [Clause]

  init(_ notation: String, vocabulary: inout Vocabulary.Builder) {
    clauses = notation.parts(separatedBy: " + ").map { part in
      let isForbidden = part.hasPrefix("!")
      let steps = (isForbidden ? String(part.dropFirst()) : part).parts(separatedBy: " .. ")
      return Clause(
        isForbidden: isForbidden,
        steps: steps.map { step in
          step.utf8.split(separator: UInt8(ascii: "|")).map {
            vocabulary.literal(String(Substring($0)))
          }
        })
    }
  }

  /// The literals one of which every match contains.
  var key: [UInt16] { clauses.first { !$0.isForbidden }?.steps.first ?? [] }

  func matches(_ hits: borrowing Vocabulary.Hits) -> Bool {
    for clause in clauses where matches(clause, hits) == clause.isForbidden { return false }
    return true
  }

  private func matches(_ clause: Clause, _ hits: borrowing Vocabulary.Hits) -> Bool {
    for step in clause.steps where !step.contains(where: { hits.contains($0) }) { return false }
    guard clause.steps.count > 1 else { return true }
    var end = 0
    for step in clause.steps {
      guard let earliest = earliestEnd(of: step, from: end, hits) else { return false }
      end = earliest
    }
    return true
  }
}

extension Pattern {
  /// The end of the hit of a step that ends first, of those that start at `start` or behind it.
  private func earliestEnd(
    of step: [UInt16], from start: Int, _ hits: borrowing Vocabulary.Hits
  ) -> Int? {
    var earliest: Int?
    for index in hits.places.indices {
      let place = hits.places[index]
      // Places are in the order of their starts: none behind can end sooner.
      if let earliest, place.start >= earliest { break }
      if place.start >= start, place.end < earliest ?? .max, step.contains(place.literal) {
        earliest = place.end
      }
    }
    return earliest
  }
}

extension String {
  /// The parts between occurrences of `separator`.
  ///
  /// By bytes: all rules are read at every start, and by characters that took a third of the time of it.
  fileprivate func parts(separatedBy separator: StaticString) -> [String] {
    let bytes = Array(utf8)
    var parts: [String] = []
    var start = 0
    while let end = bytes.span.firstIndex(of: separator, from: start) {
      parts.append(bytes.span.string(start..<end))
      start = end + separator.utf8CodeUnitCount
    }
    parts.append(bytes.span.string(start..<bytes.count))
    return parts
  }
}
