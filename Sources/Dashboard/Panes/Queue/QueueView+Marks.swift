// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer

/// Marks stand on rows of the snapshot that is shown, and change together with it (`show`): a row is an identity there.
extension QueueView {
  /// The group that is selected in the list of groups.
  var selectedGroup: QueueArrangement.Group? {
    guard showsGroups, let group = group(at: groups.position), group.key == groups.selection else {
      return nil
    }
    return group
  }

  /// Marks the selected message or group, or takes its marks away where all of it is marked.
  mutating func toggleMark() {
    guard let snapshot else { return }
    let chosen = snapshot.markable(
      showsGroups ? selectedGroup?.rows ?? [] : row(at: list.position).map { [$0] } ?? [])
    if chosen.allSatisfy(marks.contains) {
      marks.remove(chosen)
    } else {
      marks.insert(chosen)
    }
  }

  mutating func markAllShown() {
    guard let snapshot else { return }
    marks.insert(snapshot.markable(rows))
  }

  /// Marks the messages of these rows of a snapshot, which may be older than the one that is shown.
  ///
  /// - Returns: how many were not marked before.
  mutating func mark(_ rows: [Int32], of snapshot: QueueSnapshot) -> Int {
    guard let shown = self.snapshot else { return 0 }
    let before = marks.count
    var chosen = QueueMarks()
    chosen.insert(snapshot.markable(rows))
    marks.insert(chosen.moved(from: snapshot, to: shown).rows)
    hiddenMarks = marks.count - marks.count(in: self.rows)
    return marks.count - before
  }

  /// The rows of the list that are in the range that is being marked.
  var markedRange: ClosedRange<Int>? {
    guard let start = rangeStart, !showsGroups, rowCount > 0 else { return nil }
    let first = list.row(ofIndex: start.position)
    return min(first, list.position)...max(first, list.position)
  }

  /// Ends the range; what is in it is marked then, or left as it was.
  mutating func endRange(keeping: Bool) {
    if keeping, let range = markedRange, let snapshot {
      marks.insert(snapshot.markable(range.compactMap(row(at:))))
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
    marks.removeAll()
    hiddenMarks = 0
  }
}
