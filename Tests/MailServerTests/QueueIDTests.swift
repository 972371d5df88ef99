// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer
import Testing

@Suite struct QueueIDTests {
  @Test(arguments: [
    ("1xVeaV-0004PH-2g", MTA.exim), ("1xVeE3-000000007k3-0Cgw", .exim), ("30813134080", .postfix),
    ("4jVQnx1ghnz1S99V", .postfix), ("ABCDEF", .postfix),
  ])
  func acceptsIDs(text: String, mta: MTA) { #expect(QueueID(text, of: mta) != nil) }

  @Test(arguments: [
    ("", MTA.exim), ("ALL", .exim), ("-bp", .exim), ("1xVeaV-0004PH-2", .exim),
    ("1xVeaV-0004PH-2g-H", .exim),
    ("1xVeaV_0004PH-2g", .exim), ("1xVeaV-0004P/-2g", .exim), ("30813134080", .exim),
    ("", .postfix),
    ("ALL", .postfix), ("-", .postfix), ("ABCDE", .postfix), ("abcdef", .postfix),
    ("NOQUEUE", .postfix),
    ("../3081313408", .postfix), ("1xVeaV-0004PH-2g", .postfix), ("4jVQnx1ghnz", .postfix),
    ("4jVaEx1ghnz1S99V", .postfix), ("30813134080\n", .postfix), ("30813134080 ", .postfix),
  ])
  func refusesOtherText(text: String, mta: MTA) { #expect(QueueID(text, of: mta) == nil) }

  /// The times are those that the MTAs themselves show for these messages.
  @Test(arguments: [
    ("1xVeaW-0004R4-0T", MTA.exim, Int64?(1_795_480_848)),
    ("1xVeE3-000000007k3-0Cgw", .exim, 1_795_479_455),
    ("4jVQnx1ghnz1S99V", .postfix, 1_795_063_397), ("30813134080", .postfix, nil),
  ])
  func tellsTheArrival(text: String, mta: MTA, time: Int64?) throws {
    #expect(try #require(QueueID(text, of: mta)).arrival(of: mta) == time)
  }

  @Test func matchesWhatBothKnow() throws {
    let id = try #require(QueueID("30813134080", of: .postfix))
    let exact = MessageReference(queueID: id, arrival: 5, sender: "a@b.example")
    #expect(exact.matches(exact))
    #expect(exact.matches(MessageReference(queueID: id, arrival: nil, sender: "a@b.example")))
    #expect(!exact.matches(MessageReference(queueID: id, arrival: 6, sender: "a@b.example")))
    #expect(!exact.matches(MessageReference(queueID: id, arrival: 5, sender: "")))
  }
}
