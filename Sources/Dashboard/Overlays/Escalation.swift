// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas
import Guidance
import MailServer
import Replies

/// The text for a postmaster on the other side, before it is copied.
struct Escalation: Page {
  static let name = "the message to a postmaster"
  static let commands: Set<CommandID> = [.nameRecipients, .copy, .copyToFile]
  static let opener: CommandID? = .escalation
  static let isReading = true

  var namesRecipients = false
  var scroll = 0

  func pager(_ state: State) -> Pager {
    Pager(
      lines: lines(state).map { ($0, .text) },
      title: "To their postmaster: read it before you send it", scroll: scroll, more: "below",
      keys: [
        state.hint(.copy, "copies"), state.hint(.copyToFile, "saves"),
        state.hint(.nameRecipients, namesRecipients ? "hides recipients" : "shows recipients"),
      ].compactMap(\.self), size: state.size)
  }

  func run(_ command: CommandID, _ state: inout State) -> [Effect] {
    if command == .nameRecipients {
      state.overlay = Escalation(namesRecipients: !namesRecipients, scroll: scroll)
      return []
    }
    guard let letter = state.escalation(namesRecipients: namesRecipients) else { return [] }
    guard command == .copyToFile else {
      state.overlay = nil
      return state.copy(CopiedText(letter: letter))
    }
    guard state.setup.mode == .operate else {
      state.say("Watch mode writes no files: \(state.key(.copy)) copies it")
      return []
    }
    state.overlay = nil
    return [.save(CopiedText(letter: letter))]
  }

  private func lines(_ state: State) -> [String] {
    let text = state.escalation(namesRecipients: namesRecipients) ?? "Nothing to report."
    let width = max(1, state.size.columns - 4)
    return text.split(separator: "\n", omittingEmptySubsequences: false).flatMap { line in
      line.count <= width ? [String(line)] : wrap(String(line), width: width)
    }
  }
}

extension State {
  /// Whether the selected deferral is one whose postmaster can be written to.
  ///
  /// Asked for every frame, unlike the text itself, which reads the whole list of log lines.
  var hasEscalation: Bool { escalated != nil }

  private var escalated: (subject: DeferralSubject, destination: String, identity: ServerIdentity)?
  {
    guard let subject = fix.subject, subject.direction == .outbound, !subject.isHeld,
      ![.filter, .local].contains(subject.classification.hop),
      let destination = subject.destination, let identity
    else { return nil }
    return (subject, destination, identity)
  }

  /// The text for the postmaster of the selected deferral's destination, or nil if there is none
  /// to write to.
  func escalation(namesRecipients: Bool) -> String? {
    guard let (subject, destination, identity) = escalated else { return nil }
    let hop = subject.classification.hop
    let theirs = subject.endpoint?.host ?? subject.remoteHost
    let events = log.events.filter { event in
      event.kind == .deferral && event.direction == .outbound
        && event.destination == destination && event.hop == hop
    }
    let source = connections.all.first { $0.direction == .outbound }?.localAddress
    let text = EscalationText(
      destination: destination, relay: hop == .final ? nil : theirs ?? "the next server",
      ours: .init(host: identity.host, address: source),
      helo: heloName,
      software: [identity.mta.name, identity.version].compactMap(\.self).joined(separator: " "),
      theirs: .init(
        host: theirs ?? events.last?.remoteHost, address: events.last?.remoteIP),
      events: events, queued: findings.queue?.destinations.first { $0.key == destination }?.count,
      zone: setup.zone)
    return text.make(namesRecipients: namesRecipients)
  }

  /// What we say in EHLO: Postfix's `smtp_helo_name` is `$myhostname` unless it is set (postconf(5)).
  private var heloName: String? {
    ["smtp_helo_name", "myhostname", "primary_hostname"].compactMap { settings[$0] }.first {
      !$0.isEmpty && !$0.hasPrefix("$")
    }
  }
}
