// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Guidance

/// Connections to other servers that checks make: one a minute to the same address at most, however
/// often the key is pressed.
package actor ProbeBook {
  /// What an address answered, and when it was asked, in seconds since 1970.
  struct Probe: Sendable {
    var transcript: SMTPTranscript
    var time: Int64
    /// Whether it was asked before, and this is that answer.
    var isKept: Bool
  }

  private struct Entry {
    var answer: Task<SMTPTranscript, Never>
    var time: Int64
    var goesToRecipient: Bool
    /// It was canceled: what came of it says nothing of the other side.
    var wasCut = false

    /// Whether it is within the last minute; a clock that was set back ends the wait.
    func isRecent(at now: Int64) -> Bool { (0..<ProbeBook.pause).contains(now &- time) }
  }

  private static let pause: Int64 = 60

  private let host: any Host
  private var entries: [String: Entry] = [:]
  private var results: [CheckRequest: CheckResult] = [:]
  private var announced: [String: Int] = [:]
  /// Domains of which a whole conversation is wanted, so that a check of the greeting need not be a
  /// connection of its own.
  private var conversations: Set<String> = []

  package init(host: any Host) { self.host = host }

  /// Takes note of a check that will come.
  func expect(_ request: CheckRequest) {
    guard request.check == .conversation, let domain = request.domain else { return }
    conversations.insert(domain.lowercased())
  }

  func hasEnded(_ request: CheckRequest) {
    guard request.check == .conversation, let domain = request.domain else { return }
    conversations.remove(domain.lowercased())
  }

  /// Whether a conversation with a domain waits for its turn.
  func expectsConversation(with domain: String) -> Bool {
    conversations.contains(domain.lowercased())
  }

  /// An address in one form, since IPv6 has several.
  private static func key(_ address: String) -> String { IPAddress(address)?.text ?? address }

  /// The seconds until an address may be asked again; 0 if it may be now.
  func secondsUntilFree(_ address: String) -> Int64 {
    guard let entry = entries[Self.key(address)] else { return 0 }
    return entry.isRecent(at: host.now()) ? entry.time + Self.pause - host.now() : 0
  }

  /// Notes a connection that is no probe; the seconds to wait where there must be none yet.
  func reserve(_ address: String) -> Int64? {
    let left = secondsUntilFree(address)
    guard left == 0 else { return left }
    entries[Self.key(address)] = Entry(
      answer: Task { SMTPTranscript(exchanges: []) }, time: host.now(), goesToRecipient: false,
      wasCut: true)
    return nil
  }

  /// Asks an address, or gives the answer of the last minute.
  ///
  /// Nil if it was asked less than a minute ago, and not for as much as is wanted now.
  ///
  /// - Parameters:
  ///   - domain: whose mail exchanger it is.
  ///   - goesToRecipient: whether the whole conversation is wanted, not the greeting alone.
  func probe(
    _ address: String, of domain: String, goesToRecipient: Bool,
    ask: @escaping @Sendable () async -> SMTPTranscript
  ) async -> Probe? {
    let now = host.now()
    let address = Self.key(address)
    if let entry = entries[address], entry.isRecent(at: now) {
      guard !entry.wasCut, entry.goesToRecipient || !goesToRecipient else { return nil }
      return Probe(transcript: await entry.answer.value, time: entry.time, isKept: true)
    }
    entries = entries.filter { $0.value.isRecent(at: now) }
    let answer = Task { await ask() }
    entries[address] = Entry(answer: answer, time: now, goesToRecipient: goesToRecipient)
    let transcript = await withTaskCancellationHandler {
      await answer.value
    } onCancel: {
      answer.cancel()
    }
    // An answer that was interrupted is none, but the connection was made.
    if Task.isCancelled { entries[address]?.wasCut = true }
    if transcript.exchanges.count > 1 { announced[domain.lowercased()] = transcript.announcedSize }
    return Probe(transcript: transcript, time: now, isKept: false)
  }

  /// The largest message that a mail exchanger of a domain announced, where one was asked.
  func announcedSize(of domain: String) -> Int? { announced[domain.lowercased()] }

  /// What a tool found within the last minute, or nil.
  func keptResult(of request: CheckRequest) -> CheckResult? {
    results = results.filter { (0..<Self.pause).contains(host.now() &- $0.value.time) }
    return results[request]
  }

  func keep(_ result: CheckResult) { results[result.request] = result }
}
