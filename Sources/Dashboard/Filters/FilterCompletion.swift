// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer
import Replies

/// What Tab offers for the word at the cursor: names of fields, then the values that there are.
struct FilterCompletion: Hashable, Sendable {
  /// At most so many are offered.
  private static let limit = 40

  let candidates: [String]
  /// Which of them is in the line; nil until Tab was pressed.
  private(set) var chosen: Int?
  /// Where what is replaced stands.
  private(set) var range: Range<Int>

  /// Nil if nothing is known that begins so.
  init?(of prompt: FilterPrompt, in state: State) {
    guard let scope = prompt.scope else { return nil }
    let typed = prompt.input.characters[..<prompt.input.cursor]
    let start =
      typed.lastIndex { $0.isWhitespace || $0 == "(" || $0 == "!" }.map { $0 + 1 } ?? 0
    let word = String(typed[start...])
    if let sign = word.firstIndex(where: { ":=".contains($0) }),
      let field = FilterField(named: String(word[..<sign])),
      FilterField.all(in: scope).contains(field)
    {
      let opening = word[...sign]
      let values = state.values(
        of: field, in: scope, startingWith: String(word[word.index(after: sign)...]),
        limit: Self.limit)
      candidates = values.map { opening + Filter.value($0) }
    } else {
      let name = word.lowercased()
      candidates = FilterField.all(in: scope).map(\.opening).filter { $0.hasPrefix(name) }
    }
    guard !candidates.isEmpty else { return nil }
    range = start..<prompt.input.cursor
  }

  /// Goes on to the next candidate.
  mutating func advance(_ step: Int) -> String {
    let next = chosen.map { $0 + step } ?? (step > 0 ? 0 : candidates.count - 1)
    let index = (next + candidates.count) % candidates.count
    chosen = index
    range = range.lowerBound..<range.lowerBound + candidates[index].count
    return candidates[index]
  }
}

extension State {
  fileprivate func values(
    of field: FilterField, in scope: Filter.Scope, startingWith prefix: String, limit: Int
  ) -> [String] {
    if let words = field.words(in: scope) {
      return words.filter { $0.hasPrefix(prefix.lowercased()) }
    }
    switch scope {
    case .queue:
      return queue.snapshot?.values(of: field, startingWith: prefix, limit: limit) ?? []
    case .log: return log.values(of: field, startingWith: prefix, limit: limit)
    case .connections:
      let values = connections.all.flatMap { $0.texts(of: field) }
      let start = prefix.lowercased()
      return Set(values).filter { $0.lowercased().hasPrefix(start) }.sorted()
        .prefix(limit).map(\.self)
    }
  }
}

extension LogView {
  /// The values of a field that occur most often in the lines that are kept.
  fileprivate func values(
    of field: FilterField, startingWith prefix: String, limit: Int
  ) -> [String] {
    var counts: [String: Int] = [:]
    for event in events {
      let value: String? =
        switch field {
        case .to: event.recipient
        case .dest: event.destination
        case .host: event.remoteHost ?? event.remoteIP
        case .id: event.queueID
        default: nil
        }
      if let value, value.lowercased().hasPrefix(prefix.lowercased()) {
        counts[value, default: 0] += 1
      }
    }
    return counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(limit).map(\.key)
  }
}
