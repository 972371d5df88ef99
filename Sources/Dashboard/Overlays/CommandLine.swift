// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer

/// What can be said on the command line besides the names of commands.
enum PaletteVerb: String, CaseIterable {
  case by, sort, filter, theme

  var usage: String {
    switch self {
    case .by: "by cause"
    case .sort: "sort age"
    case .filter: "filter TEXT"
    case .theme: "theme NAME"
    }
  }

  var help: String {
    switch self {
    case .by:
      "Group the queue by " + QueueQuery.Grouping.allCases.map(\.rawValue).joined(separator: ", ")
        + "; `:by message` lists messages, `:by heat-map` shows message ages by destination"
    case .sort:
      "Sort the queue by " + QueueQuery.Column.allCases.map(\.rawValue).joined(separator: ", ")
    case .filter: "Filter the current list; a name from `[filters]` applies that filter"
    case .theme: "Change the theme"
    }
  }
}

/// What Enter does on the command line.
enum PaletteAction: Hashable, Sendable {
  case command(CommandID)
  case by(QueueQuery.Grouping?, isHeatMap: Bool)
  case sort(QueueQuery.Column)
  case filter(String)
  case theme(String)
  /// Is a word of other programs for something that is done otherwise here.
  case explain(String)
  /// Needs a word more.
  case incomplete
}

/// A line of the command line's list.
struct PaletteItem: Hashable, Sendable {
  /// What Tab makes of the text.
  var text: String
  var title: String
  var keys = ""
  var availability = Availability.enabled
  var action: PaletteAction
}

/// The command line, opened by `:`.
struct CommandLine: Overlay {
  static let name = "the command line"

  var input = LineInput()
  var text: String { input.text }
  /// The place of the chosen line in the list.
  var position = 0
  /// Whether it was chosen by its arrow keys, not only by being the first.
  var isChosen = false

  /// Short names, and those that other programs have.
  private static let aliases: [String: PaletteAction] = [
    "q": .command(.quit), "qa": .command(.quit), "exit": .command(.quit),
    "q!": .command(.quitNow), "qa!": .command(.quitNow), "quit!": .command(.quitNow),
    "w": .command(.save), "write": .command(.save), "h": .command(.help), "?": .command(.help),
    "set": .explain(
      "Change the view with :by, :sort, :columns, :filter and :theme; :w saves it. "
        + "Other settings are in config.toml"),
  ]

  /// What Enter would run.
  enum Meant {
    case item(PaletteItem)
    /// The beginning of this name, which is too little for a command that changes something.
    case tooShort(CommandID)
    case nothing
  }

  /// What Enter runs: a whole name or a short one, the line that the arrow keys chose, or by the beginning of its name what
  /// changes nothing.
  func meant(_ state: State) -> Meant {
    let items = items(state)
    if isChosen { return items.indices.contains(position) ? .item(items[position]) : .nothing }
    let wanted = text.drop { $0 == " " }.lowercased().trimmingBlanks
    if let named = items.first(where: { $0.text.trimmingBlanks.lowercased() == wanted }) {
      return .item(named)
    }
    if let action = Self.aliases[wanted] {
      if case .command(let id) = action,
        let item = commands(state).first(where: { $0.action == .command(id) })
      {
        return .item(item)
      }
      return .item(PaletteItem(text: wanted, title: wanted, action: action))
    }
    guard !wanted.isEmpty, let first = items.first else { return .nothing }
    if case .command(let id) = first.action {
      guard id.name.hasPrefix(wanted) else { return .nothing }
      return id.needsWholeName ? .tooShort(id) : .item(first)
    }
    return .item(first)
  }

  /// What fits the text, best first.
  func items(_ state: State) -> [PaletteItem] {
    let words = text.drop { $0 == " " }
    if let space = words.firstIndex(of: " "),
      let verb = PaletteVerb(rawValue: String(words[..<space]))
    {
      let argument = String(words[space...].drop { $0 == " " })
      return arguments(of: verb, argument, state)
    }
    let wanted = words.lowercased()
    let all = verbs(state) + commands(state)
    guard !wanted.isEmpty else { return all }
    return all.enumerated()
      .compactMap { index, item in
        rank(item, wanted).map { (rank: $0, index: index, item: item) }
      }
      .sorted { ($0.rank, $0.index) < ($1.rank, $1.index) }
      .map(\.item)
  }

  /// How well a line fits: its name, the beginning of its name, of a word of its title, any part.
  private func rank(_ item: PaletteItem, _ wanted: String) -> Int? {
    let name = item.text.trimmingBlanks
    let title = item.title.lowercased()
    if name == wanted { return 0 }
    if name.hasPrefix(wanted) { return 1 }
    if title.split(separator: " ").contains(where: { $0.hasPrefix(wanted) }) { return 2 }
    return name.contains(wanted) || title.contains(wanted) ? 3 : nil
  }

  private func verbs(_ state: State) -> [PaletteItem] {
    PaletteVerb.allCases.map {
      PaletteItem(text: $0.rawValue + " ", title: $0.help, action: .incomplete)
    }
  }

  private func commands(_ state: State) -> [PaletteItem] {
    CommandTable.commands.filter { $0.id != .palette && !$0.panes.isEmpty }.map { command in
      let panes = PaneID.allCases.filter(command.panes.contains)
      let elsewhere = Availability.disabled(
        because: "it only works in the \(panes.map(\.title).joined(separator: " and ")) pane")
      return PaletteItem(
        text: command.id.name, title: command.title,
        keys: state.setup.keymap.keys(of: command.id).map(\.label).joined(separator: " "),
        availability: command.panes.contains(state.focus)
          ? command.availability(state) : elsewhere,
        action: .command(command.id))
    }
  }

  private func arguments(
    of verb: PaletteVerb, _ argument: String, _ state: State
  ) -> [PaletteItem] {
    func item(_ word: String, _ title: String, _ action: PaletteAction) -> PaletteItem {
      PaletteItem(text: "\(verb.rawValue) \(word)", title: title, action: action)
    }
    let choices: [PaletteItem] =
      switch verb {
      case .by:
        [item("message", "Every message", .by(nil, isHeatMap: false))]
          + QueueQuery.Grouping.allCases.map {
            item($0.rawValue, "Group the queue by \($0.rawValue)", .by($0, isHeatMap: false))
          }
          + [
            item(
              "heat-map", "Message ages by destination, like qshape",
              .by(.destination, isHeatMap: true))
          ]
      case .sort:
        QueueQuery.Column.allCases.map {
          item($0.rawValue, "Sort the queue by \($0.rawValue)", .sort($0))
        }
      case .theme:
        state.setup.themes.map {
          item($0, $0 == state.theme ? "The current theme" : "Use this theme", .theme($0))
        }
      case .filter:
        state.setup.filters.sorted { $0.key < $1.key }.map {
          item($0.key, "Short for \($0.value)", .filter($0.value))
        }
      }
    let fitting = choices.filter { $0.text.dropFirst(verb.rawValue.count + 1).hasPrefix(argument) }
    guard verb == .filter else { return fitting }
    let named = fitting.filter { $0.text == "filter \(argument)" }
    let typed = item(
      argument, argument.isEmpty ? "No filter" : "Use this filter", .filter(argument))
    return argument.isEmpty ? [typed] + fitting : named.isEmpty ? [typed] + fitting : fitting
  }
}

extension String {
  fileprivate var trimmingBlanks: String { last == " " ? String(dropLast()) : self }
}
