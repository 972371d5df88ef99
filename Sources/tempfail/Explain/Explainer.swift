// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes
import Glibc
import Guidance
import MailServer
import Replies

/// Says what a line of any kind means: a log line, a reply, or words of an MTA around one.
struct Explainer {
  /// The MTA that the steps are for; nil for the MTA that wrote the line.
  let mta: MTA?
  private let grammar: LogGrammar

  init(mta: MTA? = nil) {
    self.mta = mta
    grammar = LogGrammar(now: Int64(time(nil)), zone: .utc)
  }

  /// Bytes of a line that are read, as in a log: no reply is longer, and no MTA writes such a line.
  private static let longestLine = 64 << 10

  func explain(_ line: [UInt8]) -> Explanation {
    let line = line.count > Self.longestLine ? Array(line.prefix(Self.longestLine)) : line
    if let event = event(in: line) { return explain(event) }
    let classification = RuleBook.standard.classify(line.span)
    let subject = DeferralSubject(
      mta: mta ?? (line.span.firstIndex(of: Self.eximWords) != nil ? .exim : .postfix),
      direction: Self.refusals.contains { line.span.firstIndex(of: $0) != nil }
        ? .inbound : .outbound,
      queueID: nil, sender: nil, recipient: nil,
      remoteHost: nil, classification: classification, arrival: nil, lastAttempt: nil,
      nextRetry: nil, attempts: nil, isHeld: false,
      endpoint: classification.reply.code == nil ? Endpoint(in: classification.reply.text) : nil)
    let isDiagnostic = line.span.lowercased(0..<16) == Self.diagnostic
    return Explanation(
      subject, source: isDiagnostic || classification.reply.code != nil ? .reply : .words,
      knowsMTA: mta != nil)
  }

  private static let diagnostic = Array("diagnostic-code:".utf8)
  private static let eximWords: StaticString = "error from remote mail server after"
  /// How Postfix and Exim log what they refused permanently.
  private static let refusals: [StaticString] = [": reject: ", " rejected RCPT "]
  /// The programs whose lines are understood without a stamp too, as `journalctl -o cat` prints them.
  private static let programs = ["smtpd", "smtp"].map {
    Array("Jan  1 00:00:00 - postfix/\($0)[0]: ".utf8)
  }

  private func event(in line: [UInt8]) -> LogEvent? {
    if let event = grammar.event(in: line.span) { return event }
    return Self.programs.lazy.compactMap { grammar.event(in: ($0 + line).span) }
      .first { $0.kind != .attempt }
  }

  private func explain(_ event: LogEvent) -> Explanation {
    var classification = RuleBook.standard.classify(
      Array(event.reply.utf8).span, remoteHost: event.remoteHost,
      isDeferral: [.deferral, .attempt, .refusal].contains(event.kind), code: event.code,
      hop: event.hop)
    (classification.side, classification.hop) = (event.side, event.hop)
    classification.reply.enhanced = event.enhanced
    if classification.cause != event.cause {
      // The grammar knew the whole line.
      classification.cause = event.cause
      if !classification.isTemporary { classification.wait = nil }
      classification.meaning =
        event.kind == .bounce
        ? "Bounced to the sender. The last reply: \(classification.meaning)"
        : event.cause.meaning
    }
    let subject = DeferralSubject(
      mta: mta ?? event.mta, direction: event.direction, queueID: event.queueID, sender: nil,
      recipient: event.recipient, remoteHost: event.remoteHost, classification: classification,
      arrival: nil, lastAttempt: nil, nextRetry: nil, attempts: nil, isHeld: false,
      stage: SMTPStage(in: event.line), endpoint: event.endpoint)
    return Explanation(subject, source: .log, knowsMTA: true)
  }
}

extension Span where Element == UInt8 {
  /// The bytes of `range` that are there, in small letters.
  fileprivate func lowercased(_ range: Range<Int>) -> [UInt8] {
    range.clamped(to: 0..<count).map { ASCII.lowercase(self[$0]) }
  }
}
