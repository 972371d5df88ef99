// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes

/// A connection as the kernel lists it.
package struct KernelSocket: Hashable, Sendable {
  package var connection: SMTPConnection
  /// Joins it with the processes that have it open (`/proc/PID/fd`); 0 if none has, as in TIME-WAIT.
  package var inode: UInt64
  /// The user that made it; for an outgoing one, the MTA's own.
  package var user: Int

  package init(connection: SMTPConnection, inode: UInt64, user: Int) {
    self.connection = connection
    self.inode = inode
    self.user = user
  }
}

/// A socket that waits for connections to port 25.
package struct SMTPListener: Hashable, Sendable {
  package var address: String
  /// Clients that are connected and that no process has taken yet.
  package var waiting: Int
  package var inode: UInt64

  package init(address: String, waiting: Int, inode: UInt64) {
    self.address = address
    self.waiting = waiting
    self.inode = inode
  }
}

/// The kernel's TCP sockets with a port of mail at one end.
package struct KernelSockets: Hashable, Sendable {
  package private(set) var connections: [KernelSocket] = []
  package private(set) var listeners: [SMTPListener] = []
  private let port: Int

  package init(port: Int = 25) { self.port = port }

  /// Reads `/proc/net/tcp` or `/proc/net/tcp6` (proc(5)).
  ///
  /// - Parameters:
  ///   - bytes: the whole file; lines of another form are left out.
  ///   - port: the port that makes a socket one of mail.
  package init(_ bytes: [UInt8], port: Int = 25) {
    self.init(port: port)
    let text = bytes.span
    var start = 0
    while start < text.count {
      let end = text.lineEnd(from: start)
      add(text, start..<end)
      start = end + 1
    }
  }

  /// Takes in one line.
  ///
  /// `0: 0100007F:0019 0200007F:C1F2 01 00000000:00000000 00:00000000 00000000  101  0 617587 1 …`
  private mutating func add(_ text: Span<UInt8>, _ line: Range<Int>) {
    var words: [Range<Int>] = []
    var rest = line
    while words.count < 10 {
      let word = ListingText.word(text, rest)
      if word.isEmpty { return }
      words.append(word)
      rest = word.upperBound..<line.upperBound
    }
    guard let local = Self.endpoint(text, words[1]), let remote = Self.endpoint(text, words[2]),
      let state = Self.hexadecimal(text, words[3]),
      let user = ListingText.number(text, words[7]), let inode = ListingText.number(text, words[9])
    else { return }
    let queue = words[4].lowerBound + 9..<max(words[4].lowerBound + 9, words[4].upperBound)
    add(
      local: local, remote: remote, state: Int(state),
      waiting: Int(Self.hexadecimal(text, queue) ?? 0), user: Int(user), inode: UInt64(inode))
  }

  /// Takes in one socket, unless it has another port at both ends.
  ///
  /// - Parameter waiting: of a listener, the clients that no process has taken.
  mutating func add(
    local: (address: [UInt8], port: Int), remote: (address: [UInt8], port: Int), state: Int,
    waiting: Int, user: Int, inode: UInt64
  ) {
    guard local.port == port || remote.port == port else { return }
    let address = IPAddressText.text(of: local.address)
    let name = Self.states[state, default: "UNKNOWN"]
    if name == "LISTEN" {
      guard local.port == port else { return }
      listeners.append(SMTPListener(address: address, waiting: waiting, inode: inode))
    } else {
      connections.append(
        KernelSocket(
          connection: SMTPConnection(
            direction: remote.port == port ? .outbound : .inbound,
            peer: IPAddressText.text(of: remote.address), peerPort: remote.port,
            localAddress: address, localPort: local.port, state: name),
          inode: inode, user: user))
    }
  }

  /// The kernel's numbers (`tcp_states.h`) in the words of `ss`.
  private static let states = [
    1: "ESTAB", 2: "SYN-SENT", 3: "SYN-RECV", 4: "FIN-WAIT-1", 5: "FIN-WAIT-2", 6: "TIME-WAIT",
    7: "UNCONN", 8: "CLOSE-WAIT", 9: "LAST-ACK", 10: "LISTEN", 11: "CLOSING", 12: "SYN-RECV",
  ]

  /// `0100007F:0019`, or 32 digits before the colon: words in the order of the machine.
  private static func endpoint(
    _ text: Span<UInt8>, _ word: Range<Int>
  ) -> (address: [UInt8], port: Int)? {
    guard word.count == 13 || word.count == 37 else { return nil }
    let colon = word.upperBound - 5
    guard text[colon] == UInt8(ascii: ":"),
      let port = hexadecimal(text, colon + 1..<word.upperBound)
    else { return nil }
    var bytes: [UInt8] = []
    for start in stride(from: word.lowerBound, to: colon, by: 8) {
      guard let value = hexadecimal(text, start..<start + 8) else { return nil }
      let network = UInt32(bigEndian: value)
      bytes += [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: network >> $0) }
    }
    return (bytes, Int(port))
  }

  private static func hexadecimal(_ text: Span<UInt8>, _ range: Range<Int>) -> UInt32? {
    guard (1...8).contains(range.count) else { return nil }
    var value: UInt32 = 0
    for index in range {
      guard let digit = ASCII.hexDigit(text[index]) else { return nil }
      value = value << 4 | UInt32(digit)
    }
    return value
  }
}

/// Addresses as people write them.
enum IPAddressText {
  /// Of 4 bytes, or of 16 (RFC 5952); an IPv4 address in IPv6 form is one of IPv4.
  static func text(of bytes: [UInt8]) -> String {
    let isMapped =
      bytes.count == 16 && bytes[..<10].allSatisfy { $0 == 0 } && bytes[10] == 0xFF
      && bytes[11] == 0xFF
    if bytes.count == 4 || isMapped {
      return bytes.suffix(4).map(String.init).joined(separator: ".")
    }
    let groups = stride(from: 0, to: bytes.count - 1, by: 2).map {
      UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1])
    }
    let gap = longestZeros(groups)
    func written(_ part: ArraySlice<UInt16>) -> String {
      part.map { String($0, radix: 16) }.joined(separator: ":")
    }
    guard gap.count > 1 else { return written(groups[...]) }
    return written(groups[..<gap.lowerBound]) + "::" + written(groups[gap.upperBound...])
  }

  /// The first of the longest runs of zeros.
  private static func longestZeros(_ groups: [UInt16]) -> Range<Int> {
    var longest = 0..<0
    var start = 0
    for index in groups.indices {
      if groups[index] != 0 {
        start = index + 1
      } else if index + 1 - start > longest.count {
        longest = start..<index + 1
      }
    }
    return longest
  }
}
