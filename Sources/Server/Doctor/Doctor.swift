// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

package import Guidance
package import MailServer

/// Looks at everything that Tempfail needs on a host, and changes nothing.
package struct Doctor: Sendable {
  let host: any Host
  private let mta: MTA?
  private let logs: [String]
  private let readOnlyReason: String?

  /// - Parameters:
  ///   - mta: the one to look at; nil for whichever is there.
  ///   - logs: log files to read instead of those that the MTA names.
  ///   - readOnlyReason: why nothing may be changed, or nil.
  package init(on host: any Host, mta: MTA?, logs: [String], readOnlyReason: String?) {
    self.host = host
    self.mta = mta
    self.logs = logs
    self.readOnlyReason = readOnlyReason
  }

  /// How it stands with each need, in the order of `Need`; a log of several has its own report.
  package func examine() async -> [NeedReport] {
    let family = await host.systemFamily()
    return await server(family) + [await sockets()] + tools(family)
  }

  // MARK: - The mail server

  private func server(_ family: SystemFamily) async -> [NeedReport] {
    let candidates = await Discovery.candidates(on: host, mta: nil)
    let wanted = candidates.filter { mta == nil || $0.system.mta == mta }
    guard let chosen = await Discovery.liveliest(of: wanted, on: host) else {
      return [await Discovery.whyNone(on: host, mta: mta)]
    }
    var system = chosen.system
    if !logs.isEmpty { system.logs = logs.map { .file($0) } }
    let others = candidates.map(\.system.mta).filter { $0 != system.mta }.map {
      "\($0.name) (tempfail --mta \($0.rawValue))"
    }
    let instances = await instances(of: system)
    var reports: [NeedReport] = [
      .mta(words(for: system), hasVersion: system.version != nil, others: others + instances)
        .naming(passedOver: host.passedOver(MailTools.names(for: system.mta))),
      await daemon(chosen),
    ]
    let (queue, listing) = await queue(of: system)
    reports.append(queue)
    reports.append(await retryTimes(of: system, listing, family))
    reports.append(await acts(on: system))
    let isUnused = listing?.count == 0
    for source in system.logs {
      reports += await LogExamination(host, system, source, isUnused: isUnused).reports()
    }
    return reports
  }

  private func words(for system: MailSystem) -> String {
    let name = [system.mta.name, system.version].compactMap { $0 }.joined(separator: " ")
    let tool =
      switch system.tools {
      case .exim(let exim): exim
      case .postfix(let postqueue, _, _, _): postqueue
      }
    let instance = system.instance.map { ", instance \($0)" } ?? ""
    return "\(name), \(tool), spool \(system.spool)\(instance)"
  }

  /// Other instances of Postfix (MULTI_INSTANCE_README), each with how it is read.
  private func instances(of system: MailSystem) async -> [String] {
    guard case .postfix(_, let postconf?, _, _) = system.tools,
      let answer = try? await host.look(
        .postfixParameters(postconf, ["multi_instance_directories"]))
    else { return [] }
    let folders = ParameterList(answer.output)["multi_instance_directories"] ?? ""
    return folders.split { $0 == " " || $0 == "," }.map {
      "another instance (MAIL_CONFIG=\($0) tempfail)"
    }
  }

  private func daemon(_ candidate: Discovery.Candidate) async -> NeedReport {
    let isRunning = await Discovery.isRunning(candidate, on: host)
    return .daemon(
      candidate.system.mta, isRunning: isRunning,
      start: await Discovery.start(candidate.system, on: host), host.reader,
      hasPS: host.executable(["ps"]) != nil, await host.systemFamily())
  }

  private func queue(of system: MailSystem) async -> (NeedReport, QueueListing?) {
    let reader = QueueReader(host: host, system: system)
    do throws(SourceFailure) {
      let listing = try await reader.listing().listing
      return (.queue(count: listing.count, leftOut: await reader.leftOut()), listing)
    } catch {
      return (error.report ?? .queue(error.problem), nil)
    }
  }

  private func retryTimes(
    of system: MailSystem, _ listing: QueueListing?, _ family: SystemFamily
  ) async -> NeedReport {
    let access: NeedReport.RetryTimesAccess =
      switch system.mta {
      case .exim: await eximRetryRecords(in: system.spool)
      // Its folders are open to postfix and root alone.
      case .postfix:
        host.user.isRoot ? .readable(records: listing?.count ?? 0) : .forbidden(group: nil)
      }
    return .retryTimes(system.mta, access, host.reader, family)
  }

  private func eximRetryRecords(in spool: String) async -> NeedReport.RetryTimesAccess {
    guard let dumpdb = host.executable(["exim_dumpdb"]) else { return .noTool }
    let command = LookCommand.eximRetryRecords(dumpdb, spool: spool)
    do throws(HostFailure) {
      let result = try await host.look(command)
      switch result.failure {
      case nil:
        return .readable(
          records: EximRetryRecord.records(in: result.output, zone: host.zone).count)
      // Before the first deferral there is no such file.
      case .gone: return .readable(records: 0)
      case .denied: return .forbidden(group: await host.group(mayReadFile: spool))
      default: return .failed("\(command.words) exited with status \(result.status).")
      }
    } catch {
      return .failed(SourceFailure(error, doing: command.words).problem.what)
    }
  }

  private func acts(on system: MailSystem) async -> NeedReport {
    let tools = MailTools.find(on: host, for: system.mta, spool: system.spool, usesSudo: true)
    let permissions = await Permissions.probe(
      on: host, mta: system.mta, version: system.version, tools: tools)
    if let path = tools.passedOver.values.min() { return .passedOver(.acts, path) }
    var problems: [Act: Problem] = [:]
    for act in Act.allCases { problems[act] = permissions.problem(with: act) }
    var example: String?
    for path in Self.sudoersExamples(system.mta) where example == nil {
      if (try? await host.status(ofFile: path)) != nil { example = path }
    }
    return .acts(
      problems: problems, readOnlyReason: readOnlyReason, host.reader, sudoersExample: example)
  }

  /// Where a package and `make install` put the file that lets a group act through sudo.
  private static func sudoersExamples(_ mta: MTA) -> [String] {
    ["/usr", "/usr/local"].map {
      "\($0)/share/doc/tempfail/examples/sudoers/\(mta.rawValue)"
    }
  }

  // MARK: - The system

  private func sockets() async -> NeedReport {
    do throws(HostFailure) {
      let (connections, note) = try await host.connections()
      return .sockets(count: connections.count, note: note)
    } catch {
      return .sockets(SourceFailure(error, doing: "Reading the sockets").problem)
    }
  }

  private func tools(_ family: SystemFamily) -> [NeedReport] {
    [
      tool(.dig, .dig, ["dig"], family), tool(.swaks, .swaks, ["swaks"], family),
      tool(.path, .traceroute, ["traceroute", "tracepath"], family),
    ]
  }

  private func tool(
    _ need: Need, _ tool: Tool, _ names: [String], _ family: SystemFamily
  ) -> NeedReport {
    let passedOver = host.passedOver(names)
    let found = host.executable(names)
    if found == nil, let path = passedOver.first { return .passedOver(need, path) }
    return .tool(need, tool, found: found, family).naming(passedOver: passedOver)
  }
}
