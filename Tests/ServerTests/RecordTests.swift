// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes
import Glibc
import Guidance
import MailServer
import TestSupport
import Testing

@testable import Server

@Suite("Records of a server", .timeLimit(.minutes(4)))
struct RecordTests {
  @Test(
    arguments: [
      "ann@example.org", "to=<ann@example.org>, relay", "\"sender\": \"ann@example.org\"",
      "<bounce+bob=other.example@list.example>", "\"ann b\"@example.org", "a@b@c", "@", "", "ann@",
      "<é@example.org>", "x y z",
    ])
  func keepsTheLengthAndTheDomain(text: String) {
    let mask = AddressMask(salt: 7)
    let bytes = Array(text.utf8)
    let masked = mask.masked(bytes)
    #expect(masked.count == bytes.count)
    #expect(mask.masked(bytes) == masked)
    let words = String(decoding: masked, as: UTF8.self)
    #expect(!words.contains("ann@") && !words.contains("bob"))
    #expect(words.contains("@example.org") == text.contains("@example.org"))
  }

  /// Exim writes quoted local parts without their quotes.
  @Test(
    arguments: [
      "1xVeaV-00000000001-1abc == jane q. public@a.test <\"jane q. public\"@a.test> R=dns T=smtp defer (-44)",
      "1xVeaV-00000000001-1abc => (jane);,:@a.test R=dns T=smtp H=mx.a.test [192.0.2.1]",
      "1xVeaV-00000000001-1abc ** jane public@jane@a.test: Unrouteable address",
      "1xVeaV-00000000001-1abc == jane \\\"public\\\"@a.test routing defer (-51): retry time not reached",
      "  R:jane q. public@a.test 111 77 Connection refused\n24-Nov-2026 00:40:48",
      "x\n  T:(jane) public@a.test:192.0.2.1 -44 0 H=mx.a.test",
    ])
  func aLocalPartWithoutItsQuotesIsHidden(line: String) {
    let masked = AddressMask(salt: 7).masked(Array(line.utf8))
    let words = String(decoding: masked, as: UTF8.self)
    #expect(masked.count == line.utf8.count)
    for name in ["jane", "public", "q."] { #expect(!words.contains(name), "\(words)") }
    #expect(words.contains("@a.test"))
    for field in ["R=dns", "H=mx.a.test", "111 77", "-44", "retry time", "Unrouteable"]
    where line.contains(field) {
      #expect(words.contains(field), "\(words)")
    }
  }

  @Test func oneAddressIsOneNameAndAnotherIsAnother() {
    let mask = AddressMask(salt: 7)
    func masked(_ text: String) -> [UInt8] { mask.masked(Array(text.utf8)) }
    #expect(masked("ann@a.example").prefix(3) == masked("ann@b.example").prefix(3))
    #expect(masked("ann@a.example") != masked("bob@a.example"))
    #expect(
      AddressMask(salt: 8).masked(Array("ann@a.example".utf8)) != masked("ann@a.example"))
  }

