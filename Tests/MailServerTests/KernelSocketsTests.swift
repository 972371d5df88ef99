// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer
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
