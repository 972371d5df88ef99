// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

package import MailServer

extension NeedReport {
  /// A log that can be read.
  package static func log(_ name: String, words: String = "") -> NeedReport {
    .fine(.log, "\(name) is readable\(words.isEmpty ? "" : ", \(words)").")
  }

  /// A log that is not there.
  ///
  /// - Parameters:
  ///   - discarded: where its lines go instead, such as `/dev/stdout` in a container.
  ///   - isUnused: whether nothing was there to be logged yet, as far as the queue shows.
  package static func noLog(
    _ path: String, of mta: MTA, discarded: String? = nil, isUnused: Bool = false
  ) -> NeedReport {
    if let discarded {
      return NeedReport(
        .log, .missing,
        "Postfix logs to \(discarded), which cannot be read.",
        remedy:
          "If those lines are saved in a file, use --log PATH. Or let Postfix write a log file:",
        command: "postconf -e maillog_file=/var/log/postfix.log && postfix reload")
    }
    let remedy =
      "Tempfail reads it as soon as it exists. If the log is elsewhere, use --log PATH."
    return mta.advice.noLog(path, isUnused: isUnused, remedy: remedy)
  }

  /// A log that this user may not read.
  ///
  /// - Parameter group: who may, beside its owner.
  package static func logForbidden(
    _ path: String, to reader: Reader, group: String?
  ) -> NeedReport {
    let entrance = reader.entrance(by: group)
    return NeedReport(
      .log, .notPermitted, "\(reader.user) may not read \(path).", remedy: entrance.remedy,
      command: entrance.command)
  }

  /// A log that cannot be read for another reason.
  package static func log(_ problem: Problem) -> NeedReport {
    NeedReport(.log, .wrong, problem.what, remedy: problem.remedy)
  }

  /// The time of the last line beside the time at which the file was written.
  ///
  /// - Parameters:
  ///   - last: the line's own time, read as local time of this system where it names no zone; nil
  ///     where no line has one.
  ///   - written: when the file was changed last.
  ///   - utcOffset: seconds east of UTC of the system.
  package static func logClock(
    _ path: String, last: Int64?, written: Int64, utcOffset: Int, now: Int64
  ) -> NeedReport {
    if written > now, written.subtractingReportingOverflow(now).partialValue > 300 {
      return NeedReport(
        .logClock, .wrong, "\(path) has times in the future: this system's clock was set back.",
        remedy: "Set the clock by NTP:", command: "timedatectl set-ntp true")
    }
    guard let last else {
      return .fine(.logClock, "\(path) has no timestamped line yet.")
    }
    // Time zones differ by quarters of an hour; a line is written within seconds.
    let (difference, overflows) = written.subtractingReportingOverflow(last)
    let quarters = overflows ? 0 : (difference >= 0 ? difference + 450 : difference - 449) / 900
    let rest = overflows ? 0 : difference - quarters * 900
    guard !overflows, quarters != 0, abs(rest) <= 120, abs(quarters) <= 14 * 4 else {
      return .fine(.logClock, "The log's times match this system's clock and time zone.")
    }
    let offset = utcOffset - Int(quarters) * 900
    return NeedReport(
      .logClock, .wrong,
      "\(path) is written in \(Self.zone(offset)), this system is set to \(Self.zone(utcOffset)): "
        + "times are \(Self.hours(abs(quarters))) off.",
      remedy: "Run Tempfail in the log's time zone:",
      command: offset == 0 ? "TZ=UTC tempfail" : "TZ=\(Self.posixZone(offset)) tempfail")
  }

  /// `UTC+02:00`.
  private static func zone(_ offset: Int) -> String {
    offset == 0 ? "UTC" : "UTC\(offset < 0 ? "-" : "+")\(clock(offset))"
  }

  /// In POSIX a zone's number counts to the west.
  private static func posixZone(_ offset: Int) -> String {
    "LOG\(offset < 0 ? "" : "-")\(clock(offset))"
  }

  private static func clock(_ offset: Int) -> String {
    let minutes = abs(offset) / 60
    let (hours, rest) = (minutes / 60, minutes % 60)
    return "\(hours < 10 ? "0" : "")\(hours):\(rest < 10 ? "0" : "")\(rest)"
  }

  /// `2 h`, `5 h 30 min`.
  private static func hours(_ quarters: Int64) -> String {
    let (hours, rest) = (quarters / 4, quarters % 4 * 15)
    if rest == 0 { return "\(hours) h" }
    return hours == 0 ? "\(rest) min" : "\(hours) h \(rest) min"
  }

  /// Bytes from which a log that is never rotated is worth a word.
  private static let largeLog: Int64 = 256 << 20

  /// Whether the log is rotated.
  ///
  /// - Parameter older: names of what it was rotated to, oldest first.
  package static func logRotation(_ path: String, size: Int64, older: [String]) -> NeedReport {
    if let latest = older.last {
      return .fine(
        .logRotation,
        older.count == 1
          ? "1 older file: \(latest)." : "\(older.count) older files, the latest \(latest).")
    }
    guard size >= largeLog else { return .fine(.logRotation, "\(path) has not been rotated yet.") }
    return NeedReport(
      .logRotation, .wrong, "\(path) is \(size >> 20) MiB and was never rotated.",
      remedy: "Add it to /etc/logrotate.d, so that it cannot fill the disk, and test:",
      command: "logrotate -d /etc/logrotate.conf")
  }

  /// Who can drop log lines on their way to the log.
  package enum LogCarrier: Hashable, Sendable {
    /// The MTA writes its log itself.
    case itself
    case syslog
    case journal
  }

  /// Whether log lines were dropped of late by a rate limit.
  ///
  /// - Parameter notices: what rsyslog or the journal said of it, the newest last.
  package static func logDrops(_ notices: [String], carrier: LogCarrier, mta: MTA) -> NeedReport {
    guard let notice = notices.last else {
      return .fine(
        .logDrops,
        carrier == .itself
          ? "\(mta.name) writes this log itself: no rate limit drops lines."
          : "The log shows no lines dropped by a rate limit.")
    }
    let (place, line) =
      switch (carrier, notice.contains("imjournal")) {
      case (.journal, _):
        ("in /etc/systemd/journald.conf and restart systemd-journald", "RateLimitBurst=0")
      case (_, true):
        (
          "in /etc/rsyslog.conf and restart rsyslog",
          "module(load=\"imjournal\" Ratelimit.Interval=\"0\")"
        )
      default:
        (
          "in /etc/rsyslog.conf and restart rsyslog",
          "module(load=\"imuxsock\" SysSock.RateLimit.Interval=\"0\")"
        )
      }
    return NeedReport(
      .logDrops, .wrong, "Log lines were dropped, so deferrals are missing here: \(notice)",
      remedy: "Set this \(place):", command: line)
  }
}
