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
    case .character("t"): modal = .chart(Chart())
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

  /// Brings into view exactly what a finding counted; Esc takes the filters off again.
  ///
  /// The filters are made of values: a name that a stranger chose cannot change what they say.
  private mutating func showMail(of finding: Finding) -> [Effect] {
    isZoomed = false
    if finding.id == "inbound" {
      focus = .log
      log.showAllCodes(now: now)
      let refusals = try? Filter("kind:refusal age<=15m", for: .log)
      return show([refusals, finding.client.map { Filter(.host, isAnyOf: [$0]) }])
    }
    if finding.id.hasPrefix("limit:") {
      focus = .connections
      return show([])
    }
    if finding.id == "log" {
      focus = .log
      return show([])
    }
    if finding.id == "load" {
      modal = .chart(Chart())
      return []
    }
    focus = .queue
    queue.showAll()
    let filter =
      finding.id == "held"
      ? Filter(.state, isAnyOf: [MessageState.held.rawValue])
      : !finding.destinations.isEmpty
        ? Filter(.dest, isAnyOf: finding.destinations)
        : finding.sender.map { Filter(.from, isAnyOf: [$0]) }
    return [.arrange(queue.query)] + show([filter])
  }

  /// Puts filters in place of those that are there.
  private mutating func show(_ wanted: [Filter?]) -> [Effect] {
    changeFilters(of: focus) { filters in
      filters = FilterStack()
      for filter in wanted.compactMap(\.self) { filters.add(filter) }
    }
  }
}
