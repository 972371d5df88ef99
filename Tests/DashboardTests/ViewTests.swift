// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas
import MailServer
import Replies
import Testing

@testable import Dashboard

@Suite struct ViewTests {
  @Test func everyViewDrillsDownAndComesBackToTheSameRow() async throws {
    var harness = try await Harness.live()
    for _ in 0..<7 {
      harness.press(.character("g"), .down)
      #expect(harness.state.queue.showsGroups)
      let groups = harness.state.queue.groups
      let group = try #require(harness.state.queue.selectedGroup)
      harness.press(.enter)
      #expect(harness.state.queue.rowCount == group.count)
      harness.press(.escape)
      #expect(harness.state.queue.groups == groups)
    }
    #expect(harness.state.queue.isHeatMap)
    harness.press(.character("g"))
    #expect(!harness.state.queue.showsGroups && !harness.state.queue.isHeatMap)
  }

  /// Messages leave above and below while a group is open: its row stays where it was on the screen.
  @Test func refreshesInBetweenLeaveTheReaderWhereHeWas() async throws {
    for view in 1...7 {
      var harness = try await Harness.live(columns: 80, rows: 14)
      for _ in 0..<view { harness.press(.character("g")) }
      for _ in 0..<(harness.state.queue.rowCount / 2 + 1) { harness.press(.down) }
      let groups = harness.state.queue.groups
      let key = try #require(groups.selection)
      harness.press(.enter)
      #expect(harness.state.queue.list.position == 0 && harness.state.queue.list.top == 0)
      harness.press(.down, .down)
      let message = try #require(harness.state.queue.selectedMessage?.idText)
      let snapshot = try #require(harness.state.queue.snapshot)
      let leaving = (0..<snapshot.count).filter { $0 % 7 == 0 }
        .map { snapshot.message(at: $0).idText }.filter { $0 != message }
      harness.send(.queue(snapshot.rejoined(with: DeliveryHistory(), without: leaving)))
      #expect(harness.state.queue.selectedMessage?.idText == message)
      harness.press(.escape)
      #expect(harness.state.queue.showsGroups && harness.state.queue.groups.selection == key)
      let now = harness.state.queue.groups
      let height = now.position - now.top
      // Above its old height there may be too few rows left.
      #expect(height == min(groups.position - groups.top, now.position) || now.top == 0)
    }
  }

  @Test func fromAGroupBackToAllMessagesWhereTheyWereLeft() async throws {
    var harness = try await Harness.live(columns: 80, rows: 14)
    for _ in 0..<30 { harness.press(.down) }
    let list = harness.state.queue.list
    #expect(list.top > 0)
    harness.press(.character("g"), .enter, .down)
    #expect(harness.state.queue.list != list)
    harness.press(.escape, .escape)
    #expect(!harness.state.queue.showsGroups)
    #expect(harness.state.queue.list == list)
  }

  @Test func aGroupThatIsGoneSaysSo() async throws {
    var harness = try await Harness.live()
    harness.press(.character("g"), .enter)
    let snapshot = try #require(harness.state.queue.snapshot)
    let ids = harness.state.queue.rows.map { snapshot.message(at: Int($0)).idText }
    harness.send(.queue(snapshot.rejoined(with: DeliveryHistory(), without: ids)))
    #expect(harness.text.contains("Esc returns to the groups."))
    harness.press(.escape)
    #expect(harness.state.queue.showsGroups && harness.state.queue.rowCount > 0)
  }

  @Test func hostsOfOneProviderAreOneRow() async throws {
    var harness = try await Harness.live()
    harness.press(.character(":"))
    harness.type("by prov")
    harness.press(.enter)
    let providers = harness.state.queue.arrangement?.groups.map(\.key) ?? []
    #expect(providers.contains("gmail") && !providers.contains { $0.contains("google.com") })
    #expect(harness.text.contains("PROVIDER"))
  }

  @Test func theHeatMapCountsEveryMessageOfADestination() async throws {
    var harness = try await Harness.live()
    for _ in 0..<7 { harness.press(.character("g")) }
    for group in harness.state.queue.arrangement?.groups ?? [] {
      #expect(group.ages.reduce(0, +) == group.count)
    }
  }

