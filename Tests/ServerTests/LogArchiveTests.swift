// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import Guidance
import MailServer
import Replies
import Synchronization
import Testing

@testable import Server

/// Logs in their own folder, with rotated and packed ones beside the newest.
@Suite(.timeLimit(.minutes(10))) struct LogArchiveTests {
  private static let id = "1xVeaV-00000000001-1abc"
  private static let other = "1xVeaV-00000000002-1abc"
  private static let deferral =
    "== bob@busy.test R=dns T=smtp defer (-44) H=mx1.busy.test [127.0.0.12]: SMTP error from "
    + "remote mail server after RCPT TO:<bob@busy.test>: 421 4.7.0 try again later"

  private let host = LocalHost()
  private let now: Int64
  private let room = Scratch()

  init() { now = LocalHost().now() }

  /// A line as Exim writes it, so many seconds ago.
  private func line(ago: Int64, _ id: String = id, _ words: String = deferral) -> String {
    var seconds = time_t(now - ago)
    var parts = tm()
    localtime_r(&seconds, &parts)
    var buffer = [CChar](repeating: 0, count: 32)
    let count = strftime(&buffer, buffer.count, "%Y-%m-%d %H:%M:%S", &parts)
    let stamp = String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return "\(stamp) \(id) \(words)\n"
  }

  private func put(_ lines: [String], _ name: String, ago: Int64) {
    room.write(lines.joined(), to: name)
    let time = timespec(tv_sec: Int(now - ago), tv_nsec: 0)
    let times = [time, time]
    utimensat(AT_FDCWD, room.file(name), times, 0)
  }

  /// Now, yesterday, the day before as a packed file, and long ago.
  private func fill() async throws {
    put([line(ago: 7200), line(ago: 600), line(ago: 60, Self.other)], "mainlog", ago: 60)
    put(
      [line(ago: 100_000)] + (0..<40).map { line(ago: 80_000 - $0 * 60, Self.other) }
        + [line(ago: 50_000), line(ago: 40_000, Self.other, "Completed")], "mainlog.1", ago: 40_000)
    put(
      [line(ago: 170_000, Self.other), line(ago: 165_000)], "mainlog.2", ago: 110_000)
    put([line(ago: 900_000)], "mainlog.3", ago: 800_000)
    let gzip = try #require(host.executable(["gzip"]))
    let result = try await host.child.run(
      Invocation(executable: gzip, arguments: [room.file("mainlog.2")], timeLimit: 600))
    try #require(result.status == 0)
  }

  private func system(_ path: String) -> MailSystem {
    MailSystem(
      tools: .exim(exim: "/usr/sbin/exim"), version: nil, spool: "/var/spool/exim",
      logs: [.file(path)])
  }

  @Test func aMessageIsFollowedThroughRotatedAndPackedLogs() async throws {
    try await fill()
    let id = try #require(QueueID(Self.id, of: .exim))
    let reader = HistoryReader(host: host, system: system(room.file("mainlog")))
    let history = await reader.history(of: id, since: now - 200_000)
    #expect(history.events.map { now - ($0.time ?? 0) } == [165_000, 100_000, 50_000, 7200, 600])
    #expect(history.events.allSatisfy { $0.queueID == Self.id && $0.code == 421 })
    #expect(history.gaps.isEmpty)
    // From the time that is requested, not from where a file begins.
    let later = await reader.history(of: id, since: now - 60_000)
    #expect(later.events.map { now - ($0.time ?? 0) } == [50_000, 7200, 600])
  }

  @Test func whatCannotBeReadIsTold() async throws {
    try await fill()
    unlink(room.file("mainlog"))
    room.write("no gzip", to: "mainlog.4.gz")
    let id = try #require(QueueID(Self.id, of: .exim))
    let history = await HistoryReader(host: host, system: system(room.file("mainlog")))
      .history(of: id, since: now - 200_000)
    #expect(history.events.count == 3)
    #expect(history.gaps.first == "\(room.file("mainlog")): not found")
  }

  /// A small file that unpacks to no end: the unpacker is ended where enough was taken, and that is reported.
  @Test func anUnpackerIsStoppedAtItsLimit() async throws {
    let record = "echo $$ > \(room.file("process"))"
    let script = room.script("gzip", "\(record); exec yes 'a line of a bomb'")
    let host = LocalHost(search: ExecutableSearch(folders: [room.path]))
    let taken = Mutex(0)
    let limit = 1 << 20
    var told: HostFailure?
    do throws(HostFailure) {
      try await LogArchive(host: host, path: "").unpack("x.gz", with: "gzip", limit: limit) {
        bytes in taken.withLock { $0 += bytes.count }
      }
    } catch {
      told = error
    }
    #expect(told == .partial("x.gz", "only its first 1 MiB, decompressed"))
    // It ends with the piece in which the limit lies.
    #expect((limit...2 * limit).contains(taken.withLock { $0 }))
    let bytes = try StateFile.read(room.file("process"))
    let process = try #require(pid_t(String(decoding: bytes.dropLast(), as: UTF8.self)))
    #expect(kill(process, 0) != 0 && errno == ESRCH, "\(script) still unpacks")
  }

  @Test func theDayBeforeIsCountedFromRotatedLogsToo() async throws {
    try await fill()
    let reports = Mutex<[LogCounts]>([])
    let path = room.file("mainlog")
    // The last line is left to the one who reports the last hour.
    let end = Int64(line(ago: 7200).utf8.count + line(ago: 600).utf8.count)
    await DayCounts(host: host, mta: .exim, path: path) { report in
      if case .counts(let counts) = report { reports.withLock { $0.append(counts) } }
    }.run(before: end)
    let all = reports.withLock { $0 }
    let deferrals = all.flatMap { $0.deferrals.values.flatMap(\.values) }.reduce(0, +)
    #expect(deferrals == 2 + 41)
    #expect(all.flatMap(\.code421.values).reduce(0, +) == deferrals)
    #expect(all.compactMap(\.first).min() == now - 80_000)
    // Of the last hour alone the destinations too.
    #expect(all.flatMap { Array($0.destinations.values) }.flatMap(\.values).reduce(0, +) == 1)
    #expect(all.compactMap { $0.destinations["busy.test"] }.count == 1)
    // Hour by hour, the newest first.
    #expect(all.compactMap(\.first) == all.compactMap(\.first).sorted(by: >))
  }

  /// The day's counts know the same relays as the lines that come.
  @Test(arguments: [Relays(), Relays(relayhost: "[hub.test]")])
  func theDayIsCountedByTheSettings(relays: Relays) async throws {
    let denied = line(
      ago: 7200, Self.id,
      "== u@a.test R=r T=t defer (-44) H=hub.test [192.0.2.1]: SMTP error from remote mail server"
        + " after RCPT TO:<u@a.test>: 454 4.7.1 Relay access denied")
    put([denied], "mainlog", ago: 60)
    let causes = Mutex<Set<Cause>>([])
    await DayCounts(host: host, mta: .exim, path: room.file("mainlog"), relays: relays) { report in
      guard case .counts(let counts) = report else { return }
      causes.withLock { $0.formUnion(counts.deferrals.keys) }
    }.run(before: Int64(denied.utf8.count))
    #expect(causes.withLock { $0 } == [relays.isEmpty ? .other : .configuration])
  }

  @Test func aLogThatReachesBackADayNeedsNoOther() async throws {
    let lines = [line(ago: 90_000), line(ago: 80_000)]
    put(lines, "mainlog", ago: 80_000)
    put([line(ago: 70_000)], "mainlog.1", ago: 70_000)
    let total = Mutex(0)
    await DayCounts(host: host, mta: .exim, path: room.file("mainlog")) { report in
      guard case .counts(let counts) = report else { return }
      total.withLock { $0 += counts.code421.values.reduce(0, +) }
    }.run(before: Int64(lines.joined().utf8.count))
    #expect(total.withLock { $0 } == 1)
  }
}
