// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Guidance
import MailServer

/// The address that our deliveries come from, as the MTA binds it.
struct SourceAddress: Hashable, Sendable {
  var ipv4: IPAddress?
  var ipv6: IPAddress?

  /// The one for connections to `address`; nil if the system chooses.
  func bound(for address: String) -> IPAddress? { address.contains(":") ? ipv6 : ipv4 }

  private init(_ texts: [String]) {
    let addresses = texts.compactMap { IPAddress($0) }
    ipv4 = addresses.first(where: \.isIPv4)
    ipv6 = addresses.first { !$0.isIPv4 }
  }

  /// Reads the settings of Postfix.
  ///
  /// One single address in `inet_interfaces` that is not the loopback counts as well (postconf(5),
  /// `smtp_bind_address`).
  init(postfix settings: [String: String]) {
    self.init([settings["smtp_bind_address"] ?? "", settings["smtp_bind_address6"] ?? ""])
    let listening = (settings["inet_interfaces"] ?? "")
      .split { $0 == "," || $0.isWhitespace }.compactMap { IPAddress($0) }
    for isIPv4 in [true, false] {
      let own = listening.filter { $0.isIPv4 == isIPv4 }
      guard own.count == 1, let only = own.first, !only.isLoopback else { continue }
      if isIPv4 { ipv4 = ipv4 ?? only } else { ipv6 = ipv6 ?? only }
    }
  }

  /// Reads `interface` of the first transport that sends by SMTP and has one, in the output of
  /// `exim -bP transports`.
  ///
  /// It may be a list (with `<;` before other separators), or an expansion, which is passed over.
  init(eximTransports output: [UInt8]) {
    var value: String?
    for line in output.split(separator: UInt8(ascii: "\n")) where value == nil {
      let text = String(decoding: line, as: UTF8.self)
      guard text.hasPrefix("interface ="), !text.contains("$") else { continue }
      value = String(text.dropFirst("interface =".count))
    }
    let isList = value?.contains("<") ?? false
    let items = (value ?? "").split { $0.isWhitespace || "<;,".contains($0) }
      .flatMap { !isList && !$0.contains("::") ? $0.split(separator: " ") : [$0] }
    self.init(items.map(String.init))
  }
}

extension CheckContext {
  /// The address that the MTA binds; empty if it lets the system choose.
  func source() async -> SourceAddress {
    switch system.tools {
    case .exim(let exim):
      SourceAddress(
        eximTransports: (try? await host.look(.eximTransports(exim)))?.output ?? [])
    case .postfix:
      SourceAddress(postfix: await settings())
    }
  }

  /// Settings of the MTA, as the collectors have read them, or read now.
  func settings() async -> [String: String] {
    let known = diagnosis.present.settings
    return known.isEmpty ? await Settings.read(from: host, of: system) : known
  }

  /// The same where nothing can be said without them.
  func knownSettings() async throws(SourceFailure) -> [String: String] {
    let settings = await settings()
    guard settings.isEmpty else { return settings }
    throw SourceFailure(
      .unavailable, what: "The settings of \(mta.name) could not be read.",
      remedy: "Run its command by hand to see why.")
  }

  /// The name that the MTA says in EHLO.
  func heloName() async -> String {
    let settings = await settings()
    let names =
      switch mta {
      case .exim: ["primary_hostname"]
      case .postfix: ["smtp_helo_name", "myhostname"]
      }
    return names.lazy.compactMap { settings[$0] }.first { !$0.isEmpty } ?? host.name
  }

  /// The same where it must be a name.
  func heloDomain() async -> DomainName {
    DomainName(validating: await heloName()) ?? .localhost
  }
}
