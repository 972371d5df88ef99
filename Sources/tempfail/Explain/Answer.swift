// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes
import Canvas
import Guidance
import MailServer
import Replies

/// What a text means as a whole: what matters in it, once.
struct Answer {
  /// Every distinct failure, in the order of its first line.
  let explanations: [Explanation]
  /// Lines of a log for each of them; 0 where it comes from another text.
  private let counts: [Int]

  /// Whether a bounce says that a recipient is not tried again.
  private let isGivenUp: Bool

  init(_ lines: [[UInt8]], by explainer: Explainer) {
    let units = TextUnits(lines).units
    let all = units.map(explainer.explain)
    isGivenUp = units.contains { unit in
      let unit = unit.map(ASCII.lowercase)
      return Self.givenUp.contains { unit.contains($0.utf8) }
    }
    let sure = all.filter { !$0.isUneventful && $0.source != .words }
    let telling = sure.isEmpty ? all.filter { !$0.isUneventful } : sure
    let shown = telling.isEmpty ? all.first { !$0.isNoReply }.map { [$0] } ?? [] : telling
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
  private static let givenUp = ["action: failed", "this is a permanent error", "i've given up"]

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
      return ["No reply of a mail server is in this text, and no failed delivery."]
    }
    var parts = zip(explanations, counts).map { Self.lines(of: $0, count: $1) }
    if isGivenUp, explanations.contains(where: \.classification.isTemporary) {
      parts.append(
        wrap(
          "This bounce says that at least one recipient was given up: nothing is tried again for"
            + " it. Mend the cause, then send the message anew.",
          width: Self.labelWidth + Self.textWidth + 2))
    }
    return Array(parts.joined(separator: [""]))
  }

  private static let labelWidth = 10
  private static let textWidth = 66
  private static let longestReply = 400

  private static func lines(of explanation: Explanation, count: Int) -> [String] {
    let classification = explanation.classification
    var lines = wrap(reply(of: classification), width: labelWidth + textWidth + 2)
    if count > 1 { lines.append("  \(count) lines of the log say so.") }
    func add(_ label: String, _ text: [String]) {
      for (index, line) in text.enumerated() {
        let label = index == 0 ? label : ""
        let blanks = String(repeating: " ", count: labelWidth - label.count)
        lines.append("  \(label)\(blanks)\(line)")
      }
    }
    let provider = classification.provider.map { " (\($0))" } ?? ""
    let inbound = explanation.direction == .inbound ? ", said by this server to a client" : ""
    add("Cause", [classification.cause.rawValue + provider + inbound])
    add("Meaning", wrap(explanation.meaning, width: textWidth))
    if !explanation.isUneventful {
      let advice = explanation.guide.advice
      let waits = advice.hasPrefix("Wait ")
      add(
        waits ? "Wait" : "Now", wrap(waits ? String(advice.dropFirst(5)) : advice, width: textWidth)
      )
    }
    add("Next", nextSteps(of: explanation))
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
  private static func nextSteps(of explanation: Explanation) -> [String] {
    let looks = explanation.steps.filter { $0.kind == .look }.prefix(3)
    let changes = explanation.steps.filter { $0.kind == .change }.prefix(3)
    return (looks + changes).enumerated().map { index, step in
      let command = explanation.knowsMTA ? step.commands.first.map { "  \($0)" } ?? "" : ""
      return "\(index + 1). \(step.title)\(command)"
    }
  }
}
