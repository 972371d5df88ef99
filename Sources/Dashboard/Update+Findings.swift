// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas
import Guidance
import MailServer

extension State {
  mutating func press(_ key: Key, inFindings selected: Int) -> [Effect] {
    switch key {
    case .escape, .character("q"), .character("i"):
      modal = nil
    case .enter:
      modal = nil
      guard findings.all.indices.contains(selected) else { return [] }
      return showMail(of: findings.all[selected])
    default:
      let last = max(0, findings.all.count - 1)
      let step = key.scrollStep(page: 5) ?? 0
      modal = .findings(selected: min(max(0, selected + step), last))
    }
    return []
  }

  /// Brings the messages or the log lines of a finding into view; Esc takes the filter off again.
  private mutating func showMail(of finding: Finding) -> [Effect] {
    isZoomed = false
    if finding.id == "inbound" {
      focus = .log
      return show(finding.client.map { "dir:inbound host:\"\($0)\"" } ?? "dir:inbound")
    }
    if finding.id.hasPrefix("limit:") {
      focus = .connections
      return []
    }
    focus = .queue
    queue.showAll()
    let destinations = finding.destinations.map { "dest:\"\($0)\"" }.joined(separator: " or ")
    return [.arrange(queue.query)]
      + show(
        finding.id == "held"
          ? "state:held"
          : destinations.isEmpty ? finding.sender.map { "from:\"\($0)\"" } ?? "" : destinations)
  }

  /// Puts one filter in place of those that are there.
  private mutating func show(_ expression: String) -> [Effect] {
    let filter = try? Filter(expression, for: focus == .log ? .log : .queue)
    return changeFilters(of: focus) { filters in
      filters = FilterStack()
      if let filter { filters.add(filter) }
    }
  }
}
