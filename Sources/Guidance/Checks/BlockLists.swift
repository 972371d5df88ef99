// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

extension Check {
  package static let blockLists = Check(
    "blockLists", .server, "Block lists and our address",
    both: ["dig +short REVERSED-ADDRESS.zen.spamhaus.org"])
}

/// The check whether a block list names our address; asked only where lists are configured.
package struct BlockLists {
  private let zones: [DomainName]
  private let ask: SPFCheck.Ask

  package init(zones: [DomainName], ask: @escaping SPFCheck.Ask) {
    self.zones = zones
    self.ask = ask
  }

  /// Asks all of them (RFC 5782); `time` is for the result, in seconds since 1970.
  package func check(_ address: IPAddress, time: Int64) async -> CheckResult {
    guard !zones.isEmpty else {
      return result(
        .unavailable, "No block lists are configured, so none was queried.",
        ["List them in /etc/tempfail/config.toml: [checks] block_lists = [\"zen.example.org\"]"],
        time)
    }
    let reversed = address.parts.reversed().joined(separator: ".")
    var listed: [String] = []
    var facts: [String] = []
    var silent = 0
    for zone in zones {
      guard let name = zone.below(reversed) else {
        silent += 1
        facts.append("\(zone) could not be queried.")
        continue
      }
      switch await ask(name, .a) {
      case .failed:
        silent += 1
        facts.append("\(zone) did not answer.")
      case .found(let answers):
        // 127.255.255.0/24 says that the query was refused, not that the address is listed.
        let codes = answers.filter { $0.hasPrefix("127.") && !$0.hasPrefix("127.255.255.") }
        if codes.isEmpty {
          silent += answers.isEmpty ? 0 : 1
          facts.append(
            answers.isEmpty
              ? "\(zone) does not list it."
              : "\(zone) refuses queries from this resolver: query it through your own.")
        } else {
          listed.append("\(zone) lists \(address.text): \(codes.joined(separator: " ")).")
          if case .found(let texts) = await ask(name, .txt) { facts += texts }
        }
      }
    }
    if let first = listed.first {
      return result(.warns, first, Array(listed.dropFirst()) + facts, time)
    }
    if silent == zones.count {
      return result(
        .unavailable,
        "No block list answered, so it is not known whether one lists \(address.text).",
        facts, time)
    }
    return silent == 0
      ? result(.passed, "No block list lists \(address.text).", facts, time)
      : result(
        .unavailable,
        "\(zones.count - silent) of \(zones.count) block lists answered; none of them lists"
          + " \(address.text).", facts, time)
  }

  private func result(
    _ verdict: CheckResult.Verdict, _ summary: String, _ details: [String], _ time: Int64
  ) -> CheckResult {
    CheckResult(CheckRequest(.blockLists), verdict, summary, details, at: time)
  }
}
