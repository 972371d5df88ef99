// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

extension Check {
  package static let path = Check(
    "path", .host, "Network path to {name}",
    both: ["ping -c 4 {name}", "traceroute -T -p 25 {name}"])
}

/// The check of the network path, from what `ping` and `traceroute` or `tracepath` print.
package enum NetworkPath {
  /// What the two outputs mean together; either may be empty if the tool is missing.
  package static func verdict(
    host: String, ping: String, trace: String, time: Int64
  ) -> CheckResult {
    let loss = lossPercent(in: ping)
    let hop = lastHop(in: trace)
    let details = [
      hop.map { "The path is visible up to hop \($0.number): \($0.name)." },
      loss.map { "\($0)% of the ping packets were lost." },
    ].compactMap(\.self)
    func result(_ verdict: CheckResult.Verdict, _ summary: String) -> CheckResult {
      CheckResult(CheckRequest(.path, of: host), verdict, summary, details, at: time)
    }
    if ping.contains("nreachable") || trace.contains("!N") || trace.contains("!H") {
      return result(.failed, "No route to \(host), according to a router on the path.")
    }
    switch loss {
    case 0?: return result(.passed, "\(host) is reachable: no packet was lost.")
    case 100?:
      return result(
        .warns, "\(host) does not answer ping. Many servers never do: check port 25.")
    case let loss?:
      return result(.failed, "\(loss)% of the packets to \(host) are lost.")
    case nil:
      return hop == nil
        ? result(.unavailable, "Neither ping nor traceroute got an answer.")
        : result(.warns, "Only the path is known, not the packet loss.")
    }
  }

  /// The `25%` of `4 packets transmitted, 3 received, 25% packet loss, time 3004ms`.
  static func lossPercent(in ping: String) -> Int? {
    for line in ping.split(whereSeparator: \.isNewline) where line.contains("% packet loss") {
      guard let percent = line.firstIndex(of: "%") else { continue }
      let before = line[..<percent]
      let number = before.split(separator: " ").last.map(String.init) ?? ""
      guard let value = Double(number), (0...100).contains(value) else { return nil }
      // Rounded; only none is 0 and only all is 100.
      if value == 0 || value == 100 { return Int(value) }
      return Swift.min(99, Swift.max(1, Int(value.rounded())))
    }
    return nil
  }

  /// The last line ` 7  name (192.0.2.1)  8.1 ms` or ` 7:  name  8.1ms` that has an answer.
  static func lastHop(in trace: String) -> (number: Int, name: String)? {
    var last: (number: Int, name: String)?
    for line in trace.split(whereSeparator: \.isNewline) {
      let fields = line.split(separator: " ")
      guard fields.count >= 2 else { continue }
      let digits = fields[0].filter { $0 != ":" && $0 != "?" }
      guard let number = Int(digits), (1...255).contains(number) else { continue }
      let name = fields[1]
      guard name != "*", name != "no", !name.hasPrefix("[") else { continue }
      last = (number, String(name))
    }
    return last
  }
}
