// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes

/// The ordered rules that turn a reply into a cause.
///
/// Immutable; safe to share between threads.
package struct RuleBook: Sendable {
  /// The rules that are compiled in.
  package static let standard = RuleBook(rules: Rule.all)

  private let compiled: CompiledRules
  private let providers: ProviderIndex

  init(rules: [Rule]) {
    compiled = CompiledRules(rules)
    providers = ProviderIndex()
  }

  var rules: [Rule] { compiled.rules }

  /// Classifies text that holds a reply.
  ///
  /// A bare reply, or one in the words that an MTA wraps around it (`host mx said: …`, `SMTP error
  /// from remote mail server after …`, `delivery temporarily suspended: …`), folded or not. Total:
  /// any text gives a value.
  ///
  /// - Parameters:
  ///   - text: the bytes of the reply.
  ///   - remoteHost: the host that answered, where known; it separates providers with equal wording.
  ///   - isDeferral: the text is known to be the reason of a deferral (it comes from a queue listing
  ///     or a deferral's log line): words of our own MTA are then temporary even if no rule knows them.
  ///     Then nothing is `notTemporary`, even where a 5xx reply is quoted: the MTA keeps the message.
  ///   - code: the basic code that was said with a text which does not hold it.
  ///   - hop: where it was said, as far as the context shows; nil to read it from the text.
  package func classify(
    _ text: Span<UInt8>, remoteHost: String? = nil, isDeferral: Bool = false, code: Int? = nil,
    hop: Hop? = nil
  ) -> Classification {
    let reading = read(text, remoteHost, isDeferral, code, hop, false)
    let verdict = reading.verdict
    let rule = verdict.rule.map { compiled.rules[$0] }
    let reply = Reply(
      code: verdict.code.map(Int.init), enhanced: verdict.enhanced,
      text: text.joined(reading.extraction.lines))
    let isWaitingWise = verdict.cause != .notTemporary && verdict.cause != .configuration
    return Classification(
      reply: reply, origin: verdict.origin, cause: verdict.cause, side: verdict.side,
      hop: verdict.hop,
      provider: rule?.provider ?? providers.provider(host: reading.host, words: reading.words),
      rule: rule?.id ?? "no-reply", confidence: rule?.confidence ?? .none,
      wait: isWaitingWise ? NamedWait.read(reading.words) ?? rule?.wait : nil,
      meaning: rule?.meaning ?? "This text is not a reply to a delivery attempt.")
  }

  /// The same for a string.
  package func classify(
    _ text: String, remoteHost: String? = nil, isDeferral: Bool = false, code: Int? = nil,
    hop: Hop? = nil
  ) -> Classification {
    classify(
      Array(text.utf8).span, remoteHost: remoteHost, isDeferral: isDeferral, code: code, hop: hop)
  }

  /// The cause, side, hop and codes of a reply, without making any string.
  ///
  /// - Parameter isLogin: it is known to be the answer to our login at a relay.
  package func verdict(
    _ text: Span<UInt8>, remoteHost: String? = nil, isDeferral: Bool = false, code: Int? = nil,
    hop: Hop? = nil, isLogin: Bool = false
  ) -> Verdict {
    read(text, remoteHost, isDeferral, code, hop, isLogin).verdict
  }

  /// The provider of a reply's host, code or words, or nil; it makes no classification.
  package func provider(_ text: Span<UInt8>, remoteHost: String? = nil) -> String? {
    let reading = read(text, remoteHost, true, nil, .final, false)
    return reading.verdict.rule.flatMap { compiled.rules[$0].provider }
      ?? providers.provider(host: reading.host, words: reading.words)
  }

  /// The provider that a host is known to belong to, or nil.
  package func provider(ofHost host: String) -> String? {
    providers.provider(host: host.utf8.map(ASCII.lowercase))
  }

  private struct Reading {
    let extraction: ReplyExtraction
    let words: FoldedText
    let host: [UInt8]
    let verdict: Verdict
  }

  private func read(
    _ text: borrowing Span<UInt8>, _ remoteHost: String?, _ isDeferral: Bool, _ code: Int?,
    _ hop: Hop?, _ isLogin: Bool
  ) -> Reading {
    let extraction = ReplyExtraction(text)
    let code = extraction.code ?? code.flatMap(Int16.init(exactly:))
    let words = FoldedText(text, lines: extraction.lines)
    let host = remoteHost.map { $0.utf8.map(ASCII.lowercase) } ?? text.folded(extraction.host)
    let isKept = isDeferral || extraction.isDeferral && !extraction.isFinal
    let speech = extraction.speech(code, isKept: isKept)
    let query = CompiledRules.Query(
      speech: speech, code: code, enhanced: extraction.enhanced, host: host, isKept: isKept)
    var rule = compiled.firstMatch(words, query)
    if rule == nil, isKept {
      // sendmail and Exim leave the code out of what a server replied.
      rule =
        (speech == .own ? compiled.firstMatch(words, query.of(.deferral)) : nil)
        ?? compiled.firstMatch(words, query.of(.ownUnknown))
    }
    let origin: ReplyOrigin =
      if extraction.isRepeated {
        .repeated
      } else if code != nil || speech != .own {
        .remote
      } else if let rule {
        compiled.rules[rule].id == Rule.retryNotDue ? .retryNotDue : .ownMTA
      } else {
        .unrecognised
      }
    let end = hop.map { ($0, false) } ?? text.otherEnd(extraction)
    var ruling = Ruling(rule.map { compiled.rules[$0] }, at: end.0, isHere: end.1)
    // Postfix logs in at relays only.
    if isLogin || extraction.isLogin { ruling = ruling.ofLogin }
    return Reading(
      extraction: extraction, words: words, host: host,
      verdict: Verdict(
        cause: ruling.cause, side: ruling.side, hop: ruling.hop, code: code,
        enhanced: extraction.enhanced, origin: origin, rule: rule))
  }
}

