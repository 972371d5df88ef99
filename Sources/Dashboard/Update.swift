// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas
import Guidance
import MailServer

/// The one function that changes the state: what happened goes in, what is to be done outside comes out.
package func update(_ state: inout State, with event: Event) -> [Effect] {
  switch event {
  // The reader moves, or sees the list that was requested: news that comes with it moves nothing (`ListState`).
  case .key, .arranged: return handle(event, &state)
  default: break
  }
  let (focus, choice) = (state.focus, state.choice)
  let effects = handle(event, &state)
  if state.focus == focus, state.choice != choice { state.choiceMovedAt = state.milliseconds }
  return effects
}

private func handle(_ event: Event, _ state: inout State) -> [Effect] {
  var effects: [Effect] = []
  switch event {
  case .tick(let now, let milliseconds):
    state.now = now
    state.milliseconds = milliseconds
    state.followUps.expire(now: now)
    state.fix.progress.expire(now: now)
    if let toast = state.toast, toast.until <= now { state.toast = nil }
    return state.advanceRetry() + state.askForRecovery() + state.askForRoute() + state.changeTitle()
  case .key(let key):
    effects = state.press(key)
  case .resize(let size):
    state.size = size
  case .restoreLimit(let limit): state.acts.restoreLimit = limit
  case .server(let report):
    effects = state.receive(report)
  case .permissions(let problems):
    state.actProblems = problems
  case .arranged(let arranged):
    effects = state.receive(arranged)
  case .matched(let rows, let snapshot):
    state.mark(rows, of: snapshot)
  case .gathered(let targets):
    effects = state.receive(targets)
  case .history(let history): state.receive(history)
  case .opened(let result):
    state.receive(result)
  case .checked(let result):
    effects = state.receive(result)
  case .cancelled(let request):
    state.fix.running.remove(request)
  case .acted(let report):
    effects = state.receive(report)
  case .retryLifetime(let seconds, let address):
    state.fix.lifetimes[address] = .some(seconds)
  case .route(let route, let way):
    state.fix.learn(route, of: way)
  case .routed(let way, let domain):
    state.receive(way, to: domain)
  case .tested(let report):
    effects = state.receive(report)
  case .restored(let restorations):
    effects = state.receive(restorations)
  case .progress(let earlier):
    state.fix.progress.recall(earlier, now: state.now)
  case .keepByHand(let path, let lines):
    state.overlay = SavedView(path: path, settings: lines)
  case .firstStart: state.welcome()
  case .notice(let text):
    state.say(text, .bad, seconds: 30)
  case .told(let text, let isGood):
    state.say(text, isGood ? .good : .bad, seconds: 12)
  }
  return effects + state.follow() + state.changeTitle()
}

extension State {
  /// Lets what depends on the selection and the size follow them.
  mutating func follow() -> [Effect] {
    let layout = Layout(self)
    // A pane that is out of sight keeps its place.
    for pane in layout.panes.keys {
      let height = layout.listHeight(pane)
      pane.pane.reveal(height: height, &self)
    }
    focus.pane.use(&self)
    goOnWithTour()
    fix.explain(subject, isInUse: focus == .fix, settings: settings)
    let reason = queue.reasonWanted().map { [Effect.look(.findReason($0))] } ?? []
    return reason + askForLifetime()
  }
}
