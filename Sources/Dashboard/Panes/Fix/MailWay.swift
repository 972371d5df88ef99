// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Guidance
import MailServer
import Replies

/// Mail whose route through this server is looked up: settings depend on the recipient and the sender.
package struct MailWay: Hashable, Sendable {
  package var recipient: String
  package var sender: String

  package init(recipient: String, sender: String) {
    (self.recipient, self.sender) = (recipient, sender)
  }
}

extension DeferralSubject {
  /// The mail whose route is worth looking up: it is queued, and no reply says where it failed on this side.
  var way: MailWay? {
    guard direction == .outbound, !isHeld, queueID != nil, let recipient, let sender,
      [.final, .unknown].contains(classification.hop) || endpoint?.port == nil
    else { return nil }
    return MailWay(recipient: recipient, sender: sender)
  }

  /// The same with what the MTA's own settings say: the log knows best to whom a delivery was handed, and they
  /// know what is there.
  func taking(_ route: Route?) -> DeferralSubject {
    guard let route, direction == .outbound else { return self }
    var subject = self
    let end = endpoint ?? remoteHost.map { Endpoint(host: $0) }
    // A reply from elsewhere is of the time before the settings were changed, or of a fallback.
    if let end, !route.leads(to: end) { return self }
    if route.hop != .local { subject.endpoint = route.completing(end) }
    let isLeftOpen = classification.hop == .unknown
    if isLeftOpen || classification.hop == .final && route.hop != .final && route.hop != .local {
      subject.classification = RuleBook.standard.classify(classification, at: route.hop)
    }
    return subject
  }
}

extension State {
  /// Whether some mail goes by relays and the MTA did not say whether this one does, as where it lets
  /// administrators alone ask.
  func knowsNoWay(of subject: DeferralSubject) -> Bool {
    guard identity?.mayRelay == true, [.final, .unknown].contains(subject.classification.hop),
      let way = subject.way
    else { return false }
    return fix.routes[way] == .some(.none)
  }

  /// Asks which way mail takes whose fix is shown, once the reader rests on it: each question runs a program.
  mutating func askForRoute() -> [Effect] {
    guard identity?.mayRelay == true else { return [] }
    let way = fix.subject?.way
    defer { fix.restingOn = way }
    guard let way, way == fix.restingOn, fix.routes[way] == nil else { return [] }
    if fix.routes.count > 200 { fix.routes = [:] }
    fix.routes[way] = .some(nil)
    return [.look(.route(way))]
  }
}
