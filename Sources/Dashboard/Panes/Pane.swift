// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas
import MailServer

/// The panes, in the order of their numbers.
package enum PaneID: Int, CaseIterable, Hashable, Sendable {
  case queue = 1
  case connections
  case log
  case fix

  /// What it is: the one place that distinguishes the panes.
  var pane: any Pane.Type {
    switch self {
    case .queue: QueuePane.self
    case .connections: ConnectionsPane.self
    case .log: LogPane.self
    case .fix: FixPane.self
    }
  }

  package var title: String { pane.title }

  /// The next pane in a direction, round the end.
  func next(_ step: Int) -> PaneID {
    let all = Self.allCases
    let index = (rawValue - 1 + step + all.count) % all.count
    return all[index]
  }
}

/// A pane of the dashboard: a folder each, and a line in `PaneID.pane`.
protocol Pane {
  static var title: String { get }
  /// Where it gets its data.
  static var source: Source { get }
  static func hasData(_ state: State) -> Bool

  // MARK: Its rows
  static func rows(_ state: State) -> PaneRows
  static func select(_ row: Int, _ state: inout State)
  /// What a key moves by so many rows.
  static func move(by step: Int, _ state: inout State)
  static func scroll(by step: Int, height: Int, _ state: inout State)
  /// Scrolls so that the selected row is seen.
  static func reveal(height: Int, _ state: inout State)
  /// Rows above its list that are neither title nor warning: headings, limits, what narrows it.
  static func rowsAbove(_ state: State, in room: PaneRoom) -> Int
  /// The row that stands at a place of the list, where not each row takes one line.
  static func row(at place: Point, _ state: State, in list: Rect) -> Int?

  // MARK: Its filters
  /// The fields that filters have; nil if there are none.
  static var scope: Filter.Scope? { get }
  /// Some of them, for whoever types one.
  static var examples: String { get }
  static func filters(_ state: State) -> FilterStack?
  static func changeFilters(
    _ state: inout State, _ change: (inout FilterStack) -> Void
  ) -> [Effect]
  /// How much is shown of how much.
  static func count(_ state: State) -> (shown: Int, all: Int)?
  /// Whether it shows what is in one group.
  static func isInGroup(_ state: State) -> Bool

  // MARK: What keys do
  /// What follows from its use.
  static func use(_ state: inout State)
  /// Esc, once nothing else is left to step back from.
  static func stepBack(_ state: inout State) -> [Effect]
  static func copied(_ state: State) -> String?
  /// The queue ID of the message whose timeline can be shown.
  static func queueID(_ state: State) -> String?
  /// The message that acts go to where nothing is marked.
  static func actMessage(_ state: State) -> QueuedMessage?
  /// Whether acts go to that message alone, whatever is marked in the queue.
  static var actsOnOne: Bool { get }
  /// Why there is no message that an act could go to.
  static func missingTarget(_ state: State) -> String
  /// What a key can go to, so far as it can change without one.
  static func choice(_ state: State) -> State.Choice

  static func draw(_ state: State, in frame: inout PaneFrame, on grid: inout Grid)
}

/// What a pane has below its title and its warning.
struct PaneRoom {
  var height: Int
  var hasTitle: Bool
  var hasHeadings: Bool
}

/// What a pane keeps that is a list.
protocol PaneList {
  /// The selected row, the first one shown, and how many there are.
  var position: Int { get }
  var top: Int { get }
  var rowCount: Int { get }
  var filters: FilterStack { get }
  mutating func select(_ row: Int)
  mutating func scroll(by step: Int, height: Int)
  mutating func reveal(height: Int)
}

/// A pane that is a list.
protocol ListPane: Pane {
  associatedtype List: PaneList
  static var list: WritableKeyPath<State, List> { get }
}

extension ListPane {
  static func rows(_ state: State) -> PaneRows {
    let list = state[keyPath: list]
    return PaneRows(position: list.position, top: list.top, count: list.rowCount)
  }

  static func select(_ row: Int, _ state: inout State) { state[keyPath: list].select(row) }

  static func scroll(by step: Int, height: Int, _ state: inout State) {
    state[keyPath: list].scroll(by: step, height: height)
  }

  static func reveal(height: Int, _ state: inout State) {
    state[keyPath: list].reveal(height: height)
  }

  static func filters(_ state: State) -> FilterStack? { state[keyPath: list].filters }
}

/// The selected row, the first one shown, and how many there are.
struct PaneRows {
  var position: Int
  var top: Int
  var count: Int
}

extension Pane {
  static func move(by step: Int, _ state: inout State) {
    select(rows(state).position.moved(by: step), &state)
  }

  static func row(at place: Point, _ state: State, in list: Rect) -> Int? {
    let rows = rows(state)
    let row = rows.top + place.y - list.y
    return row < rows.count ? row : nil
  }

  static var scope: Filter.Scope? { nil }
  static var examples: String { "" }
  static func filters(_ state: State) -> FilterStack? { nil }
  static func changeFilters(
    _ state: inout State, _ change: (inout FilterStack) -> Void
  ) -> [Effect] { [] }
  static func count(_ state: State) -> (shown: Int, all: Int)? { nil }
  static func isInGroup(_ state: State) -> Bool { false }
  static func use(_ state: inout State) {}
  static func stepBack(_ state: inout State) -> [Effect] {
    changeFilters(&state) { $0.removeLast() }
  }
  static func queueID(_ state: State) -> String? { nil }
  static var actsOnOne: Bool { false }
  static func choice(_ state: State) -> State.Choice { .nothing }
}

extension Int {
  /// The row so many rows further, never past what an `Int` holds.
  func moved(by step: Int) -> Int {
    let (sum, overflow) = addingReportingOverflow(step)
    return overflow ? (step > 0 ? .max : 0) : sum
  }
}

extension State {
  /// The filters of a pane that has the filter language.
  func filters(of pane: PaneID) -> FilterStack? { pane.pane.filters(self) }

  /// Changes the filters of a pane and asks for what follows from it.
  mutating func changeFilters(
    of pane: PaneID, _ change: (inout FilterStack) -> Void
  ) -> [Effect] {
    pane.pane.changeFilters(&self, change)
  }

  /// Whether the pane in use shows what is in one group.
  var isInGroup: Bool { focus.pane.isInGroup(self) }
}
