// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas
package import MailServer

/// A question before an act.
///
/// Cancel has the focus; keys typed ahead are ignored; where a permanent act is for more than one
/// message, their number must be typed.
package struct Confirmation: Hashable, Sendable {
  /// Milliseconds in which keys are taken for typed ahead.
  static let typeAhead: Int64 = 300
  static let longest = 40
  /// Messages that a reversible act may be done to without a question.
  static let freely = 20

  package enum Button: CaseIterable, Hashable, Sendable {
    case cancel, alternative, go
  }

  package let act: Act
  package let mta: MTA
  /// What was meant when the dialog opened: nothing that arrives later is touched.
  package let references: [MessageReference]
  /// The domain that each of them waits for.
  let destinations: [String]
  /// The step of a fix that asks.
  let step: FixProgress.StepID?
  /// The message, where it is one.
  let message: QueuedMessage?
  let digest: TargetDigest
  /// The act that is offered in its place, where there is a gentler one.
  package let alternative: Act?
  /// What to know before saying yes, a paragraph each.
  let warnings: [String]
  let openedAt: Int64
  package var focus = Button.cancel
  /// The digits typed so far.
  package var typed = ""
  /// Lines of the question above what is shown, on a screen that is too small for all of it.
  var scroll = 0
  /// The first of the messages shown while they are listed one by one, or nil.
  package var listing: Int?

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
  package var needsCount: Bool { act.isPermanent && references.count > 1 }
  /// Whether the act's own button can be pressed.
  package var isArmed: Bool { !needsCount || typed == String(references.count) }
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

  /// What a key means to the dialog.
  enum Answer {
    case stay, cancel
    case start(Act)
  }

  mutating func press(_ key: Key) -> Answer {
    if let top = listing {
      list(key, from: top)
      return .stay
    }
    switch key {
    case .escape, .character("q"), .character("n"): return .cancel
    case .tab, .right, .character("l"): moveFocus(by: 1)
    case .backTab, .left, .character("h"): moveFocus(by: -1)
    case .character("v") where references.count > 1: listing = 0
    case .backspace:
      if !typed.isEmpty { typed.removeLast() }
      if !isArmed, focus == .go { focus = .cancel }
    case .character(let digit) where needsCount && digit.isASCII && digit.isNumber:
      if typed.count < String(references.count).count { typed.append(digit) }
    case .enter:
      switch focus {
      case .cancel: return .cancel
      case .alternative: return alternative.map(Answer.start) ?? .cancel
      case .go: return isArmed ? .start(act) : .stay
      }
    default:
      // More than any question has; what is drawn goes no further than its end.
      if let step = key.scrollStep(page: 3) { scroll = min(max(0, scroll + step), Self.longest) }
    }
    return .stay
  }

  private mutating func list(_ key: Key, from top: Int) {
    switch key {
    case .escape, .enter, .character("q"), .character("v"): listing = nil
    default:
      guard let step = key.scrollStep(page: 10) else { return }
      listing = min(max(0, top + step), references.count - 1)
    }
  }

  private mutating func moveFocus(by step: Int) {
    let buttons = buttons
    let index = buttons.firstIndex(of: focus) ?? 0
    focus = buttons[(index + step + buttons.count) % buttons.count]
  }
}
