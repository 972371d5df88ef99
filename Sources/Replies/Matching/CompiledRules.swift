// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes

extension [UInt8] {
  /// Whether this host name is `domain` or lies below it.
  func isHost(under domain: [UInt8]) -> Bool {
    guard suffix(domain.count).elementsEqual(domain) else { return false }
    return count == domain.count || self[count - domain.count - 1] == UInt8(ascii: ".")
  }
}

/// The rules in the form that a search runs on.
struct CompiledRules: Sendable {
  private struct Entry {
    let rule: Int
    let pattern: Pattern?
  }

  let rules: [Rule]
  private let conditions: [Conditions]
  private let vocabulary: Vocabulary
  /// One for each pattern, in the order of the rules: the first that matches decides.
  private let entries: [Entry]
  /// Entries that any text may match.
  private let unkeyed: [UInt64]
  /// For each literal the entries that it is a key of.
  private let entriesByKey: [[UInt16]]

  init(_ rules: [Rule]) {
    var builder = Vocabulary.Builder()
    var entries: [Entry] = []
    for (index, rule) in rules.enumerated() {
      if rule.words.isEmpty { entries.append(Entry(rule: index, pattern: nil)) }
      for notation in rule.words {
        entries.append(
          Entry(rule: index, pattern: Pattern(notation, vocabulary: &builder)))
      }
    }
    let vocabulary = Vocabulary(builder)
    var unkeyed = [UInt64](repeating: 0, count: entries.count >> 6 + 1)
    var byKey = [[UInt16]](repeating: [], count: vocabulary.count)
    for (index, entry) in entries.enumerated() {
      let key = entry.pattern?.key ?? []
      if key.isEmpty { unkeyed[index >> 6] |= 1 << (UInt64(index) & 63) }
      for literal in key { byKey[Int(literal)].append(UInt16(index)) }
    }
    self.rules = rules
    self.vocabulary = vocabulary
    self.entries = entries
    self.unkeyed = unkeyed
    entriesByKey = byKey
    conditions = rules.map(Conditions.init)
  }

  /// What is known of a reply beside its words.
  struct Query {
    var speech: Rule.Speech
    let code: Int16?
    let enhanced: EnhancedStatusCode?
    let host: [UInt8]
    /// The message waits: no rule that says that it does not can be right.
    let isKept: Bool

    func of(_ speech: Rule.Speech) -> Query {
      var query = self
      query.speech = speech
      return query
    }
  }

  /// The index of the first rule that claims the reply.
  func firstMatch(_ words: FoldedText, _ query: Query) -> Int? {
    let hits = vocabulary.hits(in: words)
    var candidates = unkeyed
    for place in hits.places {
      for entry in entriesByKey[Int(place.literal)] {
        candidates[Int(entry) >> 6] |= 1 << (UInt64(entry) & 63)
      }
    }
    for (word, bits) in candidates.enumerated() {
      var rest = bits
      while rest != 0 {
        let index = word << 6 + rest.trailingZeroBitCount
        rest &= rest - 1
        let rule = entries[index].rule
        // A number at the start of a sentence reads like an enhanced code: it needs known words.
        guard
          query.code != nil || entries[index].pattern != nil
            || !query.speech.isDisjoint(with: .silent)
            || query.isKept && query.enhanced != nil && !words.bytes.isEmpty,
          conditions[rule].admit(query),
          entries[index].pattern?.matches(hits) ?? true
        else { continue }
        return rule
      }
    }
    return nil
  }

  /// What a rule asks for beside words.
  private struct Conditions: Sendable {
    let speech: Rule.Speech
    let codes: [Int16]
    let enhanced: [EnhancedPattern]
    let hosts: [[UInt8]]
    let isFinal: Bool

    init(_ rule: Rule) {
      isFinal = rule.cause == .notTemporary
      speech = rule.speech
      codes = rule.codes
      enhanced = rule.enhanced.map(EnhancedPattern.init)
      hosts = rule.hosts.map { Array($0.utf8) }
    }

    func admit(_ query: Query) -> Bool {
      guard speech.contains(query.speech), !(query.isKept && isFinal) else { return false }
      guard codes.isEmpty || query.code.map({ codes.contains($0) }) ?? false else { return false }
      guard
        enhanced.isEmpty
          || enhanced.contains(where: { $0.matches(query.enhanced, isKept: query.isKept) })
      else { return false }
      return hosts.isEmpty || hosts.contains { query.host.isHost(under: $0) }
    }
  }

  /// An enhanced code in which `x` stands for any number; `-` for none at all.
  private struct EnhancedPattern: Sendable {
    private let numbers: [Int?]

    init(_ notation: String) {
      numbers = notation == "-" ? [] : notation.split(separator: ".").map { Int($0) }
    }

    func matches(_ status: EnhancedStatusCode?, isKept: Bool) -> Bool {
      guard let status, numbers.count == 3 else { return status == nil && numbers.isEmpty }
      // A permanent status of a message that waits all the same: subject and detail tell why.
      let parts = (isKept ? 4 : status.category, status.subject, status.detail)
      return (numbers[0] ?? parts.0) == parts.0 && (numbers[1] ?? parts.1) == parts.1
        && (numbers[2] ?? parts.2) == parts.2
    }
  }
}
