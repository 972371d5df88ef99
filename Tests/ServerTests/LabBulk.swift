// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import MailServer
import Testing

@testable import Server

/// Many messages in the queue of a real MTA, each to its own recipient, and a control to remove them.
struct LabBulk {
  let room: LabRoom
  /// The recipients by queue ID.
  let recipients: [String: String]
  let targets: [MessageReference]
  let scratch = Scratch()
  var tools: MailTools

  var state: StateFolder { StateFolder(scratch.file("state")) }
  var ids: [String] { targets.map(\.queueID.text) }

  /// Puts so many messages into the queue, and waits until none of them is being tried.
  init(_ count: Int, _ mta: MTA) async throws {
    room = try await LabRoom(mta)
    tools = .find(
      on: room.host, for: mta, spool: room.system.spool,
      hashDepth: room.system.hashDepth)
    let name = "bulk\(UInt32.random(in: 0...UInt32.max))"
    let addresses = (0..<count).map { "\(name)-\($0)@busy.test" }
    switch mta {
    case .postfix: try await room.send(to: addresses)
    case .exim:
      try await room.shell(
        """
        awk 'BEGIN { print "HELO lab"; for (i = 0; i < \(count); i++)
          printf "MAIL FROM:<alice@sender.test>\\nRCPT TO:<\(name)-%d@busy.test>\\nDATA\\n" \
          "Subject: %d\\n\\nbody\\n.\\n", i, i; print "QUIT" }' | exim4 -odq -bS >/dev/null
        """)
    }
    var found: [MessageReference] = []
    var recipients: [String: String] = [:]
    _ = try await room.wait(seconds: 30) { [room] in
      (found, recipients) = try await Self.find(name, room)
      return found.count == count
    }
    (targets, self.recipients) = (found, recipients)
    guard targets.count == count else { throw LabRoom.Failed(words: "only \(targets.count)") }
    try state.make()
  }

  private static func find(
    _ name: String, _ room: LabRoom
  ) async throws -> ([MessageReference], [String: String]) {
    let listing = try await QueueReader(host: room.host, system: room.system).listing().0
    var references: [MessageReference] = []
    var recipients: [String: String] = [:]
    for row in 0..<listing.count {
      let message = listing.message(at: row)
      guard message.state != .active, let reference = message.reference,
        let recipient = message.recipients.first?.address, recipient.hasPrefix(name + "-")
      else { continue }
      references.append(reference)
      recipients[message.idText] = recipient
    }
    return (references, recipients)
  }

  /// A control whose process ends before the next one starts.
  func control() -> MailControl {
    MailControl(
      host: room.host, runner: LocalChanges(on: room.host), tools: tools,
      permissions: Permissions(mta: room.mta, version: "3.7.11", isRoot: true), state: state,
      actor: Actor(
        user: "root", host: "lab", environment: [:],
        process: ProcessIdentity(number: .max, started: 1)))
  }

  func remove() async -> ActReport { await control().perform(removal) }

  private var removal: ActRequest {
    ActRequest(number: 1, act: .remove, mta: room.mta, targets: targets)
  }

  /// Removes all, and does something else as soon as the trail mentions the first ones.
  func remove(meanwhile body: @Sendable () async throws -> Void) async throws -> ActReport {
    async let report = remove()
    let trail = AuditTrail(in: state)
    while StateFile.size(trail.path) ?? 0 == 0 { try await Task.sleep(for: .milliseconds(1)) }
    try await body()
    return await report
  }

  /// The messages that are in the queue now.
  func queued() async throws -> Set<String> {
    let listing = try await QueueReader(host: room.host, system: room.system).listing().0
    return Set((0..<listing.count).map { listing.message(at: $0).idText }).intersection(ids)
  }

  /// Checks that each message is in the queue or in a copy and never in both, that the report says
  /// so, and the trail the same.
  ///
  /// - Parameter others: the messages that someone else removed in the meantime.
  func check(_ report: ActReport, others: Set<String> = []) async throws {
    if report.note != nil { _ = await control().interruptions() }
    let queued = try await queued()
    let copies = try SavedCopies(in: state).list()
    let kept = Set(copies.map(\.queueID))
    #expect(kept.count == copies.count)
    for copy in copies { #expect(copy.recipients.first == recipients[copy.queueID]) }
    #expect(report.results.count == targets.count)
    for (id, result) in zip(ids, report.results) {
      let isThere = queued.contains(id)
      let isKept = kept.contains(id)
      switch result {
      case .done: #expect(!isThere && isKept, "\(id)")
      case .gone: #expect(!isThere && !isKept && others.contains(id), "\(id)")
      case .failed(let why) where why.hasPrefix("The command was interrupted"):
        #expect(!isThere && isKept, "\(id)")
      default: #expect(isThere && !isKept, "\(id): \(result)")
      }
    }
    try checkTrail(report, queued)
  }

  private func checkTrail(_ report: ActReport, _ queued: Set<String>) throws {
    let trail = AuditTrail(in: state)
    #expect(try trail.unfinished() == [])
    var intended: [String: [String]] = [:]
    let results = Dictionary(uniqueKeysWithValues: zip(ids, report.results))
    for record in try trail.records() {
      switch record {
      case .intent(let intent): intended[intent.entry] = intent.messages.map(\.id)
      case .outcome(let outcome):
        #expect(Set(outcome.results.map(\.id)).isSuperset(of: intended[outcome.entry] ?? []))
        for result in outcome.results {
          if result.result == "interrupted" {
            let words = queued.contains(result.id) ? "still in the queue" : "not in the queue"
            #expect(result.note == words)
          } else {
            #expect(result.result == results[result.id]?.record.result)
          }
        }
      case .pruned: Issue.record("nothing was to be pruned")
      }
    }
    let all = intended.values.joined()
    #expect(Set(all).count == all.count, "no message is acted on twice")
  }
}
