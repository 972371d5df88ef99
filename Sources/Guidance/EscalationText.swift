// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

package import MailServer
import Replies

/// What a postmaster on the other side needs, to find our mail in their own logs.
///
/// It never holds the content of a message, and local parts of recipients only where requested.
package struct EscalationText: Hashable, Sendable {
  /// One host as it is known: by name, by address, by both.
  package struct Party: Hashable, Sendable {
    package var host: String?
    package var address: String?

    package init(host: String?, address: String?) {
      self.host = host
      self.address = address
    }

    fileprivate var words: String {
      let parts = [host, address.map { "[\($0)]" }].compactMap(\.self)
      return parts.isEmpty ? "unknown" : parts.joined(separator: " ")
    }
  }

  /// The recipient's domain.
  package var destination: String
  /// The relay that the mail goes by, where it did not get past that; nil for the destination's own server.
  package var relay: String?
  package var ours: Party
  /// The name that we say in EHLO, where known.
  package var helo: String?
  /// `Postfix 3.7.11`.
  package var software: String
  package var theirs: Party
  /// Deferrals of this destination, in the order of the log.
  package var events: [LogEvent]
  /// Messages that wait for it in our queue.
  package var queued: Int?
  /// The server's.
  package var zone: LocalZone

  package init(
    destination: String, relay: String? = nil, ours: Party, helo: String?, software: String,
    theirs: Party,
    events: [LogEvent], queued: Int?, zone: LocalZone
  ) {
    (self.destination, self.relay) = (destination, relay)
    self.ours = ours
    self.helo = helo
    self.software = software
    self.theirs = theirs
    self.events = events
    self.queued = queued
    self.zone = zone
  }

  /// The text, ready to be sent.
  ///
  /// - Parameters:
  ///   - namesRecipients: whether whole addresses of recipients may be in it.
  ///   - limit: how many of the last replies are quoted.
  package func make(namesRecipients: Bool = false, limit: Int = 5) -> String {
    var lines = [
      relay.map { "To the operator of \($0), about mail for \(destination)" }
        ?? "To the postmaster of \(destination)", "",
      "Your server is deferring mail from ours. Could you tell us why, and what we should change?",
      "",
      "Our server:   \(ours.words)\(helo.map { ", HELO \($0)" } ?? ""), \(software)",
      "Your server:  \(theirs.words)",
    ]
    let times = events.compactMap(\.time)
    if let first = times.min(), let last = times.max() {
      lines += ["First seen:   \(stamp(first))", "Last seen:    \(stamp(last))"]
    }
    lines.append("Deferrals:    \(events.count)")
    if let queued { lines.append("Waiting here: \(Diagnosis.messages(queued))") }
    if !events.isEmpty { lines += ["", "The latest replies in full, with our queue IDs:"] }
    for event in events.suffix(Swift.max(0, limit)) {
      let recipient = event.recipient.map { " to <\($0)>" } ?? ""
      lines += [
        "",
        "  \(event.time.map(stamp) ?? "time unknown")  \(event.queueID ?? "no queue ID")\(recipient)",
        "    \(Self.reply(event))",
      ]
    }
    let text = lines.map(Self.printable).joined(separator: "\n") + "\n"
    return namesRecipients ? text : Self.maskingLocalParts(text)
  }

  private func stamp(_ time: Int64) -> String { LocalTime(time, zone: zone).stamp }

  /// The codes are written again where the log's words do not begin with them.
  private static func reply(_ event: LogEvent) -> String {
    guard let code = event.code, !event.reply.hasPrefix("\(code)") else { return event.reply }
    let codes = ["\(code)", event.enhanced?.description].compactMap(\.self)
    return (codes + [event.reply]).joined(separator: " ")
  }

  /// Control and format characters become `?`: the text is pasted into other programs.
  private static func printable(_ text: String) -> String {
    var safe = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse: safe.append("?")
      default: safe.append(scalar)
      }
    }
    return String(safe)
  }

  /// Replaces what is before each `@` by `***`, in replies too, since they quote addresses.
  static func maskingLocalParts(_ text: String) -> String {
    var result: [Character] = []
    for character in text {
      if character == "@" {
        if result.last == "\"" {
          result.removeLast()
          while let last = result.last, last != "\"", last != "\n" { result.removeLast() }
          if result.last == "\"" { result.removeLast() }
        } else {
          while let last = result.last, isLocalPart(last) { result.removeLast() }
        }
        result += "***"
      }
      result.append(character)
    }
    return String(result)
  }

  /// Everything but what can stand around an address: generous, so that nothing is left over.
  private static func isLocalPart(_ character: Character) -> Bool {
    !character.isWhitespace && !"<>()[],;:\"".contains(character)
  }
}
