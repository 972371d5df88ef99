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
