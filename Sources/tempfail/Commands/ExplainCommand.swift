// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Bytes
import Canvas
import Glibc
import Guidance
import MailServer
import Replies

struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Say what replies or log lines mean, and what to do.",
    discussion: """
      Takes a bare reply, a log line, a bounce's diagnostic line or a whole bounce message, as
      arguments or on standard input.

      Examples:
        tempfail explain 421 4.7.0 Too many connections
        grep ' 421' /var/log/mail.log | tempfail explain --json
      """)

  @Flag(help: "One JSON object for each input line, in order.")
  var json = false

  @Option(help: "Whose configuration the steps speak of: auto, exim or postfix.")
  var mta = MTAChoice.auto

  @Argument(
    help: ArgumentHelp("The reply or line; standard input where there is none.", valueName: "text"))
  var text: [String] = []

  func run() throws {
    let lines = try inputLines()
    let explainer = Explainer(mta: mta.mta)
    let output = Output()
    defer { output.flush() }
    if json {
      for line in lines { output.json(explainer.explain(line).json) }
      return
    }
    let explanations = lines.map { explainer.explain($0) }
    // Of a whole bounce, what matters is the lines that say why.
    let telling = explanations.filter { $0.classification.cause != .notTemporary }
    let shown = lines.count > 1 && !telling.isEmpty ? telling : explanations
    var seen: Set<String> = []
    for explanation in shown where seen.insert(explanation.summary).inserted {
      if seen.count > 1 { output.line("") }
      explanation.write(to: output)
    }
  }

  private func inputLines() throws -> [[UInt8]] {
    guard !text.isEmpty else {
      if isatty(STDIN_FILENO) == 1 {
        throw ValidationError("Give a reply, or text on standard input.")
      }
      return Input.lines(of: try Input.bytes(of: "-")).map(Array.init)
    }
    // `explain 421 4.7.0 Try again` is one reply; `explain '421 a' '421 b'` is two.
    return text[0].contains(" ")
      ? text.map { Array($0.utf8) } : [Array(text.joined(separator: " ").utf8)]
  }
}

/// Classifies lines of any kind.
struct Explainer {
  let mta: MTA?
  private let grammar: LogGrammar

  init(mta: MTA?) {
    self.mta = mta
    grammar = LogGrammar(now: Int64(time(nil)), utcOffset: 0)
  }

  func explain(_ line: [UInt8]) -> Explanation {
    if let event = grammar.event(in: line.span, mta: mta) {
      var classification = RuleBook.standard.classify(
        event.reply, remoteHost: event.remoteHost, isDeferral: event.kind == .deferral)
      classification.cause = event.cause
      classification.reply.code = event.code
      classification.reply.enhanced = event.enhanced
      switch event.kind {
      case .delivery, .bounce, .completed: classification.cause = .notTemporary
      case .deferral, .attempt, .refusal: break
      }
      return Explanation(
        classification, direction: event.direction, mta: event.mta, recipient: event.recipient,
        remoteHost: event.remoteHost)
    }
    return Explanation(
      RuleBook.standard.classify(line.span), direction: .outbound, mta: mta ?? .postfix,
      recipient: nil, remoteHost: nil)
  }
}

/// What one line means.
struct Explanation {
  let classification: Classification
  let direction: Direction
  let guide: Guide

  init(
    _ classification: Classification, direction: Direction, mta: MTA, recipient: String?,
    remoteHost: String?
  ) {
    self.classification = classification
    self.direction = direction
    guide = Guide(
      for: DeferralSubject(
        mta: mta, direction: direction, queueID: nil, sender: nil, recipient: recipient,
        remoteHost: remoteHost, classification: classification, arrival: nil, lastAttempt: nil,
        nextRetry: nil, attempts: nil, isHeld: false))
  }

  var json: JSON {
    let wait: JSON =
      classification.wait.map { ["min": .integer(Int64($0.min)), "max": .integer(Int64($0.max))] }
      ?? nil
    return [
      "code": .integer(orNull: classification.reply.code),
      "enhanced": .string(orNull: classification.reply.enhanced?.description),
      "cause": .string(classification.cause.rawValue),
      "provider": .string(orNull: classification.provider),
      "temporary": .bool(classification.isTemporary),
      "direction": .string(direction.rawValue),
      "rule": .string(classification.rule),
      "wait": wait,
      "meaning": .string(classification.meaning),
      "steps": .array(classification.isTemporary ? guide.steps.map { .string($0.title) } : []),
    ]
  }

  /// The reply in one line, with its codes.
  var summary: String {
    let reply = classification.reply
    let codes = [reply.code.map(String.init), reply.enhanced?.description].compactMap(\.self)
    return (codes + [reply.text]).joined(separator: " ")
  }

  func write(to output: Output) {
    let provider = classification.provider.map { " (\($0))" } ?? ""
    output.line(summary)
    output.line("  Cause     \(classification.cause.rawValue)\(provider)")
    for (index, line) in wrap(classification.meaning, width: 66).enumerated() {
      output.line((index == 0 ? "  Meaning   " : "            ") + line)
    }
    guard classification.isTemporary else { return }
    for (index, line) in wrap(guide.advice, width: 66).enumerated() {
      output.line((index == 0 ? "  Wait      " : "            ") + line)
    }
    for (index, step) in guide.steps.enumerated() {
      output.line((index == 0 ? "  Steps     " : "            ") + "\(index + 1). \(step.title)")
    }
    output.line("  Rule      \(classification.rule)")
  }
}
