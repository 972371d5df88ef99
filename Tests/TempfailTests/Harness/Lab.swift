// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

extension Tag {
  /// Needs the lab: a real Exim and a real Postfix, which `make test` starts as root.
  @Tag static var lab: Self
}

/// The lab's scripts, and the MTAs in its room.
enum Lab {
  static let isRunning = getenv("TEMPFAIL_LAB") != nil

  @discardableResult
  static func run(_ script: String, _ arguments: [String]) async throws -> String {
    let outcome = try await outcome(of: Place.lab(script), arguments)
    guard outcome.status == 0 else {
      throw NeverHappened(what: "Tests/Lab/\(script)", instead: outcome.complaints)
    }
    return outcome.output
  }

  /// Sends a message to each address, or one to each destination of the table.
  static func send(through mta: LabMTA, to addresses: String...) async throws {
    try await run("inject", [mta.rawValue] + addresses)
  }

  /// An address at a destination that no earlier message of this lab went to, whose log lines would
  /// be taken for the new one's.
  static func address(_ name: String, _ mta: LabMTA, at destination: String) -> String {
    "\(name)-\(mta)-\(UInt32.random(in: 0...UInt32.max))@\(destination)"
  }

  /// Lets a destination answer as another one does.
  static func answer(of destination: String, becomesThatOf other: String) async throws {
    try await run("answer", [destination, other])
  }
}

/// One of the lab's mail servers, asked with its own tools.
enum LabMTA: String, CaseIterable, CustomTestStringConvertible {
  case exim, postfix

  var testDescription: String { rawValue }

  /// The queue as the MTA itself lists it.
  func listing() async throws -> String {
    switch self {
    case .exim: try await Lab.run("enter", ["exim", "-bp"])
    case .postfix: try await Lab.run("enter", ["postqueue", "-p"])
    }
  }

  /// What `tempfail queue --json` says about the queue.
  func queue() async throws -> [QueueRow] {
    let text = try await Lab.run("enter", [Place.program, "queue", "--json", "--mta", rawValue])
    let outcome = Outcome(status: 0, output: text, complaints: "")
    return try #require(outcome.objects).compactMap(QueueRow.init)
  }

  /// Waits until the MTA's own log says that each of these addresses was tried and deferred.
  func hasPutOff(_ addresses: [String]) async throws {
    try await eventually("\(rawValue) defers \(addresses.joined(separator: ", "))") {
      let log = try await Lab.run("enter", ["cat", logPath])
      let deferrals = log.split(separator: "\n").filter {
        $0.contains(" == ") || $0.contains("status=deferred")
      }
      return addresses.allSatisfy { address in deferrals.contains { $0.contains(address) } }
        ? true : nil
    }
  }

  private var logPath: String {
    switch self {
    case .exim: "/var/log/exim4/mainlog"
    case .postfix: "/var/log/mail.log"
    }
  }
}

extension Pane {
  /// Filters the queue to the one message to an address, and returns its queue ID.
  func showsOnly(_ address: String) async throws -> String {
    try await waits(for: "queued")
    try await press("/")
    try await type(address)
    try await press("Enter")
    let screen = try await waits(for: "the message to \(address)") {
      OnScreen.Demo.identity(OnScreen.Demo.selected($0)) != nil
        && OnScreen.Demo.queue($0).count == 1
    }
    return try #require(OnScreen.Demo.identity(OnScreen.Demo.selected(screen)))
  }
}
