// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

package import MailServer

/// The log pane's part of the state: the newest events and which of them are shown.
package struct LogView: PaneList, Sendable {
  /// Events kept.
  static let capacity = 10_000

  private(set) var events: [LogEvent] = []
  /// The number of the first event kept; events are numbered from 0 as they come.
  private var first = 0
  /// Numbers of the events that are shown, oldest first.
  package private(set) var shown: [Int] = []
  package private(set) var list = ListState<Int>()
  /// The newest line stays in view, and the selection on it.
  package private(set) var isFollowing = true
  /// The reader requested that while the pane is in use: no act goes to a selection that runs on.
  package private(set) var isTail = false
  /// It follows again once the pane is left: the reader chose no line.
  private var isResting = false
  /// Every temporary failure, not only code 421.
  package private(set) var showsAllCodes = false
  package private(set) var filters = FilterStack()
  private var filter = LogFilter([])
  /// Lines of the codes that are shown, before any filter.
  package private(set) var candidates = 0
  package private(set) var dropped = 0
  /// Lines that say the same are one row.
  package private(set) var isGrouped = false
  package private(set) var groups: [LogGroup] = []
  private(set) var groupList = ListState<LogGroup.Key>()
  /// The group whose lines are shown.
  private(set) var openGroup: LogGroup.Key?
  /// Numbers of the lines of the list: all that are shown, or those of the opened group.
  private(set) var rows: [Int] = []
  /// What `n` and `N` look for.
  package private(set) var search: Filter?
  /// Time of the last delivery seen.
  package private(set) var lastDelivery: Int64?

  package init() {}

  package func event(_ number: Int) -> LogEvent? {
    let index = number - first
    return events.indices.contains(index) ? events[index] : nil
  }

  /// Whether groups are shown, not lines.
  var showsGroups: Bool { isGrouped && openGroup == nil }

  var selectedGroup: LogGroup? {
    showsGroups ? group(at: groupList.position) : nil
  }

  /// The group in a row of the groups shown; nil for one that is gone.
  func group(at row: Int) -> LogGroup? {
    guard let index = groupList.index(ofRow: row), groups.indices.contains(index) else {
      return nil
    }
    return groups[index]
  }

  /// The line in a row of the lines shown; nil for one that is gone.
  func line(at row: Int) -> LogEvent? {
    guard let index = list.index(ofRow: row), rows.indices.contains(index) else { return nil }
    return event(rows[index])
  }

  package var selectedEvent: LogEvent? {
    showsGroups
      ? selectedGroup?.numbers.last.flatMap(event)
      : list.isGone ? nil : list.selection.flatMap(event)
  }

  var position: Int { showsGroups ? groupList.position : list.position }
  var top: Int { showsGroups ? groupList.top : list.top }
  var rowCount: Int {
    showsGroups ? groupList.rowCount(of: groups.count) : list.rowCount(of: rows.count)
  }

  /// Takes events in that are newer than all before.
  mutating func append(_ batch: [LogEvent], dropped: Int, now: Int64) {
    self.dropped += dropped
    for event in batch {
      if event.kind == .delivery { lastDelivery = event.time ?? lastDelivery }
      guard isFailure(event) else { continue }
      if matches(event, now: now) { shown.append(first + events.count) }
      events.append(event)
    }
    trim()
    if filter.dependsOnTime { rebuild(.news, now: now) } else { settle(.news) }
  }

  /// - Parameter now: seconds since 1970, for tests of age.
  mutating func setFilters(_ filters: FilterStack, now: Int64) {
    self.filters = filters
    filter = LogFilter(filters.all)
    rebuild(.asked, now: now)
  }

  mutating func toggleAllCodes(now: Int64) {
    showsAllCodes.toggle()
    rebuild(.asked, now: now)
  }

  mutating func showAllCodes(now: Int64) {
    if !showsAllCodes { toggleAllCodes(now: now) }
  }

  mutating func toggleGroups() {
    isGrouped.toggle()
    openGroup = nil
    settle(.asked)
  }

  /// Shows the lines of the selected group.
  mutating func open() {
    guard let group = selectedGroup else { return }
    openGroup = group.key
    isFollowing = true
    settle(.asked)
  }

  /// Back to the groups; false where none is open.
  mutating func closeGroup() -> Bool {
    guard openGroup != nil else { return false }
    openGroup = nil
    settle(.asked)
    return true
  }

  mutating func select(_ position: Int) {
    if showsGroups {
      groupList.select(position, of: groups.count) { groups[$0].key }
    } else {
      (isFollowing, isTail, isResting) = (false, false, false)
      list.select(position, of: rows.count) { rows[$0] }
    }
  }

  // MARK: The newest line

  /// Goes on with the newest line, whatever comes.
  mutating func followTail() {
    (isFollowing, isTail) = (true, true)
    settle(.asked)
  }

  /// Stands still while the pane is in use: what is read there must not run away from under a key.
  mutating func standStill() {
    guard isFollowing, !isTail, !showsGroups, !rows.isEmpty else { return }
    (isFollowing, isResting) = (false, true)
  }

  /// Follows again when the pane is left, unless an older line was chosen in it.
  mutating func leave() {
    isTail = false
    guard !isFollowing, isResting || position >= rows.count - 1 else { return }
    (isFollowing, isResting) = (true, false)
    settle(.asked)
  }

  mutating func scroll(by step: Int, height: Int) {
    select(
      showsGroups
        ? groupList.scroll(by: step, count: rowCount, height: height)
        : list.scroll(by: step, count: rowCount, height: height))
  }

  mutating func reveal(height: Int) {
    if showsGroups {
      groupList.reveal(count: rowCount, height: height)
    } else {
      list.reveal(count: rowCount, height: height)
    }
  }

  // MARK: Search

  mutating func look(for search: Filter?) { self.search = search }

  /// Selects the next line that is looked for, round the end.
  ///
  /// - Parameter step: 1 downwards, -1 upwards.
  /// - Returns: whether it went round the end, or nil if no line matches.
  mutating func find(_ step: Int, from start: Int, now: Int64) -> Bool? {
    guard let search, !rows.isEmpty else { return nil }
    var filter = LogFilter([search])
    for offset in 0..<rows.count {
      let place = ((start + step * offset) % rows.count + rows.count) % rows.count
      if let event = event(rows[place]), filter.matches(event, now: now) {
        select(list.row(ofIndex: place))
        return !rows.indices.contains(start + step * offset)
      }
    }
    return nil
  }

  private func isFailure(_ event: LogEvent) -> Bool {
    switch event.kind {
    case .deferral, .attempt, .refusal: true
    case .delivery, .bounce, .completed: false
    }
  }

  private mutating func matches(_ event: LogEvent, now: Int64) -> Bool {
    guard showsAllCodes || event.code == 421 else { return false }
    candidates += 1
    return filters.isEmpty || filter.matches(event, now: now)
  }

  private mutating func rebuild(_ change: ListChange, now: Int64) {
    candidates = 0
    shown = []
    for (index, event) in events.enumerated() where matches(event, now: now) {
      shown.append(first + index)
    }
    settle(change)
  }

  private mutating func trim() {
    // In one go, so that a flood does not move the array for every line.
    guard events.count > Self.capacity + Self.capacity / 4 else { return }
    let excess = events.count - Self.capacity
    candidates -= events.prefix(excess).count { showsAllCodes || $0.code == 421 }
    events.removeFirst(excess)
    first += excess
    shown.removeAll { $0 < first }
  }

  private mutating func settle(_ change: ListChange) {
    groups = isGrouped ? LogGroup.groups(of: shown, event) : []
    groupList.reconcile(
      change, count: groups.count, find: { key in groups.firstIndex { $0.key == key } },
      id: { groups[$0].key })
    rows = openGroup.map { key in groups.first { $0.key == key }?.numbers ?? [] } ?? shown
    if isFollowing {
      list.selectLast(of: rows.count) { rows[$0] }
    } else {
      list.reconcile(
        change, count: rows.count, find: { number in rows.binarySearch(number) }, id: { rows[$0] })
    }
  }
}

extension [Int] {
  /// The index of `value` in an ascending array.
  fileprivate func binarySearch(_ value: Int) -> Int? {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if self[middle] < value { low = middle + 1 } else { high = middle }
    }
    return low < count && self[low] == value ? low : nil
  }
}
