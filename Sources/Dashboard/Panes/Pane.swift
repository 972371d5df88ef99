// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

/// The four panes, in the order of their numbers.
package enum PaneID: Int, CaseIterable, Hashable, Sendable {
  case queue = 1
  case connections
  case log
  case fix

  package var title: String {
    switch self {
    case .queue: "Queue"
    case .connections: "Connections"
    case .log: "Log"
    case .fix: "Fix"
    }
  }

  func next(_ step: Int) -> PaneID {
    let all = Self.allCases
    let index = (rawValue - 1 + step + all.count) % all.count
    return all[index]
  }
}
