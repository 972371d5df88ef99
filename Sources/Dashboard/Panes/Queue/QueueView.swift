// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

package import MailServer

/// The queue pane's part of the state.
package struct QueueView: PaneList, Sendable {
  /// The snapshot that is shown.
  package var snapshot: QueueSnapshot?
  /// The order of its rows.
  package var arrangement: QueueArrangement? { didSet { findRows() } }
  package var query = QueueQuery() {
    didSet { if query.grouping != oldValue.grouping { findRows() } }
  }
  package var filters = FilterStack()
  /// Groups by destination are shown with the ages of their messages, as Postfix's qshape does.
  package var isHeatMap = false
  /// Columns that are not wanted.
  package var hiddenColumns: Set<QueueQuery.Column> = []
  package var list = ListState<MessageReference>()
  package var groups = ListState<String>()
  /// The group that was opened, by its key.
  package private(set) var openGroup: String? { didSet { findRows() } }
  /// The messages shown, as numbers of rows of the snapshot.
  package private(set) var rows: [Int32] = []
  /// Where the reader of all messages was when the group was opened.
  private var outerList = ListState<MessageReference>()
  /// The message whose row alone is left, since it is no longer among those that are shown.
  package private(set) var gone: QueuedMessage?
  /// Messages marked for an act, on rows of the snapshot that is shown; those that leave the queue fall away.
  package var marks = QueueMarks()
  /// Whether what a filter lets through is still being looked for, to be marked.
  var isMarking = false
  /// Of the marks, those that the filter or the opened group hides.
  package var hiddenMarks = 0
  /// Where the range that is being marked begins; it ends at the selection.
  var rangeStart: ListState<MessageReference>?
  /// The newest snapshot, for which an arrangement may still be in progress.
  package var latest: QueueSnapshot?
  /// Messages whose own log was looked into.
  private var reasonsAsked: Set<MessageReference> = []
  /// Queue sizes seen, oldest first, for the change over five minutes.
  private var sizes: [(time: Int64, count: Int)] = []

  package init() {}

  /// Shows the messages of the selected group, from the first on.
  mutating func open() {
    guard openGroup == nil else { return }
    openGroup = groups.selection
    (outerList, list) = (list, ListState())
    settle(.asked)
  }

  /// Goes back from a group to where it was opened.
  mutating func close() {
    guard openGroup != nil else { return }
    openGroup = nil
    list = outerList
    settle(.asked)
  }

  /// What is shown, and where its reader is.
  struct Place: Sendable {
    fileprivate var filters: FilterStack
    fileprivate var grouping: QueueQuery.Grouping?
    fileprivate var isHeatMap: Bool
    fileprivate var openGroup: String?
    fileprivate var list: ListState<MessageReference>
    fileprivate var outerList: ListState<MessageReference>
    fileprivate var groups: ListState<String>
  }

  var place: Place {
    get {
      Place(
        filters: filters, grouping: query.grouping, isHeatMap: isHeatMap, openGroup: openGroup,
        list: list, outerList: outerList, groups: groups)
    }
    set {
      (filters, query.filters) = (newValue.filters, newValue.filters.all)
      (query.grouping, isHeatMap) = (newValue.grouping, newValue.isHeatMap)
      (openGroup, groups) = (newValue.openGroup, newValue.groups)
      (list, outerList) = (newValue.list, newValue.outerList)
    }
  }

  /// Lists every message, unfiltered.
  mutating func showAll() {
    close()
    filters = FilterStack()
    (query.filters, query.grouping, isHeatMap) = ([], nil, false)
  }

  /// Whether groups are shown, not messages.
  package var showsGroups: Bool { query.grouping != nil && openGroup == nil }

  package var rowCount: Int {
    showsGroups
      ? groups.rowCount(of: arrangement?.groups.count ?? 0) : list.rowCount(of: rows.count)
  }

  /// The message in row `position` of the list shown; nil for one that is gone.
  package func message(at position: Int) -> QueuedMessage? {
    guard let snapshot, let row = row(at: position) else { return nil }
    return snapshot.message(at: Int(row))
  }

  /// The same as a number of a row of the snapshot.
  func row(at position: Int) -> Int32? {
    guard let index = list.index(ofRow: position), rows.indices.contains(index) else { return nil }
    return rows[index]
  }

  /// The group in row `position` of the groups shown; nil for one that is gone.
  func group(at position: Int) -> QueueArrangement.Group? {
    guard let all = arrangement?.groups, let index = groups.index(ofRow: position),
      all.indices.contains(index)
    else { return nil }
    return all[index]
  }

  /// The message that is selected and shown; nil while the rows of another view are in progress.
  package var selectedMessage: QueuedMessage? {
    guard !showsGroups, let message = message(at: list.position),
      message.reference == list.selection
    else { return nil }
    return message
  }

  /// Whether what is shown is what was last requested.
  var isArranged: Bool { arrangement?.query == query }

  /// The selected message where neither listing nor log says why it waits: Exim's log of the message
  /// may, and is looked into once.
  mutating func reasonWanted() -> MessageReference? {
    guard let message = selectedMessage, message.mta.keepsMessageLogs, message.state != .active,
      let reference = message.reference,
      message.recipients.allSatisfy({ $0.isDelivered || $0.reply == nil }),
      reasonsAsked.insert(reference).inserted
    else { return nil }
    return reference
  }

  mutating func noteSize(_ count: Int, now: Int64) {
    sizes.removeAll { $0.time < now - 600 }
    sizes.append((now, count))
    if sizes.count > 600 { sizes.removeFirst(sizes.count - 600) }
  }

  /// How much the queue has grown in the last five minutes, or nil if it is not watched that long.
  func growth(now: Int64) -> Int? {
    guard let last = sizes.last(where: { $0.time <= now }),
      let first = sizes.first(where: { $0.time >= now - 300 }),
      last.time - first.time >= 60
    else { return nil }
    return last.count - first.count
  }

  /// Takes an arrangement of a snapshot in; the selection stays on its message.
  ///
  /// - Returns: false where it was made with other marks than those that are set.
  mutating func show(_ arranged: ArrangedQueue) -> Bool {
    guard arranged.marks.edition == marks.edition else { return false }
    let selected = selectedMessage ?? gone
    let change = arrangement?.query == arranged.arrangement.query ? ListChange.news : .asked
    (snapshot, arrangement) = (arranged.snapshot, arranged.arrangement)
    marks = arranged.marks
    settle(change, hiddenMarks: openGroup == nil ? arranged.hiddenMarks : nil)
    gone = list.isGone && selected?.reference == list.selection ? selected : nil
    return true
  }

  /// Lets the selections follow the rows that are there.
  ///
  /// - Parameter hiddenMarks: how many marked messages are not shown, where that is known.
  private mutating func settle(_ change: ListChange, hiddenMarks: Int? = nil) {
    guard let snapshot, let arrangement else { return }
    self.hiddenMarks = hiddenMarks ?? marks.count - marks.count(in: rows)
    if query.grouping != nil {
      groups.reconcile(
        change, count: arrangement.groups.count,
        find: { key in arrangement.groups.firstIndex { $0.key == key } },
        id: { arrangement.groups[$0].key })
    }
    let rows = rows
    func find(_ reference: MessageReference) -> Int? {
      snapshot.row(of: reference).flatMap { row in rows.firstIndex(of: Int32(row)) }
    }
    func identity(_ position: Int) -> MessageReference? {
      snapshot.message(at: Int(rows[position])).reference
    }
    list.reconcile(change, count: rows.count, find: find, id: identity)
    rangeStart?.reconcile(.asked, count: rows.count, find: find, id: identity)
  }

  /// A group is looked for once, not for each row of a frame: there may be as many as there are destinations.
  private mutating func findRows() {
    if query.grouping != nil, let openGroup {
      rows = arrangement?.groups.first { $0.key == openGroup }?.rows ?? []
    } else {
      rows = arrangement?.rows ?? []
    }
  }

  /// Moves the selection of the list that is shown.
  mutating func select(_ position: Int) {
    guard let snapshot, let arrangement else { return }
    if showsGroups {
      groups.select(position, of: arrangement.groups.count) { arrangement.groups[$0].key }
    } else {
      let rows = rows
      list.select(position, of: rows.count) { snapshot.message(at: Int(rows[$0])).reference }
    }
  }

  /// Puts the selection on a message, which may be in the next arrangement only.
  mutating func aim(at message: MessageReference) {
    list.aim(at: message)
    settle(.asked)
  }

  var position: Int { showsGroups ? groups.position : list.position }
  var top: Int { showsGroups ? groups.top : list.top }

  mutating func scroll(by step: Int, height: Int) {
    select(
      showsGroups
        ? groups.scroll(by: step, count: rowCount, height: height)
        : list.scroll(by: step, count: rowCount, height: height))
  }

  mutating func reveal(height: Int) {
    // The rows of another view are still in progress: its place is kept for them.
    guard rowCount > 0 else { return }
    if showsGroups {
      groups.reveal(count: rowCount, height: height)
    } else {
      list.reveal(count: rowCount, height: height)
    }
  }
}
