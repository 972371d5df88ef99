// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer

/// Fills the names of a deferral into the texts of a playbook.
struct Names: Sendable {
  /// What sentences say.
  private let words: [(place: String, value: String)]
  /// What commands and configuration say: only names that are safe to copy into a shell.
  private let arguments: [(place: String, value: String)]

  /// Nil names become words such as "the destination", and in commands `DOMAIN`.
  init(
    destination: String?, host: String?, end: String? = nil, port: Int? = nil, sender: String?,
    client: String?, queueID: QueueID?,
    mta: String
  ) {
    let senderDomain = sender.flatMap {
      $0.lastIndex(of: "@").map { at in
        String(sender?[at...].dropFirst() ?? "")
      }
    }
    words = [
      ("{destination}", Self.named(destination) ?? Self.named(host) ?? "the destination"),
      ("{host}", Self.named(host) ?? Self.named(destination) ?? "their server"),
      ("{senderDomain}", Self.named(senderDomain) ?? "the sender's domain"),
      ("{sender}", Self.named(sender) ?? "the null sender"),
      ("{client}", Self.named(client) ?? "a client"),
      ("{end}", Self.named(end) ?? "the relay or service"),
      ("{mta}", mta),
    ]
    arguments = [
      ("{destination}", Self.argument(destination) ?? "DOMAIN"),
      ("{host}", Self.argument(host) ?? "HOST"),
      ("{senderDomain}", Self.argument(senderDomain) ?? "SENDER-DOMAIN"),
      ("{client}", Self.argument(client) ?? "CLIENT"),
      ("{port}", String(port ?? 25)),
      ("{id}", queueID?.text ?? "QUEUE-ID"),
    ]
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

  /// One pass, so that a name which holds a place is not filled again.
  private static func fill(_ text: String, _ values: [(place: String, value: String)]) -> String {
    guard text.utf8.contains(UInt8(ascii: "{")) else { return text }
    var result = ""
    var rest = text[...]
    while let brace = rest.firstIndex(of: "{") {
      result += rest[..<brace]
      rest = rest[brace...]
      if let (place, value) = values.first(where: { rest.hasPrefix($0.place) }) {
        // "the destination" may begin a sentence; a name of its own stays as it is written.
        let begins = result.isEmpty || result.hasSuffix(". ")
        result +=
          begins && value.contains(" ") ? value.prefix(1).uppercased() + value.dropFirst() : value
        rest = rest.dropFirst(place.count)
      } else {
        result += "{"
        rest = rest.dropFirst()
      }
    }
    return result + rest
  }
}
