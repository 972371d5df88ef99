// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer

/// A recipient of a simulated message.
struct DemoRecipient: Sendable {
  var address: String
  /// Index into `DemoWorld.destinations`.
  var destination: Int
  var isDelivered = false
  var reply: DemoReply?
}

/// What came of an attempt.
struct DemoReply: Sendable {
  enum Origin: Sendable {
    case remote(String, DemoStage)
    /// The connection attempt ran out of time.
    case timeout
  }

  var origin: Origin
  var destination: Int
}

/// A message of the simulated queue.
struct DemoMessage: Sendable {
  enum Phase: Sendable {
    case waiting, held
    /// In delivery until a time, to the recipient with this index.
    case active(until: Int64, recipient: Int)
  }

  var id: String
  var arrival: Int64
  var size: Int64
  var sender: String
  var isBulk: Bool
  var recipients: [DemoRecipient]
  var phase = Phase.waiting
  var isHeld: Bool { if case .held = phase { true } else { false } }
  var attempts = 0
  var firstAttempt: Int64?
  var nextAttempt: Int64

  var nextRecipient: Int? { recipients.firstIndex { !$0.isDelivered } }
}

/// Something that the simulated MTA would log.
enum DemoEvent: Sendable {
  case received(DemoMessage)
  case deferred(DemoMessage, recipient: Int, DemoReply, seconds: Int64)
  case delivered(DemoMessage, recipient: Int, seconds: Int64)
  case completed(DemoMessage)
  /// We defer a client: it has this many connections.
  case refused(client: String, connections: Int)
  case note(DemoMessage, String)
}

/// A mail server that lives: mail comes in, is tried, deferred, tried again and delivered.
///
/// Time goes in whole seconds; the same seed and times give the same story.
struct DemoSimulation: Sendable {
  private(set) var now: Int64
  private(set) var messages: [DemoMessage] = []
  private var random: DemoRandom
  private let makeID: @Sendable (Int64, inout DemoRandom) -> String

  /// The retry times of the simulated MTA, in seconds: shorter than real ones, so that there is something to see.
  private static let backoff: ClosedRange<Int64> = 45...700
  private static let mostMessages = 120
  /// Each destination as often as its share of the mail.
  private static let shares = DemoWorld.destinations.enumerated().flatMap { index, place in
    Array(repeating: index, count: place.share)
  }

  init(
    start: Int64, seed: UInt64, makeID: @escaping @Sendable (Int64, inout DemoRandom) -> String
  ) {
    now = start
    random = DemoRandom(seed: seed)
    self.makeID = makeID
    for age: Int64 in [352_800, 271_000, 188_000, 93_000, 41_000, 17_000, 9_000, 5_400, 3_700] {
      let destination = Int.random(in: 0...7, using: &random)
      add(arrival: start - age, destination: destination)
    }
    if let last = messages.indices.last { messages[last].phase = .held }
  }

  /// Lets time go on and returns what was logged, with its time.
  mutating func advance(to time: Int64) -> [(time: Int64, event: DemoEvent)] {
    var log: [(time: Int64, event: DemoEvent)] = []
    while now < time {
      now += 1
      let moment = now
      tick { log.append((moment, $0)) }
    }
    return log
  }

  /// The deliveries in progress: destination and seconds left.
  var deliveries: [(message: DemoMessage, destination: Int, isWaiting: Bool)] {
    messages.compactMap { message in
      guard case .active(_, let recipient) = message.phase else { return nil }
      let destination = message.recipients[recipient].destination
      if case .timesOut = DemoWorld.destinations[destination].behavior {
        return (message, destination, true)
      }
      return (message, destination, false)
    }
  }

  // MARK: Acts

  func index(of id: String) -> Int? { messages.firstIndex { $0.id == id } }

  mutating func retry(at index: Int) { messages[index].nextAttempt = now }
  mutating func hold(at index: Int) { messages[index].phase = .held }

  mutating func release(at index: Int) {
    messages[index].phase = .waiting
    messages[index].nextAttempt = now + 2
  }

  mutating func remove(at index: Int) -> DemoMessage { messages.remove(at: index) }

  mutating func insert(_ message: DemoMessage) { messages.append(message) }

