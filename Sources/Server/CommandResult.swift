// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

/// The result of a command that ran to its end.
package struct CommandResult: Hashable, Sendable {
  /// The exit status, or 128 + the signal.
  package var status: Int32
  package var output: [UInt8]
  /// The first 64 KiB of standard error, not safe for a terminal as it is.
  package var complaint: String

  package init(status: Int32, output: [UInt8], complaint: String) {
    self.status = status
    self.output = output
    self.complaint = complaint
  }
}

/// Why a tool of the mail server did not do what it was asked.
enum ToolFailure: Hashable, Sendable {
  /// We may not: the spool's permissions, Exim's administrators, or sudo say so.
  case denied
  /// The message that it was asked about is gone.
  case gone
  /// Another process has the message.
  case busy
  case other
}

extension CommandResult {
  /// By the words of Exim, Postfix, sudo and the system; nil if it did what it was asked.
  ///
  /// A refusal counts first: of what nobody may see it is not known that it is gone.
  var failure: ToolFailure? {
    guard status != 0 else { return nil }
    // Exim says it on standard output or error, Postfix and sudo on standard error.
    let refusals = ["permission denied", "reserved for the superuser", "password is required"]
    if refusals.contains(where: says) { return .denied }
    // `exim -Mvc` of a message whose content alone is missing: "Spool data file for ID does not exist".
    if says("no such file or directory") || says("does not exist") { return .gone }
    return firstLine.hasPrefix("Message ") && firstLine.hasSuffix(" is locked") ? .busy : .other
  }

  /// Whether these words are in what it printed or complained, in any case of letters.
  func says(_ words: String) -> Bool {
    complaint.lowercased().contains(words) || printed.lowercased().contains(words)
  }

  /// The first line that it complained with, or else printed; empty if it was silent, and not safe for a terminal
  /// as it is.
  var firstLine: String {
    let line = (complaint.isEmpty ? printed : complaint).split(whereSeparator: \.isNewline).first
    return String((line ?? "").prefix(400))
  }

  private var printed: String { String(decoding: output.prefix(1 << 10), as: UTF8.self) }
}