  /// What no name may be left of, and what has to be left.
  @Test(
    arguments: [
      ("client=x[192.0.2.1], sasl_method=PLAIN, sasl_username=annabel", "sasl_method=PLAIN"),
      ("sasl_username=annabel@corp.example, x", "@corp.example, x"),
      ("<= a@b.c H=h [192.0.2.1] P=esmtpa A=plain_login:annabel S=643", "A=plain_login:"),
      ("<= x@b.c A=cram:annabel@corp.example S=1", "@corp.example S=1"),
      ("<= <> U=annabel P=local", "P=local"),
      ("=> annabel <annabel@corp.example> R=local_user", "R=local_user"),
      ("== annabel@corp.example R=dnslookup", "@corp.example R=dnslookup"),
      ("to=<annabel>, orig_to=<annabel>, relay=local", ">, relay=local"),
      (String(repeating: "annabel", count: 90) + "@corp.example", "@corp.example"),
      (#"<"annabel \"annabel\" annabel"@corp.example>"#, #""@corp.example>"#),
      (
        #"{"sender": "\"annabel \\\"annabel\\\" x\"@corp.example", "n": 1}"#,
        #"\"@corp.example", "n": 1}"#
      ),
      (#"{"sender": "annabel\u00e9annabel@corp.example"}"#, #"@corp.example"}"#),
      (#"said: no\nannabel@corp.example"#, #"said: no\n"#),
    ])
  func noNameIsLeft(text: String, left: String) {
    let masked = AddressMask(salt: 7).masked(Array(text.utf8))
    let words = String(decoding: masked, as: UTF8.self)
    #expect(masked.count == text.utf8.count)
    #expect(!words.contains("annabel"), "\(words)")
    #expect(words.contains(left), "\(words)")
    #expect(!text.hasPrefix("{") || JSON(parsing: masked) != nil, "\(words)")
  }

  @Test func aLoginAndAnAddressOfOneNameStayOne() {
    let masked = AddressMask(salt: 7).masked(Array("sasl_username=ann, from=<ann@a.example>".utf8))
    let words = String(decoding: masked, as: UTF8.self).split(whereSeparator: {
      "=,<@".contains($0)
    })
    #expect(words[1] == words[3])
  }

  @Test func aWordThatIsCutOffIsMaskedToo() {
    let masked = AddressMask(salt: 7).masked(Array("to=<annabel".utf8), isCut: true)
    #expect(String(decoding: masked, as: UTF8.self).hasPrefix("to=<"))
    #expect(!String(decoding: masked, as: UTF8.self).contains("annabel"))
  }

  private static let everything: [RecordEntry] = [
    RecordEntry(
      time: 0, question: .executable(["exim4", "exim"]), answer: .path("/usr/sbin/exim4")),
    RecordEntry(time: 1, question: .executable(["dig"]), answer: .path(nil)),
    RecordEntry(
      time: 2, question: .command(executable: "/usr/sbin/exim4", arguments: ["-bp"]),
      answer: .result(CommandResult(status: 1, output: [0x61, 0x0A], complaint: "no"))),
    RecordEntry(
      time: 3, question: .status("/l"),
      answer: .status(FileStatus(inode: .max, size: 7, modified: 8))),
    RecordEntry(time: 4, question: .status("/m"), answer: .status(nil)),
    RecordEntry(
      time: 5, question: .ownership("/l"),
      answer: .ownership(FileOwnership(user: "a", group: "adm", permissions: 0o640))),
    RecordEntry(time: 6, question: .names("/"), answer: .names(["l", "m"])),
    RecordEntry(time: 7, question: .read("/l", offset: 3), answer: .bytes(Array("xyz\n".utf8))),
    RecordEntry(
      time: 8, question: .follow(.file("/l")), answer: .chunk(.lines(Array("line\n".utf8)))),
    RecordEntry(
      time: 9, question: .follow(.journal(identifiers: ["exim"])), answer: .chunk(.restarted)),
    RecordEntry(
      time: 10, question: .follow(.file("/l")), answer: .chunk(.unavailable(.missing("/l")))),
    RecordEntry(time: 11, question: .load, answer: .load(0.5)),
    RecordEntry(time: 12, question: .load, answer: .load(nil)),
    RecordEntry(time: 13, question: .connections, answer: .failure(.notPermitted("/proc"))),
    RecordEntry(
      time: 14, question: .status("/x"), answer: .failure(.timedOut(command: "c", seconds: 3))),
    RecordEntry(time: 15, question: .status("/y"), answer: .failure(.failed("y"))),
  ]

  @Test(arguments: everything) func whatIsWrittenIsRead(entry: RecordEntry) {
    let line: JSON = [
      "at": .integer(entry.time), "ask": entry.question.json, "answer": entry.answer.json(nil),
    ]
    #expect(RecordEntry(line: line.line) == entry)
  }

  /// A fault in a file costs the line that it is in.
  @Test func aDamagedRecordIsReadAsFarAsItGoes() {
    let header = RecordHeader(host: FakeHost(), isMasked: true).json.line
    var random = DemoRandom(seed: 421)
    for _ in 0..<300 {
      var bytes = header
      for entry in Self.everything {
        let line: JSON = [
          "at": .integer(entry.time), "ask": entry.question.json, "answer": entry.answer.json(nil),
        ]
        bytes += line.line
      }
      for _ in 0..<8 {
        let index = header.count + Int(random.next() % UInt64(bytes.count - header.count))
        bytes[index] = UInt8(truncatingIfNeeded: random.next())
      }
      #expect(ReplayHost(bytes) != nil)
    }
    #expect(ReplayHost(Array("{}\n".utf8)) == nil)
    #expect(ReplayHost([]) == nil)
  }

  /// Numbers of a file can be any: nothing that is computed with them may trap.
  @Test func aHostileRecordTrapsNobody() async throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("seed \(seed)")
    var random = SeededGenerator(seed: seed)
    let extremes = [
      "9223372036854775807", "-9223372036854775808", "-1", "1e308", "-1e400", "1e400", "0",
      "18446744073709551615", "4611686018427387904", "null", "\"x\"", "0.5",
    ]
    for name in ["exim", "postfix"] {
      let path = #filePath.replacing(
        "ServerTests/RecordTests.swift", with: "TempfailTests/Fixtures/records/\(name).record")
      let record = String(decoding: try #require(try? StateFile.read(path)), as: UTF8.self)
      for _ in 0..<Rounds.count(12, of: 400) {
        let lines = record.split(separator: "\n").enumerated().map { index, line -> String in
          guard index > 0 || Bool.random(using: &random) else { return String(line) }
          return Self.replacingNumbers(in: line, by: extremes, &random)
        }
        guard let replay = ReplayHost(Array(lines.joined(separator: "\n").utf8), speed: 100)
        else { continue }
        await Self.ask(replay)
        replay.step()
        await Self.ask(replay)
      }
    }
  }

  /// Some of the numbers that stand behind a colon, the rest of the line as it is.
  private static func replacingNumbers(
    in line: Substring, by extremes: [String], _ random: inout SeededGenerator
  ) -> String {
    var parts = line.split(separator: "\":", omittingEmptySubsequences: false).map(String.init)
    for index in parts.indices.dropFirst() {
      let number = parts[index].prefix { "-.0123456789".contains($0) }
      guard !number.isEmpty, Bool.random(using: &random) else { continue }
      let rest = parts[index].dropFirst(number.count)
      parts[index] = (extremes.randomElement(using: &random) ?? "") + rest
    }
    return parts.joined(separator: "\":")
  }

  /// Everything that the dashboard and the doctor ask.
  private static func ask(_ host: ReplayHost) async {
    _ = await Doctor(on: host, mta: nil, logs: [], readOnlyReason: nil).examine()
    guard let system = try? await Discovery.find(on: host) else { return }
    let diagnosis = DiagnosisCollector(host: host, mta: system.mta) { _ in }
    let collector = QueueCollector(host: host, system: system) {
      if case .queue(let snapshot) = $0 { diagnosis.note(snapshot) }
    }
    await collector.read()
    if let connections = try? await host.connections().connections { diagnosis.note(connections) }
    if let load = host.loadAverage() { diagnosis.note(load: load) }
    diagnosis.note(settings: await Settings.read(from: host, of: system))
    diagnosis.report()
    await collector.stop()
  }

  @Test func replaysWhatWasRecorded() async throws {
    let scratch = Scratch()
    let clock: Int64 = 1_795_480_900
    let demo = DemoHost(mta: .postfix, clock: { clock })
    let writer = try RecordWriter(
      scratch.file("record"), of: demo, keepsAddresses: true, limit: 64 << 20)
    let recording = RecordingHost(demo, writer: writer)
    let system = try await Discovery.find(on: recording)
    let listing = try await QueueReader(host: recording, system: system).listing().listing
    let connections = try await recording.connections().connections

    let bytes = try FileAccess.contents(ofKernelFile: scratch.file("record"))
    let replay = try #require(ReplayHost(bytes))
    replay.clock.togglePause()
    #expect(replay.name == demo.name)
    #expect(replay.damagedLines == 0)
    #expect(try await Discovery.find(on: replay) == system)
    let again = try await QueueReader(host: replay, system: system).listing().listing
    #expect(again.count == listing.count && listing.count > 0)
    #expect(try await replay.connections().connections == connections)
    // What was not asked then has no answer now.
    await #expect(throws: HostFailure.self) {
      try await replay.look(.eximVersion("/usr/sbin/exim4"))
    }
    var status = stat()
    #expect(stat(scratch.file("record"), &status) == 0 && status.st_mode & 0o777 == 0o600)
    #expect(throws: StateFailure.self) {
      try RecordWriter(scratch.file("record"), of: demo, keepsAddresses: true, limit: 1)
    }
  }