  // MARK: One second

  private mutating func tick(_ log: (DemoEvent) -> Void) {
    for index in messages.indices {
      if case .active(let until, let recipient) = messages[index].phase, until <= now {
        finish(index, recipient, log)
      }
    }
    for message in messages where message.nextRecipient == nil { log(.completed(message)) }
    messages.removeAll { $0.nextRecipient == nil }
    for index in messages.indices { startAttempt(index) }
    if messages.count < Self.mostMessages, Int.random(in: 0..<8, using: &random) == 0 {
      let pick = Self.shares[Int.random(in: 0..<Self.shares.count, using: &random)]
      log(.received(add(arrival: now, destination: pick)))
    }
    if Int.random(in: 0..<55, using: &random) == 0 {
      let client = DemoWorld.clients[Int.random(in: 0..<DemoWorld.clients.count, using: &random)]
      log(.refused(client: client, connections: Int.random(in: 51...58, using: &random)))
    }
  }

  private mutating func startAttempt(_ index: Int) {
    guard case .waiting = messages[index].phase, messages[index].nextAttempt <= now,
      let recipient = messages[index].nextRecipient
    else { return }
    let pace = DemoWorld.destinations[messages[index].recipients[recipient].destination].pace
    messages[index].phase = .active(
      until: now + Int64.random(in: pace, using: &random), recipient: recipient)
    messages[index].attempts += 1
    if messages[index].firstAttempt == nil { messages[index].firstAttempt = now }
  }

  private mutating func finish(_ index: Int, _ recipient: Int, _ log: (DemoEvent) -> Void) {
    let message = messages[index]
    let destination = message.recipients[recipient].destination
    messages[index].phase = .waiting
    if let origin = outcome(of: message, at: destination) {
      let reply = DemoReply(origin: origin, destination: destination)
      messages[index].recipients[recipient].reply = reply
      let age = now - message.arrival
      messages[index].nextAttempt =
        now + min(max(age, Self.backoff.lowerBound), Self.backoff.upperBound)
      log(.deferred(messages[index], recipient: recipient, reply, seconds: age))
    } else {
      messages[index].recipients[recipient].isDelivered = true
      messages[index].nextAttempt = now
      log(.delivered(messages[index], recipient: recipient, seconds: now - message.arrival))
    }
  }

  /// Nil if the message is accepted.
  private func outcome(of message: DemoMessage, at destination: Int) -> DemoReply.Origin? {
    switch DemoWorld.destinations[destination].behavior {
    case .accepts: nil
    case .limitsBulk(let reply, let stage, let seconds):
      message.isBulk && now - message.arrival < seconds ? .remote(reply, stage) : nil
    case .defers(let reply, let stage, let share):
      Double(now % 1800) < share * 1800 ? .remote(reply, stage) : nil
    case .greylists(let reply, let seconds):
      now - (message.firstAttempt ?? now) < seconds ? .remote(reply, .recipient) : nil
    case .limitsConnections(let reply, let most):
      deliveries.count { $0.destination == destination } > most ? .remote(reply, .greeting) : nil
    case .timesOut: .timeout
    }
  }

  @discardableResult
  private mutating func add(arrival: Int64, destination: Int) -> DemoMessage {
    let shares = DemoWorld.senders.flatMap { sender in
      Array(repeating: sender, count: sender.share)
    }
    let sender = shares[Int.random(in: 0..<shares.count, using: &random)]
    let person = DemoWorld.people[Int.random(in: 0..<DemoWorld.people.count, using: &random)]
    var recipients = [
      DemoRecipient(
        address: "\(person)@\(DemoWorld.destinations[destination].domain)",
        destination: destination)
    ]
    if Int.random(in: 0..<12, using: &random) == 0 {
      recipients.append(DemoRecipient(address: "kim@customer.example", destination: 8))
    }
    let message = DemoMessage(
      id: makeID(arrival, &random), arrival: arrival,
      size: Int64.random(in: 1_800...60_000, using: &random), sender: sender.address,
      isBulk: sender.isBulk, recipients: recipients, nextAttempt: max(now, arrival) + 1)
    messages.append(message)
    return message
  }
}
