// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import MailServer
import Testing

@testable import Server

/// What goes wrong in the middle of an act on many messages, with the real Exim and the real Postfix;
/// runs in the lab's room (Tests/Lab) only.
@Suite(.enabled(if: LabRoom.isHere), .serialized, .timeLimit(.minutes(3)))
struct ActFaultLabTests {
  @Test(arguments: MTA.allCases)
  func aFullDiskStopsTheRest(mta: MTA) async throws {
    let bulk = try await LabBulk(150, mta)
    // A page for each copy: the first part of 100 has room.
    let disk = try SmallDisk(at: bulk.state.path, size: "600k")
    let report = await bulk.remove()
    try await bulk.check(report)
    #expect(report.refusal == nil)
    let stopped = report.results.filter {
      if case .failed(let why) = $0 { why.contains("No space left on device") } else { false }
    }
    #expect(stopped.count >= 50)
    withExtendedLifetime(disk) {}
  }

  @Test(arguments: MTA.allCases)
  func aFolderThatIsLostStopsTheRest(mta: MTA) async throws {
    let bulk = try await LabBulk(250, mta)
    let report = try await bulk.remove {
      // As if someone had let others write to it; root may write to any.
      chmod(bulk.state.path, 0o777)
    }
    #expect(
      report.results.contains {
        if case .failed(let why) = $0 { why.contains("writable by someone else") } else { false }
      })
    chmod(bulk.state.path, 0o700)
    try await bulk.check(report)
  }

  @Test(arguments: MTA.allCases)
  func anMTAThatIsKilledLosesNothing(mta: MTA) async throws {
    let bulk = try await LabBulk(250, mta)
    let (kill, start) =
      switch mta {
      case .exim: ("kill -KILL $(cat /run/exim4/exim.pid)", "exim4 -bd -q1m")
      case .postfix:
        (
          "pkill -KILL -x 'master|qmgr|pickup|cleanup|smtp|smtpd|showq|bounce|trivial-rewrite|error'",
          "postfix start"
        )
      }
    let report = try await bulk.remove { try await bulk.room.shell(kill) }
    try await bulk.room.shell(start)
    try await bulk.check(report)
    #expect(report.results.contains(.done))
  }

  @Test(arguments: MTA.allCases)
  func aToolThatIsKilledLosesNothing(mta: MTA) async throws {
    var bulk = try await LabBulk(90, mta)
    let tool = try #require(mta == .exim ? bulk.tools.exim : bulk.tools.postsuper)
    // Killed as soon as it has removed the first message.
    let mortal =
      switch mta {
      case .exim:
        """
        [ "$1" = -Mrm ] || exec \(tool) "$@"
        first=\(bulk.room.system.spool)/input/$2-H
        \(tool) "$@" &
        """
      case .postfix:
        """
        cat > \(bulk.scratch.file("ids")); read -r id < \(bulk.scratch.file("ids"))
        first=$(find \(bulk.room.system.spool)/deferred -name $id)
        \(tool) "$@" < \(bulk.scratch.file("ids")) &
        """
      }
    let script = bulk.scratch.script(
      "mortal", mortal + "\nwhile [ -e $first ]; do :; done; kill -KILL $!; wait $!")
    if mta == .exim { bulk.tools.exim = script } else { bulk.tools.postsuper = script }
    let report = await bulk.remove()
    try await bulk.check(report)
    #expect(
      report.results.contains {
        if case .failed = $0 { true } else { false }
      })
  }

  @Test(arguments: MTA.allCases)
  func messagesThatVanishMidwayAreTold(mta: MTA) async throws {
    let bulk = try await LabBulk(300, mta)
    let others = bulk.ids.enumerated().filter { $0.offset % 3 == 2 }.map(\.element)
    let tool = mta == .exim ? "xargs exim4 -Mrm" : "postsuper -d -"
    let report = try await bulk.remove {
      try await bulk.room.shell("printf '%s\\n' \(others.joined(separator: " ")) | \(tool)")
    }
    try await bulk.check(report, others: Set(others))
    #expect(report.results.contains(.gone) && report.results.contains(.done))
    #expect(try await bulk.queued() == [])
  }

  /// The real Postfix gives an ID again only by chance: here the file of a later message gets the name.
  @Test func aReusedQueueIDIsNotTouched() async throws {
    let old = try await LabBulk(1, .postfix)
    // Queue files tell whole seconds.
    try await Task.sleep(for: .milliseconds(1_100))
    let new = try await LabBulk(1, .postfix)
    try await old.room.shell(
      """
      cd \(old.room.system.spool)/deferred; file=$(find . -name \(old.ids[0]))
      echo \(old.ids[0]) | postsuper -d -; mv $(find . -name \(new.ids[0])) $file
      """)
    let report = await old.remove()
    #expect(report.results == [.changed])
    #expect(try SavedCopies(in: old.state).list() == [])
    #expect(try await old.queued() == [old.ids[0]])
    try await old.room.shell("echo \(old.ids[0]) | postsuper -d -")
  }
}
