// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer

/// The kernel's TCP sockets with port 25 at one end, with the processes that have them (proc(5)).
///
/// Without `ss -p`: later looks spare its scan of all descriptors, and no process is started every few seconds. The
/// kernel itself is asked: where its hash table has 262,144 places, as on a machine of 24 GB, a query costs it 0.15 ms, and
/// the two files of proc(5), which are read where it gives no answer, 9 ms.
actor SocketTable {
  private let executor = BlockingExecutor()
  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  private let root: String
  private let seesAll: Bool
  private var netlink: SocketNetlink?
  /// When a connection was first seen; nil for those of the first look, which may be older.
  private var sightings: [ID: Sighting] = [:]
  private var hasLooked = false
  /// The processes found for sockets, empty if none was, kept while the sockets live: each is looked for once.
  private var owners: [UInt64: Owner] = [:]

  private struct ID: Hashable {
    var localAddress: String
    var localPort: Int
    var peer: String
    var peerPort: Int

    init(_ connection: SMTPConnection) {
      localAddress = connection.localAddress
      localPort = connection.localPort
      peer = connection.peer
      peerPort = connection.peerPort
    }
  }

  private struct Sighting {
    var first: Int64?
  }

  private struct Owner {
    var pid: Int?
    var name: String?
  }

  /// - Parameters:
  ///   - root: where proc(5) is mounted; elsewhere than in `/proc` the files there are all that is read.
  ///   - seesAll: whether we may look at other users' processes.
  init(root: String, seesAll: Bool) {
    self.root = root
    self.seesAll = seesAll
    netlink = root == "/proc" ? SocketNetlink() : nil
  }

  /// The connections now, and what could not be seen.
  func look(at now: Int64) throws(HostFailure) -> (connections: [SMTPConnection], note: String?) {
    let tables = try tables()
    let waiting = tables.flatMap(\.listeners).map(\.waiting).reduce(0, +)
    return (joined(tables.flatMap(\.connections), at: now), note(waiting: waiting))
  }

  private func tables() throws(HostFailure) -> [KernelSockets] {
    if let sockets = netlink?.sockets(port: 25) { return [sockets] }
    // Who gave no answer once is not asked again.
    netlink = nil
    let table = try FileAccess.contents(ofKernelFile: "\(root)/net/tcp")
    // A kernel without IPv6 has no second table.
    let table6 = (try? FileAccess.contents(ofKernelFile: "\(root)/net/tcp6")) ?? []
    return [KernelSockets(table), KernelSockets(table6)]
  }

  /// The connections with their processes and ages.
  private func joined(_ sockets: [KernelSocket], at now: Int64) -> [SMTPConnection] {
    findOwners(of: Set(sockets.map(\.inode)).subtracting([0]))
    var seen: [ID: Sighting] = [:]
    var connections: [SMTPConnection] = []
    for socket in sockets {
      var connection = socket.connection
      let owner = owners[socket.inode]
      connection.pid = owner?.pid
      connection.process = owner?.name
      let sighting = sightings[ID(connection)] ?? Sighting(first: hasLooked ? now : nil)
      seen[ID(connection)] = sighting
      connection.seconds = sighting.first.map { Int(clamping: max(0, now - $0)) }
      connections.append(connection)
    }
    sightings = seen
    hasLooked = true
    return connections
  }

  private func note(waiting: Int) -> String? {
    var notes: [String] = []
    if waiting > 0 {
      notes.append("\(waiting) clients are waiting: no process of ours accepts them")
    }
    if !seesAll { notes.append("other users' process names need root") }
    return notes.isEmpty ? nil : notes.joined(separator: "; ")
  }

  /// Looks through the descriptors of all processes, but only where a socket is new.
  private func findOwners(of inodes: Set<UInt64>) {
    owners = owners.filter { inodes.contains($0.key) }
    var unknown = inodes.subtracting(owners.keys)
    guard !unknown.isEmpty else { return }
    // The youngest processes first: a new socket is theirs, most likely.
    for inode in unknown { owners[inode] = Owner() }
    for pid in FileAccess.names(inFolder: root).compactMap(Int.init).sorted(by: >) {
      let folder = "\(root)/\(pid)/fd"
      for descriptor in FileAccess.names(inFolder: folder) {
        guard let inode = FileAccess.socket(atLink: "\(folder)/\(descriptor)"),
          unknown.remove(inode) != nil
        else { continue }
        owners[inode] = Owner(pid: pid, name: name(of: pid))
      }
      if unknown.isEmpty { return }
    }
  }

  private func name(of pid: Int) -> String? {
    guard let text = try? FileAccess.contents(ofKernelFile: "\(root)/\(pid)/comm") else {
      return nil
    }
    return String(decoding: text.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
  }
}
