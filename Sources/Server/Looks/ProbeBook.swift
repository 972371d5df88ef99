// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Guidance

/// Connections to other servers that checks make: one a minute to the same address at most, however
/// often the key is pressed.
actor ProbeBook {
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
  }

  private static let pause: Int64 = 60
  /// Addresses that are remembered for what their EHLO announced.
  private static let capacity = 200
  private static let timeLimit = Duration.seconds(15)

  private let host: any Host
  private var entries: [String: Entry] = [:]
  /// Domains of which a whole conversation is wanted, so that a look at the greeting need not be a
  /// connection of its own.
  private var conversations: Set<String> = []

  init(host: any Host) { self.host = host }

  /// Takes note of a check that will come.
  func expect(_ request: CheckRequest) {
    if case .conversation(let domain) = request { conversations.insert(domain.lowercased()) }
  }

  func hasEnded(_ request: CheckRequest) {
    if case .conversation(let domain) = request { conversations.remove(domain.lowercased()) }
  }

  /// Whether a conversation with a domain waits for its turn.
  func expectsConversation(with domain: String) -> Bool {
    conversations.contains(domain.lowercased())
  }

  /// The seconds until an address may be asked again; 0 where it may be now.
  func secondsUntilFree(_ address: String) -> Int64 {
    guard let entry = entries[address] else { return 0 }
    return max(0, entry.time + Self.pause - host.now())
  }

  /// Asks an address, or gives the answer of the last minute.
  ///
  /// Nil where it was asked less than a minute ago, and not for as much as is wanted now.
  func probe(
    _ address: String, script: SMTPScript, from source: IPAddress?
  ) async -> Probe? {
    let now = host.now()
    if let entry = entries[address], now - entry.time < Self.pause {
      guard entry.goesToRecipient || script.isGreetingOnly else { return nil }
      return Probe(transcript: await entry.answer.value, time: entry.time, isKept: true)
    }
    if entries.count >= Self.capacity {
      entries = entries.filter { now - $0.value.time < Self.pause }
    }
    let answer = Task { [host] in
      await host.converse(
        with: address, port: 25, saying: script, from: source, timeLimit: Self.timeLimit)
    }
    entries[address] = Entry(answer: answer, time: now, goesToRecipient: !script.isGreetingOnly)
    let transcript = await withTaskCancellationHandler {
      await answer.value
    } onCancel: {
      answer.cancel()
    }
    return Probe(transcript: transcript, time: now, isKept: false)
  }
}
