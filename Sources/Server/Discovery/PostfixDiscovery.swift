// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer

/// Asks Postfix where its queue and its log are.
struct PostfixDiscovery<H: Host>: Sendable {
  let host: H
  let postqueue: String

  /// Where syslog daemons put the mail facility: Debian, RHEL and the BSDs.
  static var usualLogs: [String] { ["/var/log/mail.log", "/var/log/maillog"] }

  /// The programs whose lines mention deferrals, refusals and ends (`syslog_name` is before them).
  static var programs: [String] {
    [
      "smtp", "lmtp", "relay/smtp", "error", "retry", "local", "virtual", "pipe", "discard", "qmgr",
      "bounce", "smtpd", "submission/smtpd", "smtps/smtpd", "postscreen", "master", "anvil",
      "cleanup", "pickup", "postsuper",
    ]
  }

  func candidate() async -> Discovery.Candidate {
    let postconf = host.executable(["postconf"])
    var output: [UInt8] = []
    if let postconf {
      let command = LookCommand.postfixParameters(
        postconf,
        [
          "mail_version", "queue_directory", "maillog_file", "syslog_name", "multi_instance_name",
          "minimal_backoff_time", "maximal_backoff_time", "hash_queue_depth",
        ])
      output = (try? await host.look(command))?.output ?? []
    }
    let parameters = ParameterList(output)
    let postmap = host.executable(["postmap"])
    let routing = await routing(postconf)
    let queue = parameters["queue_directory"] ?? "/var/spool/postfix"
    let system = MailSystem(
      tools: .postfix(
        postqueue: postqueue, postconf: postconf, postcat: host.executable(["postcat"]),
        postsuper: host.executable(["postsuper"])),
      version: parameters["mail_version"], spool: queue,
      instance: parameters["multi_instance_name"],
      logs: [
        await log(
          named: parameters["maillog_file"], syslogName: parameters["syslog_name"] ?? "postfix")
      ],
      backoff: PostfixBackoff(
        minimal: parameters["minimal_backoff_time"].flatMap(Self.seconds) ?? 300,
        maximal: parameters["maximal_backoff_time"].flatMap(Self.seconds) ?? 4000),
      relays: await relays(of: routing, postmap),
      routing: routing.map { .postfix($0, postmap: postmap) },
      hashDepth: parameters["hash_queue_depth"].flatMap(Int.init) ?? 1)
    return Discovery.Candidate(system: system, processFile: "\(queue)/pid/master.pid")
  }

  private func routing(_ postconf: String?) async -> PostfixRouting? {
    guard let postconf else { return nil }
    let names = PostfixRouting.parameters.compactMap { ParameterName($0) }
    guard let result = try? await host.look(.postfixParameters(postconf, names)) else { return nil }
    let services = try? await host.look(.postfixServices(postconf))
    return PostfixRouting(
      ParameterList(result.output).values, services: PostfixServices(services?.output ?? []))
  }

  /// Bytes of a table of patterns that are read: no admin writes more by hand.
  private static var patternLimit: Int { 1 << 20 }

  /// What stands at the ends that the settings name, and those in tables that can be read as a whole.
  private func relays(of routing: PostfixRouting?, _ postmap: String?) async -> Relays {
    guard let routing else { return Relays() }
    var relays = routing.relays
    for table in routing.tables {
      relays = relays.joined(with: await self.relays(in: table, of: routing, postmap))
    }
    return relays
  }

  private func relays(
    in table: PostfixRouting.Table, of routing: PostfixRouting, _ postmap: String?
  ) async -> Relays {
    if let path = table.patternFile {
      guard let text = try? await host.read(file: path, from: 0, count: Self.patternLimit),
        text.count < Self.patternLimit
      else { return routing.relays(inUnread: table) }
      return routing.relays(inTable: table, patterns: text)
    }
    guard table.canBeRead, let postmap,
      let result = try? await host.look(.postfixTable(postmap, table)), result.status == 0
    else { return routing.relays(inUnread: table) }
    return routing.relays(inTable: table, result.output)
  }

  /// A time of postconf(5): `300s`, `1h`; seconds where no unit stands.
  static func seconds(_ value: String) -> Int64? {
    let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800]
    let unit = value.last.flatMap { units[$0] }
    guard let number = Int64(unit == nil ? value : String(value.dropLast())) else { return nil }
    let (seconds, overflows) = number.multipliedReportingOverflow(by: unit ?? 1)
    return overflows || seconds < 0 ? nil : seconds
  }

  private func log(named value: String?, syslogName: String) async -> LogSource {
    // In a container it is /dev/stdout, which cannot be read again.
    if let value, !value.hasPrefix("/dev/") { return .file(value) }
    if let existing = await host.firstFile(of: Self.usualLogs) { return .file(existing) }
    if host.executable(["journalctl"]) != nil {
      return .journal(identifiers: Self.programs.map { "\(syslogName)/\($0)" })
    }
    return .file(Self.usualLogs[0])
  }
}

extension Host {
  /// The first of these files that is there, or may be there where we must not look.
  func firstFile(of paths: [String]) async -> String? {
    for path in paths {
      do throws(HostFailure) {
        if try await status(ofFile: path) != nil { return path }
      } catch {
        if case .notPermitted = error { return path }
      }
    }
    return nil
  }
}
