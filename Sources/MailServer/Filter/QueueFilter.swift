// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes
import Replies

/// The filters of a query, made ready for one snapshot: what many rows share is decided once.
struct QueueFilter: Sendable {
  private indirect enum Node: Sendable {
    case all([Node])
    case any([Node])
    case not(Node)
    case row(RowTest)
  }

  /// What decides about a row; flags are by the number of the thing.
  private enum RowTest: Sendable {
    case anywhere(Anywhere)
    case sender([Bool])
    case state([MessageState])
    case id(TextPattern)
    case address(TextPattern)
    /// Of a recipient that waits.
    case destination([Bool])
    case reply([Bool])
    case number(FilterField, Filter.Comparison, Int64)
  }

  /// A text in whatever is shown of a row.
  private struct Anywhere: Sendable {
    var pattern: TextPattern
    var senders: [Bool]
    var states: [MessageState]
    var destinations: [Bool]
    var replies: [Bool]
    /// Whether the domain of an address decides for itself.
    var isSplit: Bool
  }

  private let snapshot: QueueSnapshot
  private let root: Node

  init(_ filters: [Filter], _ snapshot: QueueSnapshot) {
    self.snapshot = snapshot
    root = .all(filters.map { Self.node($0.term, snapshot) })
  }

  /// For each row whether all filters let it through; false once it is no longer wanted.
  func flags(while isWanted: @Sendable () -> Bool) -> [Bool] {
    Parallel.flags(snapshot.count) { rows in
      var mask = [Bool](repeating: isWanted(), count: rows.count)
      narrow(&mask, rows, to: root)
      return mask
    }
  }

  /// Clears the flags of the rows that do not pass; only those that are set are looked at.
  private func narrow(_ mask: inout [Bool], _ rows: Range<Int>, to node: Node) {
    switch node {
    case .all(let nodes):
      for node in nodes { narrow(&mask, rows, to: node) }
    case .any(let nodes):
      var rest = mask
      for node in nodes {
        var passed = rest
        narrow(&passed, rows, to: node)
        for index in rest.indices where passed[index] { rest[index] = false }
      }
      for index in mask.indices where rest[index] { mask[index] = false }
    case .not(let node):
      var passed = mask
      narrow(&passed, rows, to: node)
      for index in mask.indices where passed[index] { mask[index] = false }
    case .row(let test): narrow(&mask, rows, by: test)
    }
  }

  private func narrow(_ mask: inout [Bool], _ rows: Range<Int>, by test: RowTest) {
    let listing = snapshot.listing
    func keep(_ passes: (Int) -> Bool) {
      for index in mask.indices where mask[index] { mask[index] = passes(rows.lowerBound + index) }
    }
    switch test {
    case .sender(let flags): keep { flags[Int(listing.rows[$0].sender)] }
    case .state(let states): keep { states.contains(snapshot.state(at: $0)) }
    case .id(let pattern): search(&mask, rows, for: pattern, in: SearchedTexts(id: true))
    case .address(let pattern):
      search(&mask, rows, for: pattern, in: SearchedTexts(addresses: true))
    case .destination(let flags):
      keep { row in
        anyWaiting(row) { flags[Int(listing.recipients[$0].destination)] }
      }
    case .reply(let flags):
      keep { row in
        anyWaiting(row) { recipient in
          let reply = snapshot.replyNumber(of: recipient)
          return reply >= 0 && flags[reply]
        }
      }
    case .number(let field, let comparison, let value):
      keep { row in number(field, of: row).map { comparison.holds($0, value) } ?? false }
    case .anywhere(let anywhere):
      // What is decided already comes before what must be searched.
      var rest = mask
      for index in mask.indices where mask[index] {
        rest[index] = !isKnown(rows.lowerBound + index, anywhere)
      }
      var found = rest
      search(
        &found, rows, for: anywhere.pattern,
        in: SearchedTexts(id: true, addresses: true, withoutDomain: anywhere.isSplit))
      for index in mask.indices where rest[index] { mask[index] = found[index] }
    }
  }

  /// Which texts of a row are searched.
  private struct SearchedTexts {
    var id = false
    var addresses = false
    var withoutDomain = false
  }

  /// Clears the flags of the rows in whose texts the pattern is not found.
  ///
  /// The texts are all over the listing: each is far from the one before, and to wait for memory takes longer than to
  /// search. So those of some rows are requested at once.
  private func search(
    _ mask: inout [Bool], _ rows: Range<Int>, for pattern: TextPattern, in texts: SearchedTexts
  ) {
    let listing = snapshot.listing
    let bytes = listing.bytes.span
    var matcher = TextMatcher(pattern)
    for start in stride(from: 0, to: mask.count, by: 64) {
      let batch = start..<min(start + 64, mask.count)
      for index in batch where mask[index] {
        let row = listing.rows[rows.lowerBound + index]
        if texts.id { bytes.prefetch(row.id) }
        guard texts.addresses else { continue }
        for recipient in row.recipients { bytes.prefetch(listing.recipients[recipient].address) }
      }
      for index in batch where mask[index] {
        let row = listing.rows[rows.lowerBound + index]
        var isFound = texts.id && matcher.matches(bytes, in: row.id.range)
        if texts.addresses {
          for recipient in row.recipients where !isFound {
            let listed = listing.recipients[recipient]
            var address = listed.address.range
            if texts.withoutDomain {
              let domain = Int(listing.destinations[Int(listed.destination)].count)
              address = address.lowerBound..<max(address.lowerBound, address.upperBound - domain)
            }
            isFound = matcher.matches(bytes, in: address)
          }
        }
        mask[index] = isFound
      }
    }
  }

