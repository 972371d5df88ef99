// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas
import Guidance
import MailServer

extension State {
  /// Whether the selected deferral is one whose postmaster can be written to.
  ///
  /// Asked for every frame, unlike the text itself, which reads the whole list of log lines.
  var hasEscalation: Bool { escalated != nil }

  private var escalated: (subject: DeferralSubject, destination: String, identity: ServerIdentity)?
  {
    guard let subject = fix.subject, subject.direction == .outbound, !subject.isHeld,
      let destination = subject.destination, let identity
    else { return nil }
    return (subject, destination, identity)
  }

  /// The text for the postmaster of the selected deferral's destination, or nil where there is none
  /// to write to.
  func escalation(namesRecipients: Bool) -> String? {
    guard let (subject, destination, identity) = escalated else { return nil }
    let events = log.events.filter { event in
      event.kind == .deferral && event.direction == .outbound
        && event.destination == destination
    }
    let source = connections.all.first { $0.direction == .outbound }?.localAddress
    let text = EscalationText(
      destination: destination, ours: .init(host: identity.host, address: source),
      helo: heloName,
      software: [identity.mta.name, identity.version].compactMap(\.self).joined(separator: " "),
      theirs: .init(
        host: subject.remoteHost ?? events.last?.remoteHost, address: events.last?.remoteIP),
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

  mutating func press(_ key: Key, inEscalation namesRecipients: Bool, _ scroll: Int) -> [Effect] {
    switch key {
    case .escape, .enter, .character("q"), .character("e"): modal = nil
    case .character("a"): modal = .escalation(namesRecipients: !namesRecipients, scroll: scroll)
    case .character("y"):
      guard let letter = escalation(namesRecipients: namesRecipients) else { return [] }
      modal = nil
      return copy(CopiedText(letter: letter))
    case .character("Y"):
      guard setup.mode == .operate, let letter = escalation(namesRecipients: namesRecipients) else {
        say("Watch mode writes no file: \(self.key(.copy)) copies it")
        return []
      }
      modal = nil
      return [.save(CopiedText(letter: letter))]
    default:
      let count = EscalationOverlay.lines(self, namesRecipients).count
      if let scroll = Pager.scroll(scroll, by: key, of: count, on: size) {
        modal = .escalation(namesRecipients: namesRecipients, scroll: scroll)
      }
    }
    return []
  }
}

/// The text for a postmaster, before it is copied.
enum EscalationOverlay {
  static func draw(
    namesRecipients: Bool, scroll: Int, _ state: State, on grid: inout Grid
  ) {
    let overlay = Modal.escalation(namesRecipients: namesRecipients, scroll: scroll)
    Pager.draw(
      lines(state, namesRecipients).map { ($0, .text) },
      title: "For their postmaster: read it before you send it", scroll: scroll, more: "below",
      keys: [
        "\(state.key(.copy, over: overlay)) copies",
        "\(state.key(.copyToFile, over: overlay)) saves",
        namesRecipients ? "a hides recipients" : "a names recipients",
      ],
      size: state.size, on: &grid)
  }

  static func lines(_ state: State, _ namesRecipients: Bool) -> [String] {
    let text = state.escalation(namesRecipients: namesRecipients) ?? "There is nothing to tell."
    let width = max(1, state.size.columns - 4)
    return text.split(separator: "\n", omittingEmptySubsequences: false).flatMap { line in
      line.count <= width ? [String(line)] : wrap(String(line), width: width)
    }
  }
}
