// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import MailServer

@testable import Server

/// A Postfix and an Exim made of shell scripts over a folder of files, which can be slow, fail and lie.
///
/// Every call is written to `calls` with its arguments and, for a change, what was in the state
/// folder at that moment.
final class ActFakeMTA: Sendable {
  let folder: String
  let host: LocalHost

  var state: StateFolder { StateFolder(folder + "/state") }

  init() throws {
    var template = Array("/tmp/tempfail-acts-XXXXXX\0".utf8CString)
    guard let made = mkdtemp(&template) else { throw Errno() }
    folder = String(cString: made)
    for name in ["bin", "queue", "locked"] { mkdir(folder + "/" + name, 0o700) }
    let bin = folder + "/bin"
    host = LocalHost(
      search: ExecutableSearch(folders: [bin]), environment: ["Q": folder, "TZ": "UTC"])
    for (name, script) in Self.scripts { install(name, script) }
  }

  /// Adds a program, which may call `note` as the others do.
  func install(_ name: String, _ script: String) {
    write("bin/" + name, "#!/bin/sh\n" + Self.prelude + script)
    chmod(folder + "/bin/" + name, 0o700)
  }

  deinit {
    // Only what this made: a folder of /tmp with its own name.
    remove(folder)
  }

  struct Errno: Error { let code = errno }

  /// Written at each change: what the audit trail and the saved copies hold just then.
  private static let prelude = """
    name=$(basename "$0")
    note() {
      intents=$(grep -c '"kind":"intent"' "$Q/state/audit.jsonl" 2>/dev/null)
      copies=$(ls "$Q/state/removed" 2>/dev/null | wc -l)
      echo "$name $* [intents=${intents:-0} copies=$((copies))]" >> "$Q/calls"
      [ -e "$Q/slow" ] && sleep 1
      while [ -e "$Q/wait" ] && [ ! -e "$Q/go" ]; do sleep 0.02; done
      [ -e "$Q/refuse" ] && { cat "$Q/refuse" >&2; exit 1; }
    }

    """

  private static let scripts = [
    "postqueue": """
    case $1 in
    -j)
        for message in "$Q"/queue/*; do
          [ -e "$message/json" ] || continue
          read -r state < "$message/state"; read -r json < "$message/json"
          printf '{"queue_name": "%s", %s\\n' "$state" "$json"
        done; exit 0;;
    -i) note "$@"; exit 0;;
    esac
    """,
    "postcat": """
    [ -d "$Q/queue/$2" ] || { echo "postcat: fatal: open queue file $2: No such file or directory" >&2; exit 1; }
    case $1 in
    -qe) sed "s/deferred/$(cat "$Q/queue/$2/state")/" "$Q/queue/$2/envelope";;
    -qbh) cat "$Q/queue/$2/content"; [ -e "$Q/vanish" ] && rm -r "$Q/queue/$2"; true;;
    esac
    """,
    "postsuper": """
    note "$@"
    case $1 in
    -d) word=removed;; -h) word='placed on hold';; -H) word='released from hold';;
    -r) word=requeued;; -f) word=expired;;
    esac
    while read -r id; do
      [ -d "$Q/queue/$id" ] || continue
      [ -e "$Q/lie" ] && { echo "postsuper: $id: $word" >&2; continue; }
      case $1 in
      -d) rm -r "$Q/queue/$id";;
      -h) echo hold > "$Q/queue/$id/state";;
      -H) echo deferred > "$Q/queue/$id/state";;
      esac
      [ -e "$Q/die" ] && kill -9 $$
      echo "postsuper: $id: $word" >&2
    done
    """,
    "sendmail": """
    note "$@"; cat > "$Q/injected"
    """,
    "exim": """
    case $1 in
    -bp) shift; for id; do [ -d "$Q/queue/$id" ] && cat "$Q/queue/$id/listing"; done; exit 0;;
    -Mvh|-Mvc)
      [ -d "$Q/queue/$2" ] || { echo "Failed to open input file for $2-H: No such file or directory"; exit 1; }
      [ $1 = -Mvh ] && cat "$Q/queue/$2/envelope" || cat "$Q/queue/$2/content"; exit 0;;
    esac
    note "$@"
    case $1 in -i) cat > "$Q/injected"; exit 0;; esac
    act=$1; shift
    for id; do
      if [ ! -d "$Q/queue/$id" ]; then echo "Spool data file for $id does not exist"; continue; fi
      if [ -e "$Q/locked/$id" ]; then echo "Message $id is locked"; continue; fi
      case $act in
      -Mrm) rm -r "$Q/queue/$id"; echo "Message $id has been removed";;
      -Mg) rm -r "$Q/queue/$id";;
      -Mf) echo "Message $id is now frozen"; sed -i '4a -frozen 1795480849' "$Q/queue/$id/envelope";;
      esac
    done
    """,
  ]

