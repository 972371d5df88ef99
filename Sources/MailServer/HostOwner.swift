// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

package import Replies

/// Who runs a mail server, as far as names tell: the one place that says so.
package enum HostOwner: Hashable, Sendable {
  /// One that the rule book knows: `gmail`.
  case provider(String)
  /// The domain under which hosts of the same owner stand: `hoster.example`.
  case domain(String)
  /// An address, or a name that is no domain: it stands for itself and names nobody.
  case unnamed(String)

  /// - Parameter host: a host's name, or its address where it has no name.
  package init(ofHost host: String, rules: RuleBook = .standard) {
    self = rules.provider(ofHost: host).map { .provider($0) } ?? Self.domain(ofHost: host)
  }

  /// The owner of the server that answers for a destination.
  ///
  /// - Parameter host: the one that answered, or nil if none did.
  package init(ofDestination domain: String, host: String?, rules: RuleBook = .standard) {
    let domain = domain.lowercased()
    let host = host?.lowercased() ?? domain
    if let known = rules.provider(ofHost: host) {
      self = .provider(known)
    } else if case .unnamed = Self.domain(ofHost: host) {
      self = .unnamed(host)
    } else {
      // Its own server: below a suffix that no rule here knows, strangers are not taken for one owner.
      let isOwn = host == domain || host.hasSuffix(".\(domain)")
      self = isOwn ? .domain(domain) : Self.domain(ofHost: host)
    }
  }

  /// The owner in one word: the provider, the domain, or the host itself.
  package var key: String {
    switch self {
    case .provider(let name), .domain(let name), .unnamed(let name): name
    }
  }

  /// Second labels below which countries register names, of those that are longer than three letters.
  ///
  /// Shorter ones (`co`, `com`, `gov`) are taken for such below any country. Without the public suffix
  /// list that is a guess: it rather parts the hosts of one owner than puts two owners together.
  private static let registries: Set<String> = [
    "asso", "assn", "blog", "club", "conf", "coop", "firm", "geek", "gouv", "govt", "health",
    "info", "kiwi", "maori", "media", "mobi", "muni", "name", "news", "parliament", "police",
    "press", "prof", "school", "shop", "sport", "store", "travel", "wiki",
  ]

  private static func domain(ofHost host: String) -> HostOwner {
    var name = host.lowercased()
    // The dot of the root.
    if name.hasSuffix(".") { name.removeLast() }
    let labels = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard labels.count > 1, let last = labels.last, last.contains(where: \.isLetter),
      !labels.contains(where: \.isEmpty), !name.contains(":"), !name.contains("[")
    else { return .unnamed(name) }
    let second = labels[labels.count - 2]
    let depth =
      switch (last.count == 2, second.count) {
      // mx.city.k12.ca.us (RFC 1480), mx.office.chiyoda.tokyo.jp.
      case (true, 2) where last == "us": 4
      case (true, 4...) where last == "jp" && labels.count > 3: 4
      case (true, ...3): 3
      case (true, _): registries.contains(second) ? 3 : 2
      // uk.com, eu.org.
      case (false, let count): count == 2 ? 3 : 2
      }
    // A name below which strangers have theirs, as far as this can tell.
    guard labels.count >= depth else { return .unnamed(name) }
    return .domain(labels.suffix(depth).joined(separator: "."))
  }
}
