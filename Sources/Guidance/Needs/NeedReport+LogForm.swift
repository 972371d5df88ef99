// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

package import MailServer

extension LogTally {
  /// `0 of 812 lines understood`, and whose log it looks like; nil if the log is understood or holds no line.
  ///
  /// - Parameter mta: whose log it should be; nil for either.
  package func complaint(as mta: MTA?) -> String? {
    guard isUnderstood(as: mta) == false else { return nil }
    let count = "\(understood(as: mta)) of \(lines) \(lines == 1 ? "line" : "lines") understood"
    if let other = other(than: mta) {
      return "\(count); this looks like \(other.name)'s log: --mta \(other.rawValue)"
    }
    if isOthers { return "\(count); all are from other programs" }
    return "\(count); this is not a known log format of \(mta?.name ?? "Exim or Postfix")"
  }
}

extension NeedReport {
  /// A log that can be read, of which little or nothing is understood; nil if it is.
  ///
  /// - Parameter mta: whose log it should be.
  package static func logForm(_ name: String, _ tally: LogTally, of mta: MTA) -> NeedReport? {
    // Another program may write to the same syslog while the MTA is quiet.
    guard let complaint = tally.complaint(as: mta), !tally.isOthers else { return nil }
    let what = "\(name): \(complaint)."
    if let other = tally.other(than: mta) {
      return NeedReport(
        .log, .wrong, what,
        remedy: "Give the log of \(mta.name) with --log PATH, or read \(other.name):",
        command: "tempfail --mta \(other.rawValue)")
    }
    return NeedReport(
      .log, .wrong, what,
      remedy: "Deferrals in it are not seen. Give the right log with --log PATH.")
  }

  /// A log that can be read and holds nothing.
  package static func logEmpty(_ name: String) -> NeedReport {
    .fine(.log, "\(name) is readable and empty: nothing has been logged since it was created.")
  }

  /// A log that can be read, with lines of other programs only.
  package static func logQuiet(_ name: String, _ tally: LogTally, of mta: MTA) -> NeedReport {
    .fine(
      .log,
      "\(name) is readable; none of the last \(tally.lines) lines is from \(mta.name).")
  }

  /// The systemd journal if there is none.
  ///
  /// - Parameter canStart: whether systemd runs there, which alone keeps one.
  package static func noJournal(canStart: Bool) -> NeedReport {
    canStart
      ? NeedReport(
        .log, .missing,
        "There is no systemd journal here: systemd-journald stores none or is not running.",
        remedy: "Start it, or let the mail server write a log file and give it with --log PATH:",
        command: "systemctl start systemd-journald")
      : NeedReport(
        .log, .missing, "There is no systemd journal here: systemd is not running.",
        remedy: "Let the mail server write a log file and give it with --log PATH.")
  }
}
