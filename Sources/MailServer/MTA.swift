// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

/// The mail transfer agent whose queue is read.
package enum MTA: String, CaseIterable, Hashable, Sendable {
  case exim
  case postfix

  /// The name as its makers write it.
  package var name: String {
    switch self {
    case .exim: "Exim"
    case .postfix: "Postfix"
    }
  }

  /// The MTA's own word for keeping a message from being tried.
  package var holdVerb: String { self == .exim ? "freeze" : "hold" }
  /// The MTA's own word for undoing that.
  package var releaseVerb: String { self == .exim ? "thaw" : "release" }
}
