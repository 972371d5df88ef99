// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

/// What a terminal shows, row by row, without the blanks at the rows' ends.
struct Screen: CustomStringConvertible {
  let rows: [String]

  init(_ text: String) {
    rows = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  var description: String { rows.joined(separator: "\n") }

  func shows(_ text: String) -> Bool { rows.contains { $0.contains(text) } }

  func row(startingWith text: String) -> String? { rows.first { $0.hasPrefix(text) } }

  /// The first row that holds the text.
  func row(with text: String) -> String? { rows.first { $0.contains(text) } }
}

/// Something that a screen, or a process, never came to.
struct NeverHappened: Error, CustomStringConvertible {
  let what: String
  let instead: String

  var description: String { "never happened: \(what); the last that was seen:\n\(instead)" }
}

/// Asks again and again until the answer is there; only a broken program meets the deadline, however many tests run beside.
@discardableResult
func eventually<Answer>(
  _ what: String, instead: () async throws -> String = { "nothing" },
  isolation: isolated (any Actor)? = #isolation, ask: () async throws -> Answer?
) async throws -> Answer {
  let clock = ContinuousClock()
  let deadline = clock.now + .seconds(100)
  while clock.now < deadline {
    if let answer = try await ask() { return answer }
    try await clock.sleep(for: .milliseconds(20))
  }
  throw NeverHappened(what: what, instead: try await instead())
}
