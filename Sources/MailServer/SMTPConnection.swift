// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

/// A TCP socket with port 25 at one of its ends.
package struct SMTPConnection: Hashable, Sendable {
  package var direction: Direction
  /// The other side's address, without brackets.
  package var peer: String
  /// The other side's port.
  package var peerPort: Int
  package var localAddress: String
  package var localPort: Int
  /// The kernel's state in `ss` spelling.
  ///
  /// `ESTAB`, `SYN-SENT`, `TIME-WAIT`, …
  package var state: String
  /// The process that owns it, where we may see it.
  package var pid: Int?
  package var process: String?
  /// Seconds since Tempfail first saw it, or nil on the first look.
  package var seconds: Int?

  package init(
    direction: Direction, peer: String, peerPort: Int, localAddress: String, localPort: Int,
    state: String, pid: Int? = nil, process: String? = nil, seconds: Int? = nil
  ) {
    self.direction = direction
    self.peer = peer
    self.peerPort = peerPort
    self.localAddress = localAddress
    self.localPort = localPort
    self.state = state
    self.pid = pid
    self.process = process
    self.seconds = seconds
  }
}
