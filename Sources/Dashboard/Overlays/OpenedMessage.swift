// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas
import MailServer
import Replies

/// A message opened for reading: recipients with their replies, log, headers, and the first of the body.
struct OpenedMessage: Page {
  static let name = "the opened message"
  static let isReading = true

  var message: QueuedMessage
  /// Nil while it is being read.
  var document: MessageDocument?
  var problem: Problem?
  var scroll = 0

  func pager(_ state: State) -> Pager {
    Pager(
      lines: lines(state), title: "Message \(message.idText)", scroll: scroll, size: state.size)
  }

  private func lines(_ state: State) -> [Pager.Line] {
    var text = StyledText(width: max(1, state.size.columns - 4))
    let age = message.arrival.map { Format.duration(state.now - $0) } ?? "unknown"
    text.heading("From \(message.sender.isEmpty ? "<> (a bounce)" : message.sender)")
    text.add(
      "\(message.state.label(message.mta, width: 20)) · \(age) old · "
        + "\(message.size.map { "\(Format.size($0)) bytes" } ?? "size unknown")")
    for recipient in message.recipients {
      text.heading("To \(recipient.address)\(recipient.isDelivered ? " (delivered)" : "")")
      if let reply = recipient.reply {
        text.add("\(recipient.cause.map { "\($0.rawValue): " } ?? "")\(reply)")
      }
    }
    if let problem {
      text.heading("The message could not be read")
      text.add(problem.what, .bad)
      text.add(problem.remedy)
    }
    guard let document else {
      if problem == nil { text.heading("Reading the message…") }
      return text.lines
    }
    for problem in document.problems { text.add("\(problem.what) \(problem.remedy)", .warning) }
    Self.section("Message log", document.log, in: &text)
    Self.section("Headers", document.headers, in: &text)
    Self.section("Body", document.body, in: &text)
    Self.section("Envelope", document.envelope, in: &text)
    return text.lines
  }

  private static func section(_ title: String, _ lines: [String], in text: inout StyledText) {
    guard !lines.isEmpty else { return }
    text.heading(title)
    for line in lines { text.add(line.isEmpty ? " " : line) }
  }
}

extension State {
  mutating func receive(_ result: Result<MessageDocument, OpenFailure>) {
    guard var opened = overlay as? OpenedMessage else { return }
    switch result {
    case .success(let document):
      guard document.reference == opened.message.reference else { return }
      opened.document = document
    case .failure(let failure):
      guard failure.reference == opened.message.reference else { return }
      opened.problem = failure.problem
    }
    overlay = opened
  }
}
