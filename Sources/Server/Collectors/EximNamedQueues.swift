// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Guidance
import MailServer

/// Exim's named queues (spec.txt, "Queues"), which `exim -bp` does not list.
///
/// Each is a folder of the spool with an `input` of its own. Where the spool cannot be read, none is seen.
struct EximNamedQueues: Sendable {
  /// Messages in each that is not empty, by name.
  let counts: [(name: String, messages: Int)]

  init(in spool: String, on host: some Host) async {
    var counts: [(name: String, messages: Int)] = []
    for name in await host.names(inFolder: spool).sorted() where !name.hasPrefix(".") {
      // The main queue is `input` itself.
      guard name != "input" else { continue }
      let messages = await Self.messages(in: "\(spool)/\(name)/input", on: host)
      if messages > 0 { counts.append((name, messages)) }
    }
    self.counts = counts
  }

  /// Each message has a file whose name ends with `-H`; with `split_spool_directory` one folder deeper.
  private static func messages(in folder: String, on host: some Host) async -> Int {
    var count = 0
    for name in await host.names(inFolder: folder) {
      if name.hasSuffix("-H") { count += 1 }
      guard name.utf8.count == 1 else { continue }
      count += await host.names(inFolder: "\(folder)/\(name)").count { $0.hasSuffix("-H") }
    }
    return count
  }

  /// What is left out, and how it is listed; nil if nothing is.
  var note: String? {
    guard let first = counts.first else { return nil }
    let sum = counts.reduce(0) { $0 + $1.messages }
    let names = counts.map(\.name).joined(separator: ", ")
    return
      "\(sum == 1 ? "1 message" : "\(sum) messages") in \(counts.count == 1 ? "the named queue" : "named queues") "
      + "\(names) \(sum == 1 ? "is" : "are") not listed here: exim -qG\(first.name) -bp"
  }
}

extension QueueReader {
  /// What the listing leaves out, in one sentence; nil if nothing.
  package func leftOut() async -> String? {
    guard system.mta == .exim, system.spool.hasPrefix("/") else { return nil }
    return await EximNamedQueues(in: system.spool, on: host).note
  }
}
