// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas
import Guidance
import MailServer
import Replies

extension State {
  /// Does an act to what is marked or selected, or asks first where that is dangerous.
  mutating func ask(_ act: Act) -> [Effect] {
    acts.questions += 1
    return ask(question(before: act))
  }

  /// The same for a step of the fix, which always asks.
  mutating func ask(_ act: Act, on scope: ActScope, for step: Step) -> [Effect] {
    acts.questions += 1
    return ask(question(before: act, on: scope, of: progressID(of: step)))
  }

  private mutating func ask(_ question: ActQuestion) -> [Effect] {
    if let reason = unseen(question.scope) {
      say("Nothing was done: \(reason)", .bad)
      return []
    }
    guard question.scope.count.map({ $0 > ActQuestion.few }) ?? true else {
      return decide(question.answer(), question)
    }
    gathering = question
    overlay = Gathering(number: question.number)
    say(question.words, seconds: 60)
    return [.gather(number: question.number)]
  }

  /// Takes the answer where it is still waited for.
  mutating func receive(_ targets: ActTargets) -> [Effect] {
    guard let question = gathering, targets.number == question.number else { return [] }
    endGathering()
    guard Gathering(number: targets.number).equals(overlay) else { return [] }
    overlay = nil
    return decide(targets, question)
  }

  fileprivate mutating func endGathering() {
    if toast?.text == gathering?.words { toast = nil }
    gathering = nil
  }

  private mutating func decide(_ targets: ActTargets, _ question: ActQuestion) -> [Effect] {
    let act = targets.act
    guard !targets.references.isEmpty else {
      say("Nothing was done: \(targets.reason)", .bad)
      return []
    }
    let count = targets.references.count
    let warnings = warnings(before: act, on: targets)
    let isAsked =
      act.isPermanent || count > Confirmation.freely || !warnings.isEmpty
      || question.isAlwaysAsked || question.note != nil
    guard isAsked else {
      return begin(act, on: Confirmation(targets, alternative: nil, warnings: [], at: 0))
    }
    let canHold = act.losesMessage && actProblems[.hold] == nil
    overlay = Confirmation(
      targets, alternative: canHold && targets.canHold ? .hold : nil,
      warnings: [question.note, targets.leftOut].compactMap(\.self) + warnings
        + (act == .retry && count > 1 ? [pacing(targets)] : []),
      step: question.step, at: milliseconds)
    return []
  }

  mutating func begin(_ act: Act, on targets: Confirmation) -> [Effect] {
    let count = targets.references.count
    if act == .retry, count > 1 {
      return startRetry(
        of: targets.references, to: targets.destinations, mta: targets.mta)
    }
    return begin(act, on: targets.references, mta: targets.mta, for: targets.step)
  }

  private mutating func begin(
    _ act: Act, on targets: [MessageReference], mta: MTA, for step: FixProgress.StepID? = nil
  ) -> [Effect] {
    say("\(act.progress(mta)) \(Format.messages(targets.count))…", seconds: 60)
    if let step { fix.acting[acts.nextNumber] = step }
    return [send(act, to: targets, mta: mta)]
  }

  /// The request for an act, with its messages noted as in progress.
  mutating func send(_ act: Act, to targets: [MessageReference], mta: MTA) -> Effect {
    let request = ActRequest(number: acts.nextNumber, act: act, mta: mta, targets: targets)
    acts.nextNumber += 1
    for target in targets { acts.pending[target] = act }
    return .mutate(.act(request))
  }

  mutating func receive(_ report: ActReport) -> [Effect] {
    for target in report.request.targets { acts.pending[target] = nil }
    if receiveRetry(report) { return [] }
    trends.noteAct(now: now)
    // If only root can, the key says how.
    var canUndo = acts.noteUndo(of: report)
    if case .impossible? = acts.restoreLimit, report.request.act.losesMessage { canUndo = false }
    let (text, isGood) = report.summary
    say(
      canUndo ? "\(text) · \(setup.keymap.label(.undo)) undoes it" : text, isGood ? .good : .bad,
      seconds: isGood ? 8 : 15)
    noteRetries(of: report)
    return noteFixStep(of: report) + [.look(.refresh(.queue))]
  }

  // MARK: Undo

  var undoAvailability: Availability {
    if let reason = readOnlyReason { return .disabled(because: reason) }
    if !acts.pending.isEmpty, retryRun == nil {
      return .disabled(because: "a change is in progress: wait for its result")
    }
    return acts.undos.isEmpty
      ? .disabled(because: "nothing to undo") : .enabled
  }

