// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

package import Guidance
import MailServer

/// Whether the systemd journal can be read.
///
/// `journalctl -o json` prints nothing and ends with 0 if its user may see nothing and where there is no journal at all
/// (journalctl.c is quiet in that format), which would look like a quiet mail server.
package enum JournalAccess {
  /// What keeps it from being read, or nil.
  package static func problem(on host: any Host) async -> NeedReport? {
    let journalctl: String
    do throws(HostFailure) {
      journalctl = try host.require("journalctl")
    } catch {
      return .log(SourceFailure(error, doing: "Reading the journal").problem)
    }
    // On a host that cannot answer this, the journal itself shows what is wrong.
    guard let answer = try? await host.look(.journalAccess(journalctl)) else { return nil }
    // `Hint: You are currently not seeing messages from other users and the system.`
    if answer.says("not seeing messages") || answer.says("insufficient permissions") {
      return .logForbidden("the journal", to: host.reader, group: "systemd-journal")
    }
    if answer.says("no journal files were found") {
      return .noJournal(canStart: await host.runsSystemd)
    }
    guard answer.status != 0 else { return nil }
    let words = "journalctl exited with status \(answer.status): \(answer.firstLine)"
    return .log(SourceFailure(.failed(words), doing: "Reading the journal").problem)
  }
}