  @Test func everyColumnThatIsShownSorts() async throws {
    var harness = try await Harness.live(columns: 200)
    var seen: Set<QueueQuery.Column> = []
    for _ in QueueQuery.Column.allCases {
      harness.press(.character("s"))
      seen.insert(harness.state.queue.query.sort)
    }
    #expect(seen == Set(QueueQuery.Column.allCases))
  }

  @Test func theHostStandsWhereThereIsRoomOrOthersAreHidden() async throws {
    var harness = try await Harness.live(columns: 160, rows: 45)
    #expect(!harness.text.contains("HOST"))
    harness.press(.character("z"))
    #expect(harness.text.contains("HOST") && harness.text.contains("mx.full.example"))
    // Whole addresses and more of the reply than its codes come first.
    #expect(harness.text.contains("news@shop.example ") && harness.text.contains("The recipient"))
    harness = try await Harness.live(columns: 80, rows: 24)
    #expect(!harness.text.contains("HOST"))
    harness.press(.character("C"))
    for column in QueueQuery.Column.allCases {
      if ![.age, .host, .cause, .reply].contains(column) { harness.press(.character(" ")) }
      harness.press(.down)
    }
    harness.press(.escape)
    #expect(harness.text.contains("HOST") && harness.text.contains("mx.full.example"))
  }

  @Test func columnsAreHiddenAndTheLastOneStays() async throws {
    var harness = try await Harness.live(columns: 130)
    #expect(harness.text.contains("CAUSE") && harness.text.contains("NEXT"))
    harness.press(.character("C"))
    for _ in QueueQuery.Column.allCases { harness.press(.character(" "), .down) }
    harness.press(.escape)
    #expect(harness.state.queue.hiddenColumns.count == QueueQuery.Column.allCases.count - 1)
    #expect(harness.state.overlay == nil)
  }

  @Test func aLineLeadsToItsMessageAndEscapeBack() async throws {
    var harness = try await Harness.live()
    for _ in 0..<30 { harness.press(.down) }
    harness.press(.character("g"), .down, .down, .character("/"))
    harness.type("no such thing")
    harness.press(.enter, .character("3"), .character("a"))
    for _ in 0..<harness.state.log.shown.count where harness.state.jumpTarget == nil {
      harness.press(.up)
    }
    let target = try #require(harness.state.jumpTarget)
    harness.press(.enter)
    #expect(harness.state.focus == .queue)
    #expect(harness.state.queue.list.selection == target)
    #expect(harness.state.queue.selectedMessage?.reference == target)
    harness.press(.escape)
    #expect(harness.state.focus == .log)
    #expect(harness.state.queue.query.grouping == .destination)
    #expect(harness.state.queue.filters.chips.map(\.text) == ["no such thing"])
  }

  @Test func equalRepliesAreOneRow() async throws {
    var harness = try await Harness.live()
    harness.press(.character("3"), .character("a"))
    let lines = harness.state.log.shown
    harness.press(.character("g"))
    let groups = harness.state.log.groups
    #expect(groups.count < lines.count)
    #expect(groups.flatMap(\.numbers).sorted() == lines)
    harness.press(.down, .enter)
    #expect(harness.state.log.rows == groups[1].numbers)
    harness.press(.escape)
    #expect(harness.state.log.showsGroups)
    #expect(harness.state.log.selectedGroup?.key == groups[1].key)
  }

