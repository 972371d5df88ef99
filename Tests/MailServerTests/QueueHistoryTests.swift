// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer
import Replies
import Testing

@Suite struct QueueHistoryTests {
  private let id = "1xVeaV-0004Pe-2Q"
  private let arrival: Int64 = 1_795_480_847

  private func event(
    _ kind: LogEvent.Kind, _ recipient: String?, _ reply: String = "busy", at time: Int64 = 100,
    code: Int? = 421, cause: Cause = .resource, id: String? = nil, mta: MTA = .exim
  ) -> LogEvent {
    LogEvent(
      time: arrival + time, mta: mta, kind: kind, direction: .outbound, queueID: id ?? self.id,
      recipient: recipient, remoteHost: "mx.x.example", remoteIP: "192.0.2.1", code: code,
      enhanced: nil, cause: cause, reply: reply, line: "")
  }

  private func exim(_ recipients: String...) -> QueueListing {
    QueueListing(
      "2m   646 \(id) <a@b.example>\n" + recipients.map { "          \($0)\n" }.joined())
  }

  private func message(
    _ events: [LogEvent], _ listing: QueueListing, retries: RetryTimes = RetryTimes()
  ) -> QueuedMessage {
    var history = DeliveryHistory()
    history.record(events)
    return QueueSnapshot(
      listing, history: history, retries: retries, taken: QueueFixture.now
    ).message(at: 0)
  }

  @Test func theLastDeferralOfEachRecipientIsShown() {
    let message = message(
      [
        event(.deferral, "one@x.example", "old", at: 1), event(.deferral, "Two@x.example", at: 2),
        event(.attempt, nil, "a host on the way", at: 3),
        event(.deferral, "one@x.example", "new", at: 4, cause: .greylisting),
        event(.attempt, "one@x.example", "retry time not reached", at: 5, code: nil, cause: .other),
      ], exim("one@x.example", "two@x.example"))
    #expect(message.recipients.map(\.reply) == ["new", "busy"])
    #expect(message.recipients.map(\.cause) == [.greylisting, .resource])
    #expect(message.recipients.map(\.remoteHost) == ["mx.x.example", "mx.x.example"])
    #expect(message.attempts == 2)
    #expect(message.lastAttempt == arrival + 4)
  }

  /// Events of the log before, the message's own, whether it is frozen, and what it is doing.
  @Test(arguments: [
    // The log was read from before its arrival on, and reports no deferral.
    (true, false, false, MessageState.incoming), (true, true, false, .deferred),
    (true, false, true, .held), (false, false, false, .deferred), (false, true, true, .held),
  ])
  func aFirstDeliveryIsNoDeferral(
    _ isLogKnown: Bool, _ isDeferred: Bool, _ isFrozen: Bool, _ state: MessageState
  ) {
    let listing = QueueListing(
      "2m   646 \(id) <a@b.example>\(isFrozen ? " *** frozen ***" : "")\n          one@x.example\n")
    var events: [LogEvent] = []
    if isLogKnown {
      events.append(event(.delivery, "old@x.example", at: -600, id: "1xVeaV-0004Pe-3R"))
    }
    if isDeferred { events.append(event(.deferral, "one@x.example", at: 5)) }
    var history = DeliveryHistory()
    history.record(events)
    let snapshot = QueueSnapshot(listing, history: history, taken: QueueFixture.now)
    #expect(snapshot.state(at: 0) == state)
    #expect(snapshot.message(at: 0).state == state)
  }

  /// A log that was read and mentions nothing is known too: the first message of a new log is in its first delivery.
  @Test(
    arguments: [(-1, MessageState.incoming), (0, .incoming), (1, .deferred)]
      as [(Int64, MessageState)])
  func aLogThatTellsOfNothingIsKnownFromItsStart(_ start: Int64, _ state: MessageState) {
    let listing = QueueListing("2m   646 \(id) <a@b.example>\n          one@x.example\n")
    var history = DeliveryHistory()
    history.noteLog(since: arrival + start)
    let snapshot = QueueSnapshot(listing, history: history, taken: QueueFixture.now)
    #expect(snapshot.state(at: 0) == state)
    #expect(snapshot.message(at: 0).attempts == nil)
    history.noteLog(since: arrival + 100)
    #expect(history.since == arrival + start)
  }

  @Test func aLogBeginsWithItsFirstTime() {
    let grammar = LogGrammar(now: 1_795_480_900, zone: .utc)
    let line = "2026-11-24 00:30:00 1xVeaX-0004YZ-1c Completed\n"
    func time(_ text: String, isCut: Bool = false) -> Int64? {
      grammar.firstTime(in: Array(text.utf8), isCut: isCut)
    }
    #expect(time(line) == 1_795_480_200)
    #expect(time("no time\n\n" + line) == 1_795_480_200)
    #expect(time(line, isCut: true) == nil)
    #expect(time("rest of a line\n" + line, isCut: true) == 1_795_480_200)
    #expect(time("") == nil && time("no time") == nil)
  }

  /// What is frozen has no next attempt, whatever the retry times of its host are.
  @Test(arguments: [true, false]) func whatIsFrozenHasNoNextAttempt(_ isFrozen: Bool) {
    let listing = QueueListing(
      "2m   646 \(id) <a@b.example>\(isFrozen ? " *** frozen ***" : "")\n          one@x.example\n")
    var retries = RetryTimes()
    retries.hosts["192.0.2.1"] = arrival + 3600
    let message = message([event(.deferral, "one@x.example", at: 5)], listing, retries: retries)
    #expect((message.nextRetry == nil) == isFrozen)
  }

