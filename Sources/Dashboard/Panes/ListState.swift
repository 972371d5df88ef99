// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

/// Why a list looks different.
enum ListChange {
  /// The reader requested it: another filter, order or view.
  case asked
  /// The server has news.
  case news
}

/// Where the reader of a list is: on an identity, not on a row number.
///
/// News never puts the selection on something else. An item that leaves while it is selected keeps its own row, in
/// its old place, until the reader moves; nothing can be done to it.
package struct ListState<ID: Hashable & Sendable>: Hashable, Sendable {
  /// The selected item, or nil in an empty list.
  package private(set) var selection: ID?
  /// Its row.
  package private(set) var position = 0
  /// The first row shown.
  package private(set) var top = 0
  /// Whether the selected item has left the list, and only its row is there.
  package private(set) var isGone = false

  package init() {}

  /// The rows of a list of `count` items: one more where the row of an item that is gone stands among them.
  func rowCount(of count: Int) -> Int { count + (isGone ? 1 : 0) }

  /// The place among the items of what is in a row; nil for the item that is gone.
  func index(ofRow row: Int) -> Int? {
    guard isGone else { return row }
    return row == position ? nil : row < position ? row : row - 1
  }

  /// The row of the item in a place.
  func row(ofIndex index: Int) -> Int { isGone && index >= position ? index + 1 : index }

  /// Selects what is in a row, the nearest there is; the row of an item that is gone closes behind the reader.
  mutating func select(_ row: Int, of count: Int, id: (Int) -> ID?) {
    let row = min(max(0, row), max(0, rowCount(of: count) - 1))
    guard let index = index(ofRow: row) else { return }
    isGone = false
    position = index
    selection = count > 0 ? id(index) : nil
  }

  /// Selects the last item.
  mutating func selectLast(of count: Int, id: (Int) -> ID?) {
    isGone = false
    select(count - 1, of: count, id: id)
  }

  /// Puts the selection on an item that `reconcile` is to find.
  mutating func aim(at id: ID) { (selection, isGone) = (id, false) }

  /// Stays on the selected item after the list changed.
  ///
  /// One that is gone keeps its row, unless the reader requested another list, which has its own nearest row.
  mutating func reconcile(
    _ change: ListChange, count: Int, find: (ID) -> Int?, id: (Int) -> ID?
  ) {
    if let selection, let found = find(selection) {
      // The rows above may have changed: the selected row stays at its height on the screen.
      top += found - position
      (position, isGone) = (found, false)
    } else if change == .news, selection != nil, count > 0 {
      (position, isGone) = (min(position, count), true)
    } else {
      isGone = false
      select(position, of: count, id: id)
    }
  }

  /// Scrolls by rows, and returns the row for the selection: where it was, as far as that is seen.
  ///
  /// At the end of the list it is the selection that moves.
  ///
  /// - Parameter count: of the rows.
  mutating func scroll(by step: Int, count: Int, height: Int) -> Int {
    let before = top
    top = min(max(0, top + step), max(0, count - height))
    if top == before { return position + step }
    return min(max(position, top), top + max(1, height) - 1)
  }

  /// Scrolls so that the selection is among the `height` rows shown, of `count`.
  mutating func reveal(count: Int, height: Int) {
    let height = max(1, height)
    top = min(max(top, position - height + 1), position)
    top = min(max(0, top), max(0, count - height))
  }
}
