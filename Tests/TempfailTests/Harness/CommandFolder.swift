// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A folder in which documented commands run: with logs, a record, and settings of its own.
final class CommandFolder: Sendable {
  private let path: String

  /// A mail server that is a script, and prints what a real one of the lab printed.
  private static func scripts(of mta: LabMTA) -> [(name: String, lines: String)] {
    switch mta {
    case .exim:
      [
        (
          "exim4",
          """
          case $1 in
          -bV) echo 'Exim version 4.96 #2 built 29-Jul-2024 19:37:51';;
          -bP) echo "spool_directory = $folder"; echo "log_file_path = $folder/%slog";;
          -bp) cat "$folder/listing";;
          -Mvl) [ ! -e "$folder/hangs" ] || exec sleep 300;;
          esac
          """
        )
      ]
    case .postfix:
      [
        ("postqueue", "cat \"$folder/listing\""),
        (
          "postconf",
          """
          echo 'mail_version = 3.7.11'
          echo "queue_directory = $folder"; echo "maillog_file = $folder/mail.log"
          """
        ),
      ]
    }
  }

  /// - Parameter mta: the mail server that is played; nil for none.
  init(playing mta: LabMTA? = nil) throws {
    var template = Array("/tmp/tempfail-docs-XXXXXX\0".utf8CString)
    guard let made = mkdtemp(&template) else { throw NeverHappened(what: "a folder", instead: "") }
    path = String(cString: made)
    for (name, fixture) in [
      ("mail.log", "postfix-mail.log"), ("mainlog", "exim-mainlog.txt"),
      ("fault.record", "records/exim.record"),
      ("listing", mta == .exim ? "exim-bp.txt" : "postqueue-j.txt"),
    ] {
      write(contents(of: Place.fixture(fixture)) ?? "", to: name)
    }
    for script in mta.map(Self.scripts) ?? [] {
      write("#!/bin/sh\nfolder='\(path)'\n\(script.lines)\n", to: script.name)
      chmod("\(path)/\(script.name)", 0o700)
    }
  }

  deinit {
    for name in Place.files(in: path) { unlink("\(path)/\(name)") }
    rmdir(path)
  }

  /// Lets the mail server give no answer on a message's own log.
  func hang() { write("", to: "hangs") }

  /// Takes away what the log says.
  func forgetLog() { for name in ["mail.log", "mainlog"] { write("", to: name) } }

  private func write(_ text: String, to name: String) {
    guard let file = fopen("\(path)/\(name)", "w") else { return }
    fputs(text, file)
    fclose(file)
  }

  /// Whether the machine has its own mail server.
  static let machineHasServer = ["exim", "exim4", "postqueue"].contains { name in
    ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"].contains {
      access("\($0)/\(name)", F_OK) == 0
    }
  }

  var variables: [String: String] {
    ["XDG_CONFIG_HOME": path, "XDG_STATE_HOME": path, "PATH": "\(path):/usr/bin:/bin"]
  }

  var environment: [String: String?] {
    var environment: [String: String?] = [:]
    for (name, value) in variables { environment[name] = value }
    return environment
  }

  /// The command for a shell: with the files here, and as the user that runs the test.
  func line(_ command: WrittenCommand) -> String {
    var preparation = "cd '\(path)' && gzip --stdout mail.log > mail.log.2.gz"
    var program = "'\(Place.program)'"
    if command.name == "record" {
      preparation += " && rm fault.record"
      // It would go on for a minute. Without --foreground, timeout(1) sends the signal twice, and the second one ends the
      // program at once.
      program = "timeout --foreground -s INT --preserve-status 10 \(program)"
    }
    var call = command.before + program + command.arguments.map { " " + $0 }.joined()
    call.replace("/var/log/", with: "\(path)/")
    call.replace("postqueue -j", with: "cat listing")
    return "\(preparation) && \(call)"
  }
}
