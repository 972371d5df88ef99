// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas
import MailServer

/// The views of the queue, and the ways from the log to a message and back.
extension State {
  /// The views in the order of `g`: messages, groups, and ages by destination.
  private static let views: [(grouping: QueueQuery.Grouping?, isHeatMap: Bool)] = [
    (nil, false), (.destination, false), (.cause, false), (.sender, false), (.host, false),
    (.provider, false), (.age, false), (.destination, true),
  ]

  mutating func showNextView() -> [Effect] {
    let index =
      Self.views.firstIndex {
        $0.grouping == queue.query.grouping && $0.isHeatMap == queue.isHeatMap
      } ?? 0
    let next = Self.views[(index + 1) % Self.views.count]
    queue.close()
    (queue.query.grouping, queue.isHeatMap) = (next.grouping, next.isHeatMap)
    return [.arrange(queue.query)]
  }

  mutating func sortByNextColumn() -> [Effect] {
    let columns = QueueQuery.Column.allCases.filter { !queue.hiddenColumns.contains($0) }
    let index = columns.firstIndex(of: queue.query.sort) ?? -1
    return sort(by: columns.isEmpty ? .age : columns[(index + 1) % columns.count])
  }

  /// Sorts by a column, or the other way round where it sorts already.
  mutating func sort(byHeading column: QueueQuery.Column) -> [Effect] {
    guard queue.query.sort == column else { return sort(by: column) }
    queue.query.descending.toggle()
    return [.arrange(queue.query)]
  }

  mutating func sort(by column: QueueQuery.Column) -> [Effect] {
    queue.query.sort = column
    // What is largest is what an admin looks for; names are read from A on, and times from now on.
    queue.query.descending = [.age, .size, .attempts].contains(column)
    return [.arrange(queue.query)]
  }

  // MARK: From the log to a message

  /// The message of the selected line of the log, as far as it is still queued.
  var jumpTarget: MessageReference? {
    log.selectedEvent?.queueID.flatMap { queue.snapshot?.message(withID: $0)?.reference }
  }

  mutating func jumpToMessage() -> [Effect] {
    if log.showsGroups {
      log.open()
      return []
    }
    guard let target = jumpTarget else { return [] }
    jump = queue.place
    focus = .queue
    let row = queue.snapshot?.row(of: target)
    let isShown = row.map { queue.rows.contains(Int32(clamping: $0)) } ?? false
    guard queue.showsGroups || !isShown else {
      queue.aim(at: target)
      return []
    }
    queue.showAll()
    // Found when the rows arrive among which it is.
    queue.list.aim(at: target)
    say("\(key(.back)) returns to the log and the previous list")
    return [.arrange(queue.query)]
  }

  mutating func jumpBack() -> [Effect] {
    guard let origin = jump else { return [] }
    jump = nil
    focus = .log
    queue.place = origin
    return [.arrange(queue.query)]
  }

  // MARK: Search in the log

  /// Goes on to the next match, or asks what is looked for.
  mutating func find(_ step: Int) {
    guard log.search != nil else {
      if log.showsGroups { log.toggleGroups() }
      overlay = FilterPrompt(
        purpose: .find(from: log.position), pane: .log, input: LineInput())
      return
    }
    switch log.find(step, from: log.position + step, now: shownTime) {
    case nil: say("No line matches")
    case true?:
      say(
        step > 0
          ? "No more below: search wrapped to the first line"
          : "No more above: search wrapped to the last line")
    case false?: break
    }
  }

  /// The message whose timeline can be shown: the selected one, or that of the selected line.
  var timelineID: String? { focus.pane.queueID(self) }

  /// The queue ID in the selected row, that of a message which is gone too: its result can be read.
  var shownID: String? {
    guard !queue.showsGroups else { return nil }
    return queue.list.isGone ? queue.gone?.idText : queue.selectedMessage?.idText
  }
}
