// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

package import Replies

/// Where the MTA's own settings send the mail of one recipient.
package struct Route: Hashable, Sendable {
  package var hop: Hop
  /// In the order in which they are tried; empty if the DNS of the recipient's domain decides.
  package var ends: [Endpoint]
  /// Whether the ends are hosts themselves; otherwise a name stands for its mail exchangers.
  package var isByHost: Bool
  /// What decides it: `relayhost`, `transport_maps`, `router smarthost`.
  package var decidedBy: String

  package init(_ hop: Hop, _ ends: [Endpoint], isByHost: Bool = true, by decidedBy: String) {
    (self.hop, self.ends, self.isByHost, self.decidedBy) = (hop, ends, isByHost, decidedBy)
  }

  /// Whether mail that goes this way may have met `end`.
  package func leads(to end: Endpoint) -> Bool {
    !isByHost || ends.contains { $0.isSame(as: end) }
  }
}

extension Endpoint {
  /// Whether both name one host or socket; a port that only one names is no difference.
  package func isSame(as other: Endpoint) -> Bool {
    guard port == other.port || port == nil || other.port == nil, socket == other.socket else {
      return false
    }
    let names = [host, address].compactMap { $0?.lowercased() }
    return [other.host, other.address].contains {
      $0.map { names.contains($0.lowercased()) } ?? false
    }
  }
}

extension Route {
  /// The end that was used, as far as the text, log and settings show: what the log names was used, whatever the settings say.
  package func completing(_ end: Endpoint?) -> Endpoint? {
    guard var end else { return ends.first }
    guard end.port == nil else { return end }
    end.port = (ends.first { $0.isSame(as: end) } ?? (isByHost ? nil : ends.first))?.port
    return end
  }
}
