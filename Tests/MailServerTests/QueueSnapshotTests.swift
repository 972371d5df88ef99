// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer
import Replies
import Testing

@Suite struct QueueSnapshotTests {
  private let postfix: QueueSnapshot
  private let exim: QueueSnapshot

  init() throws {
    postfix = QueueSnapshot(
      try QueueFixture.listing("postfix/postqueue_j.txt"), taken: QueueFixture.now)
    exim = QueueSnapshot(try QueueFixture.listing("exim/exim_bp.txt"), taken: QueueFixture.now)
  }

  @Test func countsStates() {
    #expect(postfix.totals.messages == 103)
    #expect(postfix.totals.held == 2)
    #expect(postfix.totals.deferred + postfix.totals.active + postfix.totals.incoming == 101)
    #expect(exim.totals.held == 8)
    #expect(
      exim.totals.oldest == (0..<exim.count).compactMap { exim.message(at: $0).arrival }.min())
  }

  @Test func findsEveryMessageByItsIdentity() throws {
    for snapshot in [postfix, exim] {
      for row in 0..<snapshot.count {
        let reference = try #require(snapshot.message(at: row).reference)
        #expect(snapshot.row(of: reference) == row)
        let other = MessageReference(
          queueID: reference.queueID, arrival: reference.arrival, sender: "someone@else.example")
        #expect(snapshot.row(of: other) == nil)
      }
    }
  }

  @Test(arguments: QueueQuery.Column.allCases, [false, true])
  func sortsAllRowsByEveryColumn(column: QueueQuery.Column, descending: Bool) {
    for snapshot in [postfix, exim] {
      var query = QueueQuery()
      (query.sort, query.descending) = (column, descending)
      let rows = snapshot.arranged(by: query).rows
      #expect(rows.sorted() == (0..<Int32(snapshot.count)).map { $0 })
      #expect(snapshot.arranged(by: query).rows == rows)
    }
  }

  @Test func filtersByWhatARowShows() throws {
    var query = QueueQuery()
    query.filters = [try Filter("GreyList.test", for: .queue)]
    let rows = postfix.arranged(by: query).rows
    #expect(!rows.isEmpty)
    let expected = (0..<postfix.count).filter { row in
      let message = postfix.message(at: row)
      let texts =
        [message.idText, message.sender, message.state.rawValue]
        + message.recipients.flatMap { [$0.address, $0.reply ?? "", $0.cause?.rawValue ?? ""] }
      return texts.contains { $0.lowercased().contains("greylist.test") }
    }
    #expect(rows.map(Int.init).sorted() == expected)
  }

  @Test(arguments: QueueQuery.Grouping.allCases)
  func everyRowIsInAGroup(grouping: QueueQuery.Grouping) {
    var query = QueueQuery()
    query.grouping = grouping
    for snapshot in [postfix, exim] {
      let arrangement = snapshot.arranged(by: query)
      #expect(Set(arrangement.groups.flatMap(\.rows)) == Set(arrangement.rows))
      #expect(Set(arrangement.groups.map(\.key)).count == arrangement.groups.count)
    }
  }

  @Test(arguments: [
    ("gmail-smtp-in.l.google.com", "gmail"), ("mta7.am0.yahoodns.net", "yahoo"),
    ("mx1.mail.example.net", "example.net"), ("MX2.Example.NET.", "example.net"),
    ("mx.example.co.uk", "example.co.uk"), ("example.org", "example.org"),
    ("192.0.2.25", "192.0.2.25"), ("2001:db8::25", "2001:db8::25"),
  ])
  func groupsByProvider(host: String, provider: String) {
    var event = LogEvent(
      time: QueueFixture.now, mta: .exim, kind: .deferral, direction: .outbound, queueID: nil,
      recipient: nil, remoteHost: host, remoteIP: nil, code: 450, enhanced: nil,
      cause: .greylisting, reply: "450 4.2.0 Greylisted, see you later", line: "")
    var history = DeliveryHistory()
    for row in 0..<exim.count {
      event.queueID = exim.message(at: row).idText
      history.record([event])
    }
    var query = QueueQuery()
    query.grouping = .provider
    let groups = exim.rejoined(with: history).arranged(by: query).groups
    #expect(groups.map(\.key).filter { !$0.isEmpty } == [provider])
  }

  /// What a row shows in a column, as something that can be compared.
  private func shown(_ column: QueueQuery.Column, _ message: QueuedMessage) -> (Int64?, String?) {
    let waiting = message.recipients.filter { !$0.isDelivered }
    let lead = waiting.first { $0.reply != nil } ?? waiting.first
    return switch column {
    case .id: (nil, message.idText)
    case .age: (message.arrival.map { QueueFixture.now - $0 }, nil)
    case .size: (message.size, nil)
    case .attempts: (message.attempts.map(Int64.init), nil)
    case .nextRetry: (message.nextRetry, nil)
    case .state: (MessageState.allCases.firstIndex(of: message.state).map(Int64.init), nil)
    case .cause: (lead?.cause.flatMap(Cause.allCases.firstIndex).map(Int64.init), nil)
    case .sender: (nil, message.sender)
    case .destination:
      // The name of a domain is the same in any case; its rows are one destination.
      (
        nil,
        lead.map {
          let start = $0.address.lastIndex(of: "@") ?? $0.address.startIndex
          return $0.address[start...].lowercased()
        }
      )
    case .host: (nil, lead?.remoteHost)
    case .reply: (nil, lead?.reply)
    }
  }

  @Test(arguments: QueueQuery.Column.allCases, [false, true])
  func ordersByWhatIsShown(column: QueueQuery.Column, descending: Bool) {
    var query = QueueQuery()
    (query.sort, query.descending) = (column, descending)
    for snapshot in [postfix, exim] {
      let messages = snapshot.arranged(by: query).rows.map { snapshot.message(at: Int($0)) }
      for (one, other) in zip(messages, messages.dropFirst()) {
        let (left, right) = (shown(column, one), shown(column, other))
        if let first = left.0, let second = right.0 {
          #expect(descending ? first >= second : first <= second)
        }
        if let first = left.1, let second = right.1 {
          let bytes = (Array(first.utf8), Array(second.utf8))
          #expect(
            descending
              ? !bytes.0.lexicographicallyPrecedes(bytes.1)
              : !bytes.1.lexicographicallyPrecedes(bytes.0))
        }
        #expect(
          left.0 != nil || left.1 != nil || (right.0 == nil && right.1 == nil), "unknown is last")
        if left == right { #expect(column == .id || one.idText < other.idText) }
      }
    }
  }

  @Test func groupsCountMessages() throws {
    var query = QueueQuery()
    query.grouping = .destination
    for snapshot in [postfix, exim] {
      for group in snapshot.arranged(by: query).groups where !group.key.isEmpty {
        let expected = (0..<snapshot.count).filter { row in
          snapshot.message(at: row).recipients.contains {
            !$0.isDelivered && $0.address.lowercased().hasSuffix("@\(group.key)")
          }
        }
        #expect(group.rows.map(Int.init).sorted() == expected)
        #expect(group.oldest == expected.compactMap { snapshot.message(at: $0).arrival }.min())
      }
    }
    query.grouping = .host
    let hosts = postfix.arranged(by: query).groups.map(\.key)
    #expect(hosts.contains("mx1.busy.test"))
    #expect(hosts.allSatisfy { $0.isEmpty || $0.hasSuffix(".test") })
  }

  @Test(arguments: [QueueQuery.Grouping.destination, .sender])
  func theTopOfAListCountsAsGroupsDo(grouping: QueueQuery.Grouping) {
    var query = QueueQuery()
    query.grouping = grouping
    for snapshot in [postfix, exim] {
      let groups = snapshot.arranged(by: query).groups
      let top =
        grouping == .sender ? snapshot.topSenders(1000) : snapshot.topDestinations(1000)
      #expect(top.count >= groups.count(where: { !$0.key.isEmpty }))
      for tally in top where !tally.key.isEmpty {
        let group = groups.first { $0.key == tally.key }
        #expect(group?.count == tally.count && group?.oldest == tally.oldest)
      }
      #expect(top.map(\.count) == top.map(\.count).sorted(by: >))
    }
  }

  @Test(
    arguments: [
      (0, "under 5m"), (299, "under 5m"), (300, "5m to 10m"), (1199, "10m to 20m"),
      (76_799, "10h40m to 21h20m"), (76_800, "over 21h20m"), (.max, "over 21h20m"),
      (-60, "under 5m"), (3600, "40m to 1h20m"),
    ] as [(Int64, String)])
  func agesDouble(age: Int64, name: String) {
    #expect(AgeBucket.name(AgeBucket.index(ofAge: age)) == name)
  }

  @Test func aLargeQueueIsReadAndArranged() throws {
    let count = 10_000
    var text = ""
    for number in 0..<count {
      let serial = String(number + 1_000_000)
      text +=
        "25m   646 1xVeaV-\(serial.prefix(6))-\(serial.suffix(1))0 <s\(number % 100)@b.example>\n"
      text += "          r\(number)@d\(number % 50).example\n        D d@x.example\n\n"
    }
    let snapshot = QueueSnapshot(QueueListing(text), taken: QueueFixture.now)
    #expect(snapshot.count == count)
    var query = QueueQuery()
    (query.grouping, query.sort) = (.destination, .sender)
    query.filters = [try Filter("D7.EXAMPLE", for: .queue)]
    let arrangement = snapshot.arranged(by: query)
    #expect(arrangement.rows.count == count / 50)
    #expect(arrangement.groups.map(\.key) == ["d7.example"])
    let last = try #require(snapshot.message(at: count - 1).reference)
    #expect(snapshot.row(of: last) == count - 1)
  }

  @Test func newKnowledgeOfTheLogChangesOnlyWhatItTells() {
    let message = exim.message(at: 20)
    var history = DeliveryHistory()
    history.record([
      LogEvent(
        time: QueueFixture.now, mta: .exim, kind: .deferral, direction: .outbound,
        queueID: message.idText, recipient: message.recipients[0].address, remoteHost: nil,
        remoteIP: "192.0.2.1", code: 451, enhanced: nil, cause: .greylisting, reply: "later",
        line: "")
    ])
    let rejoined = exim.rejoined(with: history)
    #expect(rejoined.message(at: 20).recipients[0].reply == "later")
    #expect(rejoined.message(at: 20).recipients[0].remoteHost == "192.0.2.1")
    #expect(rejoined.cause(at: 20) == .greylisting)
    #expect((0..<exim.count).filter { rejoined.message(at: $0) != exim.message(at: $0) } == [20])
    #expect(rejoined.totals == exim.totals)
  }
}
