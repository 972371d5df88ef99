// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer
import Testing

@Suite struct ActRepliesTests {
  @Test(arguments: [
    ("Message 1xVeaW-0004Rn-1D is now frozen", ActReplies.Reply.done),
    ("Message 1xVeaW-0004Rn-1D is already frozen", .unchanged("is already frozen")),
    ("Message 1xVeaW-0004Rn-1D is no longer frozen", .done),
    ("Message 1xVeaW-0004Rn-1D is not frozen", .unchanged("is not frozen")),
    ("Message 1xVeaW-0004Rn-1D has been removed", .done),
    ("Message 1xVeaW-0004Rn-1D is locked", .locked),
    ("Spool data file for 1xVeaW-0004Rn-1D does not exist", .gone),
    (
      """
      Spool data file for 1xVeaW-0004Rn-1D does not exist
      Continuing, to ensure all files removed
      Spool read error for 1xVeaW-0004Rn-1D-H: No such file or directory
      Continuing to ensure all files removed
      Message 1xVeaW-0004Rn-1D has been removed or did not exist
      """, .gone
    ),
    (
      """
      Spool format error for 1xVeaW-0004Rn-1D-H
      Continuing to ensure all files removed
      Message 1xVeaW-0004Rn-1D has been removed
      """, .done
    ),
    (
      "Spool read error for 1xVeaW-0004Rn-1D-H: Input/output error",
      .failed("Spool read error for 1xVeaW-0004Rn-1D-H: Input/output error")
    ),
  ])
  func readsWhatEximSaid(output: String, reply: ActReplies.Reply) throws {
    let id = try #require(QueueID("1xVeaW-0004Rn-1D", of: .exim))
    let replies = ActReplies(exim: output + "\n")
    #expect(replies.byID == [id: reply])
    #expect(replies.refusal == nil)
  }

  @Test func readsLongIDs() throws {
    let id = try #require(QueueID("1xVeE3-000000007mT-35EX", of: .exim))
    #expect(ActReplies(exim: "Message \(id) is now frozen\n").byID == [id: .done])
  }

  @Test(arguments: ["Permission denied\n", "exim: permission denied; not admin\n"])
  func hearsEximsRefusal(output: String) {
    #expect(ActReplies(exim: output).refusal != nil)
  }

  @Test func readsWhatPostsuperSaid() throws {
    let replies = ActReplies(
      postsuper: """
        postsuper: E5A92135FC3: placed on hold
        postsuper: E772C135FC1: requeued
        postsuper: warning: invalid mail queue id: no/such
        postsuper: E6BE2135FC2: removed
        postsuper: E772C135FC4: expired
        postsuper: Deleted: 1 message

        """)
    let ids = ["E5A92135FC3", "E772C135FC1", "E6BE2135FC2", "E772C135FC4"]
    #expect(Set(replies.byID.keys.map(\.text)) == Set(ids))
    #expect(replies.byID.values.allSatisfy { $0 == .done })
    #expect(replies.refusal == nil && replies.failure == nil)
  }

  @Test func hearsPostsupersRefusal() {
    let refused = ActReplies(
      postsuper: "postsuper: fatal: use of this command is reserved for the superuser\n")
    #expect(refused.refusal == "use of this command is reserved for the superuser")
    let failed = ActReplies(postsuper: "postsuper: fatal: chdir /var/spool/postfix: No such file\n")
    #expect(failed.failure == "chdir /var/spool/postfix: No such file")
  }
}
