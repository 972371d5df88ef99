// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

/// What `dig` would answer about the demo's destinations.
enum DemoNames {
  static func answer(_ arguments: [String]) -> CommandResult {
    let name = value(after: "-q", in: arguments)
    let type = value(after: "-t", in: arguments)
    let records: [String]
    switch type {
    case "MX":
      records = DemoWorld.destinations.filter { $0.domain == name }.map { "10 \($0.host)." }
    case "A", "AAAA":
      records = DemoWorld.destinations.filter { $0.host == name }.map(\.address)
        .filter { $0.contains(":") == (type == "AAAA") }
    default:
      records = []
    }
    let own = DemoNames.own["\(type) \(name)"].map { [$0] } ?? []
    let lines =
      [";; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: 421"]
      + (records + own).map { "\(name).\t300\tIN\t\(type)\t\($0)" }
    return CommandResult(
      status: 0, output: Array((lines.joined(separator: "\n") + "\n").utf8), complaint: "")
  }

  /// What the simulated server and its senders have published.
  private static let own = [
    "PTR 10.100.51.198.in-addr.arpa": "\(DemoWorld.hostName).",
    "A \(DemoWorld.hostName)": "198.51.100.10",
    "TXT shop.example": "\"v=spf1 ip4:198.51.100.10 -all\"",
    "TXT _dmarc.shop.example": "\"v=DMARC1; p=none\"",
    "TXT corp.example": "\"v=spf1 ip4:198.51.100.10 ~all\"",
  ]

  private static func value(after option: String, in arguments: [String]) -> String {
    guard let index = arguments.firstIndex(of: option), index + 1 < arguments.count else {
      return ""
    }
    return arguments[index + 1]
  }
}
