// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Guidance
import MailServer

/// Watches whether the lines that come are understood: an upgrade or another syslog can change their form.
struct LogFormWatch {
  /// Lines that are judged together.
  private static let enough = 200

  let mta: MTA
  let name: String
  /// Why nothing is understood; nil if enough is.
  private(set) var problem: Problem?
  private var recent = LogTally()

  init(mta: MTA, name: String, problem: Problem?) {
    (self.mta, self.name, self.problem) = (mta, name, problem)
  }

  /// Takes lines in, and returns whether the problem came or went with them.
  mutating func see(_ tally: LogTally) -> Bool {
    recent.merge(tally)
    if problem != nil {
      guard recent.isUnderstood(as: mta) == true else { return false }
      (problem, recent) = (nil, LogTally())
      return true
    }
    guard recent.lines >= Self.enough else { return false }
    problem = NeedReport.logForm(name, recent, of: mta)?.problem
    recent = LogTally()
    return problem != nil
  }
}

extension LogSource {
  /// The log in words.
  var name: String {
    switch self {
    case .file(let path): path
    case .journal: "the journal"
    }
  }
}
