// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Guidance
import MailServer

/// What the MTA itself does: its limits, its queue runner, its retry schedule, one of its messages.
extension CheckContext {
  func limits() async throws(SourceFailure) -> CheckResult {
    let settings = try await knownSettings()
    var uses = diagnosis.evidence.limits
    if uses.isEmpty {
      let connections: [SMTPConnection]
      do throws(HostFailure) {
        connections = try await host.connections().connections
      } catch {
        throw SourceFailure(error, doing: "Reading the sockets")
      }
      uses = LimitUse.all(
        of: mta, settings: settings, connections: connections,
        active: diagnosis.present.snapshot?.totals.active ?? 0)
    }
    if mta == .exim, let processes = await host.mailProcesses() {
      uses.append(
        LimitUse(
          setting: "queue_run_max", used: processes.eximQueueRunners,
          limit: settings["queue_run_max"].flatMap { Int($0) } ?? 5))
    }
    return Limits.verdict(uses, time: host.now())
  }

  func queueRunner() async -> CheckResult {
    let now = host.now()
    var runner = QueueRunner(mta: mta)
    if let processes = await host.mailProcesses() {
      switch mta {
      case .exim:
        runner.isRunning =
          processes.eximDaemons.isEmpty ? (processes.seesAll ? false : nil) : true
        runner.interval =
          processes.eximDaemons.lazy
          .compactMap { QueueRunner.interval(ofEximArguments: $0) }.first
        runner.lastRun = await lastQueueRun()
      case .postfix:
        runner.isRunning = processes.hasPostfix ? true : processes.seesAll ? false : nil
        runner.interval = await settings()["queue_run_delay"].flatMap(RetryPolicy.seconds) ?? 300
      }
    }
    if let interval = runner.interval, let snapshot = diagnosis.present.snapshot {
      runner.overdue = snapshot.overdue(by: Int64(interval) * 2 + 60, at: now)
    }
    if let df = host.executable(["df"]), system.spool.hasPrefix("/") {
      runner.diskUse = await use(.blocksUsed(df, of: system.spool))
      runner.inodeUse = await use(.inodesUsed(df, of: system.spool))
    }
    if let memory = try? await host.read(file: "/proc/meminfo", from: 0, count: 4096) {
      runner.freeMemory = MemoryTable(memory).freePercent
    }
    return runner.verdict(now: now)
  }

  func retryPolicy(of domain: String) async throws(SourceFailure) -> CheckResult {
    switch system.tools {
    case .exim(let exim):
      let name = try self.domain(domain)
      let rule = String(
        decoding: try await output(of: .eximRetryRule(exim, of: name)), as: UTF8.self)
      guard let policy = RetryPolicy(eximRule: rule) else {
        guard rule.hasPrefix("No retry information") else {
          throw SourceFailure(
            .unavailable, what: "exim -brt printed no readable retry rule.",
            remedy: "Run it by hand to see its output.")
        }
        return CheckResult(
          CheckRequest(.retryPolicy, of: domain), .failed,
          "There is no retry rule for \(domain): Exim bounces mail at the first failure.",
          ["Add a rule to the section \"begin retry\"."], at: host.now())
      }
      return policy.verdict(domain: domain, mta: mta, time: host.now())
    case .postfix:
      return RetryPolicy(postfix: try await knownSettings())
        .verdict(domain: domain, mta: mta, time: host.now())
    }
  }

  func retryLifetime(of address: String) async -> Int64? {
    guard case .exim(let exim) = system.tools, let address = EnvelopeAddress(address),
      let command = LookCommand.eximRetryRule(exim, of: address),
      let result = try? await host.look(command), result.status == 0
    else { return nil }
    let rule = String(decoding: result.output, as: UTF8.self)
    return RetryPolicy(eximRule: rule).map { Int64($0.lifetime) }
  }

  func message(_ id: QueueID, domain: String) async -> CheckResult {
    let message = diagnosis.present.snapshot?.message(withID: id.text)
    let recipients = message?.recipients.filter { !$0.isDelivered } ?? []
    let ending = "@\(domain.lowercased())"
    return MessageFacts(
      id: id, domain: domain, size: message?.size, recipients: recipients.count,
      recipientsThere: recipients.count { $0.address.lowercased().hasSuffix(ending) },
      announced: await probes.announcedSize(of: domain),
      ownLimit: ByteCount.read(await settings()["message_size_limit"] ?? ""),
      headers: await headers(of: id)
    ).verdict(time: host.now())
  }

  private func use(_ command: LookCommand) async -> Int? {
    guard let result = try? await host.look(command) else { return nil }
    return DiskTable.usedPercent(result.output)
  }

  /// The last line of Exim's log that mentions the start of a queue run.
  private func lastQueueRun() async -> Int64? {
    let tail: Int64 = 1 << 20
    guard let path = system.logFiles.first, let status = try? await host.status(ofFile: path),
      let bytes = try? await host.read(
        file: path, from: max(0, status.size - tail), count: Int(tail))
    else { return nil }
    let grammar = LogGrammar(now: host.now(), zone: host.zone)
    for line in bytes.split(separator: UInt8(ascii: "\n")).reversed() {
      // "Start queue run: pid=4242 -qff": after the stamp, so a forged one inside a line does not count.
      let text = String(decoding: line.prefix(80), as: UTF8.self)
      guard text.dropFirst(19).prefix(36).contains(" Start queue run:") else { continue }
      let bytes = Array(line)
      return grammar.time(of: bytes.span)
    }
    return nil
  }
}

enum ByteCount {
  /// Reads `52428800` or `50M` (Exim's K, M, G); nil for 0, which is no limit, and for an expansion.
  static func read(_ text: String) -> Int? {
    let shift = ["K": 10, "M": 20, "G": 30][text.last?.uppercased() ?? ""]
    guard let number = Int(shift == nil ? text : String(text.dropLast())),
      number > 0, number < 1 << 32 || shift == nil
    else { return nil }
    return number << (shift ?? 0)
  }
}
