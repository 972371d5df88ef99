// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

/// A call of `tempfail` as a document writes it, with something for what is there as a placeholder.
struct WrittenCommand {
  /// What feeds the program, with the pipe; it ends in a blank or is empty.
  let before: String
  /// As the shell gets them, with their quotes.
  var arguments: [String]

  private static let placeholders = [
    "COMMAND": "queue", "FILE": "fault.record", "[FILE…]": "/var/log/mail.log", "EXPR": "gmail.com",
    "'EXPR'": "gmail.com", "…": "", "./mine.toml": "nord",
  ]
  /// They have no server to ask, or are given what they read.
  private static let selfContained = [
    "explain", "connections", "removed", "audit", "config", "demo", "replay", "help",
    "--version", "--help",
  ]

  /// Nil if the line does not call the program.
  init?(_ line: String) {
    let words = Self.words(of: line)
    // Nothing but a pipe and another user may stand before it: this is run.
    guard let call = words.lastIndex(of: "tempfail"),
      call == 0 || words[call - 1] == "|" || ["sudo", "-u", "ann"].starts(with: words[..<call])
    else { return nil }
    before = words[0] == "sudo" ? "" : words[..<call].map { $0 + " " }.joined()
    var arguments: [String] = words[(call + 1)...].map { Self.placeholders[$0] ?? $0 }
    for (index, word) in arguments.enumerated() where word == "NAME" {
      arguments[index] = index > 0 && arguments[index - 1] == "--theme" ? "nord" : "4B1C22A7F1"
    }
    self.arguments = arguments.filter { !$0.isEmpty }
  }

  /// The subcommand; `dashboard` is meant if there is none.
  var name: String {
    guard let first = arguments.first else { return "dashboard" }
    return first.hasPrefix("-") && !["--version", "--help"].contains(first) ? "dashboard" : first
  }

  var isFullScreen: Bool {
    ["dashboard", "watch", "demo", "replay"].contains(name)
      && Set(arguments).isDisjoint(with: ["--once", "--plain"])
  }

  var isJSON: Bool { arguments.contains("--json") }

  var needsServer: Bool {
    if Self.selfContained.contains(name) || arguments.contains("--from") { return false }
    return name != "log" || !arguments.contains { $0.contains("mail.log") }
  }

  /// Whether it is for this mail server, as far as it says.
  func isFor(_ mta: LabMTA?) -> Bool {
    guard let mta, let option = arguments.firstIndex(of: "--mta") else { return true }
    return arguments[option...].contains(mta.rawValue)
  }

  /// Those with which it may end, where there is a server if it needs one.
  var statuses: Set<Int> {
    if arguments.contains("--once") { return [0, 1] }
    return switch name {
    case "doctor": [0, 1]
    // There is no such copy.
    case "restore": [1]
    default: [0]
    }
  }

  /// The one with which it ends on a machine without a mail server.
  var statusWithoutServer: Int { name == "doctor" || arguments.contains("--once") ? 1 : 69 }

  /// Words as a shell parts them, with their quotes.
  private static func words(of line: String) -> [String] {
    var words: [String] = []
    var word = ""
    var quote: Character?
    for character in line {
      if character == quote {
        quote = nil
      } else if quote == nil, "'\"".contains(character) {
        quote = character
      } else if quote == nil, character == " " {
        words.append(word)
        word = ""
        continue
      }
      word.append(character)
    }
    return (words + [word]).filter { !$0.isEmpty }
  }
}
