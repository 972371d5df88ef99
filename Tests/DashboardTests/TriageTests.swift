// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas
import MailServer
import Testing

@testable import Dashboard

/// Marks, acts on several, and taking back.
@Suite struct TriageTests {
  private static func done(_ request: ActRequest, saved: [String] = []) -> Event {
    .acted(
      ActReport(
        request: request, results: request.targets.map { _ in .done }, command: "", saved: saved))
  }

  // MARK: Marks

  @Test func spaceMarksAndGoesDown() async throws {
    var harness = try await Harness.live()
    let first = try #require(harness.state.queue.message(at: 0)?.reference)
    let second = try #require(harness.state.queue.message(at: 1)?.reference)
    harness.press(.character(" "), .character(" "))
    #expect(harness.marked == [first, second])
    #expect(harness.state.queue.position == 2)
    #expect(harness.text.contains("2 marked"))
    harness.press(.up, .character(" "))
    #expect(harness.marked == [first], "a second time takes the mark away")
    harness.press(.character("-"))
    #expect(harness.state.queue.marks.isEmpty)
  }

  @Test func marksThatTheFilterHidesAreCounted() async throws {
    var harness = try await Harness.live()
    let gmail = "gmail"
    harness.press(.character("/"))
    harness.type(gmail)
    harness.press(.enter, .character("*"))
    let count = harness.state.queue.rowCount
    #expect(harness.state.queue.marks.count == count)
    #expect(harness.state.queue.hiddenMarks == 0)
    harness.press(.character("/"), .control("u"))
    harness.type("busy.example")
    harness.press(.enter)
    #expect(harness.state.queue.hiddenMarks == count)
    #expect(harness.text.contains("\(count) marked, \(count) hidden"))
  }

  @Test func marksFollowTheMessageAndFallAwayWithIt() async throws {
    var harness = try await Harness.live()
    harness.press(.character(" "), .character("S"))
    #expect(harness.state.queue.marks.count == 1, "another order changes no mark")
    harness.send(
      .queue(
        QueueSnapshot(QueueListing([], mta: .postfix, now: Harness.now), taken: Harness.now)))
    #expect(harness.state.queue.marks.isEmpty)
  }

  @Test func aRangeFollowsTheSelectionAndSpaceEndsIt() async throws {
    var harness = try await Harness.live()
    let rows = (0..<4).compactMap { harness.state.queue.message(at: $0)?.reference }
    harness.press(.down, .down, .down, .character("V"), .up, .up)
    #expect(harness.text.contains("range of 3"))
    #expect(harness.state.queue.marks.isEmpty, "not before its end")
    harness.press(.character(" "))
    #expect(harness.marked == Set(rows[1...3]))
    #expect(harness.state.queue.position == 1, "the Space that ends it marks nothing else")
    harness.press(.character("V"), .character("<"), .escape)
    #expect(harness.marked == Set(rows[1...3]), "Esc drops the range, not the marks")
  }

  @Test func anActOnARangeIsForTheRange() async throws {
    var harness = try await Harness.live()
    harness.press(.character("V"), .down, .character("d"))
    guard let confirmation = harness.state.overlay as? Dashboard.Confirmation else {
      Issue.record("it did not ask")
      return
    }
    #expect(confirmation.references.count == 2)
    #expect(Set(confirmation.references) == harness.marked)
  }

  @Test func whatMatchesIsMarkedWhereverItIs() async throws {
    var harness = try await Harness.live()
    harness.press(.character("/"))
    harness.type("busy.example")
    harness.press(.enter, .character("="))
    harness.type("gmail")
    #expect(harness.state.queue.marks.isEmpty)
    #expect(harness.state.queue.query.filters.map(\.text) == ["busy.example"], "the list stays")
    harness.press(.enter)
    let count = harness.state.queue.marks.count
    #expect(count > 0 && harness.state.queue.hiddenMarks == count)
    harness.press(.character("="))
    harness.type("gmail")
    harness.press(.escape)
    #expect(harness.state.queue.marks.count == count)
  }

