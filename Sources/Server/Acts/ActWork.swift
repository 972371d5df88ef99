// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer

/// A request while it is carried out, and what is known of its messages so far.
struct ActWork {
  let request: ActRequest
  /// In the order of the targets; nil while it is not known.
  private(set) var results: [ActResult?]
  /// What was seen right before the act.
  private(set) var sightings: [QueueID: MessageReader.Sighting] = [:]
  var saved: [QueueID: SavedCopy] = [:]
  var command = ""
  var note: String?
  /// Whether a command of it still works, so that its result is not known.
  var isOpen = false
  private(set) var refusal: MailControl.Refusal?

  init(_ request: ActRequest) {
    self.request = request
    results = Array(repeating: nil, count: request.targets.count)
  }

  /// The targets whose result is open.
  var pending: [MessageReference] {
    zip(request.targets, results).filter { $0.1 == nil }.map(\.0)
  }

  /// Their IDs, each once.
  var pendingIDs: [QueueID] {
    var seen: Set<QueueID> = []
    return pending.map(\.queueID).filter { seen.insert($0).inserted }
  }

  var report: ActReport {
    let open = ActResult.failed(refusal?.ofOne ?? "Not attempted.")
    return ActReport(
      request: request, results: results.map { $0 ?? open }, command: command,
      refusal: refusal?.words, saved: saved.values.map(\.name).sorted(), note: note)
  }

  /// The result of every further message, where there is no sense in trying it.
  var obstacle: ActResult? {
    if let refusal { return .failed(refusal.ofOne) }
    return results.lazy.compactMap(\.self).first {
      if case .notPermitted = $0 { true } else { false }
    }
  }

  /// Gives the open targets with this ID their result.
  mutating func settle(_ id: QueueID, _ result: ActResult) {
    for (index, target) in request.targets.enumerated()
    where target.queueID == id && results[index] == nil {
      results[index] = result
    }
  }

  /// Gives every target its result.
  mutating func settle(_ results: [ActResult]) { self.results = results }

  /// Says that nothing is done, and why.
  mutating func refuse(_ refusal: MailControl.Refusal) { self.refusal = refusal }

  /// Compares the targets with what is in the queue now.
  mutating func meet(_ found: [QueueID: MessageReader.Sighting]) {
    sightings = found
    for (index, target) in request.targets.enumerated() where results[index] == nil {
      results[index] = result(of: target, found[target.queueID])
    }
  }

  /// What is known of a target before the act; nil if it can be acted on.
  private func result(
    of target: MessageReference, _ sighting: MessageReader.Sighting?
  ) -> ActResult? {
    guard let sighting else { return .gone }
    guard sighting.isSame(as: target, mta: request.mta) else { return .changed }
    switch request.act {
    case .hold where sighting.isHeld: return .unchanged("It is already on hold.")
    case .release where !sighting.isHeld: return .unchanged("It is not on hold.")
    default: return nil
    }
  }
}
