// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer

/// Marks: identities, never rows.
extension QueueView {
  /// The group that is selected in the list of groups.
  var selectedGroup: QueueArrangement.Group? {
    guard showsGroups, let all = arrangement?.groups, all.indices.contains(groups.position) else {
      return nil
    }
    return all[groups.position]
  }

  /// The rows of the snapshot that hold the marked messages, in order.
  var markedRows: [Int32] { marks.compactMap { snapshot?.row(of: $0).map(Int32.init) }.sorted() }

  /// Marks the selected message or group, or takes its marks away where all of it is marked.
  mutating func toggleMark() {
    guard let snapshot else { return }
    let chosen =
      showsGroups
      ? snapshot.references(in: selectedGroup?.rows ?? [])
      : selectedMessage?.reference.map { [$0] } ?? []
    if marks.isSuperset(of: chosen) {
      marks.subtract(chosen)
    } else {
      marks.formUnion(chosen)
    }
  }

  mutating func markAllShown() {
    guard let snapshot else { return }
    marks.formUnion(snapshot.references(in: rows))
  }

  /// Marks the messages of these rows of a snapshot, which may be older than the one that is shown.
  ///
  /// - Returns: how many were not marked before.
  mutating func mark(_ rows: [Int32], of snapshot: QueueSnapshot) -> Int {
    let before = marks.count
    marks.formUnion(snapshot.references(in: rows))
    if let shown = self.snapshot { settleMarks(self.rows, of: shown) }
    return max(0, marks.count - before)
  }

  /// The rows of the list that are in the range that is being marked.
  var markedRange: ClosedRange<Int>? {
    guard let start = rangeStart, !showsGroups, rowCount > 0 else { return nil }
    return min(start.position, list.position)...max(start.position, list.position)
  }

  /// Ends the range; what is in it is marked then, or left as it was.
  mutating func endRange(keeping: Bool) {
    if keeping, let range = markedRange, let snapshot {
      marks.formUnion(snapshot.references(in: Array(rows[range])))
    }
    rangeStart = nil
  }

  /// How many are marked, and how many of these cannot be seen: `12 marked, 3 hidden`.
  var markWords: String? {
    var parts: [String] = []
    if let range = markedRange { parts.append("range of \(Format.count(range.count))") }
    if !marks.isEmpty {
      let hidden = showsGroups ? 0 : hiddenMarks
      parts.append(
        "\(Format.count(marks.count)) marked"
          + (hidden > 0 ? ", \(Format.count(hidden)) hidden" : ""))
    }
    return parts.isEmpty ? nil : parts.joined(separator: " + ")
  }

  mutating func clearMarks() {
    marks = []
    hiddenMarks = 0
  }

  /// Lets the marks of messages that left fall away, and counts those that are not among `rows`.
  mutating func settleMarks(_ rows: [Int32], of snapshot: QueueSnapshot) {
    hiddenMarks = 0
    guard !marks.isEmpty else { return }
    var isShown = [Bool](repeating: false, count: snapshot.count)
    for row in rows { isShown[Int(row)] = true }
    // A newer listing may know more of a message: its identity as it is told now.
    let found = marks.compactMap { snapshot.row(of: $0).map(Int32.init) }
    hiddenMarks = found.count(where: { !isShown[Int($0)] })
    marks = Set(snapshot.references(in: found))
  }
}
