// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import MailServer

/// A way to ask the kernel itself for sockets (netlink(7), sock_diag(7)).
struct SocketNetlink: ~Copyable {
  private let descriptor: Int32
  /// Set by the first look and used again by the others.
  private var piece = [UInt8](repeating: 0, count: 32 << 10)

  /// Nil if the kernel or a sandbox has no such thing.
  init?() {
    let socketDiagnosis: Int32 = 4
    descriptor = socket(
      AF_NETLINK, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), socketDiagnosis)
    guard descriptor >= 0 else { return nil }
    // The answer comes at once, from the call that asks; a kernel that keeps silent must not stop the others.
    var limit = timeval(tv_sec: 2, tv_usec: 0)
    setsockopt(
      descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// The sockets with `port` at one end, or nil if the kernel does not say.
  mutating func sockets(port: UInt16) -> KernelSockets? {
    let request = SocketDiagnosis.request(port: port)
    guard send(descriptor, request, request.count, 0) == request.count else { return nil }
    var sockets = KernelSockets(port: Int(port))
    while true {
      let count = recv(descriptor, &piece, piece.count, 0)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return nil }
      switch SocketDiagnosis.read(piece.span.extracting(0..<count), into: &sockets) {
      case .more: continue
      case .done: return sockets
      case .refused: return nil
      }
    }
  }
}
