// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes
package import MailServer

/// A question about the world that Tempfail can answer itself, read-only.
///
/// Each stands at the head of the file in `Checks` that has its verdict.
package struct Check: Hashable, CaseIterable, Sendable {
  package static let allCases: [Check] = [
    .authentication, .blockLists, .conversation, .handshake, .identity, .limits, .load,
    .mailExchangers, .message, .path, .port25, .queueRunner, .rate, .recovered, .retryPolicy,
    .scope, .senders, .service,
  ]

  /// What a check is about.
  package enum Subject: Sendable {
    /// This server, which needs no name.
    case server
    /// The domain that mail goes to.
    case destination
    /// The host that was tried; the destination where it has no name.
    case host
    /// The sender's domain, and a message of it where one is queued.
    case senderDomain
    /// A queued message, and the domain it goes to.
    case message
    /// The relay or the service that mail was handed to.
    case end
  }

  /// Where the answer comes from.
  package enum Source: Sendable {
    /// From the host, which `CheckContext` asks.
    case host
    /// From what is known already, of a domain where it is about one.
    case log(@Sendable (Evidence, String) -> CheckResult)
    /// The same, where the queue was read: nothing is said of one that could not be.
    case queue(@Sendable (Evidence, String) -> CheckResult)
  }

  /// It is kept in files, so it stays as it is.
  package let name: String
  package let about: Subject
  package let source: Source
  /// What is asked, in a few words; `{name}` is what it is about.
  let title: String
  /// The commands that show the same by hand, with `{name}` as a name that a shell may read.
  let commands: [MTA: [String]]

  /// - Parameter both: the commands for either MTA, after its own.
  init(
    _ name: String, _ about: Subject, _ title: String, exim: [String] = [],
    postfix: [String] = [], both: [String] = [], from source: Source = .host
  ) {
    self.name = name
    self.about = about
    self.source = source
    self.title = title
    commands = [.exim: exim + both, .postfix: postfix + both]
  }

  package static func == (one: Check, other: Check) -> Bool { one.name == other.name }

  package func hash(into hasher: inout Hasher) { hasher.combine(name) }

  /// The check of what is known, or nil if it does not apply.
  package func request(
    of domain: String?, message: QueueID? = nil, end: Endpoint? = nil
  ) -> CheckRequest? {
    switch about {
    case .server: CheckRequest(self)
    case .destination, .host: domain.map { CheckRequest(self, of: $0) }
    case .senderDomain: domain.map { CheckRequest(self, of: $0, message: message) }
    case .message:
      message.flatMap { id in domain.map { CheckRequest(self, of: $0, message: id) } }
    case .end: end.map { CheckRequest(self, end: $0) }
    }
  }
}

/// A check and what it is about.
///
/// Names come from the queue as they are: `DomainName` decides whether one becomes an argument.
package struct CheckRequest: Hashable, Sendable {
  package var check: Check
  /// The name that is asked about, or nil if it is about no name.
  package var domain: String?
  package var message: QueueID?
  package var end: Endpoint?

  package init(
    _ check: Check, of domain: String? = nil, message: QueueID? = nil, end: Endpoint? = nil
  ) {
    self.check = check
    self.domain = domain
    self.message = message
    self.end = end
  }

  /// What is asked, in a few words.
  package var title: String {
    let name = check.about == .message ? message?.text : end?.words ?? domain
    return check.title.replacing("{name}", with: name ?? "")
  }

  /// The commands that show the same by hand; for people to read and copy, never run from here.
  ///
  /// A name that is none is replaced, since it is read and copied into a shell.
  package func byHand(_ mta: MTA) -> [String] {
    if check.about == .end { return end.map(Self.service) ?? [] }
    let domain = domain.flatMap { DomainName(validating: $0)?.text } ?? "DOMAIN"
    let name = check.about == .message ? message?.text ?? "MESSAGE" : domain
    return (check.commands[mta] ?? []).map { $0.replacing("{name}", with: name) }
  }
}

extension CheckRequest {
  /// The commands that show whether an end answers.
  private static func service(_ end: Endpoint) -> [String] {
    guard end.socket == nil else { return ["ss -lxp", "systemctl --failed"] }
    let host = DomainName(validating: end.host)?.text ?? IPAddress(end.host)?.text ?? "HOST"
    let port = end.port ?? 25
    let speak =
      switch port {
      case 465: ["openssl s_client -connect \(host):465 </dev/null"]
      case 587: ["openssl s_client -starttls smtp -connect \(host):587 </dev/null"]
      default: [String]()
      }
    return ["nc -v -w 10 \(host) \(port)"] + speak + (end.isLoopback ? ["ss -ltnp"] : [])
  }
}

extension Endpoint {
  /// Whether it is this server itself.
  var isLoopback: Bool { (IPAddress(address ?? host)?.isLoopback ?? false) || host == "localhost" }
}

/// The answer to a check.
package struct CheckResult: Hashable, Sendable {
  package enum Verdict: String, Hashable, Sendable {
    case passed
    case warns
    case failed
    /// It could not be asked: a tool is missing, or a right.
    case unavailable
  }

  package var request: CheckRequest
  package var verdict: Verdict
  /// The fact found, in one line.
  package var summary: String
  /// More lines, most important first.
  package var details: [String]
  /// Seconds since 1970 when it ended.
  package var time: Int64

  package init(
    _ request: CheckRequest, _ verdict: Verdict, _ summary: String, _ details: [String] = [],
    at time: Int64
  ) {
    self.request = request
    self.verdict = verdict
    self.summary = summary
    self.details = details
    self.time = time
  }

  /// The summary without the domain that was asked about: the text beside it has the name already.
  ///
  /// "SPF of example.net covers this server." is "SPF covers this server." then.
  package var fact: String {
    guard let domain = request.domain else { return summary }
    var words: [Substring] = []
    var begins = false
    for word in summary.split(separator: " ", omittingEmptySubsequences: false) {
      let mark = word.hasPrefix(domain) ? word.dropFirst(domain.count) : "-"
      guard mark.isEmpty || [".", ",", ":", ";"].contains(mark) else {
        words.append(begins ? Substring(word.startingSentence) : word)
        begins = false
        continue
      }
      switch words.last {
      case nil: begins = true
      case "of"?, "to"?, "at"?:
        words.removeLast()
        if let last = words.popLast() { words.append(last + mark) }
      default: words.append(word)
      }
    }
    return words.joined(separator: " ")
  }
}
