// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas
import MailServer
import Replies

/// A message opened for reading: recipients with their replies, log, headers, and the first of the body.
enum MessageOverlay {
  static func draw(_ reader: MessageReader, _ state: State, on grid: inout Grid) {
    Pager.draw(
      lines(of: reader, state: state), title: "Message \(reader.message.idText)",
      scroll: reader.scroll, size: state.size, on: &grid)
  }

  static func lines(
    of reader: MessageReader, state: State
  ) -> [(text: String, role: StyleRole)] {
    let message = reader.message
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
    if let problem = reader.problem {
      text.heading("The message could not be read")
      text.add(problem.what, .bad)
      text.add(problem.remedy)
    }
    guard let document = reader.document else {
      if reader.problem == nil {
        text.heading("Reading the message…")
      }
      return text.lines
    }
    for problem in document.problems { text.add("\(problem.what) \(problem.remedy)", .warning) }
    section("Message log", document.log, in: &text)
    section("Headers", document.headers, in: &text)
    section("Body", document.body, in: &text)
    section("Envelope", document.envelope, in: &text)
    return text.lines
  }

  private static func section(_ title: String, _ lines: [String], in text: inout StyledText) {
    guard !lines.isEmpty else { return }
    text.heading(title)
    for line in lines { text.add(line.isEmpty ? " " : line) }
  }
}
