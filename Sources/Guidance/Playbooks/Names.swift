// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes
import MailServer
import Replies

/// Fills the names of a deferral into the texts of a playbook.
struct Names: Sendable {
  private typealias Filling = (place: StaticString, value: String)

  /// What sentences say.
  private let words: [Filling]
  /// What commands and configuration say: only names that are safe to copy into a shell.
  private let arguments: [Filling]
  /// The host with its port, as Postfix writes a next hop: `[smtp.example.net]:587`.
  let nextHop: String

  /// Nil names become words such as "the destination", and in commands `DOMAIN`.
  ///
  /// - Parameters:
  ///   - hop: where the mail was held up: the party is whoever runs that system, and the destination only where it is the last.
  ///   - host: the host that answered, or did not.
  init(
    destination: String?, hop: Hop = .final, host: String?, end: Endpoint? = nil, sender: String?,
    client: String?, queueID: QueueID?, mta: String
  ) {
    let port = end?.port
    let party = Self.party(hop, destination, end ?? host.map { Endpoint(host: $0) })
    let isFinal = hop == .final
    nextHop = "[\(Self.argument(host) ?? "HOST")]:\(port ?? 25)"
    let senderDomain = sender.flatMap {
      $0.lastIndex(of: "@").map { at in
        String(sender?[at...].dropFirst() ?? "")
      }
    }
    words = [
      ("{party}", party),
      ("{destination}", Self.named(destination) ?? Self.named(host) ?? "the destination"),
      ("{host}", Self.named(host) ?? Self.named(destination) ?? "their server"),
      ("{senderDomain}", Self.named(senderDomain) ?? "the sender's domain"),
      ("{sender}", Self.named(sender) ?? "the null sender"),
      ("{client}", Self.named(client) ?? "a client"),
      ("{end}", Self.named(end?.words) ?? "the relay host or service"),
      ("{mta}", mta),
    ]
    arguments = [
      ("{destination}", Self.argument(destination) ?? "DOMAIN"),
      ("{host}", Self.argument(host) ?? "HOST"),
      ("{nexthop}", isFinal ? Self.argument(destination) ?? "DOMAIN" : "'\(nextHop)'"),
      (
        "{lookup}",
        isFinal ? "MX \(Self.argument(destination) ?? "DOMAIN")" : Self.argument(host) ?? "HOST"
      ),
      ("{senderDomain}", Self.argument(senderDomain) ?? "SENDER-DOMAIN"),
      ("{client}", Self.argument(client) ?? "CLIENT"),
      ("{port}", String(port ?? 25)),
      ("{id}", queueID?.text ?? "QUEUE-ID"),
    ]
  }

  /// Who answered, or did not: nobody else is named as if they were at fault.
  private static func party(_ hop: Hop, _ destination: String?, _ end: Endpoint?) -> String {
    let name = named(end.map { $0.socket ?? $0.host }).map { name in
      end?.port.map { "\(name):\($0)" } ?? name
    }
    switch hop {
    case .final: return named(destination) ?? named(end?.host) ?? "the destination"
    case .unknown: return name ?? "the next server"
    case .relay: return "the \(hop.words)\(name.map { " \($0)" } ?? "")"
    case .filter, .local: return "our \(hop.words)\(name.map { " \($0)" } ?? "")"
    }
  }

  func sentence(_ text: String) -> String { Self.fill(text, words) }

  func command(_ text: String) -> String { Self.fill(text, arguments) }

  private static func named(_ text: String?) -> String? {
    guard let text, !text.isEmpty else { return nil }
    return text
  }

  private static func argument(_ text: String?) -> String? {
    guard let text else { return nil }
    if let domain = DomainName(validating: text) { return domain.text }
    return IPAddress(text) == nil ? nil : text
  }

  /// One pass, so that a name which holds a place is not filled again; by bytes, as `explain` fills a guide for each line.
  private static func fill(_ text: String, _ values: [Filling]) -> String {
    let bytes = text.utf8.span
    guard var brace = bytes.firstIndex(of: UInt8(ascii: "{")) else { return text }
    var result = bytes.string(0..<brace)
    while brace < bytes.count {
      var end = brace + 1
      if let (place, value) = values.first(where: { bytes.has($0.place, at: brace) }) {
        // "the destination" may begin a sentence; a real name stays as it is written.
        let begins = result.isEmpty || result.hasSuffix(". ")
        result +=
          begins && value.contains(" ") ? value.startingSentence : value
        end = brace + place.utf8CodeUnitCount
      } else {
        result += "{"
      }
      brace = bytes.firstIndex(of: UInt8(ascii: "{"), from: end) ?? bytes.count
      result += bytes.string(end..<brace)
    }
    return result
  }
}