  mutating func undo() -> [Effect] {
    if let reason = unseenUndo {
      say("Nothing was done: \(reason)", .bad)
      return []
    }
    guard let undo = acts.undos.popLast() else { return [] }
    switch undo {
    case .opposite(let act, let mta, let targets):
      acts.undoing.insert(acts.nextNumber)
      return begin(act, on: targets, mta: mta)
    case .copies(let names):
      say("Restoring \(Format.messages(names.count))…", seconds: 60)
      return [.mutate(.restore(names))]
    }
  }

  mutating func receive(_ restorations: [Restoration]) -> [Effect] {
    let (text, isGood) = restorations.summary
    say(text, isGood ? .good : .bad, seconds: isGood ? 8 : 15)
    // What is still there to be restored can be tried again, the reason once fixed.
    let failed = restorations.filter { !$0.result.isFinal }.map(\.copy)
    if !failed.isEmpty { acts.undos.append(.copies(failed)) }
    return [.look(.refresh(.queue))]
  }

  // MARK: What to know first

  private func pacing(_ targets: ActTargets) -> String {
    let map = setup.keymap
    let destinations = Set(targets.destinations).count
    let first =
      destinations == 1
      ? "Sends one first; the rest follow only if it leaves the queue"
      : "Sends one first to each of the \(destinations) destinations; the rest follow only if it leaves the queue"
    return
      "\(first), one every \(Format.duration(acts.pace)). \(map.label(.slowerRetry)) and \(map.label(.fasterRetry)) "
      + "change the pace, \(map.label(.stopRetry)) stops it."
  }

  private func warnings(before act: Act, on targets: ActTargets) -> [String] {
    let isOne = targets.references.count == 1
    let nobody = targets.digest.bounces
    let bounces =
      nobody == 0
      ? nil
      : isOne
        ? "It is itself a bounce: there is nobody to return it to."
        : nobody == 1
          ? "1 of them is itself a bounce: there is nobody to return it to."
          : "\(Format.count(nobody)) of them are themselves bounces: there is nobody to return them to."
    switch act {
    case .remove:
      return [
        isOne
          ? "The message is deleted from the queue. The sender is not notified."
          : "They are deleted from the queue. The senders are not notified."
      ] + wayBack(isOne: isOne)
    case .bounce:
      return [
        isOne
          ? "Delivery stops: the sender gets a bounce for the undelivered recipients."
          : "Delivery stops: each sender gets a bounce for the undelivered recipients.",
        "A copy is saved first, but a bounce cannot be recalled.",
      ] + [bounces].compactMap(\.self)
    case .requeue:
      return [
        "\(isOne ? "It gets a new queue ID, and its" : "Each gets a new queue ID, and their") "
          + "backoff and lifetime start over.",
        "Address rewriting, header checks and content filters run again.",
      ]
    case .retry: return earlyRetryWarnings(targets)
    case .hold, .release: return []
    }
  }

  /// Whether what is removed can be restored, and as what.
  private func wayBack(isOne: Bool) -> [String] {
    let copy = "A copy is saved first"
    let pronoun = isOne ? "it" : "them"
    let undo = "\(copy): \(setup.keymap.label(.undo)) restores \(pronoun)."
    return switch acts.restoreLimit {
    case nil: [undo]
    case .asNew(let words)?: [undo, words]
    case .impossible(let why)?: ["\(copy), but only root can restore \(pronoun). \(why)"]
    }
  }

  /// What an admin should know before a retry that comes too early for the message tried last.
  private func earlyRetryWarnings(_ targets: ActTargets) -> [String] {
    guard let message = targets.lastTried, let last = ActTargets.lastAttempt(of: message),
      let wait = subject(of: message).classification.wait,
      now - last < wait.min
    else { return [] }
    return [
      "The last attempt was \(message.lastAttempt == nil ? "less than " : "")"
        + "\(Format.duration(now - last)) ago. "
        + "Recommended wait: \(Format.wait(min: wait.min, max: wait.max)).",
      "Retrying too soon counts against the limit and can lengthen the wait.",
    ]
  }
}

/// The messages of an act are looked at; a question may follow, which the keys that come in the meantime are meant for.
struct Gathering: Overlay {
  static let name = "the reading of many messages"
  static let notch = 0

  var number: Int

  func draw(_ state: State, on grid: inout Grid) {}

  func close(_ state: inout State) -> [Effect] {
    state.endGathering()
    state.overlay = nil
    state.say("Nothing was changed")
    return []
  }

  func press(_ key: Key, _ state: inout State) -> [Effect] {
    let command = state.setup.keymap.command(for: key, over: Self.self)?.id
    return command == .back || command == .quit ? close(&state) : []
  }
}
