// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

/// Where the reader of a list is: on an identity, not on a row number.
package struct ListState<ID: Hashable & Sendable>: Hashable, Sendable {
  /// The selected item, or nil in an empty list.
  package private(set) var selection: ID?
  /// Its place in the list.
  package private(set) var position = 0
  /// The first row shown.
  package private(set) var top = 0

  package init() {}

  /// Selects the item at `position`, the nearest there is.
  mutating func select(_ position: Int, of count: Int, id: (Int) -> ID?) {
    self.position = min(max(0, position), max(0, count - 1))
    selection = count > 0 ? id(self.position) : nil
  }

  /// Puts the selection on an item that `reconcile` is to find.
  mutating func aim(at id: ID) { selection = id }

  /// After the list changed: stays on the selected item, or on its place where the item has gone.
  mutating func reconcile(count: Int, find: (ID) -> Int?, id: (Int) -> ID?) {
    if let selection, let found = find(selection) {
      // The rows above may have changed: the selected row stays at its height on the screen.
      top += found - position
      position = found
    } else {
      select(position, of: count, id: id)
    }
  }

  /// Scrolls by rows, and returns the place for the selection: where it was, as far as that is seen.
  ///
  /// At the end of the list it is the selection that moves.
  mutating func scroll(by step: Int, count: Int, height: Int) -> Int {
    let before = top
    top = min(max(0, top + step), max(0, count - height))
    if top == before { return position + step }
    return min(max(position, top), top + max(1, height) - 1)
  }

  /// Scrolls so that the selection is among the `height` rows shown.
  mutating func reveal(count: Int, height: Int) {
    let height = max(1, height)
    top = min(max(top, position - height + 1), position)
    top = min(max(0, top), max(0, count - height))
  }
}
