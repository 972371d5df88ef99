// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes
import Canvas
import Guidance
import MailServer
import Replies

/// What a text means as a whole: what matters in it, once.
struct Answer {
  /// Every distinct failure, in the order of its first line; of a bounce one for each recipient.
  let explanations: [Explanation]
  /// Lines of a log for each of them; 0 if it comes from another text.
  private let counts: [Int]

  /// Whether a bounce says that a recipient is not tried again.
  private let isGivenUp: Bool

  /// What a report of a delivery says, or nil if the text is none.
  ///
  /// - Parameter isMessage: the text is known to be one; otherwise one line of it is a reply.
  init?(report bytes: [UInt8], isMessage: Bool, by explainer: Explainer) {
    guard isMessage || bytes.contains(ASCII.newline) else { return nil }
    let bounce = Bounce(bytes)
    let recipients = bounce.recipients
    guard !recipients.isEmpty else {
      guard let letter = bounce.letter else { return nil }
      // What somebody wrote may quote a reply; their words and the mail's header are none.
      self.init(
        letter.split(separator: ASCII.newline, omittingEmptySubsequences: false).map(Array.init),
        by: explainer, countsWords: false)
      return
    }
    self.init(
      explanations: recipients.map(explainer.explain), counts: recipients.map { _ in 0 },
      isGivenUp: recipients.contains { $0.outcome == .failed })
  }

  private init(explanations: [Explanation], counts: [Int], isGivenUp: Bool) {
    self.explanations = explanations
    self.counts = counts
    self.isGivenUp = isGivenUp
  }

  init(_ lines: [[UInt8]], by explainer: Explainer, countsWords: Bool = true) {
    let units = TextUnits(lines).units
    let all = units.map(explainer.explain)
    isGivenUp = units.contains { unit in
      Self.givenUp.contains { $0.isFound(in: unit.span, at: unit.indices) }
    }
    let sure = all.filter { !$0.isUneventful && $0.source != .words }
    let telling = sure.isEmpty && countsWords ? all.filter { !$0.isUneventful } : sure
    let shown =
      telling.isEmpty && countsWords ? all.first { !$0.isNoReply }.map { [$0] } ?? [] : telling
    var order: [Explanation] = []
    var counts: [Kind: Int] = [:]
    for explanation in shown {
      let kind = Kind(explanation)
      if counts[kind] == nil { order.append(explanation) }
      counts[kind, default: 0] += explanation.source == .log ? 1 : 0
    }
    explanations = order
    self.counts = order.map { counts[Kind($0)] ?? 0 }
  }

  /// RFC 3464, section 2.3.3; Exim's and qmail's words.
  private static let givenUp = ["action: failed", "this is a permanent error", "i've given up"].map
  { FoldedNeedle(Array($0.utf8)) }

  /// Replies that differ in names, addresses and ids alone have one.
  private struct Kind: Hashable {
    let code: Int?
    let enhanced: EnhancedStatusCode?
    let cause: Cause
    let rule: String
    let isInbound: Bool

    init(_ explanation: Explanation) {
      code = explanation.classification.reply.code
      enhanced = explanation.classification.reply.enhanced
      cause = explanation.classification.cause
      rule = explanation.classification.rule
      isInbound = explanation.direction == .inbound
    }
  }

  /// The answer in lines, with what a bounce says beside its replies; they may hold text from outside.
  var lines: [String] {
    guard !explanations.isEmpty else {
      return ["This text contains no mail server reply and no failed delivery."]
    }
    var parts = groups.map { Self.lines(of: $0.explanation, count: $0.count, to: $0.recipients) }
    if isGivenUp, explanations.contains(where: \.classification.isTemporary) {
      parts.append(
        wrap(
          "This bounce reports at least one recipient that failed permanently: delivery will not be"
            + " retried. Fix the cause, then send the message again.",
          width: Self.labelWidth + Self.textWidth + 2))
    }
    return Array(parts.joined(separator: [""]))
  }

  /// Recipients with the same result are listed together.
  private var groups: [(explanation: Explanation, count: Int, recipients: [String])] {
    var groups: [(explanation: Explanation, count: Int, recipients: [String])] = []
    var places: [Reply: Int] = [:]
    for (explanation, count) in zip(explanations, counts) {
      let recipients = explanation.recipient.map { [$0] } ?? []
      let reply = explanation.classification.reply
      if let place = places[reply], explanation.source == .report {
        groups[place].recipients += recipients
      } else {
        places[reply] = groups.count
        groups.append((explanation, count, explanation.source == .report ? recipients : []))
      }
    }
    return groups
  }

  private static let labelWidth = 10
  private static let mostRecipients = 20
  private static let textWidth = 66
  private static let longestReply = 400

  private static func lines(
    of explanation: Explanation, count: Int, to recipients: [String]
  ) -> [String] {
    let classification = explanation.classification
    let guide = explanation.guide
    var lines = wrap(reply(of: classification), width: labelWidth + textWidth + 2)
    if count > 1 { lines.append("  \(count) log lines have this reply.") }
    func add(_ label: String, _ text: [String]) {
      for (index, line) in text.enumerated() {
        let label = index == 0 ? label : ""
        let blanks = String(repeating: " ", count: labelWidth - label.count)
        lines.append("  \(label)\(blanks)\(line)")
      }
    }
    let more = recipients.count - mostRecipients
    add(
      "To",
      recipients.prefix(mostRecipients).flatMap { wrap($0, width: textWidth) }
        + (more > 0 ? ["and \(more) more"] : []))
    let provider = classification.provider.map { " (\($0))" } ?? ""
    let inbound = explanation.direction == .inbound ? ", sent by this server to a client" : ""
    add("Cause", [classification.cause.rawValue + provider + inbound])
    if let place = explanation.place { add("Side", wrap(place, width: textWidth)) }
    add("Meaning", wrap(explanation.meaning(by: guide), width: textWidth))
    if !explanation.isUneventful {
      let advice = guide.advice
      let waits = advice.hasPrefix("Wait ")
      add(
        waits ? "Wait" : "Now", wrap(waits ? String(advice.dropFirst(5)) : advice, width: textWidth)
      )
    }
    add("Next", nextSteps(of: explanation, by: guide))
    add("Rule", [classification.rule])
    return lines
  }

  /// The codes and the words of the reply.
  private static func reply(of classification: Classification) -> String {
    let reply = classification.reply
    let codes = [reply.code.map(String.init), reply.enhanced?.description].compactMap(\.self)
    let words = reply.text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    let cut = words.count > longestReply ? words.prefix(longestReply) + "…" : words[...]
    return (codes + [String(cut)]).joined(separator: " ")
  }

  /// Three looks at most, then three changes: what a colleague would name first.
  private static func nextSteps(of explanation: Explanation, by guide: Guide) -> [String] {
    let steps = explanation.steps(of: guide)
    let looks = steps.filter { $0.kind == .look }.prefix(3)
    let changes = steps.filter { $0.kind == .change }.prefix(3)
    return (looks + changes).enumerated().map { index, step in
      let command = explanation.knowsMTA ? step.commands.first.map { "  \($0)" } ?? "" : ""
      return "\(index + 1). \(step.title)\(command)"
    }
  }
}