  /// Exim does not try a host that deferred another message a moment ago.
  @Test func aMessageThatWasNotTriedHasTheCauseOfItsDestination() {
    let notDue = event(
      .attempt, "one@X.example", "retry time not reached", at: 3, code: nil, cause: .other)
    let listing = exim("one@x.example")
    let told = event(.deferral, "two@x.example", "421 busy", at: 2, id: "1xVeaV-0004Pe-3R")
    var retries = RetryTimes()
    retries.hosts["192.0.2.1"] = arrival + 3600
    let message = message([told, notDue], listing, retries: retries)
    #expect(message.recipients.map(\.reply) == ["retry time not reached"])
    #expect(message.recipients.map(\.cause) == [.resource])
    #expect(message.attempts == nil)
    #expect(message.nextRetry == arrival + 3600, "its turn is the host's")
    let elsewhere = event(.deferral, "two@y.example", "421 busy", at: 2, id: "1xVeaV-0004Pe-3R")
    #expect(self.message([elsewhere, notDue], listing).recipients.map(\.cause) == [.other])
    let delivered = event(.delivery, "three@x.example", at: 2, id: "1xVeaV-0004Pe-4S")
    #expect(self.message([told, delivered, notDue], listing).recipients.map(\.cause) == [.other])
  }

  @Test func anAttemptIsShownWhereNothingElseIsKnown() {
    let hosts = [
      event(.attempt, nil, "421 from a host"),
      event(.attempt, "one@x.example", "retry time not reached", code: nil),
    ]
    let message = message(hosts, exim("one@x.example"))
    #expect(message.recipients.map(\.reply) == ["421 from a host"])
    #expect(message.attempts == nil)
  }

  @Test func childrenOfARedirectionSpeakForTheListedRecipient() {
    let message = message(
      [event(.deferral, "child@y.example", "mailbox busy")], exim("list@x.example", "z@x.example"))
    #expect(message.recipients.map(\.reply) == ["mailbox busy", "mailbox busy"])
  }

  @Test func whatIsDeliveredOrCompletedIsForgotten() {
    var history = DeliveryHistory()
    history.record([
      event(.deferral, "one@x.example"), event(.deferral, "two@x.example"),
      event(.delivery, "one@x.example"),
      event(.deferral, "three@x.example", id: "1xVeaW-0004R4-0T"),
      event(.completed, nil, id: "1xVeaW-0004R4-0T"),
    ])
    #expect(history.count == 1)
    let message = QueueSnapshot(
      exim("one@x.example", "two@x.example", "three@x.example", "four@x.example"),
      history: history, taken: QueueFixture.now
    ).message(at: 0)
    #expect(message.recipients.map(\.reply) == [nil, "busy", nil, nil])
  }

  @Test func aQueueIDThatIsUsedAgainIsAnotherMessage() {
    let message = message([event(.deferral, "one@x.example", at: -500)], exim("one@x.example"))
    #expect(message.recipients.map(\.reply) == [nil])
    #expect(message.attempts == nil)
  }

  @Test func memoryIsBounded() {
    var history = DeliveryHistory(limit: 100)
    for number in 0..<1000 {
      history.record([
        event(.deferral, "r@x.example", "reply \(number)", at: Int64(number), id: "ID\(number)")
      ])
    }
    #expect(history.count <= 100)
    history.record([event(.completed, nil, id: "ID999")])
    #expect(history.count < 101)
  }

  @Test func aCompleteListingForgetsTheRest() {
    var history = DeliveryHistory()
    history.record([
      event(.deferral, "one@x.example"), event(.deferral, "r@x.example", id: "1aaaaa-000000-AA"),
      event(.deferral, "r@x.example", at: 5000, id: "1aaaaa-000001-AA"),
    ])
    history.forgetAbsent(from: exim("one@x.example"), taken: arrival + 1000)
    #expect(history.count == 2)
  }

  @Test(arguments: [(10, 310), (299, 599), (1000, 2000), (4000, 8000), (50_000, 54_000)])
  func postfixWaitsAsLongAsTheMessageIsOld(age: Int64, next: Int64) {
    let postfix = QueueListing(
      #"{"queue_name": "deferred", "queue_id": "30813134080", "arrival_time": \#(arrival), "sender": "a@b.example", "recipients": [{"address": "r@x.example", "delay_reason": "host mx[192.0.2.1] said: 450 later"}]}"#
    )
    let deferral = event(
      .deferral, "r@x.example", "450 later", at: age, id: "30813134080", mta: .postfix)
    let message = message([deferral], postfix)
    #expect(message.nextRetry == arrival + next)
    #expect(message.isRetryEstimated)
    #expect(message.recipients.map(\.reply) == ["host mx[192.0.2.1] said: 450 later"])
    var exact = RetryTimes()
    exact.messages["30813134080"] = arrival + 77
    let known = self.message([deferral], postfix, retries: exact)
    #expect(known.nextRetry == arrival + 77)
    #expect(!known.isRetryEstimated)
  }

  @Test func eximWaitsForHostAddressAndMessage() {
    var retries = RetryTimes()
    retries.hosts["192.0.2.1"] = arrival + 500
    let deferral = event(.deferral, "one@x.example")
    #expect(message([deferral], exim("one@x.example"), retries: retries).nextRetry == arrival + 500)
    retries.addresses["one@x.example:<a@b.example>"] = arrival + 700
    #expect(message([deferral], exim("one@x.example"), retries: retries).nextRetry == arrival + 700)
    // Another recipient is due earlier.
    let two = event(.deferral, "two@x.example")
    #expect(
      message([deferral, two], exim("one@x.example", "two@x.example"), retries: retries).nextRetry
        == arrival + 500)
    retries.messages[id] = arrival + 900
    #expect(message([deferral], exim("one@x.example"), retries: retries).nextRetry == arrival + 900)
  }
}