  @Test(arguments: [(100, 30), (80, 24), (40, 10), (30, 6)])
  func theCountOfMarksIsAlwaysSeen(columns: Int, rows: Int) async throws {
    var harness = try await Harness.live(columns: columns, rows: rows)
    harness.press(.character("*"), .character("/"))
    harness.type("gmail")
    harness.press(.enter)
    let queue = harness.state.queue
    let words = "\(queue.marks.count) marked, \(queue.hiddenMarks) hidden"
    #expect(queue.hiddenMarks > 0)
    #expect(harness.text.contains(words))
    harness.press(.character("4"), .character("z"))
    #expect(harness.text.contains(words), "beside another pane too")
  }

  @Test func aGroupIsMarkedAsAWhole() async throws {
    var harness = try await Harness.live()
    harness.press(.character("g"))
    let group = try #require(harness.state.queue.selectedGroup)
    harness.press(.character(" "))
    #expect(harness.state.queue.marks.count == group.count)
  }

  @Test func marksThatAreSetWhileAnotherListingIsArrangedAreOnIt() throws {
    var harness = Harness()
    harness.send(Self.queue(of: 0..<50))
    harness.isSlow = true
    // Another place in the listing for each of them.
    harness.send(Self.queue(of: 5..<60))
    harness.press(.character(">"), .character(" "), .up, .up, .character(" "))
    let marked = harness.marked
    #expect(marked.count == 2)
    harness.answer()
    #expect(harness.state.queue.snapshot?.count == 50, "an answer for other marks is not shown")
    harness.answer()
    #expect(harness.state.queue.snapshot?.count == 55)
    #expect(harness.marked == marked)
    #expect(harness.state.queue.hiddenMarks == 0)
  }

  // MARK: Acts on several

  /// So many messages, each the same in every listing.
  private static func queue(of numbers: Range<Int>) -> Event {
    let lines = numbers.map { number in
      #"{"queue_name":"deferred","queue_id":"\#(String(0xABC000 + number, radix: 16, uppercase: true))","#
        + #""arrival_time":\#(1_795_520_000 + number),"message_size":700,"sender":"a@example.org","#
        + #""recipients":[{"address":"b@example.com"}]}"# + "\n"
    }
    let listing = QueueListing(Array(lines.joined().utf8), mta: .postfix, now: Harness.now)
    return .queue(QueueSnapshot(listing, taken: Harness.now))
  }

