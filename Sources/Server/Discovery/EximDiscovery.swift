// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes
import Glibc
import MailServer

/// Asks Exim where its spool and its log are.
struct EximDiscovery<H: Host>: Sendable {
  let host: H
  let exim: String

  /// Where distributions put the main log, for an Exim that does not say: Debian, cPanel, RHEL, FreeBSD.
  static var usualLogs: [String] {
    [
      "/var/log/exim4/mainlog", "/var/log/exim_mainlog", "/var/log/exim/main.log",
      "/var/log/exim/mainlog",
    ]
  }

  func candidate() async -> Discovery.Candidate {
    let options = ParameterList(
      await output(
        .eximOptions(
          exim, ["spool_directory", "log_file_path", "pid_file_path", "syslog_processname"])))
    let spool = options["spool_directory"] ?? "/var/spool/exim"
    let routers = await output(.eximRouters(exim))
    let routing = EximRouting(
      routers: routers, transports: routers.isEmpty ? [] : await output(.eximTransports(exim)))
    let system = MailSystem(
      tools: .exim(exim: exim), version: Self.version(await output(.eximVersion(exim))),
      spool: spool,
      logs: [
        await log(
          named: options["log_file_path"], spool: spool,
          process: options["syslog_processname"] ?? "exim")
      ], relays: routing.relays, routing: routers.isEmpty ? nil : .exim(routing))
    return Discovery.Candidate(
      system: system, processFile: options["pid_file_path"] ?? "\(spool)/exim-daemon.pid")
  }

  /// The main log: what Exim names first, if it is there, or else where it usually is.
  private func log(named value: String?, spool: String, process: String) async -> LogSource {
    let named = Self.mainLogs(value ?? "", spool: spool, date: date())
    var candidates = named + Self.usualLogs
    if named.isEmpty {
      // Only to syslog: what other programs write there is passed over by the grammar.
      candidates = Postfix.usualLogs
    }
    if let existing = await host.firstFile(of: candidates) { return .file(existing) }
    if named.isEmpty, host.executable(["journalctl"]) != nil {
      return .journal(identifiers: [process])
    }
    return .file(named.first ?? candidates[0])
  }

  private typealias Postfix = PostfixDiscovery<H>

  /// Today there, as `YYYYMMDD`.
  private func date() -> String {
    let now = host.now()
    var local = time_t(now + Int64(host.utcOffset(at: now)))
    var fields = tm()
    gmtime_r(&local, &fields)
    let date = (Int(fields.tm_year) + 1900) * 10_000 + (Int(fields.tm_mon) + 1) * 100
    return String(date + Int(fields.tm_mday))
  }

  /// The files of `log_file_path` (Exim specification, "Log files"): a list in which `syslog` is no file, an
  /// empty item is the compiled-in or usual place, `%s` is the kind of log and `%D`, `%M` a date.
  ///
  /// - Parameter date: today as `YYYYMMDD`.
  static func mainLogs(_ value: String, spool: String, date: String) -> [String] {
    let items = value.split(separator: ":", omittingEmptySubsequences: false).map(\.trimmed)
    return items.compactMap { item in
      if item == "syslog" { return nil }
      if item.isEmpty { return "\(spool)/log/mainlog" }
      return replacing(["s": "main", "D": date, "M": String(date.prefix(6))], in: item)
    }
  }

  private static func replacing(_ values: [Character: String], in text: String) -> String {
    var result = ""
    var rest = text[...]
    while let character = rest.popFirst() {
      if character == "%", let value = rest.first.flatMap({ values[$0] }) {
        result += value
        rest.removeFirst()
      } else {
        result.append(character)
      }
    }
    return result
  }

  /// The version in `Exim version 4.96 #2 built …`.
  static func version(_ output: [UInt8]) -> String? {
    let words = output.prefix { $0 != UInt8(ascii: "\n") }.split(separator: UInt8(ascii: " "))
    guard words.count > 2, words[0].elementsEqual("Exim".utf8) else { return nil }
    return String(decoding: words[2], as: UTF8.self)
  }

  private func output(_ command: LookCommand) async -> [UInt8] {
    (try? await host.look(command))?.output ?? []
  }
}
