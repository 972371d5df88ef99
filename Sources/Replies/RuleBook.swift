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
  ///   - code: the basic code that was said with a text which does not hold it.
  package func classify(
    _ text: Span<UInt8>, remoteHost: String? = nil, isDeferral: Bool = false, code: Int? = nil
  ) -> Classification {
    let reading = read(text, remoteHost, isDeferral, code)
    let verdict = reading.verdict
    let rule = verdict.rule.map { compiled.rules[$0] }
    let reply = Reply(
      code: verdict.code.map(Int.init), enhanced: verdict.enhanced,
      text: text.joined(reading.extraction.lines))
    let isDeferral = verdict.cause != .notTemporary
    return Classification(
      reply: reply, origin: verdict.origin, cause: verdict.cause,
      provider: rule?.provider ?? providers.provider(host: reading.host, words: reading.words),
      rule: rule?.id ?? "no-reply", confidence: rule?.confidence ?? .none,
      wait: isDeferral ? NamedWait.read(reading.words) ?? rule?.wait : nil,
      meaning: rule?.meaning ?? "These words are no reply to a delivery attempt.")
  }

  /// The same for a string.
  package func classify(
    _ text: String, remoteHost: String? = nil, isDeferral: Bool = false
  ) -> Classification {
    classify(Array(text.utf8).span, remoteHost: remoteHost, isDeferral: isDeferral)
  }

  /// The cause and the codes of a reply, without making any string.
  package func verdict(
    _ text: Span<UInt8>, remoteHost: String? = nil, isDeferral: Bool = false, code: Int? = nil
  ) -> Verdict {
    read(text, remoteHost, isDeferral, code).verdict
  }

  /// The provider of a reply's host, code or words, or nil; it makes no classification.
  package func provider(_ text: Span<UInt8>, remoteHost: String? = nil) -> String? {
    let reading = read(text, remoteHost, true, nil)
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
    _ text: borrowing Span<UInt8>, _ remoteHost: String?, _ isDeferral: Bool, _ code: Int?
  ) -> Reading {
    let extraction = ReplyExtraction(text)
    let code = extraction.code ?? code.flatMap(Int16.init(exactly:))
    let words = FoldedText(text, lines: extraction.lines)
    let host = remoteHost.map { $0.utf8.map(ASCII.lowercase) } ?? text.folded(extraction.host)
    let speech = extraction.speech(code)
    var rule = compiled.firstMatch(
      words, speech: speech, code: code, enhanced: extraction.enhanced, host: host)
    if rule == nil, speech == .own, isDeferral || extraction.isDeferral {
      rule = compiled.firstMatch(words, speech: .ownUnknown, code: nil, enhanced: nil, host: host)
    }
    let cause = rule.map { compiled.rules[$0].cause } ?? .notTemporary
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
    return Reading(
      extraction: extraction, words: words, host: host,
      verdict: Verdict(
        cause: cause, code: code, enhanced: extraction.enhanced, origin: origin,
        rule: rule))
  }
}

extension ReplyExtraction {
  /// Who speaks: the code tells, or without one the class of the enhanced code.
  fileprivate func speech(_ code: Int16?) -> Rule.Speech {
    if isFinal { return .refusal }
    return switch code.map({ Int($0) / 100 }) ?? enhanced?.category {
    case 4: .deferral
    case 5: .refusal
    case 2, 3: .success
    default: .own
    }
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
