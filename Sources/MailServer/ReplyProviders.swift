// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes
import Replies

/// Names who runs the host that a reply came from.
struct ReplyProviders {
  private let snapshot: QueueSnapshot
  /// What is known of the hosts that were seen.
  private var hosts: [String: Host] = [:]

  private enum Host {
    case provider(String)
    /// No large one: its domain stands for it, unless the words of a reply tell more.
    case domain(String)
  }

  init(_ snapshot: QueueSnapshot) { self.snapshot = snapshot }

  /// A provider that the rules know, or else the domain of the host, or its address; nil where no
  /// host replied.
  mutating func provider(ofReply number: Int) -> String? {
    guard let host = snapshot.remoteHost(ofReply: number) else { return named(number, nil) }
    switch known(host) {
    case .provider(let provider): return provider
    case .domain(let domain): return named(number, host) ?? domain
    }
  }

  private func named(_ number: Int, _ host: String?) -> String? {
    let listed = snapshot.listing.reasons
    guard number < listed.count else {
      return snapshot.rules.provider(snapshot.replyText(number).utf8.span, remoteHost: host)
    }
    let span = snapshot.listing.bytes.span
    return snapshot.rules.provider(span.extracting(listed[number].range), remoteHost: host)
  }

  private mutating func known(_ host: String) -> Host {
    if let known = hosts[host] { return known }
    let answer =
      snapshot.rules.provider(ofHost: host).map { Host.provider($0) }
      ?? .domain(Self.domain(ofHost: host))
    hosts[host] = answer
    return answer
  }

  /// The part of a host's name under which others of the same owner stand, or its address as it is.
  ///
  /// Two labels, or three below such as `co.uk`: without the public suffix list that is a guess, good
  /// enough to put the hosts of one owner side by side.
  static func domain(ofHost host: String) -> String {
    let name = host.lowercased()
    let labels = name.split(separator: ".", omittingEmptySubsequences: true)
    guard labels.count > 2, let last = labels.last, !name.contains(":"),
      !last.allSatisfy(\.isNumber)
    else { return name }
    let isBelowCountry = last.count == 2 && labels[labels.count - 2].count <= 3
    return labels.suffix(isBelowCountry ? 3 : 2).joined(separator: ".")
  }
}
