// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer

/// Acts that lose messages.
extension MailControl {
  /// A part ends after so many messages: what was seen of them is about a second old when they go.
  private static let most = 100
  /// Where Postfix' files are out of sight, each part costs a listing of the whole queue.
  private static let mostUnseen = 1_000
  /// It also ends after so many bytes, which are in memory until they are kept.
  private static let mostBytes = 64 << 20
  /// Messages that are read at once.
  private static let together = 50

  /// Removes or bounces, part by part: each is read and compared, recorded, kept, acted on and
  /// looked at before the next one is read.
  func lose(_ request: ActRequest) async -> ActReport {
    var whole = ActWork(request)
    var rest = request.targets[...]
    var results: [ActResult] = []
    do throws(Refusal) {
      try allow(request)
      whole.command = try words(of: request.act, request.targets.map(\.queueID))
    } catch {
      whole.refuse(error)
      return whole.report
    }
    while !rest.isEmpty {
      var work: ActWork
      do throws(Refusal) {
        let turn = try await takeTurn()
        let messages: [QueueID: MessageReader.Copy]
        (work, messages) = await read(&rest, of: request)
        do throws(Refusal) {
          try await act(&work, keeping: messages, turn: turn)
        } catch {
          work.refuse(error)
        }
        turn.release()
      } catch {
        work = ActWork(request.part(rest))
        rest = []
        work.refuse(error)
      }
      // What was already done stays done: each message then has its own result.
      if results.isEmpty, let refusal = work.refusal { whole.refuse(refusal) }
      results += work.report.results
      whole.saved.merge(work.saved) { $1 }
      whole.note = whole.note ?? work.note
      if let obstacle = work.obstacle {
        results += rest.map { _ in obstacle }
        break
      }
      // Others wait for their turn.
      if !rest.isEmpty { await Pause.wait(.milliseconds(Self.turnPause)) }
    }
    whole.settle(results)
    prune()
    return whole.report
  }

  /// Takes the next part of the targets, reads their messages and compares them with what was meant.
  private func read(
    _ rest: inout ArraySlice<MessageReference>, of request: ActRequest
  ) async -> (ActWork, [QueueID: MessageReader.Copy]) {
    var part: [MessageReference] = []
    var messages: [QueueID: MessageReader.Copy] = [:]
    var problems: [QueueID: ActResult] = [:]
    var read: [QueueID: MessageReader.Copy] = [:]
    var bytes = 0
    let most = reader.seesFiles ? Self.most : Self.mostUnseen
    while let id = rest.first?.queueID, part.count < most, bytes < Self.mostBytes {
      if part.count.isMultiple(of: Self.together) {
        read = await reader.copies(of: rest.prefix(Self.together).map(\.queueID))
      }
      part.append(rest.removeFirst())
      switch await message(id, read) {
      case .success(var message):
        message.files = await reader.spoolFiles(of: id)
        messages[id] = message
        bytes += message.content.count + message.files.reduce(0) { $0 + $1.bytes.count }
      case .failure(let problem): problems[id] = problem.result
      }
    }
    var work = ActWork(request.part(part[...]))
    for (id, result) in problems { work.settle(id, result) }
    work.meet(messages.mapValues(\.sighting))
    return (work, messages)
  }

  private struct Unreadable: Error { let result: ActResult }

  private func message(
    _ id: QueueID, _ read: [QueueID: MessageReader.Copy]
  ) async -> Result<MessageReader.Copy, Unreadable> {
    if let message = read[id] { return .success(message) }
    do throws(HostFailure) {
      switch try await reader.copy(of: id) {
      case .copy(let message): return .success(message)
      case .gone: return .failure(Unreadable(result: .gone))
      case .locked: return .failure(Unreadable(result: .locked))
      }
    } catch {
      let words = "Not changed, because it could not be copied: \(error.words)"
      return .failure(Unreadable(result: .failed(words)))
    }
  }
}

extension ActRequest {
  /// The same for these of its targets.
  fileprivate func part(_ targets: ArraySlice<MessageReference>) -> ActRequest {
    ActRequest(number: number, act: act, mta: mta, targets: Array(targets))
  }
}
