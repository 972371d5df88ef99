// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes
import Replies

/// The other end that a delivery was handed to: a host and port, or a socket of this server.
package struct Endpoint: Hashable, Sendable {
  /// The host's name, or else its address; empty for a socket without one.
  package var host: String
  package var address: String?
  package var port: Int?
  /// The path of a Unix socket, as the MTA names it: Postfix's are below its queue directory.
  package var socket: String?

  package init(host: String, address: String? = nil, port: Int? = nil, socket: String? = nil) {
    (self.host, self.address, self.port, self.socket) = (host, address, port, socket)
  }

  /// The end that words such as `connect to NAME[IP]:PORT: Connection refused` name; nil if they name none.
  package init?(in text: String) {
    let bytes = Array(text.utf8)
    let span = bytes.span
    guard let peer = Peer(in: span, 0..<span.count) else { return nil }
    let address = span.string(peer.address)
    self.init(
      host: peer.name.isEmpty ? address : span.string(peer.name),
      address: peer.isSocket ? nil : address, port: peer.port,
      socket: peer.isSocket ? address : nil)
  }

  /// `smtp.example.net:587`, `mail.example.com[private/lmtp]`: as an admin would write it.
  package var words: String {
    if let socket { return socket }
    let name = address.map { $0 == host ? host : "\(host)[\($0)]" } ?? host
    return port.map { "\(name):\($0)" } ?? name
  }
}

extension LogEvent {
  /// The end that the delivery was handed to, where the line names it.
  package var endpoint: Endpoint? {
    guard direction == .outbound else { return nil }
    if let host = remoteHost ?? remoteIP {
      return Endpoint(host: host, address: remoteIP, port: port)
    }
    return code == nil ? Endpoint(in: reply) : nil
  }
}
