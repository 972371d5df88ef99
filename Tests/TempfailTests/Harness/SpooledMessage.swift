// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes

/// A queued message as the MTA's own tools show its spool file.
struct SpooledMessage {
  var sender = ""
  var recipients: [String] = []
  /// Those of the recipients that have it already, where the MTA still lists them.
  var delivered: Set<String> = []
  var size: Int64 = 0
  var arrived: Int64?
  /// Everything that was noted about its deliveries.
  var notes = ""

  /// Whether a listing may show this size: `exim -bp` rounds from 1 KiB on to two digits or more.
  func isAbout(size shown: Int64?) -> Bool {
    guard let shown else { return false }
    return abs(shown - size) <= (size < 1024 ? 0 : size / 20)
  }

  /// Whether the notes hold a reply, however its lines are joined and its odd bytes written.
  func notes(_ reply: String) -> Bool {
    func bare(_ text: String) -> String {
      String(text.replacing("\\n", with: " ").filter { $0.isLetter || $0.isNumber })
    }
    return bare(notes).contains(bare(reply))
  }
}

/// An address as RFC 5321's quoting makes no difference to it: `postcat` shows it without quotes.
func unquoted(_ address: String) -> String {
  String(address.filter { $0 != "\"" && $0 != "\\" })
}

extension LabMTA {
  /// The IDs of the messages in the queue.
  func spoolIDs() async throws -> Set<String> {
    switch self {
    case .exim:
      let ids = try await Lab.run("enter", ["exipick", "-i"])
      return Set(ids.split(separator: "\n").map(String.init))
    case .postfix:
      return Set(try await postqueue().compactMap { $0["queue_id"]?.text })
    }
  }

  /// A message by its ID; nil if it has left the queue.
  func spooledMessage(_ id: String) async throws -> SpooledMessage? {
    switch self {
    case .exim: try await eximMessage(id)
    case .postfix: try await postfixMessage(id)
    }
  }

  private func postqueue() async throws -> [JSON] {
    let listing = try await Lab.run("enter", ["postqueue", "-j"])
    return listing.split(separator: "\n").compactMap { JSON(parsing: Array($0.utf8)) }
  }

  /// Reads what `exim -Mvh` prints: spool_format in the Exim specification's chapter 56.
  private func eximMessage(_ id: String) async throws -> SpooledMessage? {
    let header = try await outcome(of: Place.lab("enter"), ["exim", "-Mvh", id])
    let log = try await outcome(of: Place.lab("enter"), ["exim", "-Mvl", id])
    guard header.status == 0 else { return nil }
    let lines = header.output.split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.count > 4, let count = lines.firstIndex(where: { Int($0) != nil }),
      let recipients = Int(lines[count])
    else { return nil }
    var message = SpooledMessage(notes: log.output)
    message.sender = String(lines[2].dropFirst().dropLast())
    message.arrived = lines[3].split(separator: " ").first.flatMap { Int64($0) }
    message.recipients = lines[(count + 1)...].prefix(recipients).map(String.init)
    // The tree of those who have it: two letters for its branches, then the address in lower case.
    let tree = lines[..<count].filter {
      "YN".contains($0.prefix(1)) && $0.dropFirst(2).first == " "
    }
    let have = Set(tree.map { $0.dropFirst(3).lowercased() })
    message.delivered = Set(message.recipients.filter { have.contains($0.lowercased()) })
    // `Received from … S=555`: its size, as the message's log begins.
    message.size = log.output.firstMatch(of: /\bS=(\d+)/).flatMap { Int64($0.1) } ?? 0
    return message
  }

  private func postfixMessage(_ id: String) async throws -> SpooledMessage? {
    let envelope = try await outcome(of: Place.lab("enter"), ["postcat", "-eq", id])
    guard envelope.status == 0,
      let listed = try await postqueue().first(where: { $0["queue_id"]?.text == id })
    else { return nil }
    var message = SpooledMessage()
    for line in envelope.output.split(separator: "\n") {
      let parts = line.split(separator: ": ", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2 else { continue }
      switch parts[0] {
      case "message_size":
        message.size = parts[1].split(separator: " ").first.flatMap { Int64($0) } ?? 0
      case "sender": message.sender = String(parts[1])
      case "recipient": message.recipients.append(String(parts[1]))
      default: break
      }
    }
    message.arrived = listed["arrival_time"]?.integer
    message.notes =
      listed["recipients"]?.elements?.compactMap { $0["delay_reason"]?.text }
      .joined(separator: "\n") ?? ""
    return message
  }
}