  @Test func manyAreLookedAtElsewhere() throws {
    let count = ActQuestion.few + 1
    var harness = Harness()
    harness.send(Self.queue(of: 0..<count))
    harness.isSlow = true
    harness.press(.character("*"), .character("d"))
    #expect((harness.state.overlay as? Gathering) == Gathering(number: 1))
    #expect(harness.text.contains("Reading 1,001 messages"))
    harness.press(.character("H"), .enter, .down, .character("2"))
    #expect(
      harness.mutations.isEmpty && harness.state.focus == .queue, "no key goes past the question")
    harness.answer()
    guard let confirmation = harness.state.overlay as? Dashboard.Confirmation else {
      Issue.record("it did not ask")
      return
    }
    #expect(confirmation.references.count == count)
    #expect(!harness.text.contains("Looking at 1,001"))
  }

  @Test func lookingAtManyCanBeGivenUp() throws {
    var harness = Harness()
    harness.send(Self.queue(of: 0..<ActQuestion.few + 1))
    harness.isSlow = true
    harness.press(.character("*"), .character("d"), .escape)
    harness.answer()
    #expect(harness.state.overlay == nil && harness.mutations.isEmpty)
    #expect(harness.text.contains("Nothing was changed"))
    // An answer to another act is not taken for this one's.
    harness.press(.character("d"), .escape, .character("H"))
    harness.answer()
    guard let confirmation = harness.state.overlay as? Dashboard.Confirmation else {
      Issue.record("it did not ask")
      return
    }
    #expect(confirmation.act == .hold)
  }

  @Test func keysThatAreReadAtOnceAskForTheLastOfThem() throws {
    var harness = Harness()
    harness.send(Self.queue(of: 0..<ActQuestion.few + 1))
    harness.press(.character("*"))
    harness.show()
    harness.isSlow = true
    harness.send(together: [.key(.character("H")), .key(.escape), .key(.character("d"))])
    harness.answer()
    guard let confirmation = harness.state.overlay as? Dashboard.Confirmation else {
      Issue.record("it did not ask")
      return
    }
    #expect(confirmation.act == .remove && harness.mutations.isEmpty)
  }

  @Test func theQuestionIsAboutTheGroupThatWasSelected() throws {
    let count = ActQuestion.few + 1
    var harness = Harness()
    harness.send(Self.queue(of: 0..<count))
    harness.press(.character("g"))
    let group = try #require(harness.state.queue.selectedGroup?.rows.count)
    #expect(group == count)
    // Before the question is looked at, another listing is shown, in which the group is a smaller one.
    var other = harness
    other.isSlow = true
    other.send(Self.queue(of: 0..<3))
    let arranged = try #require(other.state.queue.job(by: other.state.queue.query)?.answer())
    harness.wait(seconds: 2)
    harness.show()
    harness.isSlow = true
    harness.send(together: [.key(.character("H")), .arranged(arranged)])
    harness.answer()
    guard let confirmation = harness.state.overlay as? Dashboard.Confirmation else {
      Issue.record("it did not ask")
      return
    }
    #expect(confirmation.references.count == count)
  }

  @Test func anAnswerThatWasGivenUpIsNotTakenForALaterOne() throws {
    let count = ActQuestion.few + 5
    var harness = Harness()
    harness.send(Self.queue(of: 0..<count))
    harness.isSlow = true
    harness.press(.character("*"), .character("d"), .escape)
    // One fewer is marked now.
    harness.press(.character("<"), .character(" "), .character("d"))
    harness.answer()
    guard let confirmation = harness.state.overlay as? Dashboard.Confirmation else {
      Issue.record("it did not ask")
      return
    }
    #expect(confirmation.references.count == count - 1)
    #expect(Set(confirmation.references) == harness.marked)
  }

  @Test func actsGoToTheMarkedOnes() async throws {
    var harness = try await Harness.live()
    harness.press(.character(" "), .down, .character(" "), .down)
    let marks = harness.marked
    harness.press(.character("H"))
    #expect(harness.state.overlay == nil, "a few are held without a question")
    #expect(harness.mutations.map(\.act) == [.hold])
    #expect(Set(harness.mutations[0].targets) == marks)
  }

  @Test func actsGoToTheSelectedGroup() async throws {
    var harness = try await Harness.live()
    harness.press(.character("g"))
    let group = try #require(harness.state.queue.selectedGroup)
    let members = try #require(harness.state.queue.snapshot?.references(in: group.rows))
    harness.press(.character("d"))
    guard let confirmation = harness.state.overlay as? Dashboard.Confirmation else {
      Issue.record("it did not ask")
      return
    }
    #expect(confirmation.references == members)
  }

  @Test func holdingManyAsksFirst() async throws {
    var harness = try await Harness.live()
    harness.press(.character("*"))
    try #require(harness.state.queue.marks.count > Dashboard.Confirmation.freely)
    harness.press(.character("H"))
    #expect(harness.mutations.isEmpty)
    harness.press(.tab, .enter)
    #expect(harness.mutations.map(\.act) == [.hold], "no count is typed for what can be undone")
  }

  @Test func removingSeveralNeedsTheirNumberTyped() async throws {
    var harness = try await Harness.live()
    harness.press(.character("*"), .character("d"))
    guard let confirmation = harness.state.overlay as? Dashboard.Confirmation else {
      Issue.record("it did not ask")
      return
    }
    let count = confirmation.references.count
    harness.press(.tab, .tab, .tab, .enter)
    #expect(harness.mutations.map(\.act) != [.remove], "the button is off")
    harness = try await Harness.live()
    harness.press(.character("*"), .character("d"))
    harness.type(String(count - 1))
    harness.press(.backTab)
    guard let off = harness.state.overlay as? Dashboard.Confirmation else { return }
    #expect(off.focus != .go && !off.isArmed, "a wrong number switches nothing on")
    for _ in String(count) { harness.press(.backspace) }
    harness.type(String(count))
    harness.press(.tab, .enter)
    #expect(harness.mutations.map(\.act) == [.remove])
    #expect(harness.mutations.first?.targets == confirmation.references)
  }

  @Test func takingADigitBackSwitchesTheButtonOff() async throws {
    var harness = try await Harness.live()
    harness.press(.character(" "), .character(" "), .character("d"), .character("2"))
    harness.press(.backTab, .backspace, .enter)
    #expect(harness.mutations.isEmpty)
  }

  @Test func nothingThatArrivedAfterTheDialogOpenedIsTouched() throws {
    func snapshot(_ ids: [String]) -> Event {
      let lines = ids.map { id in
        #"{"queue_name":"deferred","queue_id":"\#(id)","arrival_time":1795520000,"#
          + #""message_size":700,"sender":"a@example.org","recipients":[{"address":"b@example.com"}]}"#
          + "\n"
      }
      let listing = QueueListing(Array(lines.joined().utf8), mta: .postfix, now: Harness.now)
      return .queue(QueueSnapshot(listing, taken: Harness.now))
    }
    var harness = Harness()
    harness.send(snapshot(["4cXn2k1hFjz9QsB", "4cXn2k3bQdz9QsC"]))
    harness.press(.character("g"), .character("d"))
    harness.send(snapshot(["4cXn2k1hFjz9QsB", "4cXn2k3bQdz9QsC", "4cXn2m8rTsz9QtD"]))
    harness.press(.character("2"), .backTab, .enter)
    #expect(
      harness.mutations.first?.targets.map(\.queueID.text)
        == ["4cXn2k1hFjz9QsB", "4cXn2k3bQdz9QsC"])
  }

  @Test func theMessagesOfADialogCanBeListed() async throws {
    var harness = try await Harness.live()
    harness.press(.character("*"), .character("d"), .character("v"))
    let last = try #require(harness.state.queue.message(at: harness.state.queue.rowCount - 1))
    harness.press(.character("G"), .character("j"))
    #expect(harness.text.contains(last.idText))
    harness.press(.escape)
    guard let confirmation = harness.state.overlay as? Dashboard.Confirmation else {
      Issue.record("the dialog is gone")
      return
    }
    #expect(confirmation.listing == nil)
  }

  @Test func theCommandCanBeReadOnASmallScreen() async throws {
    var harness = try await Harness.live(columns: 40, rows: 10)
    harness.press(.character("*"), .character("d"))
    #expect(!harness.text.contains("Runs"))
    for _ in 0..<8 { harness.press(.pageDown) }
    #expect(harness.text.contains("postsuper -d -"))
    #expect(harness.text.contains("[[ Cancel ]]"))
    for _ in 0..<8 { harness.press(.pageUp) }
    #expect(harness.text.contains("From "))
  }

  @Test(arguments: [Act.bounce, .requeue]) func permanentActsAsk(act: Act) async throws {
    var harness = try await Harness.live()
    harness.press(act == .bounce ? .character("b") : .character("Q"))
    #expect(harness.mutations.isEmpty)
    harness.press(.backTab, .enter)
    #expect(harness.mutations.map(\.act) == [act])
  }

  // MARK: Undo

  @Test func undoTakesBackExactlyWhatWasChanged() async throws {
    var harness = try await Harness.live()
    harness.press(.character(" "), .down, .character(" "), .character("H"))
    let request = try #require(harness.mutations.first)
    harness.send(.acted(ActReport(request: request, results: [.done, .gone], command: "")))
    harness.press(.character("u"))
    #expect(harness.mutations.last?.act == .release)
    #expect(harness.mutations.last?.targets == [request.targets[0]])
    harness.send(Self.done(try #require(harness.mutations.last)))
    harness.press(.character("u"))
    #expect(harness.mutations.count == 2, "an undo is not undone")
    #expect(harness.state.toast?.text.contains("nothing to undo") == true)
  }

  @Test func undoOfARemovalBringsTheCopiesBack() async throws {
    var harness = try await Harness.live()
    harness.press(.character("d"), .backTab, .enter)
    harness.send(Self.done(try #require(harness.mutations.last), saved: ["4cX-1"]))
    #expect(harness.state.toast?.text.contains("u undoes it") == true)
    harness.press(.character("u"))
    #expect(harness.changes.last == .restore(["4cX-1"]))
    harness.send(.restored([Restoration(copy: "4cX-1", result: .failed("disk full"))]))
    #expect(harness.state.toast?.text.contains("disk full") == true)
    harness.press(.character("u"))
    #expect(harness.changes.count == 3, "what failed can be tried again")
    let back = BroughtBack(queueID: nil, isAsItWas: true, isHeld: true)
    harness.send(.restored([Restoration(copy: "4cX-1", result: .restored(back))]))
    #expect(harness.state.toast?.text.contains("Restored 1 message") == true)
  }

  @Test func anInterruptedActIsTold() async throws {
    var harness = try await Harness.live()
    harness.send(.notice("remove of 3 messages by root was interrupted"))
    #expect(harness.text.contains("was interrupted"))
  }
}
