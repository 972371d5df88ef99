// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas
import Guidance
import MailServer

/// The first line: which server, how much is queued, how many 421s, how fresh it is, and the mode.
enum Header {
  private struct Part {
    var text: String
    var role = StyleRole.header
    /// Parts with a higher number go first where the line is too narrow.
    var rank: Int
  }

  static func draw(_ state: State, in rect: Rect, on grid: inout Grid) {
    grid.fill(rect, role: .header)
    let (badge, role) = badge(state)
    let badgeWidth = badge.count + 2
    let room = rect.width - badgeWidth
    var parts = parts(state, isNarrow: rect.width < 100)
    func width() -> Int { parts.reduce(1) { $0 + $1.text.count + 2 } }
    while width() > room, parts.count > 1, let last = parts.map(\.rank).max() {
      parts.removeAll { $0.rank == last }
    }
    var x = rect.x + 1
    for part in parts {
      x += grid.put(part.text, x: x, y: rect.y, width: max(0, room - x), role: part.role)
      x += 2
    }
    let cells = max(0, min(rect.width >= 160 ? 60 : 20, room - x))
    if cells >= 5, rect.width >= 80 {
      let minutes = min(60, cells * grid.graphs.valuesPerCell)
      let values = state.shownTrends.code421.values(minutes: minutes, now: state.shownTime)
      if values.contains(where: { $0 > 0 }) {
        let width = minutes / grid.graphs.valuesPerCell
        grid.sparkline(
          values, in: Rect(x: x - 1, y: rect.y, width: width, height: 1), role: .header)
      }
    }
    grid.put(" \(badge) ", x: rect.maxX - badgeWidth, y: rect.y, role: role)
  }

  private static func badge(_ state: State) -> (String, StyleRole) {
    if let pause = state.pause {
      return ("PAUSED \(Format.duration(state.now - pause.since))", .warning)
    }
    if state.setup.isReplay { return ("REPLAY", .watch) }
    if state.setup.isDemo { return (state.setup.mode == .watch ? "DEMO WATCH" : "DEMO", .watch) }
    return state.setup.mode == .watch ? ("WATCH", .watch) : ("OPERATE", .operate)
  }

  private static func parts(_ state: State, isNarrow: Bool) -> [Part] {
    var parts: [Part] = []
    // Where the title of the queue pane, which says it, is out of sight.
    let layout = Layout(state)
    if layout.panes[.queue] == nil || !layout.hasTitles, let marks = state.queue.markWords {
      parts.append(Part(text: marks, role: .warning, rank: -1))
    }
    if let identity = state.identity {
      let host = isNarrow ? String(identity.host.prefix { $0 != "." }) : identity.host
      parts.append(Part(text: host, rank: 5))
      let version = isNarrow ? "" : identity.version.map { " \($0)" } ?? ""
      parts.append(Part(text: identity.mta.name + version, rank: 6))
    } else {
      parts.append(Part(text: "tempfail", rank: 5))
    }
    if let snapshot = state.queue.snapshot {
      let growth =
        state.queue.growth(now: state.shownTime).flatMap { $0 == 0 ? nil : $0 }
        .map { $0 > 0 ? " +\(Format.count($0))/5m" : " \(Format.count($0))/5m" } ?? ""
      parts.append(Part(text: "\(Format.count(snapshot.count)) queued\(growth)", rank: 0))
      if snapshot.totals.held > 0 {
        parts.append(
          Part(text: "\(Format.count(snapshot.totals.held)) held", role: .held, rank: 4))
      }
      if let oldest = snapshot.totals.oldest {
        parts.append(Part(text: "oldest \(Format.duration(state.shownTime - oldest))", rank: 3))
      }
    }
    if state.isUnreadable(.log) {
      parts.append(Part(text: "log unreadable", role: .bad, rank: 1))
    } else if state.hasCounts {
      let count = state.shownTrends.code421.total(lastMinutes: 5, now: state.shownTime)
      parts.append(
        Part(text: "421s \(Format.count(count))/5m", role: count > 0 ? .warning : .header, rank: 1))
    }
    if let load = state.load { parts.append(Part(text: "load \(load.inTenths)", rank: 8)) }
    parts.append(freshness(state))
    return parts
  }

  private static func freshness(_ state: State) -> Part {
    switch state.health[.queue] {
    case .live(let since, _):
      let age = state.shownTime - since
      return age < 60
        ? Part(text: "live", role: .good, rank: 2)
        : Part(text: "data \(Format.duration(age)) old", role: .warning, rank: 2)
    case .failed: return Part(text: "queue unreadable", role: .bad, rank: 0)
    case .starting, nil: return Part(text: "reading…", rank: 2)
    }
  }
}
