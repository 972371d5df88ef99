// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Guidance
import MailServer
import Server

/// Whether what was read were logs that are understood: if not, that nothing was found in them is no good news.
struct LogVerdict {
  /// Lines that were read, and those of them that an MTA wrote.
  let lines: Int
  let understood: Int
  /// What is said of each log that is not understood.
  private let complaints: [String]
  private let names: [String]

  /// - Parameters:
  ///   - tallies: of each log; fewer where the last could not be read.
  ///   - isNamed: whether the user named the logs: each is judged alone then, and together otherwise, since a quiet week of
  ///     this server's log is in its own file.
  init(of logs: [LogInput], _ tallies: [LogTally], mta: MTA?, isNamed: Bool) {
    var total = LogTally()
    for tally in tallies { total.merge(tally) }
    lines = total.lines
    understood = total.understood(as: mta)
    names = logs.map(\.name)
    let judged = isNamed ? zip(names, tallies).map { $0 } : [(names.last ?? "", total)]
    complaints = judged.compactMap { name, tally in
      tally.complaint(as: mta).map { "\(name): \($0)" }
    }
  }

  var isUnderstood: Bool { complaints.isEmpty }

  /// Why nothing is found where there is nothing, or nil.
  var whyNothing: String? {
    guard lines == 0 else { return nil }
    return names.count == 1 ? "\(names[0]) is empty." : "The logs are empty."
  }

  /// Says on standard error what is not understood, and ends with status 1 if anything is not.
  func complain(inJSON json: Bool) throws(Failure) {
    if json, let whyNothing { tempfail.complain(whyNothing) }
    guard let last = complaints.last else { return }
    for complaint in complaints.dropLast() { tempfail.complain(complaint) }
    throw Failure(last, status: 1)
  }
}

extension LogInput {
  /// The log in words.
  var name: String {
    switch self {
    case .file(let path): path
    case .standardInput: "standard input"
    case .journal: "the journal"
    }
  }
}
