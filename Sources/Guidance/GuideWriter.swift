// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer
import Replies

/// Writes the guide for one deferral: its playbook, its provider and its MTA together.
struct GuideWriter {
  private let subject: DeferralSubject
  private let playbook: Playbook
  private let names: Names
  private let provider: ProviderNote?
  private let context: LeverContext

  init(subject: DeferralSubject, present: [String: String]) {
    self.subject = subject
    let classification = subject.classification
    playbook =
      subject.isHeld
      ? .held
      : subject.direction == .inbound
        ? .inbound(classification.cause) : .outbound(classification)
    let destination = subject.destination
    names = Names(
      destination: destination, hop: classification.hop,
      host: subject.endpoint?.host ?? subject.remoteHost, end: subject.endpoint,
      sender: subject.sender,
      client: subject.remoteHost,
      queueID: subject.queueID.flatMap { QueueID($0, of: subject.mta) }, mta: subject.mta.name)
    provider =
      subject.direction == .inbound
      ? nil
      : ProviderNote.find(
        provider: classification.provider, host: subject.remoteHost,
        domain: classification.hop == .final ? destination : nil)
    context = LeverContext(
      destination: names.command("{destination}"), client: names.command("{client}"),
      connections: provider?.connections,
      messagesPerConnection: provider?.messagesPerConnection, present: present,
      nextHop: classification.hop == .relay ? names.nextHop : nil)
  }

  var guide: Guide {
    Guide(
      title: names.sentence(playbook.title), meaning: meaning, advice: advice, steps: steps,
      mistakes: playbook.mistakes.map(names.sentence),
      reassurance: playbook.reassurance.map(names.sentence), escalation: escalation)
  }

  /// The message in the queue, where it is known.
  private var message: QueueID? { subject.queueID.flatMap { QueueID($0, of: subject.mta) } }

  private var isTemporaryFailure: Bool { subject.classification.isTemporary }

  private var meaning: [String] {
    let reply = subject.classification.reply
    var sentences = playbook.meaning.map(names.sentence)
    if subject.isHeld {
      if !reply.text.isEmpty {
        sentences.append("Before that: \(subject.classification.cause.meaning)")
      }
      return sentences
    }
    // Where the kind is known, all that a code may mean would only blur it.
    if !isTemporaryFailure,
      subject.direction == .inbound || Refusal(of: subject.classification) == .other
    {
      sentences.append(PermanentFailure.meaning(of: reply.code))
    }
    if let provider {
      sentences += provider.meanings(in: "\(reply.enhanced?.description ?? "") \(reply.text)").map {
        "\(provider.name), \($0)"
      }
    }
    if isTemporaryFailure, subject.direction == .outbound {
      sentences.append(DeliveryPause.sentence(subject.mta, subject.stage))
    }
    return sentences
  }

  private var advice: String {
    let why = names.sentence(playbook.advice)
    guard !subject.isHeld, isTemporaryFailure, subject.direction == .outbound else { return why }
    if let wait = subject.classification.wait {
      return "Wait \(wait.words) before you retry. \(why)"
    }
    // The rule book gives a wait wherever waiting is an answer.
    return subject.classification.cause == .other
      ? "Wait 15 to 30 minutes before you retry. \(why)"
      : "Waiting will not fix this. \(why)"
  }

  private var escalation: String {
    let text = names.sentence(playbook.escalation)
    guard let provider, !subject.isHeld else { return text }
    let page = provider.page.map { " Postmaster page: https://\($0)" } ?? ""
    return "\(text) \(provider.name): \(provider.advice)\(page)"
  }

  private var steps: [Step] { playbook.steps.compactMap(onItsWay).flatMap(steps(for:)) }

