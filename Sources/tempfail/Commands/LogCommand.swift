// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Bytes
import Configuration
import Dashboard
import Glibc
import Guidance
import MailServer
import Replies
import Server
import Synchronization

struct LogCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "log",
    abstract: "Deferrals in the logs.",
    discussion: """
      Without a file it reads this server's log and its rotated files, and distinguishes relay hosts \
      and content filters by this server's settings, as the dashboard and queue do. A named file may be \
      from another machine: only its lines count. Compressed files are read too; - is standard input. \
      If little or nothing of a log is understood, it reports that and exits with status 1.

      Examples:
        tempfail log --since 1h
        tempfail log --all --summary
        tempfail log --all --filter 'dest:gmail.com !cause:greylisting'
        tempfail log /var/log/mail.log.2.gz --json
      """)

  @OptionGroup var server: ServerOptions

  @Flag(
    help: "Every deferral, whatever its code, and every 4xx this server sent; not only code 421.")
  var all = false

  @Option(help: ArgumentHelp("Only entries newer than this: 90s, 15m, 1h, 2d.", valueName: "time"))
  var since: Age?

  @Option(
    help: ArgumentHelp(
      "Only lines that match: words, /regex/, !not, or, ( ), \(FilterField.names(in: .log)).",
      valueName: "expression"))
  var filter = ""

  @Flag(help: "Counts by cause and destination.")
  var summary = false

  @Flag(help: "One JSON object on a line.")
  var json = false

  @Option(
    help: ArgumentHelp("When the log was saved, for dates without a year.", valueName: "epoch"))
  var now: Int64?

  @Argument(help: "Log files.")
  var files: [String] = []

  func run() throws {
    let wanted = try Filter.option(filter, for: .log)
    let configuration = try Configuration.load(server)
    configuration.complainOfFaults()
    let clock = now ?? Int64(time(nil))
    let (logs, relays) = try inputs(configuration)
    let scan = LogScan(
      grammar: LogGrammar(now: clock, zone: LocalHost().zone, relays: relays),
      mta: server.mta?.mta, includesAll: all, since: since.map { clock &- $0.seconds })
    let output = Output()
    defer { output.flush() }
    if summary {
      let summary: LogSummary
      do throws(HostFailure) {
        summary = try waitFor { () async throws(HostFailure) in
          wanted.isEmpty
            ? try await scan.summary(of: logs)
            : try await scan.summary(of: logs, matching: wanted, now: clock)
        }
      } catch {
        throw Failure(error)
      }
      let verdict = LogVerdict(of: logs, summary.tallies, mta: scan.mta, isNamed: !files.isEmpty)
      write(summary, verdict, to: output)
      output.flush()
      for gap in summary.gaps { complain(Failure(gap).message) }
      if !summary.gaps.isEmpty {
        throw Failure("The counts are partial: not every log could be read in full.", status: 1)
      }
      try verdict.complain(inJSON: json)
    } else {
      try writeEvents(of: logs, scan, matching: wanted, now: clock, to: output)
    }
  }

  /// A log that cannot be read does not keep the others from being shown.
  private func writeEvents(
    of logs: [LogInput], _ scan: LogScan, matching wanted: Filter, now: Int64, to output: Output
  ) throws(Failure) {
    let json = json
    let found = Atomic(false)
    var tallies: [LogTally] = []
    var failure: HostFailure?
    for log in logs {
      do throws(HostFailure) {
        tallies += try waitFor { () async throws(HostFailure) in
          try await scan.events(of: [log]) { all in
            let events = all.matching(wanted, now: now)
            if !events.isEmpty { found.store(true, ordering: .relaxed) }
            for event in events {
              if json {
                output.json(event.json)
              } else {
                output.line(event.row)
              }
            }
          }
        }
      } catch {
        guard logs.count > 1 else { throw Failure(error) }
        complain(Failure(error).message)
        tallies.append(LogTally())
        failure = error
      }
    }
    output.flush()
    if failure != nil {
      throw Failure("The list is partial: not every log could be read in full.", status: 1)
    }
    let verdict = LogVerdict(of: logs, tallies, mta: scan.mta, isNamed: !files.isEmpty)
    if !found.load(ordering: .relaxed), !json {
      let what = wanted.isEmpty ? "found" : "matches the filter"
      if let words = verdict.whyNothing ?? (verdict.isUnderstood ? nil : "") {
        if !words.isEmpty { output.line(words) }
      } else {
        output.line(
          all
            ? "No deferral \(what)."
            : "No 421 \(what). --all shows every deferral, whatever its code.")
      }
      output.flush()
    }
    try verdict.complain(inJSON: json)
  }

  /// The logs, and what this server's settings say of relays: a file that is named may be of another machine.
  private func inputs(_ configuration: Configuration) throws(Failure) -> ([LogInput], Relays) {
    if !files.isEmpty { return (files.map { $0 == "-" ? .standardInput : .file($0) }, Relays()) }
    let local = try LocalSystem(configuration)
    var inputs: [LogInput] = []
    for source in local.system.logs {
      switch source {
      case .file(let path): inputs += LogFiles.withRotations(of: path).map { .file($0) }
      case .journal(let identifiers):
        try Failure.ifForbidden(source)
        inputs.append(.journal(identifiers: identifiers))
      }
    }
    return (inputs, local.system.relays)
  }

  private func write(_ summary: LogSummary, _ verdict: LogVerdict, to output: Output) {
    let causes = summary.causes.sorted { ($1.value, $0.key.rawValue) < ($0.value, $1.key.rawValue) }
    if json {
      output.json([
        "deferrals": .integer(Int64(summary.deferrals)),
        "attempts": .integer(Int64(summary.attempts)),
        "refusals": .integer(Int64(summary.refusals)),
        "first": .integer(orNull: summary.firstTime), "last": .integer(orNull: summary.lastTime),
        "partial": .bool(!summary.gaps.isEmpty),
        "lines": .integer(Int64(verdict.lines)),
        "understood": .integer(Int64(verdict.understood)),
      ])
      for (cause, count) in causes {
        output.json(["cause": .string(cause.rawValue), "deferrals": .integer(Int64(count))])
      }
      for row in summary.destinations {
        let causes = row.causes.sorted { $0.key.rawValue < $1.key.rawValue }
        output.json([
          "destination": .string(row.domain), "deferrals": .integer(Int64(row.deferrals)),
          "causes": .object(
            causes.map { JSON.Member($0.key.rawValue, .integer(Int64($0.value))) }),
        ])
      }
      return
    }
    if let words = verdict.whyNothing {
      output.line(words)
      return
    }
    output.line(
      "\(summary.deferrals) recipients deferred, \(summary.attempts) attempts on individual hosts, "
        + "\(summary.refusals) clients deferred by us"
        + (summary.gaps.isEmpty ? "" : " (partial: not every log could be read in full)"))
    guard summary.deferrals > 0 else { return }
    output.line("")
    var byCause = Table(["DEFERRALS", "CAUSE"], numbers: [0])
    for (cause, count) in causes { byCause.add([String(count), cause.rawValue]) }
    byCause.write(to: output)
    output.line("")
    var byDestination = Table(["DEFERRALS", "DESTINATION", "MOSTLY"], numbers: [0])
    for row in summary.destinations.prefix(30) {
      let most = row.causes.max { ($0.value, $1.key.rawValue) < ($1.value, $0.key.rawValue) }
      byDestination.add([String(row.deferrals), row.domain, most?.key.rawValue ?? ""])
    }
    byDestination.write(to: output)
    if summary.destinations.count > 30 {
      output.line("and \(summary.destinations.count - 30) more destinations: --json lists them all")
    }
  }
}

