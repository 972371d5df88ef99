// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Bytes
import Configuration
import MailServer
import Server

struct ConnectionsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "connections",
    abstract: "SMTP connections to and from port 25.",
    discussion: """
      Examples:
        tempfail connections
        tempfail connections --summary --json
      """)

  @OptionGroup var server: ServerOptions

  @Flag(help: "Counts by peer.")
  var summary = false

  @Flag(help: "One JSON object on a line.")
  var json = false

  func run() throws {
    try Configuration.load(server).complainOfFaults()
    let host = LocalHost()
    let connections: [SMTPConnection]
    do throws(HostFailure) {
      let (all, note) = try waitFor { () async throws(HostFailure) in try await host.connections() }
      connections = all
      if let note { complain(note) }
    } catch {
      throw Failure(error)
    }
    let output = Output()
    defer { output.flush() }
    if connections.isEmpty, !json {
      output.line("Nobody is connected to or from port 25.")
    } else if summary {
      writeSummary(connections, to: output)
    } else if json {
      for connection in connections { output.json(connection.json) }
    } else {
      var table = Table(["DIR", "PEER", "PORT", "STATE", "PROCESS"], numbers: [2])
      for connection in connections {
        let process = connection.process.map { name in
          connection.pid.map { "\(name) \($0)" } ?? name
        }
        table.add([
          connection.direction == .outbound ? "out" : "in", connection.peer,
          String(connection.peerPort), connection.state, process ?? "-",
        ])
      }
      table.write(to: output)
    }
  }

  private func writeSummary(_ connections: [SMTPConnection], to output: Output) {
    struct Peer: Hashable {
      var direction: Direction
      var address: String
    }
    let peers = Dictionary(grouping: connections) {
      Peer(direction: $0.direction, address: $0.peer)
    }
    .sorted { ($1.value.count, $0.key.address) < ($0.value.count, $1.key.address) }
    if json {
      for (peer, all) in peers {
        output.json([
          "direction": .string(peer.direction.rawValue), "peer": .string(peer.address),
          "connections": .integer(Int64(all.count)), "limit": nil,
        ])
      }
      return
    }
    var table = Table(["CONNECTIONS", "DIR", "PEER"], numbers: [0])
    for (peer, all) in peers {
      table.add([
        String(all.count), peer.direction == .outbound ? "out" : "in", peer.address,
      ])
    }
    table.write(to: output)
  }
}

extension SMTPConnection {
  /// The connection as the command-line contract has it.
  var json: JSON {
    [
      "direction": .string(direction.rawValue), "peer": .string(peer),
      "port": .integer(Int64(peerPort)), "state": .string(state),
      "seconds": .integer(orNull: seconds), "pid": .integer(orNull: pid),
      "process": .string(orNull: process),
    ]
  }
}