  @Test func searchGoesFromMatchToMatchAndHidesNothing() async throws {
    var harness = try await Harness.live()
    harness.press(.character("3"), .character("a"), .character("n"))
    let all = harness.state.log.rowCount
    harness.type("greylist")
    harness.press(.enter)
    #expect(harness.state.log.rowCount == all)
    var found: Set<Int> = []
    for _ in 0..<4 {
      let event = try #require(harness.state.log.selectedEvent)
      #expect("\(event.line) \(event.cause.rawValue)".lowercased().contains("greylist"))
      found.insert(harness.state.log.position)
      harness.press(.character("n"))
    }
    #expect(found.count > 1)
    let place = harness.state.log.position
    harness.press(.character("n"), .character("N"))
    #expect(harness.state.log.position == place)
    // Round both ends, which is said.
    harness.press(.home, .character("N"))
    #expect(harness.state.toast?.text == "No more above: search wrapped to the last line")
    let last = harness.state.log.position
    #expect(last > place)
    harness.press(.character("n"))
    #expect(harness.state.toast?.text == "No more below: search wrapped to the first line")
    #expect(harness.state.log.position < last)
    harness.press(.escape)
    #expect(harness.state.log.search == nil)
  }

  @Test func onASmallScreenTheFoundLineIsSeenBelowWhatIsLookedFor() async throws {
    var harness = try await Harness.live(columns: 40, rows: 10)
    harness.press(.character("3"), .character("a"), .character("n"))
    harness.type("421")
    harness.press(.enter)
    for _ in 0..<40 {
      harness.press(.character("n"))
      #expect(harness.text.contains("find 421") && harness.text.contains("▌"))
    }
  }

  @Test func inAPauseTheHeaderStandsStill() async throws {
    var harness = try await Harness.live()
    harness.press(.character("3"), .character("Z"))
    let event = try #require(harness.state.log.selectedEvent)
    let before = String(harness.screen.textRows[0].dropLast(14))
    harness.send(
      .log(
        (0..<50).map { _ in
          var event = event
          event.time = Harness.now
          return event
        }, dropped: 0))
    harness.send(.load(9))
    harness.wait(seconds: 3)
    #expect(String(harness.screen.textRows[0].dropLast(14)) == before)
    #expect(harness.text.contains("50 lines behind"))
    harness.press(.character("Z"))
    #expect(String(harness.screen.textRows[0].dropLast(14)) != before)
  }

  @Test func trendsCountByMinute() {
    var trends = Trends()
    let now = Harness.now
    func event(_ kind: LogEvent.Kind, _ cause: Cause, ago: Int64) -> LogEvent {
      LogEvent(
        time: now - ago, mta: .exim, kind: kind, direction: .outbound, queueID: nil,
        recipient: "jane@Example.net", remoteHost: nil, remoteIP: nil, code: 421, enhanced: nil,
        cause: cause, reply: "", line: "")
    }
    trends.record(event(.deferral, .timeout, ago: 0), now: now)
    trends.record(event(.deferral, .dns, ago: 60), now: now)
    trends.record(event(.attempt, .dns, ago: 60), now: now)
    trends.record(event(.delivery, .notTemporary, ago: 7200), now: now)
    #expect(trends.code421.values(minutes: 3, now: now) == [0, 1, 1])
    #expect(trends.destination("example.NET")?.total(lastMinutes: 5, now: now) == 2)
    #expect(trends.causes[.dns]?.total(lastMinutes: 5, now: now) == 1)
    #expect(trends.deliveries.total(lastMinutes: 5, now: now) == 0)
    #expect(trends.deliveries.total(lastMinutes: 1440, now: now) == 1)
    trends.noteQueue(7, now: now - 120)
    #expect(trends.queue.levels(minutes: 4, now: now) == [0, 7, 7, 7])
  }

