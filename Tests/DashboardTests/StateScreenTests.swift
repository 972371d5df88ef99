// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas
import MailServer
import Replies
import Testing

@testable import Dashboard

/// Golden screens of what the panes say when there is nothing to list, or when it is not fresh.
@Suite struct StateScreenTests {
  static let sizes = [(100, 30), (80, 24), (40, 10)]

  static let timeout = Problem(
    what: "postqueue -j did not finish within 120 s.",
    remedy: "Look whether the disk of the queue is busy.")
  static let refused = Problem(
    what: "postqueue: User nobody(65534) is not allowed to view the mail queue.",
    remedy: "Run as root, or name the user in authorized_mailq_users of main.cf.")
  static let unreadableLog = Problem(
    what: "/var/log/mail.log may not be read.",
    remedy: "Join the group adm: usermod -aG adm nobody, then log in again.")
  static let noSockets = Problem(
    what: "/proc/net/tcp may not be read.", remedy: "Run as root, or mount proc without subset=pid."
  )

  /// The log of a server from which everything was delivered three minutes ago.
  static let delivery = LogEvent(
    time: Harness.now - 180, mta: .postfix, kind: .delivery, direction: .outbound,
    queueID: "4cXn2k1hFjz9QsB", recipient: "jane@example.net", remoteHost: nil, remoteIP: nil,
    code: nil, enhanced: nil, cause: .notTemporary, reply: "", line: "")

  static func start(_ harness: inout Harness) {
    for source in Source.allCases { harness.send(.health(source, .starting)) }
  }

  static func fail(_ source: Source, _ problem: Problem, _ harness: inout Harness) {
    harness.send(.health(source, .failed(problem, lastGood: Harness.now)))
  }

  /// States from the start, before anything was read.
  static let earlyStates = [
    ScreenTests.Case("state-loading") { start(&$0) },
    ScreenTests.Case("state-log-loading") {
      start(&$0)
      empty(&$0)
      $0.send(.health(.queue, .live(since: Harness.now, note: nil)))
    },
    ScreenTests.Case("state-empty") {
      empty(&$0)
      for source in Source.allCases {
        $0.send(.health(source, .live(since: Harness.now, note: nil)))
      }
      $0.send(.log([delivery], dropped: 0))
      $0.send(.connections([]))
    },
    ScreenTests.Case("state-failed") {
      for (source, problem) in [
        (Source.queue, timeout), (.connections, noSockets), (.log, unreadableLog),
      ] {
        $0.send(.health(source, .failed(problem, lastGood: nil)))
      }
    },
    ScreenTests.Case("state-not-permitted") {
      $0.send(.health(.queue, .failed(refused, lastGood: nil)))
      $0.send(.health(.connections, .live(since: Harness.now, note: "processes need root")))
      $0.send(.health(.log, .failed(unreadableLog, lastGood: nil)))
    },
  ]

  /// States of a dashboard that has shown something before.
  static let lateStates = [
    ScreenTests.Case("state-stale") {
      $0.wait(seconds: 75)
      fail(.queue, timeout, &$0)
      fail(.connections, noSockets, &$0)
      fail(.log, unreadableLog, &$0)
    },
    ScreenTests.Case("state-filtered-empty") {
      for (pane, text) in [("1", "dest:nowhere"), ("2", "nobody"), ("3", "dest:nowhere")] {
        $0.press(.character(Character(pane)), .character("/"))
        $0.type(text)
        $0.press(.enter)
      }
    },
    ScreenTests.Case("state-paused") {
      $0.press(.character("Z"))
      if let event = $0.state.log.selectedEvent {
        $0.send(.log([event, event], dropped: 3))
      }
      $0.wait(seconds: 90)
    },
    ScreenTests.Case("state-emptied") {
      empty(&$0)
      $0.wait(seconds: 30)
    },
  ]

  private static func empty(_ harness: inout Harness) {
    let nothing = QueueListing([], mta: .postfix, now: Harness.now)
    harness.send(.queue(QueueSnapshot(nothing, taken: Harness.now)))
  }

  @Test(arguments: earlyStates) func early(_ test: ScreenTests.Case) throws {
    for (columns, rows) in Self.sizes {
      for pane in rows == 10 ? PaneID.allCases : [.queue] {
        var harness = Harness(columns: columns, rows: rows)
        test.prepare(&harness)
        try check(&harness, pane, test)
      }
    }
  }

  @Test(arguments: lateStates) func late(_ test: ScreenTests.Case) async throws {
    for (columns, rows) in Self.sizes {
      for pane in rows == 10 ? PaneID.allCases : [.queue] {
        var harness = try await Harness.live(columns: columns, rows: rows)
        test.prepare(&harness)
        try check(&harness, pane, test)
      }
    }
  }

  /// A small screen shows one pane: each has its own golden screen.
  private func check(_ harness: inout Harness, _ pane: PaneID, _ test: ScreenTests.Case) throws {
    harness.press(.character(Character("\(pane.rawValue)")))
    let size = harness.state.size
    let suffix = size.rows == 10 ? "-\(pane)" : ""
    try Golden.check(harness.screen, "\(test.name)-\(size.columns)x\(size.rows)\(suffix)")
  }
}