  /// Whether something of a row that many share has the text.
  private func isKnown(_ index: Int, _ anywhere: Anywhere) -> Bool {
    let listing = snapshot.listing
    let row = listing.rows[index]
    if anywhere.senders[Int(row.sender)] || anywhere.states.contains(snapshot.state(at: index)) {
      return true
    }
    for recipient in row.recipients {
      if anywhere.destinations[Int(listing.recipients[recipient].destination)] { return true }
      let reply = snapshot.replyNumber(of: recipient)
      if reply >= 0, anywhere.replies[reply] { return true }
    }
    return false
  }

  private func anyWaiting(_ row: Int, _ passes: (Int) -> Bool) -> Bool {
    let listing = snapshot.listing
    for recipient in listing.rows[row].recipients
    where !listing.recipients[recipient].isDelivered && passes(recipient) {
      return true
    }
    return false
  }

  private func number(_ field: FilterField, of row: Int) -> Int64? {
    switch field {
    case .age: snapshot.listing.arrival(at: row).map { snapshot.taken &- $0 }
    case .size: snapshot.listing.size(at: row)
    case .attempts: snapshot.attempts(at: row).map(Int64.init)
    case .next: snapshot.nextRetry(at: row).map { $0 &- snapshot.taken }
    default: nil
    }
  }
}

/// What is decided before the rows are looked at.
extension QueueFilter {
  private static func node(_ term: Filter.Term, _ snapshot: QueueSnapshot) -> Node {
    switch term {
    case .all(let terms): .all(terms.map { node($0, snapshot) })
    case .any(let terms): .any(terms.map { node($0, snapshot) })
    case .not(let term): .not(node(term, snapshot))
    case .number(let field, let comparison, let value): .row(.number(field, comparison, value))
    case .text(let field, let pattern): .row(test(field, pattern, snapshot))
    }
  }

  private static func test(
    _ field: FilterField?, _ pattern: TextPattern, _ snapshot: QueueSnapshot
  ) -> RowTest {
    switch field {
    case .from: .sender(places(snapshot.listing.senders, pattern, snapshot))
    case .to: .address(pattern)
    case .dest: .destination(places(snapshot.listing.destinations, pattern, snapshot))
    case .cause: .reply(replies(snapshot, cause: pattern))
    case .reply: .reply(replies(snapshot, text: pattern))
    case .host: .reply(hosts(snapshot, pattern))
    case .state: .state(states(pattern))
    case .id: .id(pattern)
    case nil: .anywhere(anywhere(pattern, snapshot))
    // The other fields are numbers, or of other lists.
    case .age, .size, .attempts, .next, .code, .kind, .dir, .process: .state([])
    }
  }

  private static func anywhere(_ pattern: TextPattern, _ snapshot: QueueSnapshot) -> Anywhere {
    let isSplit =
      if case .contains(let needle) = pattern { !needle.contains(UInt8(ascii: "@")) } else { false }
    return Anywhere(
      pattern: pattern, senders: places(snapshot.listing.senders, pattern, snapshot),
      states: states(pattern),
      destinations: places(snapshot.listing.destinations, pattern, snapshot),
      replies: zip(replies(snapshot, text: pattern), replies(snapshot, cause: pattern)).map {
        $0 || $1
      },
      isSplit: isSplit)
  }

  private static func places(
    _ places: [ByteRange], _ pattern: TextPattern, _ snapshot: QueueSnapshot
  ) -> [Bool] {
    Parallel.flags(places.count) { numbers in
      var matcher = TextMatcher(pattern)
      let bytes = snapshot.listing.bytes.span
      return numbers.map { matcher.matches(bytes, in: places[$0].range) }
    }
  }

  private static func states(_ pattern: TextPattern) -> [MessageState] {
    var matcher = TextMatcher(pattern)
    return MessageState.allCases.filter { matcher.matches($0.rawValue) }
  }

  private static func replies(_ snapshot: QueueSnapshot, cause pattern: TextPattern) -> [Bool] {
    var matcher = TextMatcher(pattern)
    let causes = Cause.allCases.filter { matcher.matches($0.rawValue) }
    return (0..<snapshot.replyCount).map { causes.contains(snapshot.cause(ofReply: $0)) }
  }

  private static func replies(_ snapshot: QueueSnapshot, text pattern: TextPattern) -> [Bool] {
    let listed = snapshot.listing.reasons
    return Parallel.flags(snapshot.replyCount) { numbers in
      var matcher = TextMatcher(pattern)
      let bytes = snapshot.listing.bytes.span
      return numbers.map { number in
        number < listed.count
          ? matcher.matches(bytes, in: listed[number].range)
          : matcher.matches(snapshot.replyText(number))
      }
    }
  }

  private static func hosts(_ snapshot: QueueSnapshot, _ pattern: TextPattern) -> [Bool] {
    Parallel.flags(snapshot.replyCount) { numbers in
      var matcher = TextMatcher(pattern)
      return numbers.map { number in
        snapshot.remoteHost(ofReply: number).map { matcher.matches($0) } ?? false
      }
    }
  }
}
