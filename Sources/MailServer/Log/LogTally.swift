// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

/// Whose lines a log holds: how much of it was understood.
///
/// A log in which nothing is understood tells of no failure either, and that must not look like good news.
package struct LogTally: Hashable, Sendable {
  /// Whose line it is.
  enum Kind {
    case exim
    case postfix
    /// A date and time as Exim writes them, and words that Exim does not.
    case dated
    /// Another program's line in the same syslog.
    case other
    /// A line of no form that is known.
    case unknown
  }

  private var exim = 0
  private var postfix = 0
  private var dated = 0
  /// Lines of other programs, as syslog and the journal write them.
  package private(set) var others = 0
  private var unknown = 0

  package init() {}

  @inline(__always)
  mutating func count(_ kind: Kind, times: Int = 1) {
    switch kind {
    case .exim: exim += times
    case .postfix: postfix += times
    case .dated: dated += times
    case .other: others += times
    case .unknown: unknown += times
    }
  }

  /// Takes the lines of another part in.
  package mutating func merge(_ other: LogTally) {
    exim += other.exim
    postfix += other.postfix
    dated += other.dated
    others += other.others
    unknown += other.unknown
  }

  /// All lines but blank ones.
  package var lines: Int { exim + postfix + dated + others + unknown }

  /// The lines of an MTA, or of both.
  package func understood(as mta: MTA?) -> Int {
    switch mta {
    // Among Exim's lines some have words that only its newest version or a plugin writes.
    case .exim: exim + (exim > 0 ? dated : 0)
    case .postfix: postfix
    case nil: understood(as: .exim) + postfix
    }
  }

  /// Where one line in so many is understood, the log is: other programs' lines apart, nearly all are otherwise.
  private static let enough = 50

  /// Whether this can be the log of an MTA, or of one of both; nil where there is no line to tell it by.
  package func isUnderstood(as mta: MTA?) -> Bool? {
    let own = understood(as: mta)
    let strange = unknown + (own > 0 && mta != .postfix && exim > 0 ? 0 : dated)
    if lines == 0 { return nil }
    return own > 0 && own * Self.enough >= own + strange
  }

  /// Whether there are lines, and all of them are other programs'.
  package var isOthers: Bool { others > 0 && others == lines }

  /// The MTA whose log this looks like, where it is not that of `mta`.
  package func other(than mta: MTA?) -> MTA? {
    MTA.allCases.first { $0 != mta && mta != nil && isUnderstood(as: $0) == true }
  }
}

extension LogHead {
  /// Whose line it is.
  func kind(in line: Span<UInt8>) -> LogTally.Kind {
    switch writer {
    case .postfix: .postfix
    case .exim where program != nil || EximLog.isKnown(line, at: body): .exim
    case .exim: .dated
    case .other: .other
    case .unknown: .unknown
    }
  }
}
