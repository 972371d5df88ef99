// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Bytes
import Configuration
import Dashboard
import Glibc
import MailServer
import Replies
import Server

struct QueueCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "queue",
    abstract: "The queue, with the cause of each deferral.",
    discussion: """
      In JSON, attempts is the number of delivery attempts in the log or the journal since \
      attemptsSince; both are null if no log could be read or it has none.

      Examples:
        tempfail queue --by cause
        tempfail queue --json --filter gmail.com
        tempfail queue --filter 'dest:gmail.com age>1h !cause:greylisting'
        postqueue -j | tempfail queue --from - --json
      """)

  enum Grouping: String, CaseIterable, ExpressibleByArgument {
    case destination, cause, sender, host, provider, age
  }

  @OptionGroup var server: ServerOptions

  @Option(
    help: ArgumentHelp(
      "Read a saved listing (exim -bp, postqueue -p or -j) instead of asking the MTA; - is standard input.",
      valueName: "file"))
  var from: String?

  @Option(help: "Group by destination, cause, sender, remote host, mail provider or age.")
  var by: Grouping?

  @Option(
    help: ArgumentHelp(
      "Only messages that match: words, /regex/, !not, or, ( ), \(FilterField.names(in: .queue)).",
      valueName: "expression"))
  var filter = ""

  @Option(help: ArgumentHelp("When the listing was saved.", valueName: "epoch"))
  var now: Int64?

  @Flag(help: "One JSON object per line, for each message or group.")
  var json = false

  func run() throws {
    var query = QueueQuery()
    query.filters = [try Filter.option(filter, for: .queue)]
    let configuration = try Configuration.load(server)
    configuration.complainOfFaults()
    let (snapshot, since, gap) = try self.snapshot(configuration)
    query.grouping = by.flatMap { QueueQuery.Grouping(rawValue: $0.rawValue) }
    // Of a group only its size and its oldest message are reported.
    if by != nil { query.sort = .id }
    let arrangement = snapshot.arranged(by: query)
    let output = Output()
    defer { output.flush() }
    if by != nil {
      write(arrangement.groups, taken: snapshot.taken, to: output)
    } else {
      write(snapshot, arrangement.rows, attemptsSince: since, to: output)
    }
    output.flush()
    for note in snapshot.listing.notes { complain(note) }
    if from != nil, let gap {
      throw Failure("partial: attempts are missing. \(gap.message)", status: gap.status)
    }
    if let gap {
      complain("the log cannot be read in full, so attempts are missing: \(gap.message)")
    }
  }

  /// The queue, and what could not be read of the logs that go with it.
  private func snapshot(
    _ configuration: Configuration
  ) throws(Failure) -> (QueueSnapshot, attemptsSince: Int64?, gap: Failure?) {
    if let from {
      let clock = now ?? Int64(time(nil))
      let zone = LocalHost().zone
      let bytes = try Input.bytes(of: from)
      let listing = QueueListing(
        bytes, mta: server.mta?.mta, now: clock, zone: zone)
      // Read as another MTA's, a listing is rows of nonsense.
      if let mta = server.mta?.mta {
        let found = QueueListing(
          Array(bytes.prefix(1 << 16)), now: clock, zone: zone)
        if found.mta != mta, found.count > 0 {
          throw Failure(
            "\(from): this is a \(found.mta.name) listing. Omit --mta: it is detected.",
            status: Failure.usage)
        }
      }
      // Of a listing most rows can be read; where none can, the text is something else.
      if listing.count > 0, (0..<listing.count).allSatisfy({ listing.problem(at: $0) != nil }) {
        throw Failure(
          "\(from): this is not a queue listing. Use the output of exim -bp, postqueue -p or postqueue -j.",
          status: 1)
      }
      let (history, gap) = self.history(
        of: server.log.map(LogSource.file), listing, now: clock)
      return (QueueSnapshot(listing, history: history, taken: clock), history.since, gap)
    }
    let local = try LocalSystem(configuration)
    let reader = QueueReader(host: local.host, system: local.system)
    let (listing, taken) = try Failure.from { () throws(SourceFailure) in
      try waitFor { () async throws(SourceFailure) in try await reader.listing() }
    }
    let retries = waitFor { () async throws(Never) in await reader.retryTimes(of: listing) }
    if let note = waitFor({ () async throws(Never) in await reader.leftOut() }) { complain(note) }
    // Without the log, replies of Exim's messages and attempts are missing: that is said, and no
    // reason to show nothing.
    var (history, gap) = self.history(
      of: local.system.logs, listing, now: taken, local.system.relays)
    if local.system.logs.isEmpty {
      gap = Failure("No log was found. Give its path with --log.", status: Failure.unavailable)
    }
    let snapshot = QueueSnapshot(
      listing, history: history, retries: retries, backoff: local.system.backoff,
      relays: local.system.relays, taken: taken)
    return (snapshot, history.since, gap)
  }

  /// What logs say of the messages that are still queued, as far as they can be read.
  private func history(
    of logs: [LogSource], _ listing: QueueListing, now: Int64, _ relays: Relays = Relays()
  ) -> (DeliveryHistory, gap: Failure?) {
    let builder = HistoryBuilder()
    var gap: Failure?
    for log in logs {
      // A journal holds years, of all programs: what was written before the oldest message came is not requested.
      let (input, since): (LogInput, Int64?) =
        switch log {
        case .file(let path): (.file(path), nil)
        case .journal(let identifiers):
          (
            .journal(identifiers: identifiers),
            QueueTotals(listing).oldest.map { $0 &- 3600 } ?? now
          )
        }
      let host = LocalHost()
      let grammar = LogGrammar(now: now, zone: host.zone, relays: relays)
      let scan = LogScan(grammar: grammar, mta: listing.mta, includesAll: true, since: since)
      do throws(Failure) {
        try Failure.ifForbidden(log)
        // What came after the log began and is not mentioned there was not deferred yet.
        let start = waitFor { () async throws(Never) in
          await Self.start(of: log, by: grammar, on: host)
        }
        // Of a journal it is known that the last hour is there, and requested.
        if let start = start ?? since.map({ Swift.max($0, now - 3600) }) {
          builder.noteLog(since: start)
        }
        do throws(HostFailure) {
          _ = try waitFor { () async throws(HostFailure) in
            try await scan.events(of: [input]) { builder.record($0) }
          }
        } catch {
          throw Failure(error)
        }
      } catch {
        gap = gap ?? error
      }
    }
    return (builder.history, gap)
  }

  /// When a log begins, if that is known without reading it twice.
  private static func start(
    of log: LogSource, by grammar: LogGrammar, on host: LocalHost
  ) async -> Int64? {
    // A pipe, which can be read only once, has no size.
    guard case .file(let path) = log, let status = try? await host.status(ofFile: path),
      status.size > 0,
      let bytes = try? await host.read(file: path, from: 0, count: 64 << 10)
    else { return nil }
    return grammar.firstTime(in: bytes, isCut: false)
  }

  private func write(_ groups: [QueueArrangement.Group], taken: Int64, to output: Output) {
    if json {
      for group in groups {
        output.json([
          "key": .string(group.key), "count": .integer(Int64(group.count)),
          "oldest": .integer(orNull: group.oldest),
        ])
      }
      return
    }
    var table = Table(
      ["MESSAGES", "OLDEST", by?.rawValue.uppercased() ?? ""], numbers: [0, 1])
    for group in groups {
      table.add([
        String(group.count), group.oldest.map { Format.duration(taken &- $0) } ?? "?",
        group.key.isEmpty ? "(none)" : group.key,
      ])
    }
    table.write(to: output)
  }

  private func write(
    _ snapshot: QueueSnapshot, _ rows: [Int32], attemptsSince since: Int64?, to output: Output
  ) {
    if json {
      for row in rows { output.json(snapshot.message(at: Int(row)).json(attemptsSince: since)) }
      return
    }
    guard !rows.isEmpty else {
      output.line(
        snapshot.count == 0 ? "The queue is empty." : "None of \(snapshot.count) messages match.")
      return
    }
    var table = Table(
      ["ID", "AGE", "SIZE", "STATE", "NEXT", "FROM", "TO", "CAUSE", "LAST REPLY"],
      numbers: [1, 2, 4])
    for row in rows {
      let message = snapshot.message(at: Int(row))
      let waiting = message.recipients.filter { !$0.isDelivered }
      let recipient = waiting.first { $0.reply != nil } ?? waiting.first
      table.add([
        message.idText, message.arrival.map { Format.duration(snapshot.taken &- $0) } ?? "?",
        message.size.map(Format.size) ?? "?", message.state.rawValue,
        message.nextRetry.map {
          $0 <= snapshot.taken ? "due" : Format.duration($0 - snapshot.taken)
        } ?? "-",
        message.sender.isEmpty ? "<>" : message.sender,
        (recipient?.address ?? "-") + (waiting.count > 1 ? " +\(waiting.count - 1)" : ""),
        recipient?.cause?.rawValue ?? "-", recipient?.reply ?? message.problem ?? "-",
      ])
    }
    table.write(to: output)
  }
}

extension QueuedMessage {
  /// The message as the command-line contract has it.
  ///
  /// - Parameter since: seconds since 1970 of the first line that the attempts were counted by.
  func json(attemptsSince since: Int64?) -> JSON {
    [
      "id": .string(idText), "mta": .string(mta.rawValue), "queue": .string(queue),
      "state": .string(state.rawValue), "arrived": .integer(orNull: arrival),
      "size": .integer(orNull: size), "sender": .string(sender),
      "recipients": .array(
        recipients.map {
          [
            "address": .string($0.address), "delivered": .bool($0.isDelivered),
            "reply": .string(orNull: $0.reply), "cause": .string(orNull: $0.cause?.rawValue),
            "side": .string(orNull: $0.side?.rawValue), "hop": .string(orNull: $0.hop?.rawValue),
            "host": .string(orNull: $0.endpoint?.host ?? $0.remoteHost),
            "port": .integer(orNull: $0.endpoint?.port.map(Int64.init)),
          ]
        }),
      "attempts": .integer(orNull: attempts), "attemptsSince": .integer(orNull: since),
      "nextRetry": .integer(orNull: nextRetry),
    ]
  }
}
