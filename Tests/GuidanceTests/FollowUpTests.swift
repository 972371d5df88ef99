// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer
import Replies
import Testing

@testable import Guidance

struct FollowUpTests {
  static func event(
    _ kind: LogEvent.Kind, _ id: String, at time: Int64, _ cause: Cause = .rateLimit
  ) -> LogEvent {
    LogEvent(
      time: time, mta: .exim, kind: kind, direction: .outbound, queueID: id, recipient: "a@b",
      remoteHost: nil, remoteIP: nil, code: 421, enhanced: nil, cause: cause, reply: "", line: "")
  }

  @Test func tellsWhatBecameOfEachMessage() {
    var follow = FollowUp(queueIDs: ["A", "B", "C", "D", "E", "F"], since: 100)
    #expect(follow.words == "Of 6 messages: 6 not retried yet.")
    follow.record([
      Self.event(.deferral, "A", at: 50), Self.event(.deferral, "B", at: 50),
      Self.event(.delivery, "C", at: 50), Self.event(.deferral, "X", at: 120),
      Self.event(.deferral, "A", at: 110), Self.event(.deferral, "B", at: 110, .greylisting),
      Self.event(.delivery, "D", at: 110), Self.event(.completed, "D", at: 111),
      Self.event(.completed, "C", at: 111),
      Self.event(.bounce, "E", at: 112), Self.event(.completed, "E", at: 112),
      Self.event(.attempt, "F", at: 113),
    ])
    #expect(
      follow.words
        == "Of 6 messages: 1 delivered, 1 deferred again with the same reply,"
        + " 1 deferred with another reply, 1 bounced, 1 gone from the queue,"
        + " 1 not retried yet.")
    #expect(!follow.isSettled)
    follow.record([Self.event(.delivery, "F", at: 120), Self.event(.completed, "F", at: 120)])
    #expect(follow.isSettled)
    #expect(follow.count(.delivered) == 2)
  }
}
