// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import TestSupport
import Testing

extension OnScreen {
  /// What `tempfail watch` and everything that it runs asks of the kernel, under `strace`.
  @Suite(
    .tags(.lab), .enabled(if: Lab.isRunning, "make test starts the lab, as root"),
    .enabled("needs strace") { access("/usr/bin/strace", X_OK) == 0 })
  struct LabWatch {
    private static let tracer = "/usr/bin/strace"
    private static let trace = "/run/tempfail-lab/trace"
    private static let calls =
      "execve,connect,open,openat,openat2,creat,rename,renameat,renameat2,unlink,unlinkat,mkdir,"
      + "mkdirat,rmdir,link,linkat,symlink,symlinkat,chmod,fchmodat,chown,lchown,fchownat,truncate,"
      + "mknod,mknodat"

    /// The programs that may run, each with the first arguments that only read.
    private static let programs: [String: Set<String>] = [
      "tempfail": ["watch"], "exim4": ["-bp", "-bP", "-bV", "-Mvh", "-Mvb", "-Mvl", "-brt", "-bt"],
      "exim_dumpdb": ["/var/spool/exim4"], "postqueue": ["-j", "-p"], "postconf": ["-x", "-M"],
      "postmap": ["-q", "-s"],
      "postcat": ["-qe", "-qh", "-qb", "-qod"], "dig": ["+noall"], "swaks": ["--server"],
      // Of the checks, which the random keys run now and then.
      "ps": ["-ww"], "df": ["-P"], "ip": ["-o"], "ping": ["-n"], "traceroute": ["-n"],
      "tracepath": ["-n"], "openssl": ["s_client"],
    ]
    /// Sockets through which nothing is changed: `showq` lists the queue, the others log and look up.
    private static let sockets = [
      "public/showq", "public/postlog", "/dev/log", "/nscd/socket", "/run/systemd/",
    ]
    /// What may be opened for writing: names of threads, and the terminal.
    private static let writable = ["/proc/self/task/", "/dev/null", "/dev/tty", "/dev/pts/"]

    private static let keys = [
      "d", "H", "R", "b", "Q", "u", "r", "x", "V", "*", "Space", "Enter", "Tab", "Escape", "j", "k",
      "f", "a", "g", "s", "1", "2", "3", "4", "F5", "DC", "[", "]", "y", "n",
    ]

    @Test(arguments: LabMTA.allCases) func nothingIsChanged(_ mta: LabMTA) async throws {
      let address = Lab.address("traced", mta, at: "full.test")
      try await Lab.send(through: mta, to: address)
      try await mta.hasPutOff([address])
      let seed = UInt64.random(in: 0...UInt64.max)
      print("seed \(seed)")
      var generator = SeededGenerator(seed: seed)
      let command = [
        Place.lab("enter"), Self.tracer, "-f", "-s", "500", "-o", Self.trace, "-e",
        "trace=" + Self.calls, Place.program, "watch", "--mta", mta.rawValue, "--refresh", "1",
      ]
      try await Pane.running(command) { pane in
        try await pane.waits(for: "full.test")
        // One opened message for certain, whatever the random keys do.
        try await pane.press("Enter")
        try await pane.waits(for: "the message") {
          $0.shows("Message log") || $0.shows("Headers")
        }
        try await pane.press("Escape")
        for _ in 0..<60 {
          try await pane.press(try #require(Self.keys.randomElement(using: &generator)))
        }
        for _ in 0..<8 { try await pane.press("Escape") }
        try await pane.press("q")
        #expect(try await pane.exitStatus() == 0)
      }
      let lines = try await Lab.run("enter", ["cat", Self.trace]).split(separator: "\n")
      #expect(lines.contains { $0.contains("execve(") && $0.contains(mta.tool) })
      for line in lines where !line.contains(" = -1 ") && !line.contains("resumed>") {
        #expect(Self.isHarmless(String(line)), "seed \(seed)")
      }
    }

    private static func isHarmless(_ line: String) -> Bool {
      // `123 openat(AT_FDCWD, "/etc/passwd", O_RDONLY) = 3`
      let call = line.drop { $0.isNumber || $0 == " " }
      let strings = call.split(separator: "\"", omittingEmptySubsequences: false).enumerated()
        .filter { !$0.offset.isMultiple(of: 2) }.map { String($0.element) }
      if call.hasPrefix("execve(") {
        guard let program = strings.first?.split(separator: "/").last, strings.count > 2 else {
          return false
        }
        // A conversation must end before there is a message.
        let ends = program != "swaks" || strings.dropFirst(2).contains("--quit-after")
        return ends && programs[String(program)]?.contains(strings[2]) == true
      }
      if call.hasPrefix("connect(") {
        return !call.contains("AF_UNIX") || sockets.contains { strings.first?.contains($0) == true }
      }
      if call.hasPrefix("open") {
        return !["O_WRONLY", "O_RDWR", "O_CREAT", "O_TRUNC"].contains { call.contains($0) }
          || writable.contains { strings.first?.hasPrefix($0) == true }
      }
      // Everything else that is traced changes files; exits and signals are no calls.
      return call.hasPrefix("+++") || call.hasPrefix("---")
    }
  }
}

extension LabMTA {
  /// The program that lists its queue.
  fileprivate var tool: String {
    switch self {
    case .exim: "exim4"
    case .postfix: "postqueue"
    }
  }
}
