// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer

/// The commands that do an act, each with the messages it is for.
struct ActPlan: Sendable {
  struct Step: Sendable {
    var command: ChangeCommand
    var ids: [QueueID]
  }

  var steps: [Step]

  /// The first command, its IDs cut after a few: for people to read.
  var words: String {
    guard let command = steps.first?.command else { return "" }
    let name = command.executable.split(separator: "/").last.map(String.init) ?? ""
    let shown = command.arguments.prefix(Self.readable)
    let count = steps.reduce(0) { $0 + $1.ids.count }
    let isCut = command.arguments.count > shown.count || steps.count > 1
    return ([name] + shown).joined(separator: " ") + (isCut ? " … (\(count) messages)" : "")
  }

  private static let readable = 8

  /// IDs a command line takes: 500 of Exim's long ones are 12 KB of the 128 KB an argument list may have.
  private static let batch = 500

  init(_ act: Act, _ ids: [QueueID], mta: MTA, tools: MailTools) throws(HostFailure) {
    switch mta {
    case .exim:
      guard let exim = tools.exim else { throw tools.missing("exim") }
      guard let change = Self.eximChange(act) else {
        steps = ids.map { Step(command: .eximRetry(exim, $0), ids: [$0]) }
        break
      }
      steps = Self.batches(ids).map { Step(command: .exim(exim, change, $0), ids: $0) }
    case .postfix:
      guard let change = Self.postfixChange(act) else {
        guard let postqueue = tools.postqueue else { throw tools.missing("postqueue") }
        steps = ids.map { Step(command: .postfixRetry(postqueue, $0), ids: [$0]) }
        return
      }
      guard let postsuper = tools.postsuper else { throw tools.missing("postsuper") }
      steps = Self.batches(ids).map { Step(command: .postfix(postsuper, change, $0), ids: $0) }
    }
    if let sudo = tools.sudo {
      for index in steps.indices { steps[index].command = steps[index].command.through(sudo: sudo) }
    }
  }

  private static func batches(_ ids: [QueueID]) -> [[QueueID]] {
    stride(from: 0, to: ids.count, by: batch).map { Array(ids[$0..<min($0 + batch, ids.count)]) }
  }

  /// Nil for a retry, which Exim makes one message at a time.
  private static func eximChange(_ act: Act) -> ChangeCommand.EximChange? {
    switch act {
    case .hold: .freeze
    case .release: .thaw
    case .remove: .remove
    case .bounce: .giveUp
    case .retry, .requeue: nil
    }
  }

  /// Nil for a retry, which is `postqueue`'s.
  private static func postfixChange(_ act: Act) -> ChangeCommand.PostfixChange? {
    switch act {
    case .hold: .hold
    case .release: .release
    case .remove: .remove
    case .bounce: .expire
    case .requeue: .requeue
    case .retry: nil
    }
  }
}
