// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Replies

/// A number for each cause; counting asks for no hash of the cause's name, as a dictionary would.
struct CauseCounts: Sendable {
  private static let causes = Cause.allCases

  /// In the order of the causes.
  private var counts = [Int](repeating: 0, count: causes.count)

  mutating func add(_ number: Int, of cause: Cause) {
    guard let index = Self.causes.firstIndex(of: cause) else { return }
    counts[index] += number
  }

  mutating func merge(_ other: CauseCounts) {
    for index in counts.indices { counts[index] += other.counts[index] }
  }

  var total: Int { counts.reduce(0, +) }

  /// Those that were counted.
  var byCause: [Cause: Int] {
    Dictionary(uniqueKeysWithValues: zip(Self.causes, counts).filter { $0.1 > 0 })
  }
}
