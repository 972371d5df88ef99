// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer

/// The result of the messages of an act.
extension MailControl {
  /// Returns the result for each message.
  ///
  /// A copy goes only where its message is known to be safe: it is in the queue, and no command works anymore;
  /// or its file was not there anymore right before the act. A copy too many is better than none.
  func judge(_ work: inout ActWork, _ outcome: Outcome, _ entry: Entry) async {
    let act = work.request.act
    let pending = work.pending
    let doubtful = await doubtful(work, outcome)
    // Asked first: what is in the queue when nothing works anymore stays there.
    var isOver = !act.losesMessage || doubtful.isEmpty
    if !isOver { isOver = await entry.lock.isOursAlone() }
    let after = try? await reader.sightings(of: doubtful)
    for target in pending {
      let id = target.queueID
      let now = after.map { $0[id].flatMap { $0.isSame(as: target, mta: mta) ? $0 : nil } }
      var result = Self.result(
        act, mta, said: outcome.replies[id], trouble: outcome.troubles[id], now: now,
        wasThere: outcome.wasThere(id))
      if !isOver, result != .done {
        result = .failed(
          "The command is still running: the message may still leave. A copy is kept.")
        work.isOpen = true
      }
      var isThere = isOver && (now ?? nil) != nil && result != .done
      if isThere, act.losesMessage, await !reader.isWhole(id) {
        isThere = false
        result = .failed(
          "The command was interrupted: only the message's header is left in the queue. A copy is kept; "
            + "remove the rest with exim -Mrm \(id), then restore the copy.")
      }
      work.settle(id, result)
      let leftBefore = result == .gone && outcome.wasThere(id) == false
      // If it may have left on its own, undo does not offer to restore it.
      if isThere || result == .gone, let copy = work.saved.removeValue(forKey: id),
        isThere || leftBefore
      {
        copies.discard(copy)
      }
    }
  }

  /// The messages that the queue must be asked about.
  private func doubtful(_ work: ActWork, _ outcome: Outcome) async -> [QueueID] {
    // A retry's effect shows later, in the log and the queue.
    if work.request.act == .retry { return [] }
    var doubtful: [QueueID] = []
    for id in work.pendingIDs {
      // The tool said that it is gone, and so is the file that was seen before.
      if outcome.replies[id] == .done, outcome.wasThere(id) == true,
        await reader.hasFile(id) == false
      {
        continue
      }
      doubtful.append(id)
    }
    return doubtful
  }

  /// - Parameters:
  ///   - said: the tool's words on the message.
  ///   - trouble: what went wrong with the command.
  ///   - now: the message after the act; `.some(nil)` where it is not in the queue, nil if the
  ///     queue could not be read.
  ///   - wasThere: whether its file was there right before an act that loses it; nil if that is out of sight.
  private static func result(
    _ act: Act, _ mta: MTA, said: ActReplies.Reply?, trouble: ActResult?,
    now: MessageReader.Sighting??, wasThere: Bool?
  ) -> ActResult {
    // What was there right before and is gone is removed, whatever was said of it, or nothing.
    let wasRemoved = act.losesMessage && wasThere == true && now == .some(nil) && trouble == nil
    if wasRemoved { return .done }
    switch said {
    case .locked: return .locked
    case .gone: return .gone
    case .unchanged(let words): return .unchanged("It \(words).")
    case .failed(let words) where now != .some(nil): return .failed(words)
    case .done: return contradiction(act, mta, now) ?? .done
    case .failed, nil: break
    }
    if act == .retry { return trouble ?? .done }
    switch now {
    case nil: return trouble ?? .failed("The result is unknown: the queue cannot be read.")
    case .some(nil):
      if trouble != nil, act.losesMessage {
        return .failed(
          "The command was interrupted. The message is not in the queue; a copy is kept.")
      }
      // `exim -Mg` prints nothing.
      return act == .bounce ? .done : .gone
    case .some(let message?):
      if act == .hold, message.isHeld { return .done }
      if act == .release, !message.isHeld { return .done }
      // `exim -Mg` passes over a message that is locked, in silence.
      if mta == .exim, act == .bounce { return trouble ?? .locked }
      return trouble ?? .failed("It is in the queue as before. It may be in delivery.")
    }
  }

  /// What the queue says against a tool that reported success; nil if it agrees.
  private static func contradiction(
    _ act: Act, _ mta: MTA, _ now: MessageReader.Sighting??
  ) -> ActResult? {
    guard case .some(let message?) = now else { return nil }
    let holds =
      switch act {
      case .hold: message.isHeld
      case .release: !message.isHeld
      case .remove: false
      // Postfix returns an expired message at its next attempt; a requeued one may keep its long ID.
      case .bounce, .requeue, .retry: true
      }
    return holds ? nil : .failed("\(mta.name) reported success, but it is in the queue as before.")
  }
}
