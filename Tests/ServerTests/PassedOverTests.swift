// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import Guidance
import MailServer
import Testing

@testable import Server

/// Root runs no program that others could have written, and says so.
@Suite struct PassedOverTests {
  struct Case: CustomTestStringConvertible, Sendable {
    let testDescription: String
    var folder: mode_t = 0o755
    var file: mode_t = 0o755
    var folderOwner: uid_t = 0
    var fileOwner: uid_t = 0
    var group: gid_t = 0
    var isRun = false
  }

  private static let nobody: uid_t = 65_534
  static let cases = [
    Case(testDescription: "root's alone", isRun: true),
    Case(testDescription: "root's group may write", folder: 0o775, file: 0o775, isRun: true),
    Case(testDescription: "a folder for all", folder: 0o777),
    Case(testDescription: "a file for all", file: 0o777),
    Case(testDescription: "a folder of somebody", folderOwner: nobody),
    Case(testDescription: "a file of somebody", fileOwner: nobody),
    Case(testDescription: "a folder for a group", folder: 0o775, group: nobody),
    Case(testDescription: "a file for a group", file: 0o775, group: nobody),
    Case(testDescription: "a group that may not write", group: nobody, isRun: true),
  ]

  @Test(.enabled("needs root") { geteuid() == 0 }, arguments: cases, [false, true])
  func whatOthersCouldHaveWrittenIsNotRun(_ given: Case, byLink: Bool) throws {
    let scratch = Scratch()
    scratch.makeFolder("theirs")
    let path = scratch.script("theirs/tool", "exit 0")
    for (part, mode, owner) in [
      (scratch.file("theirs"), given.folder, given.folderOwner),
      (path, given.file, given.fileOwner),
    ] {
      chmod(part, mode)
      chown(part, owner, given.group)
    }
    var folder = scratch.file("theirs")
    if byLink {
      // Of a folder that is root's alone, to theirs.
      scratch.makeFolder("ours")
      symlink(path, scratch.file("ours/tool"))
      folder = scratch.file("ours")
    }
    let search = ExecutableSearch(folders: [folder], isTrusting: false)
    #expect(search.find(["tool"]) == (given.isRun ? folder + "/tool" : nil))
    #expect(search.passedOver(["tool", "other"]) == (given.isRun ? [] : [folder + "/tool"]))
    // A user other than root runs what was requested.
    let own = ExecutableSearch(folders: [folder])
    #expect(own.find(["tool"]) != nil && own.passedOver(["tool"]) == [])
  }

  @Test(
    .enabled("needs root") { geteuid() == 0 },
    arguments: [
      (MTA.postfix, "postsuper", "AAAA01"), (.postfix, "postcat", "AAAA01"),
      (.exim, "exim", "1xVeaW-0004Rn-1D"),
    ])
  func theRefusalNamesIt(mta: MTA, tool: String, id: String) async throws {
    let fake = try ActFakeMTA()
    let message = try fake.queue(id, of: mta)
    let path = "\(fake.folder)/bin/\(tool)"
    chmod(path, 0o777)
    let host = LocalHost(
      search: ExecutableSearch(folders: [fake.folder + "/bin"], isTrusting: false),
      environment: ["Q": fake.folder, "TZ": "UTC"])
    let control = MailControl(
      host: host, runner: LocalChanges(on: host), tools: .find(on: host, for: mta),
      permissions: Permissions(mta: mta, version: "3.7.11", isRoot: true), state: fake.state,
      actor: Actor(user: "root", host: "mail", environment: [:]))
    let report = await control.perform(
      ActRequest(number: 1, act: .remove, mta: mta, targets: [message]))
    #expect("\(report)".contains("\(path) is not run as root: other users could have written it."))
    #expect(fake.has(id) && fake.calls == [])
  }

  @Test func theDoctorNamesIt() async throws {
    func reports(
      found: [String: String], passedOver: [String: String]
    ) async -> [Need: NeedReport] {
      let host = FakeHost {
        DoctorTests.addExim(to: &$0)
        $0.executables = found
        $0.passedOver = passedOver
      }
      let reports = await Doctor(on: host, mta: nil, logs: [], readOnlyReason: nil).examine()
      return Dictionary(reports.map { ($0.need, $0) }) { first, _ in first }
    }
    let theirs = ["dig": "/opt/x/dig", "exim4": "/opt/x/exim4"]
    let alone = await reports(found: [:], passedOver: theirs)
    for (need, path) in [(Need.mta, "/opt/x/exim4"), (.dig, "/opt/x/dig")] {
      #expect(alone[need] == .passedOver(need, path))
      #expect(alone[need]?.command == "namei -l \(path)")
    }
    // Another one is run in its place.
    let beside = await reports(
      found: ["dig": "/usr/bin/dig", "exim4": "/usr/sbin/exim4"], passedOver: theirs)
    for (need, path) in [(Need.mta, "/opt/x/exim4"), (.dig, "/opt/x/dig")] {
      #expect(beside[need]?.verdict == .fine)
      #expect(beside[need]?.what.hasSuffix(NeedReport.passedOverWords(path)) == true)
    }
  }
}
