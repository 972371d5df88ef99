// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

package import MailServer

extension NeedReport {
  /// The exact times of the next attempts.
  package enum RetryTimesAccess: Hashable, Sendable {
    /// Of this many records.
    case readable(records: Int)
    case noTool
    /// To Postfix's deferred queue, or Exim's retry database.
    case forbidden(group: String?)
    case failed(String)
  }

  package static func retryTimes(
    _ mta: MTA, _ access: RetryTimesAccess, _ reader: Reader, _ family: SystemFamily
  ) -> NeedReport {
    let instead = "Next attempts are estimated from the log."
    switch (access, mta) {
    case (.readable(let records), .exim):
      return .fine(.retryTimes, "Exim's retry database is readable: \(records) records.")
    case (.readable, .postfix):
      return .fine(.retryTimes, "The timestamps of Postfix's deferred files are readable.")
    case (.noTool, _):
      let command = Tool.eximDumpdb.installation(on: family)
      return NeedReport(
        .retryTimes, .missing, "exim_dumpdb is not installed. \(instead)",
        remedy: command == nil ? "Install Exim's utilities." : "Install it:", command: command)
    case (.forbidden(let group), .exim):
      let entrance = reader.entrance(by: group)
      return NeedReport(
        .retryTimes, .notPermitted,
        "\(reader.user) may not read Exim's retry database. \(instead)", remedy: entrance.remedy,
        command: entrance.command)
    case (.forbidden, .postfix):
      return NeedReport(
        .retryTimes, .notPermitted,
        "Only root can read the timestamps of Postfix's deferred files. \(instead)",
        remedy: "Run Tempfail as root:", command: "sudo tempfail")
    case (.failed(let words), _):
      return NeedReport(
        .retryTimes, .wrong, "\(words) \(instead)",
        remedy: "Run the command by hand for details.")
    }
  }

  /// The table of TCP sockets.
  ///
  /// - Parameter note: what could not be seen of it.
  package static func sockets(count: Int, note: String?) -> NeedReport {
    let seen = count == 1 ? "1 connection" : "\(count) connections"
    return .fine(
      .sockets,
      "The kernel's socket tables are readable: \(seen) on port 25."
        + (note.map { " Note: \($0)." } ?? ""))
  }

  package static func sockets(_ problem: Problem) -> NeedReport {
    NeedReport(.sockets, .missing, problem.what, remedy: problem.remedy)
  }

  /// A program for checks.
  ///
  /// - Parameter found: its path.
  package static func tool(
    _ need: Need, _ tool: Tool, found: String?, _ family: SystemFamily
  ) -> NeedReport {
    if let found { return .fine(need, "\(found) \(tool.use).") }
    let command = tool.installation(on: family)
    return NeedReport(
      need, .missing, "\(tool.rawValue) is not installed; it \(tool.use).",
      remedy: command == nil ? "Install it with your package manager." : "Install it:",
      command: command)
  }

  /// That root does not run what others could have put there.
  package static func passedOver(_ need: Need, _ path: String) -> NeedReport {
    NeedReport(
      need, .notPermitted, passedOverWords(path),
      remedy: "Make the file and every directory above it writable only by root:",
      command: "namei -l \(ShellWord.quoted(path))")
  }

  /// The same as a sentence.
  package static func passedOverWords(_ path: String) -> String {
    "\(path) is not run as root: other users could have written it."
  }

  /// The same, which also names what was passed over for another one.
  package func naming(passedOver paths: [String]) -> NeedReport {
    var report = self
    report.what = ([what] + paths.map(Self.passedOverWords)).joined(separator: " ")
    return report
  }

