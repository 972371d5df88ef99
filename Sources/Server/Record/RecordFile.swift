// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes
import Glibc
import MailServer
import Synchronization

/// What is in the first line of a record.
package struct RecordHeader: Hashable, Sendable {
  package var host: String
  package var user: String
  package var isRoot: Bool
  /// Seconds since 1970.
  package var started: Int64
  package var utcOffset: Int
  package var processors: Int
  /// Whether local parts of addresses are masked.
  package var isMasked: Bool

  static let format: Int64 = 1

  var json: JSON {
    [
      "tempfailRecord": .integer(Self.format), "host": .string(host), "user": .string(user),
      "isRoot": .bool(isRoot), "started": .integer(started),
      "utcOffset": .integer(Int64(utcOffset)), "processors": .integer(Int64(processors)),
      "masked": .bool(isMasked),
    ]
  }

  init(host: some Host, isMasked: Bool) {
    self.host = host.name
    user = isMasked && !host.user.isRoot ? "user" : host.user.name
    isRoot = host.user.isRoot
    started = host.now()
    utcOffset = host.utcOffset(at: host.now())
    processors = host.processors
    self.isMasked = isMasked
  }

  init?(_ json: JSON) {
    guard json["tempfailRecord"]?.integer == Self.format, let host = json["host"]?.text,
      let user = json["user"]?.text, let started = json["started"]?.integer,
      let offset = json["utcOffset"]?.integer, (-86_400...86_400).contains(offset)
    else { return nil }
    self.host = host
    self.user = user
    isRoot = json["isRoot"] == true
    // Times are added to it.
    self.started = min(max(0, started), 1 << 40)
    utcOffset = Int(offset)
    processors = max(1, json["processors"]?.count(to: 1 << 16) ?? 1)
    isMasked = json["masked"] == true
  }
}

/// Writes a record: mode 0600, never over another file, and never more than was allowed.
package final class RecordWriter: Sendable {
  private struct State: Sendable {
    var room: Int
    /// The hash of the last answer to each question: what is said again is not written again.
    var last: [RecordEntry.Question: Int] = [:]
    var count = 0
    var failure: StateFailure?
    var isFull = false
  }

  package let path: String
  private let descriptor: Int32
  private let mask: AddressMask?
  private let started = ContinuousClock.now
  private let state: Mutex<State>

  /// - Parameter limit: bytes that are written at most.
  package init(
    _ path: String, of host: some Host, keepsAddresses: Bool, limit: Int
  ) throws(StateFailure) {
    self.path = path
    mask = keepsAddresses ? nil : AddressMask()
    descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw StateFailure(path: path, errno: errno) }
    state = Mutex(State(room: limit))
    let header = RecordHeader(host: host, isMasked: !keepsAddresses)
    state.withLock { _ = write(header.json.line, &$0) }
  }

  deinit { close(descriptor) }

  /// Whether the limit was reached; nothing is written anymore.
  package var isFull: Bool { state.withLock { $0.isFull } }
  package var failure: StateFailure? { state.withLock { $0.failure } }
  /// How many answers were written.
  package var count: Int { state.withLock { $0.count } }

  func write(_ question: RecordEntry.Question, _ answer: RecordEntry.Answer) {
    let elapsed = started.duration(to: .now).components
    let time = elapsed.seconds * 1000 + elapsed.attoseconds / 1_000_000_000_000_000
    if case .follow = question {
    } else {
      let hash = answer.hashValue
      let isNew = state.withLock { state in state.last.updateValue(hash, forKey: question) != hash }
      guard isNew else { return }
    }
    let line: JSON = ["at": .integer(time), "ask": question.json, "answer": answer.json(mask)]
    let bytes = line.line
    state.withLock { if write(bytes, &$0) { $0.count += 1 } }
  }

  /// Whether the whole line was written.
  private func write(_ line: [UInt8], _ state: inout State) -> Bool {
    guard !state.isFull, state.failure == nil else { return false }
    guard line.count <= state.room else {
      state.isFull = true
      return false
    }
    state.room -= line.count
    var written = 0
    while written < line.count {
      let count = line[written...].withUnsafeBytes {
        Glibc.write(descriptor, $0.baseAddress, $0.count)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        state.failure = StateFailure(path: path, errno: errno)
        return false
      }
      written += count
    }
    return true
  }
}