  /// The step for mail that goes by a relay or a service: it asks the end that was used, not the destination's servers.
  private func onItsWay(_ step: PlaybookStep) -> PlaybookStep? {
    guard subject.direction == .outbound, !subject.isHeld, subject.classification.hop != .final
    else {
      return step.isOnlyOnItsWay ? nil : step
    }
    switch step.action {
    case .check(.port25, _): return .service
    // Whether the host is among the destination's own tells what it is.
    case .check(.mailExchangers, nil) where subject.classification.hop == .unknown: return step
    case .check(.mailExchangers, nil), .check(.conversation, _), .testMessage: return nil
    case .check(.scope, _): return .scopeOnItsWay
    case .check(.path, _)
    where subject.classification.hop == .filter || subject.classification.hop == .local:
      return nil
    case .check(.handshake, _):
      var read = step
      read.action = .read
      return read
    default: return step
    }
  }

  private func steps(for step: PlaybookStep) -> [Step] {
    let commands = (step.commands[subject.mta] ?? []).map(names.command)
    switch step.action {
    case .read: return [make(step, .read, commands)]
    case .act(let act, let scope):
      return [make(step, self.scope(scope).map { .act(act, on: $0) } ?? .read, commands)]
    case .testMessage:
      let domain = subject.destination.flatMap { DomainName(validating: $0) }
      return [make(step, domain.map { .testMessage(domain: $0.text) } ?? .read, commands)]
    case .check(let check, let about):
      guard let request = check.request(of: names, about, message, subject.endpoint) else {
        return [make(step, .read, commands)]
      }
      return [make(step, .check(request), request.byHand(subject.mta))]
    case .configuration(let lever):
      let changes = lever.advice(for: subject.mta, context)
      return changes.enumerated().map { index, advice in
        var part = step
        if index > 0 { part.id += "-\(index + 1)" }
        if changes.count > 1 { part.title += " (\(index + 1) of \(changes.count))" }
        return make(part, .configuration(advice), commands)
      }
    }
  }

  /// The messages that an act is for, or nil if a name that identifies them is missing.
  private func scope(_ scope: PlaybookStep.Scope) -> ActScope? {
    switch scope {
    case .message: .message
    case .sender: subject.sender.map { .sender($0) }
    case .busiestSender: subject.destination.map { .busiestSender(to: $0) }
    }
  }

  private func make(_ step: PlaybookStep, _ action: Step.Action, _ commands: [String]) -> Step {
    Step(
      id: step.id, kind: step.kind, title: names.sentence(step.title),
      why: names.sentence(step.why), action: action, commands: commands)
  }
}

extension Check {
  /// The check of this deferral's names, or nil if a name cannot be looked up.
  ///
  /// - Parameter subject: nil for what the check is about.
  func request(
    of names: Names, _ subject: Subject?, _ message: QueueID?, _ end: Endpoint?
  ) -> CheckRequest? {
    func known(_ place: String) -> String? {
      DomainName(validating: names.command(place)).map(\.text).flatMap {
        $0.contains(".") ? $0 : nil
      }
    }
    let domain =
      switch subject ?? about {
      case .host: known("{host}") ?? known("{destination}")
      case .senderDomain: known("{senderDomain}")
      case .server, .destination, .message, .end: known("{destination}")
      }
    return request(of: domain, message: message, end: end)
  }
}

/// What the MTA does with other mail after this reply.
enum DeliveryPause {
  static func sentence(_ mta: MTA, _ stage: SMTPStage?) -> String {
    switch (mta, stage) {
    case (.exim, .connection):
      "Exim now skips that host address, for all mail, until its retry time."
    case (.exim, .message), (.exim, .recipient):
      "Exim delays only this delivery and keeps sending other mail to that host."
    case (.exim, nil):
      "After a 421 at the greeting or EHLO, Exim skips that host address, for all mail, until its"
        + " retry time; after MAIL, RCPT or DATA only this message waits."
    case (.postfix, .connection):
      "Postfix now stops mail to that site for some minutes: \"delivery temporarily suspended\"."
    case (.postfix, .message), (.postfix, .recipient):
      "Postfix delays only this delivery, unless the server also disconnects."
    case (.postfix, nil):
      "After a 421 at the greeting or EHLO, Postfix stops all mail to that site for some minutes;"
        + " after MAIL, RCPT or DATA only this message waits."
    }
  }
}
