// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import MailServer

@Suite struct EximRetryRecordTests {
  @Test func readsTheRecording() throws {
    let bytes = try QueueFixture.bytes("exim/exim_retry_db.txt")
    let records = EximRetryRecord.records(in: bytes, zone: .utc)
    // Each record that is whole has one line of times, which begins with a date.
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
    #expect(records.count == lines.count { $0.dropFirst(2).hasPrefix("-Nov-2026") })
    let first = try #require(records.first)
    #expect(first.subject == .address("a@greylist.test:<>"))
    #expect((first.error, first.code) == (-44, 451))
    #expect(first.firstFailed == 1_795_480_848)
    #expect(first.lastTried == 1_795_480_922)
    #expect(first.nextTry == 1_795_481_042)
    #expect(!first.isExpired)
  }

  @Test(arguments: [
    (
      "T:mx1.busy.test:127.0.0.12/127.0.0.2",
      EximRetryRecord.Subject.host(name: "mx1.busy.test", address: "127.0.0.12")
    ),
    ("T:mx.test:192.0.2.1:2525", .host(name: "mx.test", address: "192.0.2.1")),
    ("T:mx.test:2001:db8::1", .host(name: "mx.test", address: "2001:db8::1")),
    (
      "T:mx.test:192.0.2.1:1xVeaV-0004Q8-2p",
      .message(id: "1xVeaV-0004Q8-2p", host: "mx.test", address: "192.0.2.1")
    ),
    (
      "T:mx.test:127.0.0.17/127.0.0.2:1xVeE3-000000007k3-0Cgw",
      .message(id: "1xVeE3-000000007k3-0Cgw", host: "mx.test", address: "127.0.0.17")
    ),
    ("R:busy.test", .address("busy.test")),
    ("R:\"a b\"@x.test:<\"1 2\"@y.test>", .address("\"a b\"@x.test:<\"1 2\"@y.test>")),
  ])
  func readsKeys(key: String, subject: EximRetryRecord.Subject) {
    let text =
      "  \(key) 111 77 Connection refused\n24-Nov-2026 01:40:48  24-Nov-2026 01:42:02  24-Nov-2026 01:44:02 *\n"
    let records = EximRetryRecord.records(in: Array(text.utf8), zone: LocalZone(offset: 3600))
    #expect(records.map(\.subject) == [subject])
    #expect(records.first?.isExpired == true)
    #expect(records.first?.code == nil)
    #expect(records.first?.nextTry == 1_795_481_042)
  }

  @Test func tellsSinceWhenWhatFails() throws {
    let dump = """
        T:mx1.a.test:192.0.2.1 111 77 Connection refused
      24-Nov-2026 00:40:00  24-Nov-2026 01:42:02  24-Nov-2026 01:44:02
        T:mx1.a.test:192.0.2.2 111 77 Connection refused
      24-Nov-2026 00:50:00  24-Nov-2026 01:42:02  24-Nov-2026 01:44:02
        R:jo@b.test:<x@y.test> -44 12865 H=mx1.b.test [192.0.2.3]
      24-Nov-2026 00:30:00  24-Nov-2026 01:42:02  24-Nov-2026 01:44:02
        T:mx1.a.test:192.0.2.1:1xVeaV-0004Q8-2p -45 8193 H=mx1.a.test
      24-Nov-2026 00:45:00  24-Nov-2026 01:42:02  24-Nov-2026 01:44:02

      """
    let records = EximRetryRecord.records(in: Array(dump.utf8), zone: .utc)
    let listing = QueueListing([], mta: .exim, now: 0)
    let snapshot = QueueSnapshot(listing, retries: RetryTimes(records), taken: 0)
    let start = try #require(records.first).firstFailed
    func failure(_ id: String, _ sender: String, _ address: String, host: String? = nil)
      -> RetryTimes.Failure?
    {
      let recipient = QueuedRecipient(
        address: address, isDelivered: false, reply: nil, cause: nil, remoteHost: host)
      let message = QueuedMessage(
        reference: nil, idText: id, mta: .exim, queue: "", state: .deferred, arrival: nil,
        size: nil, sender: sender, recipients: [recipient])
      return snapshot.failure(of: message, to: recipient)
    }
    // The host is given up when the last of its addresses is.
    #expect(
      failure("1xVeaV-0004Q8-AA", "x@y.test", "jo@a.test", host: "mx1.a.test")
        == RetryTimes.Failure(scope: .host, since: start + 600))
    #expect(
      failure("1xVeaV-0004Q8-2p", "x@y.test", "jo@a.test")
        == RetryTimes.Failure(scope: .message, since: start + 300))
    #expect(
      failure("1xVeaV-0004Q8-AA", "X@y.test", "Jo@B.test")
        == RetryTimes.Failure(scope: .address, since: start - 600))
    #expect(failure("1xVeaV-0004Q8-AA", "other@y.test", "jo@b.test") == nil)
  }

  @Test func complaintsAreNoRecords() {
    let text =
      "** Failed to open database lock file /var/spool/exim4/db/retry.lockfile: Permission denied\n"
    #expect(EximRetryRecord.records(in: Array(text.utf8), zone: .utc).isEmpty)
  }
}

@Suite struct EximMessageLogTests {
  @Test(arguments: [
    ("exim/exim_Mvl_busy.txt", 1), ("exim/exim_Mvl_alias.txt", 2),
    ("exim/exim_Mvl_bounce_frozen.txt", 0),
  ])
  func findsTheDeferrals(name: String, count: Int) throws {
    let id = try #require(QueueID("1xVeaW-0004R4-0T", of: .exim))
    let grammar = LogGrammar(now: QueueFixture.now, zone: .utc)
    let events = grammar.events(inMessageLog: try QueueFixture.bytes(name), of: id)
    let deferrals = events.filter { $0.kind == .deferral }
    #expect(deferrals.count == count)
    #expect(deferrals.allSatisfy { $0.queueID == id.text && $0.recipient != nil && $0.code != nil })
  }
}
