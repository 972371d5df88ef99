// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer

/// Whether an MTA's daemon is running, from its own processes.
///
/// What listens on port 25 may be another program, and the number in a file may be another process's by now.
extension Discovery {
  /// The contents of the daemon's process ID file.
  private enum Witness {
    case runs
    /// There is no file, or its number is nobody's, or another program's.
    case gone
    /// The file or the process cannot be seen.
    case hidden
  }

  /// Nil if it cannot be seen.
  static func isRunning(_ candidate: Candidate, on host: some Host) async -> Bool? {
    let mta = candidate.system.mta
    let witness = await witness(candidate.processFile, of: mta, on: host)
    if witness == .runs { return true }
    switch mta {
    // master(8) locks that file and keeps it while it runs: who sees it needs nothing else.
    case .postfix where witness == .gone: return false
    case .postfix:
      guard let processes = await host.mailProcesses() else { return nil }
      if processes.hasPostfix {
        // Of which instance is not to be seen from outside.
        return candidate.system.instance == nil ? true : nil
      }
      return processes.seesAll ? false : nil
    case .exim:
      // It writes no file if it uses another port (-oX), or does not listen.
      guard let processes = await host.mailProcesses() else { return nil }
      if !processes.eximDaemons.isEmpty { return true }
      return processes.seesAll ? false : nil
    }
  }

  private static func witness(
    _ file: String, of mta: MTA, on host: some Host
  ) async -> Witness {
    do throws(HostFailure) {
      let text = try await host.read(file: file, from: 0, count: 32)
      let digits = text.drop { $0 == 0x20 }.prefix { (0x30...0x39).contains($0) }
      guard let process = Int(String(decoding: digits, as: UTF8.self)) else { return .gone }
      if let name = await name(of: process, on: host) {
        return names(of: mta).contains(name) ? .runs : .gone
      }
      // Where not even the first process is seen, an absent one says nothing.
      return await name(of: 1, on: host) == nil ? .hidden : .gone
    } catch .missing {
      return .gone
    } catch {
      return .hidden
    }
  }

  /// The names that the kernel has for the daemon's process.
  private static func names(of mta: MTA) -> Set<String> {
    switch mta {
    case .exim: ["exim", "exim4"]
    case .postfix: ["master"]
    }
  }

  /// What proc(5) says in /proc/PID/comm.
  private static func name(of process: Int, on host: some Host) async -> String? {
    guard let text = try? await host.read(file: "/proc/\(process)/comm", from: 0, count: 64)
    else { return nil }
    return String(decoding: text.prefix { $0 != 0x0A }, as: UTF8.self)
  }
}

extension Discovery {
  /// The command that starts an MTA there.
  static func start(_ system: MailSystem, on host: some Host) async -> String {
    guard case .exim(let exim) = system.tools else { return "postfix start" }
    let name = exim.hasSuffix("4") ? "exim4" : "exim"
    if host.executable(["systemctl"]) != nil, await host.runsSystemd {
      return "systemctl start \(name)"
    }
    if (try? await host.ownership(ofFile: "/etc/init.d/\(name)")) != nil {
      // Each runs what is in /etc/init.d; OpenRC's is the one of Alpine and Gentoo.
      if host.executable(["rc-service"]) != nil { return "rc-service \(name) start" }
      if host.executable(["service"]) != nil { return "service \(name) start" }
    }
    // A container that starts nothing on its own: the daemon with its queue runner.
    return "\(exim) -bd -q30m"
  }
}

extension Host {
  /// Whether systemd is the init there, by what sd_booted(3) looks at: that systemctl is installed says nothing.
  var runsSystemd: Bool {
    get async { (try? await ownership(ofFile: "/run/systemd/system")) != nil }
  }

  /// The processes of mail servers; nil if there is no ps(1) that can tell.
  func mailProcesses() async -> ProcessTable? {
    guard let ps = executable(["ps"]), let result = try? await look(.mailProcesses(ps)),
      result.status == 0
    else { return nil }
    return ProcessTable(result.output)
  }
}
