// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Glibc
import MailServer

struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Explain replies or log lines, and what to do about them.",
    discussion: """
      Takes a bare reply, a log line, a diagnostic line from a bounce, a whole bounce message or an \
      mbox of several, as arguments or on standard input. For a bounce it shows which server failed \
      each recipient, and why.

      Examples:
        tempfail explain 421 4.7.0 Too many connections
        grep ' 421' /var/log/mail.log | tempfail explain --json
        cat bounce.eml | tempfail explain --message --json
      """)

  @Flag(
    help:
      "One JSON object per input line, in order; with --message, per recipient of each message."
  )
  var json = false

  @Flag(help: "Read the text as a bounce message, or an mbox of several, instead of line by line.")
  var message = false

  @Option(help: "The MTA that the steps are for: auto, exim or postfix.")
  var mta = MTAChoice.auto

  @Argument(
    help: ArgumentHelp("The reply or line; standard input if omitted.", valueName: "text"))
  var text: [String] = []

  func run() throws {
    let explainer = Explainer(mta: mta.mta)
    let output = Output()
    defer { output.flush() }
    guard text.isEmpty else {
      if message {
        show(Array(text.joined(separator: " ").utf8), explainer, output)
        return
      }
      let replies = arguments.map { Input.lines(of: Array($0.utf8)).map(Array.init) }
      if json {
        // An argument is one reply, however many lines it has.
        for reply in replies {
          let first = Answer(reply, by: explainer).explanations.first ?? explainer.explain([])
          output.json(first.json)
        }
      } else {
        let lines = Array(replies.joined(separator: [[]]))
        Answer(lines, by: explainer).lines.forEach(output.line)
      }
      return
    }
    if isatty(STDIN_FILENO) == 1 {
      throw ValidationError("Give a reply, or text on standard input.")
    }
    let bytes = try Input.bytes(of: "-")
    if json, !message {
      for line in Input.lines(of: bytes) { output.json(explainer.explain(Array(line)).json) }
    } else {
      show(bytes, explainer, output)
    }
  }

  /// The answer to a text as a whole, or to each mail of an mbox.
  private func show(_ bytes: [UInt8], _ explainer: Explainer, _ output: Output) {
    let mails = MailboxFile.mails(in: bytes)
    for (index, mail) in mails.enumerated() {
      if mails.count > 1, !json {
        if index > 0 { output.line("") }
        let subject = MailboxFile.subject(of: mail) ?? "(no subject)"
        output.line("Message \(index + 1) of \(mails.count): \(subject)")
      }
      show(mail: mails.count > 1 ? Array(mail) : bytes, explainer, output)
    }
  }

  private func show(mail: [UInt8], _ explainer: Explainer, _ output: Output) {
    let answer =
      Answer(report: mail, isMessage: message, by: explainer)
      ?? Answer(Input.lines(of: mail).map(Array.init), by: explainer)
    if json {
      answer.explanations.forEach { output.json($0.json) }
    } else {
      answer.lines.forEach(output.line)
    }
  }

  /// `explain 421 4.7.0 Try again` is one reply; `explain '421 a' '421 b'` is two.
  private var arguments: [String] {
    text[0].contains { $0.isWhitespace } ? text : [text.joined(separator: " ")]
  }
}
