// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

/// What an MTA's tool said of each message of an act.
package struct ActReplies: Hashable, Sendable {
  /// The reply for one message.
  package enum Reply: Hashable, Sendable {
    case done
    /// It was so already, in the tool's words.
    case unchanged(String)
    /// It does not exist.
    case gone
    /// A delivery in progress has it.
    case locked
    /// Anything else, in the tool's words.
    case failed(String)
  }

  /// The messages that something was said of.
  package private(set) var byID: [QueueID: Reply] = [:]
  /// The tool's words where it refused the act as a whole.
  package private(set) var refusal: String?
  /// The tool's words where it broke off.
  package private(set) var failure: String?

  /// Reads what `exim -Mf`, `-Mt`, `-Mrm` printed (queue.c, `queue_action()`).
  package init(exim output: String) {
    for line in output.split(whereSeparator: \.isNewline) {
      if line.hasSuffix("ermission denied") || line.contains("not admin") {
        refusal = String(line)
        continue
      }
      let words = line.split(separator: " ")
      guard let place = words.firstIndex(where: { Self.id(in: $0) != nil }),
        let id = Self.id(in: words[place])
      else { continue }
      let said = words[(place + 1)...].joined(separator: " ")
      switch (words.first, said) {
      case ("Message", "is now frozen"), ("Message", "is no longer frozen"),
        ("Message", "has been removed"):
        byID[id] = .done
      case ("Message", "is already frozen"), ("Message", "is not frozen"):
        byID[id] = .unchanged(said)
      case ("Message", "has been removed or did not exist"), ("Spool", "does not exist"):
        byID[id] = .gone
      case ("Message", "is locked"): byID[id] = .locked
      default: byID[id] = .failed(String(line))
      }
    }
  }

  /// Reads what `postsuper` reported on standard error (postsuper(1)).
  package init(postsuper complaint: String) {
    let done: Set = [
      "removed", "requeued", "placed on hold", "released from hold", "expired",
    ]
    for line in complaint.split(whereSeparator: \.isNewline) {
      guard let said = line.firstRange(of: "postsuper: ").map({ line[$0.upperBound...] }) else {
        continue
      }
      if said.hasPrefix("fatal: ") {
        let words = String(said.dropFirst("fatal: ".count))
        if words.contains("superuser") { refusal = words } else { failure = words }
        continue
      }
      guard let colon = said.firstIndex(of: ":"),
        let id = QueueID(String(said[..<colon]), of: .postfix)
      else { continue }
      let words = said[colon...].dropFirst(2)
      byID[id] = done.contains(String(words)) ? .done : .failed(String(words))
    }
  }

  /// The ID in a word such as `1xVeaW-0004Rn-1D-H:`.
  private static func id(in word: Substring) -> QueueID? {
    let bare = word.hasSuffix(":") ? word.dropLast() : word
    let plain = bare.hasSuffix("-H") || bare.hasSuffix("-D") ? bare.dropLast(2) : bare
    return QueueID(String(bare), of: .exim) ?? QueueID(String(plain), of: .exim)
  }
}
