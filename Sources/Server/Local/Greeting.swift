// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import Guidance

/// A look at what a mail server says first: connect, read the greeting, QUIT.
enum Greeting {
  /// Bytes of a greeting that are kept.
  private static let limit = 4096

  /// Blocks up to the time limit.
  ///
  /// - Parameter address: numeric, IPv4 or IPv6.
  static func read(from address: String, port: Int, timeLimit: Duration) -> ProbeOutcome {
    let deadline = ContinuousClock.now + timeLimit
    guard let connection = Connection(address: address, port: port) else {
      return .unreachable("\(address) is no address that this system can use")
    }
    if let failure = connection.connect(until: deadline) { return failure }
    var text: [UInt8] = []
    var isClosed = false
    while !isClosed, text.count < limit, !isComplete(text),
      connection.wait(for: POLLIN, until: deadline)
    {
      let piece = connection.receive()
      text += piece
      isClosed = piece.isEmpty
    }
    if text.isEmpty { return isClosed ? .closed : .silent }
    connection.quit()
    return .greeting(String(decoding: text.prefix(limit), as: UTF8.self))
  }

  /// Whether the last line is whole and has a space after its code (RFC 5321, section 4.2.1).
  private static func isComplete(_ text: [UInt8]) -> Bool {
    guard text.last == UInt8(ascii: "\n") else { return false }
    let last = text.split(separator: UInt8(ascii: "\n")).last ?? []
    return last.dropFirst(3).first != UInt8(ascii: "-")
  }

  /// A TCP socket; closed with the value.
  private final class Connection {
    let descriptor: Int32
    private let target: sockaddr_storage
    private let targetSize: socklen_t

    init?(address: String, port: Int) {
      var hints = addrinfo()
      hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV
      hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
      var found: UnsafeMutablePointer<addrinfo>?
      guard getaddrinfo(address, "\(port)", &hints, &found) == 0, let found else { return nil }
      defer { freeaddrinfo(found) }
      guard let source = found.pointee.ai_addr else { return nil }
      let size = found.pointee.ai_addrlen
      var target = sockaddr_storage()
      withUnsafeMutableBytes(of: &target) {
        $0.copyMemory(from: UnsafeRawBufferPointer(start: source, count: Int(size)))
      }
      let kind = SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue
      let descriptor = socket(found.pointee.ai_family, Int32(kind), 0)
      guard descriptor >= 0 else { return nil }
      self.descriptor = descriptor
      self.target = target
      targetSize = size
    }

    deinit { close(descriptor) }

    /// The failure, or nil when connected.
    func connect(until deadline: ContinuousClock.Instant) -> ProbeOutcome? {
      let code = withUnsafePointer(to: target) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          Glibc.connect(descriptor, $0, targetSize) == 0 ? 0 : errno
        }
      }
      if code == 0 { return nil }
      guard code == EINPROGRESS else { return Self.outcome(code) }
      guard wait(for: POLLOUT, until: deadline) else { return .timedOut }
      var error: Int32 = 0
      var size = socklen_t(MemoryLayout<Int32>.size)
      getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &size)
      return error == 0 ? nil : Self.outcome(error)
    }

    private static func outcome(_ code: Int32) -> ProbeOutcome {
      switch code {
      case ECONNREFUSED: .refused
      case ETIMEDOUT: .timedOut
      default: .unreachable(String(cString: strerror(code)))
      }
    }

    /// Whether the socket became ready in time.
    func wait(for events: Int32, until deadline: ContinuousClock.Instant) -> Bool {
      var descriptors = pollfd(fd: descriptor, events: Int16(events), revents: 0)
      while true {
        let left = deadline - ContinuousClock.now
        let milliseconds =
          left.components.seconds * 1000 + left.components.attoseconds / 1_000_000_000_000_000
        let ready = poll(&descriptors, 1, Int32(clamping: max(milliseconds, 0)))
        if ready > 0 { return true }
        if ready == 0 || errno != EINTR { return false }
      }
    }

    /// What has come; empty at the end.
    func receive() -> [UInt8] {
      [UInt8](unsafeUninitializedCapacity: limit) { buffer, filled in
        filled = max(recv(descriptor, buffer.baseAddress, buffer.count, 0), 0)
      }
    }

    func quit() {
      let word: [UInt8] = Array("QUIT\r\n".utf8)
      send(descriptor, word, word.count, Int32(MSG_NOSIGNAL))
    }
  }
}
