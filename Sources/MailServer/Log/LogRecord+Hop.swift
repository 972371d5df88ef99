// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes
package import Replies

extension LogRecord {
  /// Where the line says that the delivery was: by its program, its route and its port; nil where they do not tell.
  package func hop(in line: Span<UInt8>) -> Hop? {
    if direction == .inbound { return .local }
    return mta == .postfix ? postfixHop(in: line) : eximHop(in: line)
  }

  /// `postfix/lmtp`, `postfix/local`, `postfix/pipe` deliver on this server, or hand the mail to a filter of it.
  private func postfixHop(in line: Span<UInt8>) -> Hop? {
    let start = daemon.range.lowerBound
    // Of a reply only what stands around it names an end of ours.
    let peer = Peer(in: line, route.range) ?? (code == nil ? Peer(in: line, reply.range) : nil)
    let end = isLogin ? .relay : peer.flatMap { Hop($0, in: line) }
    switch daemon.range.count {
    case 4 where line.has("lmtp", at: start): return end == .filter ? .filter : .local
    case 4 where line.has("pipe", at: start):
      return line.namesFilter(in: route.range) ? .filter : .local
    case 5 where line.has("local", at: start), 7 where line.has("virtual", at: start): return .local
    default: return end
    }
  }

  /// `R=smarthost T=remote_smtp_smarthost`: the names that Debian's and cPanel's configurations and the specification use.
  private func eximHop(in line: Span<UInt8>) -> Hop? {
    let place = route.range
    let relays: [StaticString] = ["smarthost", "smart_host", "relay", "satellite"]
    // Debian's dnslookup_relay_to_domains is for domains that this server is a mail exchanger of, and asks the DNS.
    if !line.contains("R=dnslookup", in: place),
      relays.contains(where: { line.contains($0, in: place) })
    {
      return .relay
    }
    if line.namesFilter(in: place) { return .filter }
    if let transport = line.firstIndex(of: "T=", from: place.lowerBound, before: place.upperBound),
      !line.contains("smtp", in: transport..<place.upperBound) && remoteIP.isEmpty
        || line.contains("lmtp", in: transport..<place.upperBound)
    {
      return .local
    }
    return port.flatMap { Hop(port: Int($0)) }
  }
}
