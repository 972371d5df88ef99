// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas
import MailServer

extension State {
  mutating func startPalette() {
    toast = nil
    modal = .palette(Palette())
  }

  mutating func press(_ key: Key, in palette: Palette) -> [Effect] {
    var palette = palette
    let items = palette.items(self)
    let chosen = items.indices.contains(palette.position) ? items[palette.position] : nil
    func choose(_ step: Int) {
      palette.position = min(max(0, palette.position + step), max(0, items.count - 1))
      palette.isChosen = true
    }
    switch key {
    case .escape:
      modal = nil
      return []
    case .enter: return run(palette)
    case .tab:
      if let chosen { palette.input = LineInput(chosen.text) }
      (palette.position, palette.isChosen) = (0, false)
    case .up, .backTab: choose(-1)
    case .down: choose(1)
    case .pageUp: choose(-8)
    case .pageDown: choose(8)
    case .backspace where palette.input.isEmpty:
      modal = nil
      return []
    default:
      // Pasted text is never run: its newlines fall away.
      if palette.input.press(key) { (palette.position, palette.isChosen) = (0, false) }
      toast = nil
    }
    modal = .palette(palette)
    return []
  }

  private mutating func run(_ palette: Palette) -> [Effect] {
    let item: PaletteItem
    switch palette.meant(self) {
    case .item(let meant): item = meant
    case .tooShort(let id):
      say("Nothing was done: \(id.name) needs its whole name, or to be chosen with Down")
      return []
    case .nothing:
      guard !palette.input.isEmpty else {
        modal = nil
        return []
      }
      let names = CommandTable.commands.map(\.id.name) + PaletteVerb.allCases.map(\.rawValue)
      let hint = nearestName(to: palette.text, among: names).map { ": did you mean \($0)?" }
      say("There is no command \(palette.text)\(hint ?? "")")
      return []
    }
    if case .disabled(let reason) = item.availability {
      say("\(item.title.trimmedDots) is off: \(reason)")
      return []
    }
    modal = nil
    switch item.action {
    case .command(let id): return run(id)
    case .by(let grouping, let isHeatMap):
      focus = .queue
      queue.close()
      (queue.query.grouping, queue.isHeatMap) = (grouping, isHeatMap)
      return [.arrange(queue.query)]
    case .sort(let column):
      focus = .queue
      queue.query.sort = column
      queue.query.descending = [.age, .size, .attempts].contains(column)
      return [.arrange(queue.query)]
    case .filter(let text): return filter(by: text)
    case .theme(let name):
      theme = name
      return []
    case .explain(let words):
      say(words, seconds: 12)
      return []
    case .incomplete:
      modal = .palette(Palette(input: LineInput(item.text)))
      return []
    }
  }

  /// Sets the filter of the list in use, in place of those that it has.
  private mutating func filter(by text: String) -> [Effect] {
    if focus == .fix { focus = .queue }
    do throws(FilterError) {
      let scopes: [PaneID: Filter.Scope] = [.log: .log, .connections: .connections]
      let filter = try Filter(text, for: scopes[focus] ?? .queue)
      return changeFilters(of: focus) { filters in
        filters = FilterStack()
        filters.add(filter)
      }
    } catch {
      say("The filter is not used: \(error.message)", .bad)
      return []
    }
  }

  // MARK: Themes

  mutating func startThemes() {
    let position = setup.themes.firstIndex(of: theme) ?? 0
    modal = .themes(ThemePicker(position: position, before: theme))
  }

  mutating func press(_ key: Key, in picker: ThemePicker) -> [Effect] {
    var picker = picker
    switch key {
    case .enter:
      modal = nil
      if theme != picker.before, setup.mode == .operate {
        say("\(theme) until the end: \(self.key(.save)) keeps it for good", seconds: 10)
      }
      return []
    case .character("w"): return saveChoice()
    case .escape, .character("q"), .character("T"):
      modal = nil
      theme = picker.before
      return []
    default:
      guard let step = key.scrollStep(page: 8) else { return [] }
      picker.position = min(max(0, picker.position + step), max(0, setup.themes.count - 1))
    }
    if setup.themes.indices.contains(picker.position) { theme = setup.themes[picker.position] }
    modal = .themes(picker)
    return []
  }

  // MARK: Help and what was said

  mutating func press(_ key: Key, in help: HelpView) -> [Effect] {
    var help = help
    switch key {
    case .escape where !help.search.isEmpty: help = HelpView()
    case .character("?") where help.search.isEmpty, .escape, .enter:
      modal = nil
      return []
    case .backspace: help = HelpView(search: String(help.search.dropLast()))
    case .control("u"): help = HelpView()
    case .character(let character): help = HelpView(search: help.search + String(character))
    default:
      guard let step = key.scrollStep(page: max(1, size.rows - 4)) else { return [] }
      help.scroll = min(max(0, help.scroll + step), HelpOverlay.lastScroll(help, self))
    }
    modal = .help(help)
    return []
  }

  mutating func pressInNotices(_ key: Key, scroll: Int) -> [Effect] {
    switch key {
    case .escape, .enter, .character("q"), .character("!"): modal = nil
    default:
      let step = key.scrollStep(page: max(1, size.rows - 4)) ?? 0
      modal = .notices(
        scroll: min(max(0, scroll + step), NoticesOverlay.lastScroll(self)))
    }
    return []
  }

  mutating func press(_ key: Key, inDumpOver under: Modal?) -> [Effect] {
    switch key {
    case .enter, .character("P"):
      modal = under
      return [.dump(isMasked: false)]
    case .character("m"):
      modal = under
      return [.dump(isMasked: true)]
    case .escape, .character("q"): modal = under
    default: break
    }
    return []
  }
}
