// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas
import Guidance
import MailServer
import Testing

@testable import Dashboard

/// Where an act key is pressed, and what happens in the same moment.
extension ActTargetTests {
  /// Where somebody is when the key is pressed.
  struct Scene: CustomTestStringConvertible, Sendable {
    var name: String
    var keys: [Key]
    var mta = MTA.postfix
    var testDescription: String { name }

    init(_ name: String, _ keys: [Key] = [], mta: MTA = .postfix) {
      (self.name, self.keys, self.mta) = (name, keys, mta)
    }

    static func text(_ text: String) -> [Key] { text.map(Key.character) }
  }

  static let scenes =
    [
      Scene("list", [.down, .down, .down]), Scene("first row"),
      Scene("exim", [.down, .down], mta: .exim),
      Scene("sorted", [.character("s"), .character("s"), .down]),
      Scene("filtered", [.character("/")] + Scene.text("gmail") + [.enter, .down]),
      Scene("marks", [.character(" "), .character(" "), .down]),
      Scene("a range", [.down, .character("V"), .down, .down]),
      Scene(
        "hidden marks",
        [.character(" "), .character(" "), .character("/")] + Scene.text("gmail") + [.enter]),
      Scene("marks under groups", [.character(" "), .character(" "), .character("g")]),
      Scene("opened group", [.character("g"), .down, .enter, .down]),
      Scene("log", [.character("3")]), Scene("older line", [.character("3"), .up, .up]),
      Scene("log that runs", [.character("3"), .character("G")]),
      Scene("log groups", [.character("3"), .character("g")]),
      Scene("opened log group", [.character("3"), .character("g"), .enter]),
      Scene("fix", [.down, .down, .character("f")]),
      Scene("fix of a line", [.character("3"), .up, .character("f")]),
    ]
    + [1, 7].map { count in
      Scene("view \(count)", Array(repeating: .character("g"), count: count) + [.down])
    }

  /// What happens in the same moment.
  struct Change: Sendable {
    var name: String
    var events: @Sendable (Harness, DemoServer) throws -> [Event]
    /// Whether it is the reader who moves.
    var isMove: Bool {
      ["a page down", "the last row", "one row marked", "marked"].contains(name)
    }
    var isEscape: Bool { ["a step back", "opened"].contains(name) }
    /// Whether it presses Enter, which is an act key itself in a fix.
    var hasEnter: Bool {
      ["a filter", "marks by a filter", "opened"].contains(name)
    }

    init(_ name: String, _ events: @escaping @Sendable (Harness, DemoServer) throws -> [Event]) {
      (self.name, self.events) = (name, events)
    }

    init(_ name: String, _ keys: Key...) {
      self.init(name) { _, _ in keys.map(Event.key) }
    }
  }

  static func without(_ ids: [String], _ server: DemoServer) -> Event {
    .queue(server.snapshot.rejoined(with: DeliveryHistory(), without: Set(ids)))
  }

  static let changes = [
    Change("nothing") { _, _ in [] },
    Change("what is acted on leaves") { harness, server in
      [without(targets(of: .hold, in: harness).map(\.queueID.text), server)]
    },
    Change("one of them leaves") { harness, server in
      [without(targets(of: .hold, in: harness).prefix(1).map(\.queueID.text), server)]
    },
    Change("the rows above leave") { harness, server in
      let target = Set(targets(of: .hold, in: harness))
      return [
        without(
          server.snapshot.references(in: Array(Int32(0)..<10)).filter { !target.contains($0) }
            .map(\.queueID.text), server)
      ]
    },
    Change("nearly all leave") { _, server in
      let most = Array(Int32(3)..<Int32(server.snapshot.count))
      return [without(server.snapshot.references(in: most).map(\.queueID.text), server)]
    },
    Change("the queue empties") { _, server in
      [
        .queue(
          QueueSnapshot(
            QueueListing([], mta: server.identity.mta, now: Harness.now), taken: Harness.now))
      ]
    },
    Change("new mail comes") { _, server in [.queue(server.snapshot)] },
    Change("it leaves and new mail comes") { harness, server in
      [
        without(targets(of: .hold, in: harness).map(\.queueID.text), server),
        .queue(server.snapshot),
      ]
    },
    Change("a new line") { _, server in
      [.log([try line(of: 3, server)], dropped: 0)]
    },
    Change("many new lines") { _, server in
      [
        .log(
          try (1..<server.snapshot.count).map { try line(of: $0, server) }, dropped: 0)
      ]
    },
    Change("history comes") { _, server in
      [.log(server.events, dropped: 4)]
    },
    Change("a line and a listing") { harness, server in
      [
        .log([try line(of: 12, server)], dropped: 0),
        without(targets(of: .hold, in: harness).map(\.queueID.text), server),
      ]
    },
    Change("another order", .character("s")), Change("reversed", .character("S")),
    Change("another view", .character("g")),
    Change("a filter", .character("/"), .character("y"), .character("a"), .enter),
    Change("marks by a filter", .character("="), .character("y"), .character("a"), .enter),
    Change("a filter goes", .backspace), Change("a step back", .escape),
    Change("opened", .enter, .escape), Change("marked", .character("*")),
    Change("one row marked", .character(" ")), Change("marks go", .character("-")),
    Change("other codes", .character("a")),
    Change("a page down", .pageDown), Change("the last row", .end),
    Change("zoom", .character("z")), Change("pause", .character("Z")),
    Change("queue pane", .character("1")), Change("log pane", .character("3")),
    Change("fix pane", .character("4")), Change("next pane", .tab),
    Change("resized") { _, _ in [.resize(Size(columns: 80, rows: 24))] },
    Change("settings") { _, _ in [.settings(["transport_maps": "hash:/etc/p/t"])] },
    Change("a diagnosis") { _, server in [server.diagnosis] },
    Change("the source fails") { _, _ in
      [.health(.queue, .failed(Problem(what: "It broke.", remedy: "Fix it."), lastGood: nil))]
    },
    Change("another act was done") { harness, server in
      let other = server.snapshot.references(in: [Int32(8)])
      let request = ActRequest(
        number: 900, act: .hold, mta: server.identity.mta, targets: other)
      return [.acted(ActReport(request: request, results: [.done], command: "x"))]
    },
    Change("a connection closes") { _, _ in [.connections([])] },
  ]

  /// A new line of the log for the message in a row.
  static func line(of row: Int, _ server: DemoServer) throws -> LogEvent {
    let message = server.snapshot.message(at: row)
    var event = try #require(server.events.last { $0.kind == .deferral && $0.code == 421 })
    event.queueID = message.idText
    event.recipient = message.recipients.first?.address
    event.time = Harness.now + 200
    return event
  }
}
