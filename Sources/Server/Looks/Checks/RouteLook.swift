// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes
import Guidance
import MailServer

/// The way that the MTA's own settings send a recipient's mail.
extension CheckContext {
  /// Asks the MTA; nil if it has no way but the mail exchangers of each domain, or does not say.
  func route(of recipient: String, from sender: String) async -> Route? {
    guard let address = EnvelopeAddress(recipient), DomainName(ofAddress: recipient) != nil else {
      return nil
    }
    guard system.routing?.mayRelay == true else { return nil }
    switch (system.tools, system.routing) {
    case (.exim(let exim), .exim(let routing)):
      // An undeliverable or deferred address has another status than 0, and its lines tell.
      let command = LookCommand.eximRoute(exim, of: address, from: EnvelopeAddress(sender))
      return (try? await host.look(command)).flatMap { routing.route(testing: $0.output) }
    case (.postfix, .postfix(let routing, let postmap)):
      let host = host
      return try? await routing.route(of: recipient, from: sender) { key, table in
        guard let command = postmap.flatMap({ LookCommand.postfixLookup($0, key, in: table) })
        else {
          throw RouteIsUnknown()
        }
        let result = try await host.look(command)
        if result.status == 0 {
          return String(decoding: result.output, as: UTF8.self).trimmed
        }
        // A missing entry shows only in the status; text means that the lookup failed.
        guard result.complaint.isEmpty else { throw RouteIsUnknown() }
        return nil
      }
    default: return nil
    }
  }
}

private struct RouteIsUnknown: Error {}