/// An age such as `90s`, `15m`, `1h`, `2d`.
struct Age: ExpressibleByArgument {
  let seconds: Int64

  init?(argument: String) {
    let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3600, "d": 86400]
    guard let unit = argument.last.flatMap({ units[$0] }), let number = Int64(argument.dropLast()),
      number >= 0, number <= 1_000_000
    else { return nil }
    seconds = number * unit
  }
}

extension LogEvent {
  /// The event as the command-line contract has it.
  var json: JSON {
    [
      "time": .integer(orNull: time), "mta": .string(mta.rawValue), "kind": .string(kind.rawValue),
      "direction": .string(direction.rawValue), "id": .string(orNull: queueID),
      "recipient": .string(orNull: recipient), "remoteHost": .string(orNull: remoteHost),
      "remoteIP": .string(orNull: remoteIP), "code": .integer(orNull: code),
      "enhanced": .string(orNull: enhanced?.description), "cause": .string(cause.rawValue),
      "side": .string(side.rawValue), "hop": .string(hop.rawValue),
      "port": .integer(orNull: port), "reply": .string(reply), "line": .string(line),
    ]
  }

  /// The event in one line for people.
  var row: String {
    let clock = time.map { LocalTime.text($0) } ?? "no time"
    let sign = (remark ?? (kind == .refusal ? "(we)" : nil)).map { "  \($0)" } ?? ""
    let party = recipient ?? remoteHost ?? remoteIP ?? "-"
    return "\(clock)  \(queueID ?? "-")  \(party)  \(cause.rawValue)\(sign)  \(reply)"
  }
}
