// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

/// Exim's `log_selector`: what it leaves out of the main log (Exim specification, "Reducing or increasing
/// what is logged").
package enum LogSelector {
  /// What Tempfail reads and a selector can hide, with the words for what is then missing.
  ///
  /// All of these are on by default. A deferral itself is always logged.
  private static let needed: [(name: String, shows: String)] = [
    ("connection_reject", "clients that this server refused"),
    ("lost_incoming_connection", "clients that disconnected"),
    ("retry_defer", "messages that wait for their retry time"),
    ("skip_delivery", "messages that are frozen or locked"),
  ]

  /// The selectors that are needed and off, each with what is then missing.
  ///
  /// - Parameter value: as `exim -bP log_selector` prints it: `+name`, `-name` and `all`, in order.
  package static func hidden(by value: String) -> [(name: String, shows: String)] {
    var off: Set<String> = []
    let words = value.split { $0 == " " || $0 == "\t" || $0 == ":" || $0 == "\n" }
    for (index, word) in words.enumerated() {
      // `+ name`: blanks may stand behind the sign.
      guard let sign = word.first, sign == "+" || sign == "-" else { continue }
      let rest = word.dropFirst()
      let name = rest.isEmpty && index + 1 < words.count ? words[index + 1] : rest
      let names = name == "all" ? needed.map(\.name) : [String(name)]
      if sign == "-" { off.formUnion(names) } else { off.subtract(names) }
    }
    return needed.filter { off.contains($0.name) }
  }
}

extension NeedReport {
  /// Whether the log shows what Tempfail reads in it.
  ///
  /// - Parameter logSelector: the option's value; empty for Exim's default.
  package static func eximLogDetail(logSelector: String) -> NeedReport {
    let hidden = LogSelector.hidden(by: logSelector)
    guard !hidden.isEmpty else {
      return .fine(.logDetail, "log_selector includes everything that Tempfail reads.")
    }
    let shows = hidden.map(\.shows).joined(separator: ", ")
    let fixed = ([logSelector] + hidden.map { "+\($0.name)" }).joined(separator: " ")
    return NeedReport(
      .logDetail, .wrong, "log_selector hides \(shows).",
      remedy: "Set this in Exim's configuration, then restart Exim:",
      command: "log_selector = \(fixed)")
  }

  /// The same for Postfix, which always mentions deliveries.
  package static func postfixLogDetail() -> NeedReport {
    .fine(.logDetail, "Postfix always logs every delivery and refusal.")
  }
}
