// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer
import TestSupport
import Testing

@Suite struct KernelSocketsTests {
  private func sockets(_ name: String) throws -> KernelSockets {
    KernelSockets(try QueueFixture.bytes(name))
  }

  /// The numbers were counted in the files by `awk`: listeners, then established, waiting and dialling connections.
  @Test(arguments: [
    ("linux/live_proc_net_tcp.txt", [24, 30, 100, 3]),
    ("linux/live_proc_net_tcp6.txt", [1, 0, 5, 0]),
  ])
  func readsRecordings(name: String, counts: [Int]) throws {
    let sockets = try sockets(name)
    let states = Dictionary(grouping: sockets.connections, by: \.connection.state)
    #expect(sockets.listeners.count == counts[0])
    #expect(states["ESTAB"]?.count ?? 0 == counts[1])
    #expect(states["TIME-WAIT"]?.count ?? 0 == counts[2])
    #expect(states["SYN-SENT"]?.count ?? 0 == counts[3])
    #expect(states["LISTEN"] == nil)
  }

  @Test func tellsBothEndsApart() throws {
    let sockets = try sockets("linux/live_proc_net_tcp.txt")
    let dialling = try #require(sockets.connections.first { $0.connection.state == "SYN-SENT" })
    #expect(
      dialling
        == KernelSocket(
          connection: SMTPConnection(
            direction: .outbound, peer: "127.0.0.32", peerPort: 25, localAddress: "127.0.0.2",
            localPort: 0xE7AF, state: "SYN-SENT"),
          inode: 619_737, user: 995))
    let served = try #require(sockets.connections.first { $0.inode == 616_941 })
    #expect(served.connection.direction == .inbound)
    #expect(served.connection.peer == "127.0.0.3")
    #expect(sockets.listeners.contains { $0.address == "127.0.0.32" && $0.waiting == 1 })
  }

  @Test(arguments: [
    ("0100007F:0019", "127.0.0.1"),
    ("00000000000000000000000001000000:0019", "::1"),
    ("00000000000000000000000000000000:0019", "::"),
    ("B80D01200000000067452301EFCDAB89:0019", "2001:db8::123:4567:89ab:cdef"),
    ("0000000000000000FFFF00000A0200C0:0019", "192.0.2.10"),
  ])
  func writesAddresses(word: String, address: String) {
    let line = "0: \(word) 0200007F:C1F2 01 00000000:00000000 00:00000000 00000000 0 0 7 1"
    #expect(
      KernelSockets(Array(line.utf8)).connections.first?.connection.localAddress == address)
  }

  @Test func leavesOutWhatIsNoLine() {
    let text = """
        sl  local_address rem_address   st
      0: 0100007F:0019
      1: 0100007F:001 0200007F:C1F2 01 0:0 00:0 0 0 0 7 1
      2: G100007F:0019 0200007F:C1F2 01 0:0 00:0 0 0 0 7 1
      3: 0100007F:0016 0200007F:C1F2 01 0:0 00:0 0 0 0 7 1
      """
    let sockets = KernelSockets(Array(text.utf8))
    #expect(sockets.connections.isEmpty)
    #expect(sockets.listeners.isEmpty)
  }
}

/// Answers of Linux 6.18 to the request for port 25, with a client and a server on 127.0.0.1 and on ::1.
@Suite struct SocketDiagnosisTests {
  private static let done = words([20, 0x2_0003, 1, 0, 0])

  private static func words(_ words: [UInt32]) -> [UInt8] {
    words.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> ($0 * 8)) } }
  }

  /// `struct nlmsghdr` and `struct inet_diag_msg`.
  private static func answer(
    family: UInt8, state: UInt8, local: (port: UInt16, address: [UInt8]),
    remote: (port: UInt16, address: [UInt8]), waiting: UInt32 = 0, inode: UInt32
  ) -> [UInt8] {
    func ports(_ port: UInt16) -> [UInt8] { [UInt8(port >> 8), UInt8(port & 0xFF)] }
    func padded(_ address: [UInt8]) -> [UInt8] {
      address + [UInt8](repeating: 0, count: 16 - address.count)
    }
    return words([88, 0x2_0012, 1, 4711]) + [family, state, 0, 0] + ports(local.port)
      + ports(remote.port) + padded(local.address) + padded(remote.address)
      + words([0, 7, 9, 0, waiting, 128, 101, inode])
  }

  private static let recorded =
    answer(
      family: 10, state: 10, local: (25, [UInt8](repeating: 0, count: 15) + [1]), remote: (0, []),
      waiting: 3, inode: 11)
    + answer(
      family: 2, state: 1, local: (48450, [127, 0, 0, 1]), remote: (25, [192, 0, 2, 10]), inode: 12)
    + answer(
      family: 2, state: 6, local: (25, [127, 0, 0, 1]), remote: (48451, [127, 0, 0, 1]), inode: 0)

  @Test func readsAnAnswer() {
    var sockets = KernelSockets()
    let more = SocketDiagnosis.read(Self.recorded.span, into: &sockets)
    #expect(more == .more)
    let end = SocketDiagnosis.read(Self.done.span, into: &sockets)
    #expect(end == .done)
    #expect(sockets.listeners == [SMTPListener(address: "::1", waiting: 3, inode: 11)])
    let outbound = SMTPConnection(
      direction: .outbound, peer: "192.0.2.10", peerPort: 25, localAddress: "127.0.0.1",
      localPort: 48450, state: "ESTAB")
    #expect(sockets.connections.first == KernelSocket(connection: outbound, inode: 12, user: 101))
    #expect(sockets.connections.map(\.connection.state) == ["ESTAB", "TIME-WAIT"])
    #expect(sockets.connections.last?.connection.direction == .inbound)
  }

  @Test func saysThatTheKernelRefuses() {
    var sockets = KernelSockets()
    let refusal = Self.words([36, 2, 1, 0, UInt32(bitPattern: -2), 0, 0, 0, 0])
    let progress = SocketDiagnosis.read(refusal.span, into: &sockets)
    #expect(progress == .refused(2))
  }

  @Test func whatIsNoAnswerIsRead() {
    var generator = SeededGenerator(seed: 2504)
    for _ in 0..<5_000 {
      var sockets = KernelSockets()
      let bytes = generator.mutated(Self.recorded + Self.done)
      _ = SocketDiagnosis.read(bytes.span, into: &sockets)
    }
  }

  /// The program must be one that the kernel's check lets through: each jump lands on a step.
  @Test func theProgramLetsThePortThroughAndNoOther() throws {
    let request = SocketDiagnosis.request(port: 25)
    #expect(request.count == 16 + 60 + 4 + 36)
    let program = Array(request.suffix(36))
    func number(_ place: Int) -> Int { Int(program[place]) | Int(program[place + 1]) << 8 }
    func passes(local: Int, remote: Int) throws -> Bool {
      var place = 0
      while place < program.count {
        let (code, yes, no) = (program[place], Int(program[place + 1]), number(place + 2))
        let isTrue: Bool
        switch code {
        case 1: isTrue = false
        case 2: isTrue = local >= number(place + 6)
        case 3: isTrue = local <= number(place + 6)
        case 4: isTrue = remote >= number(place + 6)
        case 5: isTrue = remote <= number(place + 6)
        default: isTrue = try #require(nil as Bool?)
        }
        place += isTrue ? yes : no
      }
      return place == program.count
    }
    for (local, remote) in [(25, 40_000), (40_000, 25), (25, 25), (25, 0), (24, 26), (26, 24)] {
      #expect(try passes(local: local, remote: remote) == (local == 25 || remote == 25))
    }
  }
}
