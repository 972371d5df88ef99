// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas
import MailServer

extension State {
  /// Whether a source has yet to say something.
  func isStarting(_ source: Source) -> Bool {
    health[source] == nil || health[source] == .starting
  }

  /// Whether a source says nothing now: a number of what is not seen would be a claim.
  func isUnreadable(_ source: Source) -> Bool {
    if case .failed? = health[source] { return true }
    return false
  }

  /// Whether the log has shown how many replies there were: without it 0 would be a claim.
  var hasCounts: Bool {
    if case .live? = health[.log] { return true }
    return trends.first != nil
  }

  /// Why a pane shows what was true earlier; nil if it is fresh, and where there is nothing to show.
  func staleness(of pane: PaneID) -> (problem: Problem, lastGood: Int64?)? {
    guard pane.pane.hasData(self),
      case .failed(let problem, let lastGood)? = health[pane.pane.source]
    else { return nil }
    return (problem, lastGood)
  }

  /// The same for the title of a pane: `1m old`.
  func staleWords(of pane: PaneID) -> String? {
    guard let stale = staleness(of: pane) else { return nil }
    return stale.lastGood.map { "\(Format.duration(now - $0)) old" } ?? "old"
  }

  /// What is wrong and what fixes it, in the rows above a list that is not fresh.
  func warningLines(of pane: PaneID, width: Int, height: Int) -> [String] {
    let words: String
    if let problem = staleness(of: pane)?.problem {
      words = "\(problem.what) \(problem.remedy)"
    } else if pane == .queue, case .live(_, let note?)? = health[.queue] {
      words = note
    } else {
      return []
    }
    let lines = wrap("! \(words)", width: width)
    // What has no room is cut with a sign.
    let room = height >= 6 ? 2 : 1
    return lines.prefix(room - 1)
      + [lines.dropFirst(room - 1).joined(separator: " ")]
      .filter { !$0.isEmpty }
  }
}
