// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer
import Testing

@Suite struct PostfixListingTests {
  /// The numbers were counted in the files by `grep`.
  @Test(arguments: [
    ("postfix/postqueue_p.txt", 103, 2), ("postfix/postqueue_j.txt", 103, 2),
    ("trixie/postqueue_p.txt", 101, 2), ("trixie/postqueue_j.txt", 101, 2),
    ("postfix/live_postqueue_p.txt", 114, 0), ("postfix/live_postqueue_j.txt", 114, 0),
    ("postfix/postqueue_j_nasty.txt", 27, 0), ("postfix/big_postqueue_p_head.txt", 55, 0),
    ("postfix/damaged_postqueue_p.txt", 5, 0), ("postfix/damaged_postqueue_j.txt", 3, 0),
    ("postfix/down_postqueue_p_root.txt", 1, 0), ("postfix/down_postqueue_j_maildrop.txt", 1, 0),
    ("postfix/empty_postqueue_p.txt", 0, 0),
  ])
  func readsRecordings(name: String, count: Int, held: Int) throws {
    let listing = try QueueFixture.listing(name)
    #expect(listing.mta == .postfix)
    #expect(listing.count == count)
    #expect(listing.messages.allSatisfy { $0.problem == nil && $0.reference != nil })
    #expect(listing.messages.count { $0.state == .held } == held)
  }

  @Test func bothFormatsTellTheSame() throws {
    let text = try QueueFixture.listing("postfix/postqueue_p.txt").messages
    let json = try QueueFixture.listing("postfix/postqueue_j.txt").messages
    for (one, other) in zip(
      text.sorted { $0.idText < $1.idText }, json.sorted { $0.idText < $1.idText })
    {
      #expect(one == other)
    }
  }
}