  @Test func aTimelineIsCompletedFromOlderLogs() async throws {
    var harness = try await Harness.live()
    harness.press(.character("L"))
    let id = try #require(harness.state.timelineID)
    #expect(harness.text.contains("Reading older logs"))
    guard case .look(.history(let asked, let since))? = harness.effects.last else {
      Issue.record("older logs were not asked for")
      return
    }
    #expect(asked.text == id)
    let arrival = try #require(harness.state.queue.selectedMessage?.arrival)
    #expect(since == arrival - 60)
    func event(_ kind: LogEvent.Kind, ago: Int64, _ line: String) -> LogEvent {
      LogEvent(
        time: Harness.now - ago, mta: .postfix, kind: kind, direction: .outbound, queueID: id,
        recipient: "jane@example.net", remoteHost: nil, remoteIP: nil, code: 450, enhanced: nil,
        cause: .greylisting, reply: "450 come back", line: line)
    }
    var history = MessageHistory(queueID: id, since: since)
    history.gaps = ["/var/log/mail.log.2.gz: gzip is missing"]
    history.events = [event(.deferral, ago: 90_000, "an old line")]
    history.events += harness.state.log.events.filter { $0.queueID == id }
    harness.send(.history(history))
    let text = harness.text
    #expect(text.contains("1d01h ago deferred: jane@example.net, greylisting"))
    #expect(text.contains("Not read: /var/log/mail.log.2.gz: gzip is missing"))
    #expect(!text.contains("Reading older logs"))
    guard let timeline = harness.state.overlay as? Timeline else { return }
    // What is in both is reported once.
    #expect(timeline.events(harness.state) == history.events)
    harness.press(.escape, .character("L"), .escape)
    #expect(harness.effects.last == .look(.cancelHistory))
  }

  @Test func olderLinesAreInTheChartOfTheDay() {
    var trends = Trends()
    let now = Harness.now
    var counts = LogCounts()
    for ago in [Int64(7200), 7201, 80_000, 100_000] {
      counts.count(.deferral, code: 421, cause: .policy, at: now - ago)
    }
    counts.count(.delivery, code: nil, cause: .notTemporary, at: now - 7200)
    trends.add(counts, now: now)
    #expect(trends.causes[.policy]?.total(lastMinutes: 1440, now: now) == 3)
    #expect(trends.code421.total(lastMinutes: 1440, now: now) == 3)
    #expect(trends.deliveries.total(lastMinutes: 1440, now: now) == 1)
    #expect(trends.first == now - 100_000)
  }

  @Test func olderLinesAreInTheSparklinesOfTheirDestinations() async throws {
    var harness = try await Harness.live(columns: 160, rows: 45)
    let now = Harness.now
    let before =
      harness.state.trends.destination("gmail.com")?.total(lastMinutes: 60, now: now) ?? 0
    var counts = LogCounts()
    for ago in [Int64(1800), 1801, 3000] {
      counts.count(
        .deferral, code: 421, cause: .rateLimit, destination: "gmail.com", at: now - ago)
    }
    for index in 0..<2000 {
      counts.count(
        .deferral, code: 450, cause: .other, destination: "d\(index).example", at: now - 60)
    }
    counts.count(.deferral, code: 450, cause: .other, at: now - 60)
    #expect(counts.destinations.count == 1000)
    harness.send(.counts(counts))
    let trends = harness.state.trends
    #expect(trends.destination("GMail.com")?.total(lastMinutes: 60, now: now) == before + 3)
    // All are counted, and a few have their own trend.
    #expect(trends.causes[.other]?.total(lastMinutes: 5, now: now) ?? 0 >= 2001)
    #expect((0..<2000).count { trends.destination("d\($0).example") != nil } < 300)
  }

  @Test(
    arguments: [
      (-60, 0, "11:59"), (-43_200, 0, "00:00"), (-43_201, 0, "yesterday 23:59"),
      (-43_201, 3600, "00:59"), (-86_400, 0, "yesterday 12:00"),
      (-100_000, -18_000, "yesterday 03:13"),
      (-130_000, 0, "2d ago"), (30, 0, "12:00"),
    ] as [(Int64, Int, String)])
  func theChartSaysSinceWhenOverMidnight(offset: Int64, utcOffset: Int, words: String) {
    let now = Harness.now
    #expect(Format.since(now + offset, now: now, zone: LocalZone(offset: utcOffset)) == words)
  }

  @Test func theChartMarksWhereChangesWereMade() async throws {
    var harness = try await Harness.live()
    harness.press(.character("H"))
    let request = try #require(harness.mutations.last)
    harness.send(.acted(ActReport(request: request, results: [.done], command: "", saved: [])))
    harness.press(.character("t"))
    #expect(harness.text.contains("changes") && harness.text.contains("^"))
    harness.press(.character("d"))
    #expect(harness.text.contains("last day"))
    harness.press(.escape)
    #expect(harness.state.overlay == nil)
  }
}
