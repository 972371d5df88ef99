// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes
import Guidance
import MailServer

/// Looks at one log: whether it can be read, and whether what it says can be relied on.
struct LogExamination: Sendable {
  private let host: any Host
  private let system: MailSystem
  private let source: LogSource
  /// Whether nothing was there to be logged yet, as far as the queue shows.
  private let isUnused: Bool

  /// Bytes of a log's end in which a time or a notice is looked for.
  private static let tailSize: Int64 = 1 << 20
  /// Seconds of the journal that are looked through for notices.
  private static let journalHistory: Int64 = 86_400

  init(_ host: any Host, _ system: MailSystem, _ source: LogSource, isUnused: Bool) {
    self.host = host
    self.system = system
    self.source = source
    self.isUnused = isUnused
  }

  func reports() async -> [NeedReport] {
    do throws(HostFailure) {
      switch source {
      case .file(let path): return try await reports(onFile: path)
      case .journal(let identifiers): return try await reports(onJournal: identifiers)
      }
    } catch {
      return [await log(error), await detail()]
    }
  }

  private func log(_ failure: HostFailure) async -> NeedReport {
    if case .missing(let path) = failure, case .file = source {
      let value = system.mta == .postfix ? await parameter("maillog_file") : nil
      let discarded = value.flatMap { $0.hasPrefix("/dev/") ? $0 : nil }
      return .noLog(path, of: system.mta, discarded: discarded, isUnused: isUnused)
    }
    return await .log(failure, of: source, mta: system.mta, on: host)
  }

  private func reports(onFile path: String) async throws(HostFailure) -> [NeedReport] {
    guard let status = try await host.status(ofFile: path) else { throw .missing(path) }
    let start = max(0, status.size - Self.tailSize)
    let tail = try await host.read(file: path, from: start, count: Int(status.size - start))
    let now = host.now()
    let offset = host.utcOffset(at: now)
    let slash = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
    let folder = String(path[..<slash])
    let older = LogFiles.rotations(
      of: String(path[slash...]), among: await host.names(inFolder: folder.isEmpty ? "." : folder))
    let carrier = await carrier(ofFile: path)
    let notices = carrier == .itself ? [] : Self.notices(in: tail)
    let grammar = LogGrammar(now: now, zone: LocalZone(offset: offset))
    let tally = grammar.tally(ofEnd: tail, isCut: start > 0)
    return [
      form(path, tally, words: "written \(Self.ago(now - status.modified))"),
      .logClock(
        path, last: Self.lastTime(in: tail, grammar),
        written: status.modified, utcOffset: offset, now: now),
      .logRotation(path, size: status.size, older: older), await detail(),
      .logDrops(notices, carrier: carrier, mta: system.mta),
    ]
  }

  /// Whether what is in a log is understood.
  private func form(_ path: String, _ tally: LogTally, words: String) -> NeedReport {
    if tally.lines == 0 { return .logEmpty(path) }
    if let report = NeedReport.logForm(path, tally, of: system.mta) { return report }
    return tally.isOthers
      ? .logQuiet(path, tally, of: system.mta) : .log(path, words: words)
  }

  private func reports(onJournal identifiers: [String]) async throws(HostFailure) -> [NeedReport] {
    let journalctl = try host.require("journalctl")
    if let problem = await JournalAccess.problem(on: host) { return [problem, await detail()] }
    let since = host.now() - Self.journalHistory
    let command = LookCommand.journal(
      journalctl, identifiers: ["systemd-journald"], since: since)
    let result = try await host.look(command)
    let messages = result.output.split(separator: ASCII.newline).compactMap { entry in
      JSON(parsing: Array(entry))?["MESSAGE"]?.text
    }
    let name = system.mta.rawValue
    let notices = messages.filter { $0.hasPrefix("Suppressed ") && $0.contains(name) }
    return [
      .log("The journal"), await detail(),
      .logDrops(notices, carrier: .journal, mta: system.mta),
    ]
  }

  private func detail() async -> NeedReport {
    switch system.mta {
    case .exim: .eximLogDetail(logSelector: await parameter("log_selector") ?? "")
    case .postfix: .postfixLogDetail()
    }
  }

  /// Who writes a log file: the MTA, unless it stands where syslog puts the mail facility.
  private func carrier(ofFile path: String) async -> NeedReport.LogCarrier {
    guard PostfixDiscovery<LocalHost>.usualLogs.contains(path) else { return .itself }
    return await parameter("maillog_file") == path ? .itself : .syslog
  }

  private func parameter(_ name: ParameterName) async -> String? {
    let command: LookCommand
    switch system.tools {
    case .exim(let exim): command = .eximOptions(exim, [name])
    case .postfix(_, let postconf?, _, _): command = .postfixParameters(postconf, [name])
    case .postfix: return nil
    }
    guard let answer = try? await host.look(command) else { return nil }
    return ParameterList(answer.output)[name]
  }

  /// What rsyslog says where it drops lines: `imuxsock lost 211 messages from pid 812 due to rate-limiting`.
  private static func notices(in tail: [UInt8]) -> [String] {
    let span = tail.span
    var notices: [String] = []
    var start = 0
    while let found = span.firstIndex(of: "due to rate-limiting", from: start) {
      let line = (span.lastIndex(of: ASCII.newline, before: found) ?? -1) + 1
      let end = span.lineEnd(from: found)
      notices.append(span.string(line..<end))
      start = end
    }
    return notices
  }

  private static func lastTime(in tail: [UInt8], _ grammar: LogGrammar) -> Int64? {
    let span = tail.span
    var end = span.count
    // A few lines without a time may follow the last that has one.
    for _ in 0..<100 {
      guard end > 0 else { return nil }
      let start = (span.lastIndex(of: ASCII.newline, before: end) ?? -1) + 1
      if let time = grammar.time(of: span.extracting(start..<end)) { return time }
      end = start - 1
    }
    return nil
  }

  /// `3 min ago`.
  private static func ago(_ seconds: Int64) -> String {
    switch seconds {
    case ..<90: "a moment ago"
    case ..<5400: "\(seconds / 60) min ago"
    case ..<172_800: "\(seconds / 3600) h ago"
    default: "\(seconds / 86_400) days ago"
    }
  }
}