  /// What the terminal can do.
  package struct TerminalFacts: Hashable, Sendable {
    /// The value of TERM.
    package var name: String
    /// Whether standard input and output are one.
    package var isTerminal: Bool
    /// Whether the machine knows its type, or one that it resembles.
    package var isKnown: Bool
    /// Whether its cursor can be moved.
    package var movesCursor: Bool
    /// The type by which it is driven, where the machine does not know its own.
    package var substitute: String?
    package var colors: Int
    package var isUTF8: Bool
    package var columns: Int
    package var rows: Int

    package init(
      name: String, isTerminal: Bool, isKnown: Bool, movesCursor: Bool = true,
      substitute: String? = nil, colors: Int, isUTF8: Bool, columns: Int, rows: Int
    ) {
      self.name = name
      self.isTerminal = isTerminal
      self.isKnown = isKnown
      self.movesCursor = movesCursor
      self.substitute = substitute
      self.colors = colors
      self.isUTF8 = isUTF8
      self.columns = columns
      self.rows = rows
    }
  }

  /// The smallest size at which all four panes are of use.
  private static let usefulSize = (columns: 80, rows: 24)

  package static func terminal(_ facts: TerminalFacts) -> NeedReport {
    guard facts.isTerminal else {
      return NeedReport(
        .terminal, .missing, "Not a terminal, which the dashboard needs.",
        remedy: "Over SSH, request one:", command: "ssh -t HOST tempfail")
    }
    guard facts.isKnown else {
      return NeedReport(
        .terminal, .missing, "This machine does not know the terminal type TERM=\(facts.name).",
        remedy: "Try a common one:", command: "TERM=xterm tempfail")
    }
    guard facts.movesCursor else {
      return NeedReport(
        .terminal, .missing,
        "The terminal type TERM=\(facts.name) cannot move the cursor.",
        remedy: "Print line by line:", command: "tempfail --plain")
    }
    let colors =
      facts.colors == 0
      ? "no colors" : "\(facts.colors >= 1 << 20 ? "millions of" : "\(facts.colors)") colors"
    let words =
      "\(facts.name)\(facts.substitute.map { " (unknown here; driven as \($0))" } ?? ""), "
      + "\(facts.columns)x\(facts.rows), \(colors), "
      + (facts.isUTF8 ? "UTF-8" : "no UTF-8: lines are drawn in ASCII")
    guard facts.isUTF8 else {
      return NeedReport(
        .terminal, .wrong, "\(words).", remedy: "If the terminal supports UTF-8:",
        command: "LC_ALL=C.UTF-8 tempfail")
    }
    guard facts.columns >= usefulSize.columns, facts.rows >= usefulSize.rows else {
      return NeedReport(
        .terminal, .wrong, "\(words): some panes are hidden.",
        remedy: "Make the window at least \(usefulSize.columns)x\(usefulSize.rows).")
    }
    return .fine(.terminal, "\(words).")
  }

  /// Configuration files or themes.
  ///
  /// - Parameters:
  ///   - faults: each with its file and line.
  ///   - words: what is right, where there is no fault.
  package static func files(_ need: Need, faults: [String], words: String) -> NeedReport {
    guard let first = faults.first else { return .fine(need, words) }
    let more = faults.count > 1 ? " (and \(faults.count - 1) more)" : ""
    return NeedReport(
      need, .wrong, "\(first)\(more)",
      remedy: "Fix that. To see the settings in effect, and every error:",
      command: "tempfail config")
  }

  /// The folder for the audit trail and the saved copies.
  ///
  /// - Parameters:
  ///   - path: nil if there is no home for one.
  ///   - reason: why it cannot be written to.
  package static func state(_ path: String?, reason: String?) -> NeedReport {
    guard let path else {
      return NeedReport(
        .state, .missing,
        "There is no home directory for the audit trail: nothing is changed without one.",
        remedy: "Set HOME or XDG_STATE_HOME.")
    }
    guard let reason else { return .fine(.state, "\(path) is writable.") }
    return NeedReport(
      .state, .notPermitted,
      "\(path) is not writable (\(reason)): nothing can be changed without an audit trail.",
      remedy: "Make this user its owner:", command: "install -d -m 700 \(ShellWord.quoted(path))")
  }
}
