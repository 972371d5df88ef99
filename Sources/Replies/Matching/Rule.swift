// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

/// One entry of the rule book: which replies it claims, and what they mean.
struct Rule: Sendable {
  /// Who speaks, and how.
  struct Speech: OptionSet, Sendable {
    let rawValue: UInt8

    /// A reply with a 4xx code.
    static let deferral = Speech(rawValue: 1)
    /// Words of the sending MTA, without a code.
    static let own = Speech(rawValue: 2)
    /// A reply with a 5xx code, or one that the MTA has given up on.
    static let refusal = Speech(rawValue: 4)
    /// A reply with a 2xx or 3xx code.
    static let success = Speech(rawValue: 8)
    /// Words without a code that no other rule knows, given as the reason of a deferral.
    static let ownUnknown = Speech(rawValue: 16)
    /// What can be recognized without a code and without known text.
    static let silent: Speech = [.refusal, .success, .ownUnknown]
  }

  /// The stable name that is shown as the reason.
  let id: String
  let cause: Cause
  /// Whose affair it is.
  let side: Side
  /// Where it fails, if the words say that; what is around them may know better.
  let hop: Hop?
  /// The cause where it is said of a filter or a mailbox service of this server; nil for the same one.
  let atHome: Cause?
  /// The cause where a relay of ours says it: what it asks for is set here; nil for the same one.
  let atRelay: Cause?
  let provider: String?
  /// Patterns, any one of which suffices; empty: any words.
  let words: [String]
  /// Basic codes; empty: any.
  let codes: [Int16]
  /// Enhanced codes, `x` for any number (`4.7.x`); empty: any or none.
  let enhanced: [String]
  /// Host name suffixes of the remote host; empty: any or unknown.
  let hosts: [String]
  let speech: Speech
  let wait: WaitRange?
  let meaning: String
  /// Replies that this rule and no other claims.
  let samples: [String]

  init(
    _ id: String, _ cause: Cause, on side: Side? = nil, at hop: Hop? = nil,
    atHome: Cause? = nil, atRelay: Cause? = nil, by provider: String? = nil,
    _ words: [String] = [], codes: [Int16] = [], enhanced: [String] = [], hosts: [String] = [],
    in speech: Speech = .deferral, wait: WaitRange? = nil, _ meaning: String, samples: [String]
  ) {
    self.id = id
    self.cause = cause
    self.side = side ?? cause.usualSide
    self.hop = hop
    self.atHome = atHome
    self.atRelay = atRelay
    self.provider = provider
    self.words = words
    self.codes = codes
    self.enhanced = enhanced
    self.hosts = hosts
    self.speech = speech
    self.wait = wait
    self.meaning = meaning
    self.samples = samples
  }

  /// Whether the rule knows more than status codes.
  var confidence: Confidence {
    provider != nil ? .provider : words.isEmpty ? .status : .wording
  }
}

extension WaitRange {
  static func minutes(_ min: Int, _ max: Int) -> WaitRange {
    WaitRange(min: min * 60, max: max * 60)
  }

  static func hours(_ min: Int, _ max: Int) -> WaitRange {
    WaitRange(min: min * 3600, max: max * 3600)
  }
}
