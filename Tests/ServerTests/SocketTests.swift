// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import Guidance
import MailServer
import Testing

@testable import Server

@Suite("Sockets")
struct SocketTests {
  private static let header = "  sl  local_address rem_address   st tx_queue ...\n"
  private static let line =
    "   0: 0300007F:8CF9 1B00007F:0019 01 00000000:00000000 02:000AFBCE 00000000   994        0 4242 2 0\n"

  private static func proc(_ scratch: Scratch, tcp: String) {
    scratch.makeFolder("net")
    scratch.write(tcp, to: "net/tcp")
    for (pid, link) in [("7", "socket:[1]"), ("12", "socket:[4242]"), ("self", "/dev/null")] {
      scratch.makeFolder(pid)
      scratch.makeFolder("\(pid)/fd")
      symlink(link, scratch.file("\(pid)/fd/3"))
      scratch.write("exim4\n", to: "\(pid)/comm")
    }
  }

  @Test func findsTheProcessAndTheAge() async throws {
    let scratch = Scratch()
    Self.proc(scratch, tcp: Self.header + Self.line)
    let table = SocketTable(root: scratch.path, seesAll: true)
    let first = try await table.look(at: 1000)
    #expect(
      first.connections == [
        SMTPConnection(
          direction: .outbound, peer: "127.0.0.27", peerPort: 25, localAddress: "127.0.0.3",
          localPort: 36089, state: "ESTAB", pid: 12, process: "exim4", seconds: nil)
      ])
    #expect(first.note == nil)
    let second = Self.line.replacing("8CF9", with: "8CFA").replacing("4242", with: "9")
    scratch.write(Self.header + Self.line + second, to: "net/tcp")
    #expect(try await table.look(at: 1002).connections.map(\.seconds) == [nil, 0])
    let third = try await table.look(at: 1007)
    #expect(third.connections.map(\.seconds) == [nil, 5])
    #expect(third.connections.map(\.pid) == [12, nil])
  }

  @Test func saysWhatItCannotSee() async throws {
    let scratch = Scratch()
    Self.proc(scratch, tcp: Self.header + Self.line)
    let note = try await SocketTable(root: scratch.path, seesAll: false).look(at: 1).note
    #expect(note == "other users' process names need root")
  }

  @Test func readsARecordedTable() async throws {
    let scratch = Scratch()
    let folder = try #require(
      Bundle.module.url(forResource: "Fixtures/proc", withExtension: nil)
    ).path
    scratch.makeFolder("net")
    symlink("\(folder)/tcp", scratch.file("net/tcp"))
    symlink("\(folder)/tcp6", scratch.file("net/tcp6"))
    let connections = try await SocketTable(root: scratch.path, seesAll: true).look(at: 1)
      .connections
    #expect(connections.count(where: { $0.direction == .outbound && $0.state == "ESTAB" }) > 0)
    #expect(connections.contains { $0.peer == "::1" })
    #expect(connections.allSatisfy { $0.localPort == 25 || $0.peerPort == 25 })
  }

  @Test func saysThatThereIsNoTable() async {
    let scratch = Scratch()
    await #expect(throws: HostFailure.missing("\(scratch.path)/net/tcp")) {
      try await SocketTable(root: scratch.path, seesAll: true).look(at: 1)
    }
  }
}

/// The kernel of this machine; on one that gives no answer, the files are read and nothing is compared.
@Suite("Sockets by netlink")
struct SocketNetlinkTests {
  @Test func findsTheSocketsThatTheFilesName() async throws {
    let server = try OneShotServer()
    guard let port = UInt16(exactly: server.port), var netlink = SocketNetlink(),
      let sockets = netlink.sockets(port: port)
    else { return }
    let file = KernelSockets(
      try FileAccess.contents(ofKernelFile: "/proc/net/tcp"), port: server.port)
    #expect(sockets.listeners == file.listeners)
    #expect(sockets.listeners.map(\.address) == ["127.0.0.1"])
    #expect(sockets.connections == file.connections)
  }
}

@Suite("Greetings", .timeLimit(.minutes(4)))
struct GreetingTests {
  @Test(
    arguments: [
      ("220 mx.test ESMTP\r\n", ProbeOutcome.greeting("220 mx.test ESMTP")),
      ("220-one\r\n220 two\r\n", .greeting("220-one\n220 two")),
      ("421 4.3.2 later\r\n", .greeting("421 4.3.2 later")),
      ("", .closed),
    ])
  func readsAGreeting(text: String, expected: ProbeOutcome) async throws {
    let server = try OneShotServer()
    async let said = server.serve(text)
    let outcome = await BlockingThread.value {
      SMTPClient.converse(with: "127.0.0.1", port: server.port, timeLimit: .seconds(20)).outcome
    }
    #expect(outcome == expected)
    #expect(await said == (text.isEmpty ? "" : "QUIT\r\n"))
  }

  @Test func saysThatNobodySpeaks() throws {
    let server = try OneShotServer()
    let outcome = withExtendedLifetime(server) {
      SMTPClient.converse(with: "127.0.0.1", port: server.port, timeLimit: .milliseconds(50))
        .outcome
    }
    #expect(outcome == .silent)
  }

  @Test func saysThatTheConnectionIsRefused() throws {
    let port = try OneShotServer().port
    let transcript = SMTPClient.converse(with: "127.0.0.1", port: port, timeLimit: .seconds(5))
    #expect(transcript.outcome == .refused)
  }

  @Test(arguments: ["mx.test", "", "-h", "1.2.3.4.5"])
  func takesAddressesOnly(address: String) {
    let transcript = SMTPClient.converse(with: address, port: 25, timeLimit: .seconds(1))
    guard case .unreachable = transcript.outcome else {
      Issue.record("\(address) was tried")
      return
    }
  }
}

/// Listens on a free port of 127.0.0.1.
private final class OneShotServer: Sendable {
  let port: Int
  private let listener: Int32

  init() throws {
    listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let listener = self.listener
    let bound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listener, $0, size) == 0 && listen(listener, 5) == 0
          && getsockname(listener, $0, &size) == 0
      }
    }
    try #require(bound)
    port = Int(UInt16(bigEndian: address.sin_port))
  }

  deinit { close(listener) }

  /// Says `text` to the first client and returns what that says then.
  func serve(_ text: String) async -> String {
    await BlockingThread.value { [listener] in
      let client = accept(listener, nil, nil)
      defer { close(client) }
      let bytes = Array(text.utf8)
      send(client, bytes, bytes.count, Int32(MSG_NOSIGNAL))
      if bytes.isEmpty { return "" }
      var answer: [UInt8] = []
      var byte: UInt8 = 0
      while recv(client, &byte, 1, 0) > 0 { answer.append(byte) }
      return String(decoding: answer, as: UTF8.self)
    } ?? ""
  }
}

enum Poll {
  static func isReadable(_ descriptor: Int32, _ milliseconds: Int32) -> Bool {
    var descriptor = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&descriptor, 1, milliseconds) > 0
  }
}
