// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import Guidance

/// Tests how a mail server answers: connect, read the greeting, say the script, QUIT.
enum SMTPClient {
  /// Bytes of a reply that are kept.
  private static let limit = 4096

  /// Blocks up to the time limit, or until it is canceled.
  ///
  /// It goes on with the script as long as the server agrees.
  ///
  /// - Parameters:
  ///   - address: numeric, IPv4 or IPv6.
  ///   - source: our end of the connection; nil lets the system choose.
  static func converse(
    with address: String, port: Int, saying script: SMTPScript = .greeting,
    from source: IPAddress? = nil, timeLimit: Duration,
    isCancelled: @escaping () -> Bool = { false }
  ) -> SMTPTranscript {
    guard let connection = Connection(address: address, port: port) else {
      return SMTPTranscript(
        exchanges: [],
        failure: .unreachable("\(address) is not an address that this system can use"))
    }
    connection.isCancelled = isCancelled
    let deadline = ContinuousClock.now + timeLimit
    if let failure = connection.bind(to: source) ?? connection.connect(until: deadline) {
      return SMTPTranscript(exchanges: [], failure: failure)
    }
    var transcript = SMTPTranscript(exchanges: [])
    for (name, line) in [("greeting", nil)] + script.commands.map({ ($0.name, $0.line) }) {
      if let line { connection.say(line) }
      let (reply, isClosed) = connection.reply(until: deadline)
      guard !reply.isEmpty else {
        transcript.failure = isClosed ? .closed : .silent
        return transcript
      }
      let exchange = SMTPTranscript.Exchange(command: name, reply: reply)
      transcript.exchanges.append(exchange)
      guard exchange.code.map({ (200...299).contains($0) }) ?? false, !isClosed else { break }
    }
    connection.say("QUIT")
    return transcript
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
    var isCancelled: () -> Bool = { false }
    private let target: sockaddr_storage
    private let targetSize: socklen_t

    init?(address: String, port: Int) {
      guard let (target, targetSize) = Self.resolve(address, port) else { return nil }
      let kind = SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue
      let descriptor = socket(Int32(target.ss_family), Int32(kind), 0)
      guard descriptor >= 0 else { return nil }
      self.descriptor = descriptor
      self.target = target
      self.targetSize = targetSize
    }

    deinit { close(descriptor) }

    private static func resolve(
      _ address: String, _ port: Int
    ) -> (sockaddr_storage, socklen_t)? {
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
      return (target, size)
    }

    /// The failure, or nil if our end is as wanted.
    func bind(to source: IPAddress?) -> ProbeOutcome? {
      guard let source else { return nil }
      guard let (local, size) = Self.resolve(source.text, 0) else {
        return .unreachable("\(source.text) is not an address that this system can use")
      }
      let code = withUnsafePointer(to: local) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          Glibc.bind(descriptor, $0, size) == 0 ? 0 : errno
        }
      }
      let reason = "cannot send from \(source.text): \(String(cString: strerror(code)))"
      return code == 0 ? nil : .unreachable(reason)
    }

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
        // In slices, so that a cancel counts soon.
        let slice = min(max(milliseconds, 0), 100)
        let ready = poll(&descriptors, 1, Int32(clamping: slice))
        if ready > 0 { return true }
        if ready < 0 && errno != EINTR { return false }
        if milliseconds <= 0 || isCancelled() { return false }
      }
    }

    /// A reply, its lines joined by newlines, and whether the connection has ended with it.
    func reply(until deadline: ContinuousClock.Instant) -> (text: String, isClosed: Bool) {
      var text: [UInt8] = []
      while text.count < limit, !isComplete(text) {
        guard wait(for: POLLIN, until: deadline) else { return (Self.lines(text), false) }
        let piece = receive()
        if piece.isEmpty { return (Self.lines(text), true) }
        text += piece
      }
      return (Self.lines(text), false)
    }

    private static func lines(_ text: [UInt8]) -> String {
      String(decoding: text.prefix(limit), as: UTF8.self).split(whereSeparator: \.isNewline)
        .joined(separator: "\n")
    }

    /// What has come; empty at the end.
    func receive() -> [UInt8] {
      [UInt8](unsafeUninitializedCapacity: limit) { buffer, filled in
        filled = max(recv(descriptor, buffer.baseAddress, buffer.count, 0), 0)
      }
    }

    func say(_ line: String) {
      let bytes = Array("\(line)\r\n".utf8)
      send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }
  }
}