extension RuleBook {
  /// The same classification where it is known since that the reply came from another place than its words say.
  package func classify(_ classification: Classification, at hop: Hop) -> Classification {
    var placed = classification
    placed.hop = hop
    guard let rule = compiled.rules.first(where: { $0.id == classification.rule }) else {
      return placed
    }
    let (before, now) = (Ruling(rule, at: classification.hop), Ruling(rule, at: hop))
    if now.cause != before.cause { placed.cause = now.cause }
    if now.cause != before.cause || now.side != before.side { placed.side = now.side }
    if placed.cause == .configuration { placed.wait = nil }
    return placed
  }
}

extension ReplyExtraction {
  /// Who speaks: the code shows, or without one the class of the enhanced code.
  ///
  /// For a message that stays queued, every code is a deferral.
  fileprivate func speech(_ code: Int16?, isKept: Bool) -> Rule.Speech {
    if isFinal, !isKept { return .refusal }
    return switch code.map({ Int($0) / 100 }) ?? enhanced?.category {
    case nil: .own
    case _ where isKept: .deferral
    case 4: .deferral
    case 5: .refusal
    case 2, 3: .success
    default: .own
    }
  }
}

/// What a rule says, at the place where it was said.
private struct Ruling {
  var cause: Cause
  var side: Side
  var hop: Hop

  /// - Parameters:
  ///   - hop: nil if it is not known.
  ///   - isHere: the other end is this server itself, whatever listens there.
  init(_ rule: Rule?, at hop: Hop?, isHere: Bool = false) {
    cause = rule?.cause ?? .notTemporary
    side = rule?.side ?? .unknown
    self.hop = hop ?? rule?.hop ?? .final
    if self.hop == .relay, let atRelay = rule?.atRelay {
      (cause, side) = (atRelay, .ours)
    }
    // At a relay it were ours, at the destination theirs.
    if self.hop == .unknown, rule?.atRelay != nil { side = .unknown }
    guard self.hop == .local || self.hop == .filter || isHere else { return }
    // A filter or a mailbox of this server is no stranger.
    if let atHome = rule?.atHome { cause = atHome }
    if side == .theirs || side == .unknown, cause != .notTemporary { side = .ours }
  }
}

extension Ruling {
  /// The same where our login was refused: whatever the reason, it is fixed here.
  fileprivate var ofLogin: Ruling {
    var ruling = self
    (ruling.side, ruling.hop) = (.ours, .relay)
    if cause != .rateLimit { ruling.cause = .configuration }
    return ruling
  }
}

extension Span where Element == UInt8 {
  /// Where the words before a reply, or our own MTA's, say that it failed, and whether that end is this server itself;
  /// nil if they name no other end.
  fileprivate func otherEnd(_ extraction: ReplyExtraction) -> (hop: Hop?, isHere: Bool) {
    guard let first = extraction.lines.first else { return (nil, false) }
    // sendmail refuses by its own rule set.
    if extraction.isOwnSystem || has("ruleset=", at: 0) { return (.local, true) }
    // What another server says in its reply is no end of ours.
    let end = extraction.code == nil ? first.upperBound : first.lowerBound
    guard let peer = Peer(in: self, 0..<end) else { return (nil, false) }
    return (Hop(peer, in: self), peer.isThisServer(in: self))
  }
}

extension Span where Element == UInt8 {
  /// The lines joined by one space.
  fileprivate func joined(_ lines: [Range<Int>]) -> String {
    lines.map { string($0) }.joined(separator: " ")
  }

  fileprivate func folded(_ range: Range<Int>?) -> [UInt8] {
    range?.map { ASCII.lowercase(self[$0]) } ?? []
  }
}

extension Reply {
  /// The reply alone, without the words that an MTA puts around it; its cause is not looked for.
  package init(in text: String) {
    let bytes = Array(text.utf8)
    let span = bytes.span
    let extraction = ReplyExtraction(span)
    self.init(
      code: extraction.code.map(Int.init), enhanced: extraction.enhanced,
      text: span.joined(extraction.lines))
  }
}
