// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Bytes
import Configuration
import Glibc
import Guidance
import MailServer
import Server
import Terminal

struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "What works here, what does not, and the exact command that fixes it.",
    discussion: """
      Checks the mail server, its queue and log, the tools that checks need, the terminal and \
      Tempfail's own files. It changes nothing. Optional items enable more features; the exit \
      status is 1 if anything else needs fixing, and 0 otherwise.

      Examples:
        tempfail doctor
        tempfail doctor --json --mta postfix
        sudo -u ann tempfail doctor   what ann would see
      """)

  @OptionGroup var server: ServerOptions

  @Flag(help: "One JSON object on a line.")
  var json = false

  func run() throws {
    let host = LocalHost()
    let configuration = try Configuration.load(server)
    var reports = waitFor {
      await Doctor(
        on: host, mta: configuration.chosenMTA, logs: configuration.log,
        readOnlyReason: configuration.readOnlyReason
      ).examine()
    }
    reports += OwnNeeds.reports(on: host, configuration)
    let output = Output()
    if json {
      for report in reports { output.json(report.json) }
    } else {
      for line in DoctorText(reports, host: host.name, user: host.user.name).lines {
        output.line(line)
      }
    }
    output.flush()
    if reports.contains(where: \.isFinding) { Glibc.exit(1) }
  }
}

extension NeedReport {
  /// The report as the command-line contract has it.
  var json: JSON {
    [
      "need": .string(need.rawValue), "verdict": .string(verdict.rawValue),
      "required": .bool(need.isRequired), "finding": .string(what),
      "remedy": .string(orNull: remedy.isEmpty ? nil : remedy), "command": .string(orNull: command),
    ]
  }
}

/// The reports as people read them: what is to be fixed stands out, with its command on its own line.
struct DoctorText {
  let lines: [String]

  init(_ reports: [NeedReport], host: String, user: String) {
    var lines = ["Tempfail on \(host), as \(user)", ""]
    let widths = (
      verdict: reports.map { Self.words($0).count }.max() ?? 0,
      need: reports.map(\.need.rawValue.count).max() ?? 0
    )
    for report in reports {
      let verdict = Self.padded(Self.words(report), to: widths.verdict)
      lines.append(
        "\(verdict)  \(Self.padded(report.need.rawValue, to: widths.need))  \(report.what)")
      let margin = String(repeating: " ", count: widths.verdict + widths.need + 4)
      if !report.remedy.isEmpty { lines.append(margin + report.remedy) }
      if let command = report.command { lines.append("\(margin)  \(command)") }
    }
    lines += ["", Self.summary(reports)]
    self.lines = lines
  }

  private static func words(_ report: NeedReport) -> String {
    let verdict = report.verdict.rawValue.map { $0 == "-" ? " " : $0 }
    return String(verdict) + (report.isFinding || report.verdict == .fine ? "" : " (optional)")
  }

  private static func padded(_ text: String, to width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }

  private static func summary(_ reports: [NeedReport]) -> String {
    let findings = reports.filter(\.isFinding).count
    let optional = reports.filter { $0.verdict != .fine && !$0.isFinding }.count
    if findings == 0, optional == 0 { return "Everything is fine." }
    let more = optional == 0 ? "" : " \(optional) optional."
    return findings == 0
      ? "Tempfail works here.\(more)" : "\(findings) to fix before Tempfail works fully.\(more)"
  }
}
