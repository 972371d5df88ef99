// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

/// Asks the kernel for the sockets of one port (sock_diag(7)), and reads its answers.
///
/// The table in `/proc/net/tcp` is written as text for every socket of the machine, and once more for IPv6; here the
/// kernel passes over what was not requested, and one walk finds both.
package enum SocketDiagnosis {
  /// The request for all TCP sockets that have `port` at one end.
  ///
  /// It is of the older kind, TCPDIAG_GETSOCK, since that takes both address families at once.
  package static func request(port: UInt16) -> [UInt8] {
    let program = program(port: port)
    var request = MessageBytes()
    // struct nlmsghdr: length, type, NLM_F_REQUEST | NLM_F_DUMP, sequence number, sender.
    request.add(UInt32(16 + 60 + 4 + program.count))
    request.add(getSockets)
    request.add(UInt16(0x301))
    request.add(UInt32(1))
    request.add(UInt32(0))
    // struct inet_diag_req: any family and any ends, the states TCP_ESTABLISHED (1) to TCP_NEW_SYN_RECV (12).
    request.bytes += [UInt8](repeating: 0, count: 4 + 48)
    request.add(UInt32(0x1FFE))
    request.add(UInt32(0))
    // struct nlattr: length, INET_DIAG_REQ_BYTECODE.
    request.add(UInt16(4 + program.count))
    request.add(UInt16(1))
    return request.bytes + program
  }

  /// What an answer says of the rest of it.
  package enum Progress: Equatable, Sendable {
    case more
    case done
    /// With the kernel's error number, above 0.
    case refused(Int)
  }

  /// Takes one piece of the answer in.
  ///
  /// Bytes of another form end it as refused, with 0.
  package static func read(_ piece: Span<UInt8>, into sockets: inout KernelSockets) -> Progress {
    var start = 0
    while let size = piece.native(UInt32.self, at: start),
      let kind = piece.native(UInt16.self, at: start + 4)
    {
      let size = Int(size)
      guard size >= 16, size <= piece.count - start else { return .refused(0) }
      let body = piece.extracting(start + 16..<start + size)
      switch kind {
      case done: return .done
      case error:
        return .refused(Int(abs(Int64(body.native(Int32.self, at: 0) ?? 0))))
      case getSockets: add(body, to: &sockets)
      default: break
      }
      start += (size + 3) & ~3
    }
    return .more
  }

  private static let getSockets: UInt16 = 18
  private static let error: UInt16 = 2
  private static let done: UInt16 = 3

  /// `struct inet_diag_msg` (linux/inet_diag.h).
  private static func add(_ body: Span<UInt8>, to sockets: inout KernelSockets) {
    guard let family = body.native(UInt8.self, at: 0), let state = body.native(UInt8.self, at: 1),
      let local = body.native(UInt16.self, at: 4), let remote = body.native(UInt16.self, at: 6),
      let waiting = body.native(UInt32.self, at: 56), let user = body.native(UInt32.self, at: 64),
      let inode = body.native(UInt32.self, at: 68)
    else { return }
    let isIPv4 = family == 2
    let length = isIPv4 ? 4 : 16
    sockets.add(
      local: (body.array(8..<8 + length), Int(UInt16(bigEndian: local))),
      remote: (body.array(24..<24 + length), Int(UInt16(bigEndian: remote))),
      state: Int(state), waiting: Int(waiting), user: Int(user), inode: UInt64(inode))
  }

  /// `sport == port || dport == port` in the kernel's byte code (net/ipv4/inet_diag.c).
  ///
  /// Each step says how many bytes to go on where it is true and where it is not; four behind the end means no.
  /// Comparisons have their number in a step that follows. There is "equal" since Linux 5.10 only.
  private static func program(port: UInt16) -> [UInt8] {
    let (jump, localMin, localMax, remoteMin, remoteMax): (UInt8, UInt8, UInt8, UInt8, UInt8) =
      (1, 2, 3, 4, 5)
    var program = MessageBytes()
    func add(_ code: UInt8, _ yes: UInt8, _ no: UInt16) {
      program.bytes += [code, yes]
      program.add(no)
    }
    func compare(_ code: UInt8, otherwise no: UInt16) {
      add(code, 8, no)
      add(0, 0, port)
    }
    compare(localMin, otherwise: 20)
    compare(localMax, otherwise: 12)
    add(jump, 4, 20)
    compare(remoteMin, otherwise: 20)
    compare(remoteMax, otherwise: 12)
    return program.bytes
  }
}

/// Numbers in the order of the machine, one after the other.
private struct MessageBytes {
  var bytes: [UInt8] = []

  mutating func add(_ value: some FixedWidthInteger) {
    withUnsafeBytes(of: value) { bytes += $0 }
  }
}

extension Span where Element == UInt8 {
  /// The number that stands at `index` in the order of the machine, or nil outside.
  fileprivate func native<Value: FixedWidthInteger & BitwiseCopyable>(
    _: Value.Type, at index: Int
  ) -> Value? {
    guard index >= 0, index <= count - MemoryLayout<Value>.size else { return nil }
    return bytes.unsafeLoadUnaligned(fromByteOffset: index, as: Value.self)
  }
}
