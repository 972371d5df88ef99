// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes
import Guidance
import MailServer
import Replies

/// What one line means.
struct Explanation {
  /// How sure it is that the line refers to a delivery.
  enum Source {
    case log
    /// A report of a delivery that names the recipient.
    case report
    /// A code, or a bounce's field for one.
    case reply
    /// Words alone: in a longer text they may be anybody's.
    case words
  }

  let classification: Classification
  let direction: Direction
  let source: Source
  private let subject: DeferralSubject
  /// Whose delivery it was, where the text names somebody.
  let recipient: String?
  /// Whether the steps' commands are those of the MTA that is asked about, and no guess.
  let knowsMTA: Bool
  /// Whether the message is still kept and tried again: a report says that, whatever it quotes.
  let isKept: Bool

  init(_ subject: DeferralSubject, source: Source, knowsMTA: Bool, isKept: Bool? = nil) {
    recipient = subject.recipient
    self.isKept = isKept ?? subject.classification.isTemporary
    classification = subject.classification
    direction = subject.direction
    self.subject = subject
    self.source = source
    self.knowsMTA = knowsMTA
  }

  /// What to do: made when it is requested, since of many lines that say the same one is shown.
  var guide: Guide { Guide(for: subject) }

  /// Neither deferred nor refused: a success, or no reply at all.
  var isUneventful: Bool {
    !classification.isTemporary && classification.reply.code.map { $0 < 500 } ?? isNoReply
  }

  /// Whose affair it is, and where on its way the message was held up, in sentences; nil if nothing failed.
  var place: String? { isUneventful ? nil : subject.placeSentences }

  var isNoReply: Bool { classification.origin == .unrecognised && !classification.isTemporary }

  /// What to do, the parts of one change as one step; nothing where nothing went wrong.
  var steps: [Step] { steps(of: guide) }

  func steps(of guide: Guide) -> [Step] {
    guard !isUneventful else { return [] }
    return guide.steps.compactMap { step in
      var step = step
      let title = step.title
      let bytes = title.utf8.span
      if let part = bytes.firstIndex(of: " (1 of ") { step.title = bytes.string(0..<part) }
      return step.id.last?.isNumber == true && step.title.hasSuffix(")") ? nil : step
    }
  }

  /// What it means, in one or two short sentences: of what we said ourselves the playbook speaks.
  func meaning(by guide: Guide) -> String {
    direction == .inbound && classification.isTemporary
      ? guide.meaning.prefix(2).joined(separator: " ") : classification.meaning
  }

  var json: JSON {
    let guide = guide
    let wait: JSON =
      classification.wait.map { ["min": .integer(Int64($0.min)), "max": .integer(Int64($0.max))] }
      ?? nil
    return [
      "code": .integer(orNull: classification.reply.code),
      "enhanced": .string(orNull: classification.reply.enhanced?.description),
      "cause": .string(classification.cause.rawValue),
      "side": .string(classification.side.rawValue),
      "hop": isNoReply ? nil : .string(classification.hop.rawValue),
      "provider": .string(orNull: classification.provider),
      // Of words that nobody knows it cannot be said that it is over.
      "temporary": isNoReply ? nil : .bool(isKept),
      "direction": .string(direction.rawValue),
      "rule": .string(classification.rule),
      "wait": wait,
      "meaning": .string(meaning(by: guide)),
      "steps": .array(steps(of: guide).map { .string($0.title) }),
      "recipient": .string(orNull: recipient),
      "reply": .string(orNull: classification.reply.text.isEmpty ? nil : classification.reply.text),
    ]
  }
}
