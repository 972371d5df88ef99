// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer
import Testing

@Suite struct EximListingTests {
  struct Recording: CustomTestStringConvertible {
    var name: String
    var messages: Int
    var recipients: Int
    var frozen: Int
    var damaged = 0
    var testDescription: String { name }
  }

  /// The numbers were counted in the files by `grep`.
  @Test(arguments: [
    Recording(name: "exim/exim_bp.txt", messages: 117, recipients: 306, frozen: 8),
    Recording(name: "exim/exim_bpr.txt", messages: 117, recipients: 306, frozen: 8),
    Recording(name: "exim/exim_bpu.txt", messages: 117, recipients: 272, frozen: 8),
    Recording(name: "exim/exim_bpru.txt", messages: 117, recipients: 272, frozen: 8),
    Recording(name: "exim/exim_bpa.txt", messages: 117, recipients: 307, frozen: 8),
    Recording(name: "exim/exim_bpra.txt", messages: 117, recipients: 307, frozen: 8),
    Recording(name: "exim/exim_bp_id.txt", messages: 1, recipients: 1, frozen: 0),
    Recording(name: "exim/live_exim_bp.txt", messages: 54, recipients: 79, frozen: 3),
    Recording(name: "exim/big_exim_bp_head.txt", messages: 156, recipients: 289, frozen: 11),
    Recording(
      name: "exim/damaged_exim_bp.txt", messages: 120, recipients: 306, frozen: 8, damaged: 3),
    Recording(name: "trixie/exim_bp.txt", messages: 114, recipients: 302, frozen: 8),
    Recording(name: "trixie/exim_bpa.txt", messages: 114, recipients: 303, frozen: 8),
  ])
  func readsRecordings(_ recording: Recording) throws {
    let listing = try QueueFixture.listing(recording.name)
    let messages = listing.messages
    #expect(listing.mta == .exim)
    #expect(listing.count == recording.messages)
    #expect(messages.map(\.recipients.count).reduce(0, +) == recording.recipients)
    #expect(messages.count { $0.state == .held } == recording.frozen)
    #expect(messages.count { $0.problem != nil } == recording.damaged)
    #expect(messages.allSatisfy { ($0.reference == nil) == ($0.problem != nil) })
    #expect(messages.allSatisfy { $0.arrival != nil })
  }
}