  @Test func masksAndKeepsWithinItsLimit() async throws {
    let scratch = Scratch()
    let demo = DemoHost(mta: .exim, clock: { 1_795_480_900 })
    let writer = try RecordWriter(
      scratch.file("record"), of: demo, keepsAddresses: false, limit: 64 << 10)
    let host = RecordingHost(demo, writer: writer)
    let system = try await Discovery.find(on: host)
    _ = try await QueueReader(host: host, system: system).listing()
    let path = try #require(system.logFiles.first)
    let size = try #require(try await host.status(ofFile: path)).size
    for offset in stride(from: 0, to: size, by: 4096) {
      _ = try await host.read(file: path, from: offset, count: 4096)
    }
    let bytes = try FileAccess.contents(ofKernelFile: scratch.file("record"))
    #expect(bytes.count <= 64 << 10)
    // The header is no answer; what did not fit was not counted.
    #expect(writer.isFull && writer.count == bytes.count { $0 == ASCII.newline } - 1)
    let text = String(decoding: bytes, as: UTF8.self)
    for (sender, _, _) in DemoWorld.senders where !sender.isEmpty {
      #expect(!text.contains(sender))
    }
    #expect(text.contains("@corp.example"))
  }

  @Test func theClockStandsStepsAndEnds() throws {
    let clock = ReplayClock(speed: 1, length: 5000)
    clock.togglePause()
    let position = clock.position
    #expect(clock.position == position)
    clock.skip(to: 3000)
    #expect(clock.position == 3000)
    clock.skip(to: 1000)
    #expect(clock.position == 3000)
    clock.skip(to: 99_000)
    #expect(clock.position == 5000)
    clock.change(faster: true)
    #expect(clock.speed == 2)
    for _ in 0..<20 { clock.change(faster: false) }
    #expect(clock.speed == ReplayClock.speeds.first)
  }
}
