// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

/// Whose lines a log holds: how much of it was understood.
///
/// A log in which nothing is understood reports no failure either, and that must not look like good news.
package struct LogTally: Hashable, Sendable {
  /// Whose line it is.
  enum Kind {
    case of(MTA)
    /// A date and no program's name, as in a log that an MTA writes itself, and words that it does not write.
    case bare
    /// Another program's line in the same syslog.
    case other
    /// A line of no form that is known.
    case unknown
  }

  private var exim = 0
  private var postfix = 0
  private var bare = 0
  /// Lines of other programs, as syslog and the journal write them.
  package private(set) var others = 0
  private var unknown = 0

  package init() {}

  @inline(__always)
  mutating func count(_ kind: Kind, times: Int = 1) {
    switch kind {
    case .of(let mta): self[mta] += times
    case .bare: bare += times
    case .other: others += times
    case .unknown: unknown += times
    }
  }

  /// Takes the lines of another part in.
  package mutating func merge(_ other: LogTally) {
    for mta in MTA.allCases { self[mta] += other[mta] }
    bare += other.bare
    others += other.others
    unknown += other.unknown
  }

  /// All lines but blank ones.
  package var lines: Int { MTA.allCases.reduce(bare + others + unknown) { $0 + self[$1] } }

  private subscript(mta: MTA) -> Int {
    get {
      switch mta {
      case .exim: exim
      case .postfix: postfix
      }
    }
    set {
      switch mta {
      case .exim: exim = newValue
      case .postfix: postfix = newValue
      }
    }
  }

  /// The lines of an MTA, or of any.
  package func understood(as mta: MTA?) -> Int {
    MTA.those(mta).reduce(0) { $0 + self[$1] + (takesBare($1) ? bare : 0) }
  }

  /// Among an MTA's own lines some have words that only its newest version or a plugin writes.
  private func takesBare(_ mta: MTA) -> Bool { mta.agent.writesBareLines && self[mta] > 0 }

  /// Where one line in so many is understood, the log is: other programs' lines apart, nearly all are otherwise.
  private static let enough = 50

  /// Whether this can be the log of an MTA, or of one of both; nil if there is no line to tell it by.
  package func isUnderstood(as mta: MTA?) -> Bool? {
    let own = understood(as: mta)
    let strange = unknown + (MTA.those(mta).contains(where: takesBare) ? 0 : bare)
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
    case .postfix: .of(.postfix)
    case .exim where program != nil || EximLog.isKnown(line, at: body): .of(.exim)
    case .exim: .bare
    case .other: .other
    case .unknown: .unknown
    }
  }
}
