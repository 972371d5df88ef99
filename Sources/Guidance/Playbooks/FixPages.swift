// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer
import Replies

/// The pages of Docs/Fixes, made from the playbooks that the screen shows.
package enum FixPages {
  package struct Page: Hashable, Sendable {
    /// The file's name: `rate-limit.md`.
    package var name: String
    package var markdown: String
  }

  /// All pages, the index first.
  package static func pages() -> [Page] {
    let fixes = outbound + [("sender-domain", Playbook.senderDomain), ("held", Playbook.held)]
    return [index]
      + fixes.map { name, playbook in
        name == Cause.notTemporary.rawValue
          ? refusals
          : Page(name: "\(name).md", markdown: page(playbook).joined(separator: "\n") + "\n")
      } + [inbound, providers]
  }

  private static let outbound = Cause.allCases.map { ($0.rawValue, Playbook.outbound($0)) }

  private static let madeFrom = [
    "",
    "Generated from the playbooks in Sources/Guidance with `UPDATE_DOCS=1 swift test`.",
  ]

  private static var index: Page {
    let rows = outbound.map { name, playbook in
      "| [\(name)](\(name).md) | \(playbook.heading) | \(Cause(rawValue: name)?.meaning ?? "") |"
    }
    let lines =
      [
        "# Guided fixes", "",
        "One page for each cause, with the text of the Fix pane.", "",
        "A 421, or any other 4xx, is temporary: the message stays in the queue and is retried.",
        "The pages describe what to check, what to change and how to verify that it helped.", "",
        "How long to wait: 15 to 30 minutes before a manual retry; 15 to 60 minutes for",
        "greylisting and policy; longer if the reply says so. Retry once, then leave it to the",
        "MTA: every early attempt counts against you.", "",
        "| cause | page | in short |", "|---|---|---|",
      ] + rows + [
        "",
        "- [DNS of the sender's domain](sender-domain.md): fix it there; waiting does not help.",
        "- [On hold or frozen](held.md): such a message is not delivered until it is released.",
        "- [We defer clients](inbound.md): the 421s that this server sends.",
        "- [Providers](providers.md): what their codes mean, and where to ask.", "",
        "In commands and configuration, `example.com` stands for the destination,",
        "`mx.example.com` for its mail exchanger, `example.net` for the sender's domain and",
        "`192.0.2.1` for a client.",
      ]
    return Page(name: "README.md", markdown: (lines + madeFrom).joined(separator: "\n") + "\n")
  }

  private static var inbound: Page {
    let sections = Cause.allCases.map(Playbook.inbound).flatMap { playbook in
      [""] + body(playbook, level: "##")
    }
    let intro = [
      "# We defer clients", "",
      "These are the 421s that this server sends to clients. Most log lines about them do not",
      "contain \"421\"; Tempfail recognizes them by their text.",
    ]
    return Page(
      name: "inbound.md", markdown: (intro + sections + madeFrom).joined(separator: "\n") + "\n")
  }

  private static var refusals: Page {
    let sections = Refusal.allCases.flatMap { [""] + body($0.playbook, level: "##") }
    let intro = [
      "# Not a temporary failure", "",
      "A 5xx reply is final: the message bounces and is not retried. What to do depends",
      "on what was refused.",
    ]
    return Page(
      name: "\(Cause.notTemporary.rawValue).md",
      markdown: (intro + sections + madeFrom).joined(separator: "\n") + "\n")
  }

  private static var providers: Page {
    var lines = [
      "# Providers", "",
      "Codes and limits as reported by the providers and by operators who send to them. Limits are",
      "starting points, not promises by a provider.",
    ]
    for note in ProviderNote.table {
      lines += ["", "## \(note.name)", "", note.advice]
      if let page = note.page { lines += ["", "Postmaster page: <https://\(page)>"] }
      let limits = [
        note.connections.map { "\($0) connections at once" },
        note.messagesPerConnection.map { "\($0) messages per connection" },
      ].compactMap(\.self)
      if !limits.isEmpty { lines += ["", "Start with: \(limits.joined(separator: ", "))."] }
      if !note.codes.isEmpty {
        lines += ["", "| in the reply | what it means |", "|---|---|"]
        lines += note.codes.map { "| `\($0.text)` | \($0.meaning) |" }
      }
    }
    return Page(
      name: "providers.md", markdown: (lines + madeFrom).joined(separator: "\n") + "\n")
  }

  private static func page(_ playbook: Playbook) -> [String] {
    body(playbook, level: "#") + madeFrom
  }

  private static func body(_ playbook: Playbook, level: String) -> [String] {
    let names = Names.examples("Exim or Postfix")
    let section = level + "#"
    var lines = ["\(level) \(playbook.heading)", ""]
    lines += ["> \(names.sentence(playbook.title))", ""]
    lines += playbook.meaning.map(names.sentence)
    lines += ["", "\(section) Waiting", "", names.sentence(playbook.advice)]
    if let reassurance = playbook.reassurance { lines += ["", names.sentence(reassurance)] }
    lines += ["", "\(section) Steps"]
    for (index, step) in playbook.steps.enumerated() {
      lines += [
        "", "\(index + 1). **\(step.kind.rawValue)**: \(names.sentence(step.title))", "",
        "   \(names.sentence(step.why))",
      ]
      lines += details(step)
    }
    lines +=
      ["", "\(section) Do not", ""] + playbook.mistakes.map { "- \(names.sentence($0))" }
    lines += ["", "\(section) If that fails", "", names.sentence(playbook.escalation)]
    return lines
  }

  /// Commands and configuration, once where both MTAs share them.
  private static func details(_ step: PlaybookStep) -> [String] {
    let blocks = MTA.allCases.map { mta in
      (mta.name, commands(step, mta) + configuration(step, mta))
    }
    if blocks.allSatisfy({ $0.1.isEmpty }) { return [] }
    if blocks[0].1 == blocks[1].1 { return block(blocks[0].1) }
    return blocks.flatMap { name, lines in
      lines.isEmpty ? [] : ["", "   \(name):"] + block(lines)
    }
  }

  private static func block(_ lines: [String]) -> [String] {
    ["", "   ```"] + lines.map { $0.isEmpty ? "" : "   \($0)" } + ["   ```"]
  }

  private static func commands(_ step: PlaybookStep, _ mta: MTA) -> [String] {
    let names = Names.examples(mta.name)
    if case .check(let check, let subject) = step.action,
      let request = check.request(of: names, subject, Self.example(mta), nil)
    {
      return request.byHand(mta)
    }
    return (step.commands[mta] ?? []).map(names.command)
  }

  /// A queue ID to read, of no message.
  private static func example(_ mta: MTA) -> QueueID? {
    QueueID(mta.exampleID, of: mta)
  }

  private static func configuration(_ step: PlaybookStep, _ mta: MTA) -> [String] {
    guard case .configuration(let lever) = step.action else { return [] }
    let context = LeverContext(
      destination: "example.com", client: "192.0.2.1", connections: nil,
      messagesPerConnection: nil, present: [:])
    let parts = lever.advice(for: mta, context).map { advice in
      ["# \(advice.file)"] + advice.lines + ["# then: \(advice.reload)"]
    }
    return Array(parts.joined(separator: [""]))
  }
}

extension Names {
  /// The names that pages use, reserved for documentation (RFC 2606, RFC 5737).
  static func examples(_ mta: String) -> Names {
    Names(
      destination: "example.com", host: "mx.example.com", sender: "news@example.net",
      client: "192.0.2.1", queueID: nil, mta: mta)
  }
}
