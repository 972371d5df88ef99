// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Bytes
import Configuration
import Guidance
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

  @OptionGroup var server: MTAOptions

  /// One of the common options; sockets are in no log.
  @Option(help: .hidden)
  var log: [String] = []

  @Flag(help: "Counts by peer, with the MTA's limit per client.")
  var summary = false

  @Flag(help: "One JSON object on a line.")
  var json = false

  func run() throws {
    let configuration = try Configuration.load(server.all)
    configuration.complainOfFaults()
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
      writeSummary(connections, limit: clientLimit(configuration), to: output)
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

  /// How many connections the MTA takes from one client; nil if that is not limited or not known.
  private func clientLimit(_ configuration: Configuration) -> Int64? {
    let host = LocalHost()
    return waitFor { () async throws(Never) -> Int64? in
      guard
        let system = try? await Discovery.find(
          on: host, mta: configuration.chosenMTA, logs: configuration.log)
      else { return nil }
      let settings = await Settings.read(from: host, of: system)
      return settings[system.mta.clientLimit].flatMap { Int64($0) }.flatMap { $0 > 0 ? $0 : nil }
    }
  }

  private func writeSummary(
    _ connections: [SMTPConnection], limit: Int64?, to output: Output
  ) {
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
          "connections": .integer(Int64(all.count)),
          "limit": .integer(orNull: peer.direction == .inbound ? limit : nil),
        ])
      }
      return
    }
    var table = Table(["CONNECTIONS", "LIMIT", "DIR", "PEER"], numbers: [0, 1])
    for (peer, all) in peers {
      table.add([
        String(all.count), peer.direction == .inbound ? limit.map(String.init) ?? "-" : "-",
        peer.direction == .outbound ? "out" : "in", peer.address,
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
