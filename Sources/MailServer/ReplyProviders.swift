// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes
import Replies

/// Names who runs the host that a reply came from.
struct ReplyProviders {
  private let snapshot: QueueSnapshot
  /// What is known of the hosts that were seen.
  private var hosts: [String: HostOwner] = [:]

  init(_ snapshot: QueueSnapshot) { self.snapshot = snapshot }

  /// A provider that the rules know, or else the domain of the host, or its address; nil if no
  /// host replied.
  mutating func provider(ofReply number: Int) -> String? {
    guard let host = snapshot.remoteHost(ofReply: number) else { return named(number, nil) }
    let owner = known(host)
    if case .provider(let provider) = owner { return provider }
    // No large one: its domain stands for it, unless the words of the reply tell more.
    return named(number, host) ?? owner.key
  }

  private func named(_ number: Int, _ host: String?) -> String? {
    let listed = snapshot.listing.reasons
    guard number < listed.count else {
      return snapshot.rules.provider(snapshot.replyText(number).utf8.span, remoteHost: host)
    }
    let span = snapshot.listing.bytes.span
    return snapshot.rules.provider(span.extracting(listed[number].range), remoteHost: host)
  }

  private mutating func known(_ host: String) -> HostOwner {
    if let known = hosts[host] { return known }
    let owner = HostOwner(ofHost: host, rules: snapshot.rules)
    hosts[host] = owner
    return owner
  }
}
