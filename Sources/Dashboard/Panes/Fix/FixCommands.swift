// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Guidance
import MailServer

/// The steps of a guided fix.
extension State {
  /// The place of a step in what is kept of fixes.
  func progressID(of step: Step) -> FixProgress.StepID? {
    fix.name.map { FixProgress.StepID(fix: $0, step: step.id) }
  }

  /// Runs the selected step, as the reader saw it.
  mutating func runSelectedStep() -> [Effect] {
    guard let step = fix.selectedStep else { return [] }
    if let reason = unseenStep {
      say("Nothing was done: \(reason)", .bad)
      return []
    }
    return run(step)
  }

  private mutating func run(_ step: Step) -> [Effect] {
    switch step.action {
    case .check(let request):
      guard fix.running.insert(request).inserted else { return [] }
      return [.look(.check(request))]
    case .act(let act, let scope):
      if case .disabled(let reason) = availability(of: act, on: scope) {
        say("Not now: \(reason)")
        return []
      }
      return ask(act, on: scope, for: step)
    case .testMessage(let domain): return askForTest(step, of: domain)
    case .configuration(let advice):
      say("Copied for \(advice.file): Tempfail never edits it", .good)
      return [.copy(CopiedText(lines: advice.lines))] + markCopied(step)
    case .read:
      if step.commands.isEmpty {
        say("Marked as done: \(step.title)")
        return mark(progressID(of: step), "done")
      }
      say("Sent its commands to the terminal clipboard (OSC 52): Tempfail does not run them")
      return [.copy(CopiedText(lines: step.commands))] + markCopied(step)
    }
  }

  /// Runs all checks of the fix, a few at a time.
  mutating func runAllLooks() -> [Effect] {
    let steps = (fix.guide?.steps ?? []).filter { step in
      if step.kind == .look, case .check = step.action { true } else { false }
    }
    if steps.isEmpty {
      say("This fix has no automatic checks: go through the steps by hand")
    }
    return steps.flatMap { run($0) }
  }

  private mutating func mark(
    _ id: FixProgress.StepID?, _ words: String, _ verdict: CheckResult.Verdict? = .passed
  ) -> [Effect] {
    guard let id else { return [] }
    fix.progress.note(FixProgress.Mark(time: now, words: words, verdict: verdict), at: id)
    return keepProgress()
  }

  /// What was copied is not done by that: somebody has to put it where it belongs.
  private mutating func markCopied(_ step: Step) -> [Effect] {
    mark(progressID(of: step), "copied", nil)
  }

  /// Notes on a step what came of its act, and on those of the open fix that ask for the same of its message.
  mutating func noteFixStep(of report: ActReport) -> [Effect] {
    let done = report.results.count { $0 == .done }
    let verdict: CheckResult.Verdict =
      report.refusal == nil && done == report.request.targets.count
      ? .passed : done > 0 ? .warns : .failed
    if let step = fix.acting.removeValue(forKey: report.request.number) {
      return mark(step, report.summary.text, verdict)
    }
    guard let id = fix.subject?.queueID,
      report.request.targets.contains(where: { $0.queueID.text == id })
    else { return [] }
    let steps = (fix.guide?.steps ?? []).filter { $0.action == .act(report.request.act) }
    return steps.flatMap { mark(progressID(of: $0), report.summary.text, verdict) }
  }

  mutating func receive(_ result: CheckResult) -> [Effect] {
    fix.running.remove(result.request)
    fix.progress.note(result)
    if result.request.check == .recovered, let domain = result.request.domain {
      receive(result, ofRecovery: domain.lowercased())
    }
    return keepProgress()
  }

  private mutating func receive(_ result: CheckResult, ofRecovery domain: String) {
    guard result.verdict == .passed else {
      // As long as it has not come, the log is watched for it.
      let recovery = fix.awaited[domain] ?? AwaitedRecovery(until: now + FixProgress.lifetime)
      fix.awaited[domain] = recovery
      return
    }
    guard fix.awaited.removeValue(forKey: domain) != nil else { return }
    say(
      result.summary.hasSuffix(".") ? String(result.summary.dropLast()) : result.summary, .good,
      seconds: 30)
  }

  /// Sees in new log lines whether a destination that is waited for gets mail, and asks whether that is the end of it.
  ///
  /// One delivery is not: the check has the rule, for the fix and for the findings alike.
  mutating func noteRecovery(_ events: [LogEvent]) -> [Effect] {
    guard !fix.awaited.isEmpty else { return [] }
    for event in events where event.kind == .delivery && event.direction == .outbound {
      guard let domain = DomainName(ofAddress: event.recipient ?? "")?.text.lowercased() else {
        continue
      }
      fix.awaited[domain]?.isDelivering = true
    }
    return askForRecovery()
  }

  /// Asks again where mail is delivered, now and then: without another delivery, time alone can make it the end.
  mutating func askForRecovery() -> [Effect] {
    guard !fix.awaited.isEmpty else { return [] }
    fix.awaited = fix.awaited.filter { $0.value.until > now }
    var effects: [Effect] = []
    for (domain, recovery) in fix.awaited.sorted(by: { $0.key < $1.key })
    where recovery.isDelivering && recovery.asked.map({ now - $0 >= AwaitedRecovery.pause }) ?? true
    {
      fix.awaited[domain]?.asked = now
      effects.append(.look(.check(CheckRequest(.recovered, of: domain))))
    }
    return effects
  }

  /// Watch mode writes nothing anywhere, not even this.
  func keepProgress() -> [Effect] {
    setup.mode == .operate && !setup.isDemo ? [.keep(fix.progress)] : []
  }
}