  // MARK: - The queue

  static let arrival: Int64 = 1_795_480_847

  /// Puts a message into the queue.
  @discardableResult
  func queue(
    _ id: String, of mta: MTA = .postfix, sender: String = "alice@sender.test",
    recipient: String = "bob@busy.test", content: String = "Subject: hello\n\nbody\n"
  ) throws -> MessageReference {
    guard let queueID = QueueID(id, of: mta) else { throw Errno() }
    mkdir(folder + "/queue/" + id, 0o700)
    let path = "queue/\(id)/"
    switch mta {
    case .postfix:
      write(path + "state", "deferred\n")
      write(
        path + "json",
        #""queue_id": "\#(id)", "arrival_time": \#(Self.arrival), "#
          + #""message_size": 20, "sender": "\#(sender)", "recipients": [{"address": "\#(recipient)"}]}"#
          + "\n")
      write(
        path + "envelope",
        """
        *** ENVELOPE RECORDS deferred/B/\(id) ***
        message_arrival_time: Tue Nov 24 00:40:47 2026
        sender: \(sender)
        done_recipient: done@busy.test
        recipient: \(recipient)
        *** MESSAGE CONTENTS deferred/B/\(id) ***
        *** HEADER EXTRACTED deferred/B/\(id) ***
        *** MESSAGE FILE END deferred/B/\(id) ***

        """)
    case .exim:
      write(path + "listing", " 2m   643 \(id) <\(sender)>\n          \(recipient)\n\n")
      write(
        path + "envelope",
        """
        \(id)-H
        Debian-exim 995 995
        <\(sender)>
        \(Self.arrival) 0
        XX
        1
        \(recipient)

        """)
    }
    write(path + "content", content)
    return MessageReference(queueID: queueID, arrival: Self.arrival, sender: sender)
  }

  func has(_ id: String) -> Bool { access(folder + "/queue/" + id, F_OK) == 0 }

  func drop(_ id: String) { remove(folder + "/queue/" + id) }

  /// Makes the scripts behave badly: `slow`, `wait` (until there is a `go`), `lie`, `die`, `refuse`, `vanish`, `locked/ID`.
  func set(_ flag: String, _ text: String = "") { write(flag, text) }

  // MARK: - What happened

  var calls: [String] { read("calls").split(separator: "\n").map(String.init) }

  func control(
    _ mta: MTA = .postfix, isRoot: Bool = true, probes: ProbeBook? = nil
  ) -> MailControl {
    var tools = MailTools.find(on: host, for: mta)
    // The tests need not be root to be treated as root is.
    tools.sudo = nil
    return MailControl(
      host: host, runner: LocalChanges(on: host), tools: tools,
      permissions: Permissions(mta: mta, version: "3.7.11", isRoot: isRoot), state: state,
      actor: Actor(user: "root", host: "mail", environment: ["SUDO_USER": "eve"]), probes: probes)
  }

  /// A message as it is read before it is kept.
  func copy(_ target: MessageReference, arrival: Int64?) -> MessageReader.Copy {
    MessageReader.Copy(
      sighting: MessageReader.Sighting(
        arrival: arrival, sender: target.sender, recipients: ["c@d.test"], isHeld: false),
      envelope: Array("envelope\n".utf8), content: Array("content\n".utf8))
  }

  /// A lock for commands that are run without an act.
  func lock() throws -> ActLock {
    guard let lock = try ActLock.take("test", in: state) else { throw Errno() }
    return lock
  }

  func read(_ name: String) -> String {
    guard let bytes = try? StateFile.read(folder + "/" + name) else { return "" }
    return String(decoding: bytes, as: UTF8.self)
  }

  func write(_ name: String, _ text: String) {
    guard let file = fopen(folder + "/" + name, "w") else { return }
    fputs(text, file)
    fclose(file)
  }

  private func remove(_ path: String) {
    for entry in FileAccess.names(inFolder: path) where entry != "." && entry != ".." {
      remove(path + "/" + entry)
    }
    if rmdir(path) != 0 { unlink(path) }
  }
}
