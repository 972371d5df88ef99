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

  @Test func filtersByWhatARowShows() {
    var query = QueueQuery()
    query.filter = "GreyList.test"
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
}
