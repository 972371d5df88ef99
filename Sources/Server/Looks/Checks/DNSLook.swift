// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Guidance
import MailServer

/// What the DNS says of us and of a sender's domain.
extension CheckContext {
  func identity() async throws(SourceFailure) -> CheckResult {
    let ask = try await resolver()
    let address = try await ownAddress()
    guard !address.isPrivate || options.address != nil else {
      return CheckResult(
        CheckRequest(.identity), .warns,
        "Our address \(address.text) is private: others see another one.",
        [
          "It is behind NAT. Set the public address in /etc/tempfail/config.toml:",
          "[checks] address = \"192.0.2.1\"",
        ], at: host.now())
    }
    var result = await OwnIdentity(address: address, helo: await heloName(), ask: ask)
      .check(time: host.now())
    result.details.insert("We send from \(address.text).", at: 0)
    return result
  }

  func authentication(
    of domain: String, message: QueueID?
  ) async throws(SourceFailure) -> CheckResult {
    let name = try self.domain(domain)
    let ask = try await resolver()
    let own = try? await ownAddress()
    // SPF of a private address would be evaluated for what nobody sees.
    let address = own.flatMap { $0.isPrivate && options.address == nil ? nil : $0 }
    let headers = HeaderFields(message == nil ? [] : await headers(of: message))
    return await SenderAuthentication(domain: name, ask: ask).check(
      address: address, helo: await heloName(), signatures: DKIMSignature.all(in: headers),
      time: host.now())
  }

  func blockLists() async throws(SourceFailure) -> CheckResult {
    let ask = try await resolver()
    return await BlockLists(zones: options.blockLists, ask: ask)
      .check(try await ownAddress(), time: host.now())
  }

  /// Asks the system's resolver with `dig`.
  func resolver() async throws(SourceFailure) -> SPFCheck.Ask {
    let dig = try await tool(.dig)
    return { [host] name, type in
      guard let result = try? await host.look(.records(dig, type, of: name)) else {
        return .failed
      }
      return DNSAnswer(digOutput: result.output).lookup(type)
    }
  }

  /// The address that we send from: as configured, as the MTA binds it, or as the system chooses it.
  func ownAddress() async throws(SourceFailure) -> IPAddress {
    if let address = options.address { return address }
    let source = await source()
    if let bound = source.ipv4 ?? source.ipv6 { return bound }
    let used = diagnosis.present.connections.first { $0.direction == .outbound }
    if let address = used.flatMap({ IPAddress($0.localAddress)?.unmapped }) { return address }
    let route = LookCommand.route(try await tool(.ip))
    let output = String(decoding: try await output(of: route), as: UTF8.self)
    let words = output.split(whereSeparator: \.isWhitespace)
    guard let index = words.firstIndex(of: "src"), index + 1 < words.count,
      let address = IPAddress(words[index + 1])
    else {
      throw SourceFailure(
        .unavailable,
        what: "The address that we send from is unknown: there is no default route.",
        remedy: "Set it in /etc/tempfail/config.toml: [checks] address = \"…\"")
    }
    return address
  }

  /// The header of a queued message; empty if it cannot be read.
  func headers(of message: QueueID?) async -> [String] {
    guard let message else { return [] }
    let reference = MessageReference(queueID: message, arrival: nil, sender: "")
    return (try? await MessageOpener(host: host, system: system).headers(of: reference)) ?? []
  }
}
