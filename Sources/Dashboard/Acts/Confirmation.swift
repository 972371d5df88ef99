// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas
import MailServer

/// A question before an act.
///
/// Cancel has the focus; keys typed ahead are ignored; where a permanent act is for more than one
/// message, their number must be typed.
struct Confirmation: Overlay {
  static let name = "the question before an act"
  static let commands: Set<CommandID> = [
    .nextButton, .previousButton, .decline, .listMessages,
  ]
  static let notch = 0

  /// Milliseconds in which keys are taken for typed ahead.
  static let typeAhead: Int64 = 300
  static let longest = 40
  /// Messages that a reversible act may be done to without a question.
  static let freely = 20

  enum Button: CaseIterable, Hashable, Sendable {
    case cancel, alternative, go
  }

  let act: Act
  let mta: MTA
  /// What was meant when the dialog opened: nothing that arrives later is touched.
  let references: [MessageReference]
  /// The domain that each of them waits for.
  let destinations: [String]
  /// The step of a fix that asks.
  let step: FixProgress.StepID?
  /// The message, where it is one.
  let message: QueuedMessage?
  let digest: TargetDigest
  /// The act that is offered in its place, where there is a gentler one.
  let alternative: Act?
  /// What to know before saying yes, a paragraph each.
  let warnings: [String]
  let openedAt: Int64
  var focus = Button.cancel
  /// The digits typed so far.
  var typed = ""
  /// Lines of the question above what is shown, on a screen that is too small for all of it.
  var scroll = 0
  /// The first of the messages shown while they are listed one by one, or nil.
  var listing: Int?

  init(
    _ targets: ActTargets, alternative: Act?, warnings: [String], step: FixProgress.StepID? = nil,
    at openedAt: Int64
  ) {
    act = targets.act
    mta = targets.mta
    references = targets.references
    destinations = targets.destinations
    self.step = step
    message = references.count == 1 ? targets.first : nil
    digest = targets.digest
    self.alternative = alternative
    self.warnings = warnings
    self.openedAt = openedAt
  }

  /// Whether the number of messages must be typed.
  var needsCount: Bool { act.isPermanent && references.count > 1 }
  /// Whether the act's own button can be pressed.
  var isArmed: Bool { !needsCount || typed == String(references.count) }
  /// The buttons that can be reached.
  var buttons: [Button] {
    Button.allCases.filter { button in
      switch button {
      case .cancel: true
      case .alternative: alternative != nil
      case .go: isArmed
      }
    }
  }

  func press(_ key: Key, _ state: inout State) -> [Effect] {
    guard state.milliseconds - openedAt >= Self.typeAhead else { return [] }
    let command = state.setup.keymap.command(for: key, over: Self.self)?.id
    var question = self
    if let top = listing {
      question.list(command, from: top)
      state.overlay = question
      return []
    }
    switch command {
    case .back, .quit, .decline: return cancel(&state)
    case .nextButton: question.moveFocus(by: 1)
    case .previousButton: question.moveFocus(by: -1)
    case .listMessages where references.count > 1: question.listing = 0
    case .accept:
      switch focus {
      case .cancel: return cancel(&state)
      case .alternative: return alternative.map { start($0, &state) } ?? cancel(&state)
      case .go: if isArmed { return start(act, &state) }
      }
    default:
      if question.type(key) { break }
      // More than any question has; what is drawn goes no further than its end.
      if let rows = command?.rows(page: 3) {
        question.scroll = min(max(0, scroll + rows), Self.longest)
      }
    }
    state.overlay = question
    return []
  }

  /// Types the number of messages, where it must be typed.
  private mutating func type(_ key: Key) -> Bool {
    switch key {
    case .backspace:
      if !typed.isEmpty { typed.removeLast() }
      if !isArmed, focus == .go { focus = .cancel }
      return true
    case .character(let digit) where needsCount && digit.isASCII && digit.isNumber:
      if typed.count < String(references.count).count { typed.append(digit) }
      return true
    default: return false
    }
  }

  private mutating func list(_ command: CommandID?, from top: Int) {
    switch command {
    case .back, .accept, .quit, .listMessages: listing = nil
    default:
      guard let rows = command?.rows(page: 10) else { return }
      listing = min(max(0, top + rows), references.count - 1)
    }
  }

  private func cancel(_ state: inout State) -> [Effect] {
    state.overlay = nil
    state.say("Nothing was changed")
    return []
  }

  private func start(_ act: Act, _ state: inout State) -> [Effect] {
    state.overlay = nil
    return state.begin(act, on: self)
  }

  private mutating func moveFocus(by step: Int) {
    let buttons = buttons
    let index = buttons.firstIndex(of: focus) ?? 0
    focus = buttons[(index + step + buttons.count) % buttons.count]
  }
}
