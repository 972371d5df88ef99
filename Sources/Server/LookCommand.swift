// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

package import Guidance
package import MailServer

/// A command that only reads.
///
/// The list is closed: only this file makes one, so nothing that reads can change anything.
package struct LookCommand: Hashable, Sendable {
  let invocation: Invocation

  /// An absolute path.
  package var executable: String { invocation.executable }
  package var arguments: [String] { invocation.arguments }
  /// The command as people write it, without the folder.
  package var words: String { invocation.words }

  private init(
    _ executable: String, _ arguments: [String], timeLimit: Int = 30, outputLimit: Int = 16 << 20,
    isHeavy: Bool = false
  ) {
    invocation = Invocation(
      executable: executable, arguments: arguments, timeLimit: timeLimit,
      outputLimit: outputLimit, isHeavy: isHeavy)
  }

  private static func listing(_ executable: String, _ arguments: [String]) -> LookCommand {
    LookCommand(executable, arguments, timeLimit: 120, outputLimit: 1 << 30, isHeavy: true)
  }

  /// The same command through `sudo -n`, which never asks for a password.
  package func through(sudo: String) -> LookCommand {
    LookCommand(
      sudo, ["-n", "--", executable] + arguments, timeLimit: invocation.timeLimit,
      outputLimit: invocation.outputLimit, isHeavy: invocation.isHeavy)
  }

  /// `sudo -n -l`: whether the administrator lets us hold messages; nothing is run.
  ///
  /// It is asked with arguments: a rule that allows certain ones alone says no to the bare program.
  package static func sudoRights(_ sudo: String, _ mta: MTA, tool: String) -> LookCommand {
    let arguments =
      switch mta {
      case .exim: ["-Mf", "000000-000000-00"]
      case .postfix: ["-h", "-"]
      }
    return LookCommand(sudo, ["-n", "-l", tool] + arguments)
  }
}

// MARK: - Exim

extension LookCommand {
  /// `exim -bp`: the whole queue, or of the messages named.
  package static func eximListing(_ exim: String, of messages: [QueueID] = []) -> LookCommand {
    listing(exim, ["-bp"] + messages.map(\.text))
  }

  /// `exim -bpri`: the IDs of the whole queue, unsorted; no message's file is opened (4.97 and newer).
  package static func eximIDs(_ exim: String) -> LookCommand { listing(exim, ["-bpri"]) }

  /// `exim -bV`: the version.
  package static func eximVersion(_ exim: String) -> LookCommand { LookCommand(exim, ["-bV"]) }

  /// `exim -bP`: main options of the configuration, one `name = value` a line.
  package static func eximOptions(_ exim: String, _ names: [ParameterName]) -> LookCommand {
    LookCommand(exim, ["-bP"] + names.map(\.text))
  }

  /// `exim -brt`: the retry rule of a domain.
  package static func eximRetryRule(_ exim: String, of domain: DomainName) -> LookCommand {
    LookCommand(exim, ["-brt", domain.text])
  }

  /// `exim -brt`: the retry rule of an address; of its domain where it could be taken for an option.
  package static func eximRetryRule(_ exim: String, of address: EnvelopeAddress) -> LookCommand? {
    if address.text.hasPrefix("-") {
      return DomainName(ofAddress: address.text).map { eximRetryRule(exim, of: $0) }
    }
    return LookCommand(exim, ["-brt", address.text])
  }

  /// `exim -bP transports`: the options of all transports.
  package static func eximTransports(_ exim: String) -> LookCommand {
    LookCommand(exim, ["-bP", "transports"])
  }

  /// `exim -bP routers`: the options of all routers.
  package static func eximRouters(_ exim: String) -> LookCommand {
    LookCommand(exim, ["-bP", "routers"])
  }

  /// `exim -bt`: the way that mail of `sender` to `recipient` would take; it runs the routers, and delivers nothing.
  ///
  /// Both are arguments that cannot be options: one is that of `-f`, the other is behind `--`.
  package static func eximRoute(
    _ exim: String, of recipient: EnvelopeAddress, from sender: EnvelopeAddress?
  ) -> LookCommand {
    LookCommand(exim, ["-bt", "-f", sender?.text ?? "<>", "--", recipient.text])
  }

  /// `exim -Mvh`: the envelope and the headers.
  package static func eximHeaders(_ exim: String, of message: QueueID) -> LookCommand {
    LookCommand(exim, ["-Mvh", message.text])
  }

  /// `exim -Mvb`: the body.
  package static func eximBody(_ exim: String, of message: QueueID) -> LookCommand {
    LookCommand(exim, ["-Mvb", message.text], outputLimit: 256 << 20)
  }

  /// `exim -Mvc`: headers and body, as they would be sent.
  package static func eximMessage(_ exim: String, of message: QueueID) -> LookCommand {
    LookCommand(exim, ["-Mvc", message.text], outputLimit: 256 << 20)
  }

  /// `exim -Mvl`: the message log.
  package static func eximMessageLog(_ exim: String, of message: QueueID) -> LookCommand {
    LookCommand(exim, ["-Mvl", message.text])
  }
}

extension LookCommand {
  /// `exim_dumpdb`: the retry records, which say when each host and address is tried again.
  package static func eximRetryRecords(_ dumpdb: String, spool: String) -> LookCommand {
    LookCommand(dumpdb, [spool, "retry"], timeLimit: 60, outputLimit: 256 << 20, isHeavy: true)
  }
}

// MARK: - Postfix

extension LookCommand {
  /// `postqueue -j`: the whole queue as JSON Lines (3.1 and newer).
  package static func postfixListing(_ postqueue: String) -> LookCommand {
    listing(postqueue, ["-j"])
  }

  /// `postqueue -p`: the same as text, for older versions.
  package static func postfixTextListing(_ postqueue: String) -> LookCommand {
    listing(postqueue, ["-p"])
  }

  /// `postconf -x`: parameters with their values expanded, one `name = value` a line.
  package static func postfixParameters(
    _ postconf: String, _ names: [ParameterName]
  ) -> LookCommand {
    LookCommand(postconf, ["-x"] + names.map(\.text))
  }

  /// `postconf -M`: the services of master.cf.
  package static func postfixServices(_ postconf: String) -> LookCommand {
    LookCommand(postconf, ["-M"])
  }

  /// `postmap -q`: what a table of the settings has for a key; nil for `-`, which would be standard input.
  package static func postfixLookup(
    _ postmap: String, _ key: String, in table: PostfixRouting.Table
  ) -> LookCommand? {
    guard !key.isEmpty, key != "-", !key.unicodeScalars.contains(where: { $0.value < 0x20 }) else {
      return nil
    }
    return LookCommand(postmap, ["-q", key, table.name])
  }

  /// `postmap -s`: the whole of a table, a key, a tab and its value a line.
  package static func postfixTable(
    _ postmap: String, _ table: PostfixRouting.Table
  ) -> LookCommand {
    LookCommand(postmap, ["-s", table.name])
  }

  /// The part of a queue file that `postcat` shows.
  package enum QueueFilePart: String, Sendable {
    case envelope = "-qe"
    case headers = "-qh"
    case body = "-qb"
    /// Headers and body, byte for byte.
    case message = "-qbh"
  }

  /// `postcat -q…`: a part of a queued message.
  package static func postfixMessage(
    _ postcat: String, _ part: QueueFilePart, of message: QueueID
  ) -> LookCommand {
    LookCommand(postcat, [part.rawValue, message.text], outputLimit: 256 << 20)
  }
}

extension LookCommand {
  /// `postcat -qod`: whole messages, each record with its offset and type before it.
  package static func postfixMessages(_ postcat: String, of messages: [QueueID]) -> LookCommand {
    LookCommand(postcat, ["-qod"] + messages.map(\.text), outputLimit: 128 << 20)
  }
}

// MARK: - The system

extension LookCommand {
  /// `dig`: the records of a name.
  package static func records(
    _ dig: String, _ type: DNSAnswer.RecordType, of name: DomainName
  ) -> LookCommand {
    LookCommand(dig, DNSAnswer.digArguments(name, type))
  }

  /// `ping`: four packets.
  package static func ping(_ ping: String, _ host: DomainName) -> LookCommand {
    LookCommand(ping, ["-n", "-c", "4", "-w", "10", host.text], timeLimit: 20)
  }

  /// `traceroute`: one packet for each hop.
  package static func traceroute(_ traceroute: String, to host: DomainName) -> LookCommand {
    LookCommand(
      traceroute, ["-n", "-q", "1", "-w", "2", "-m", "20", host.text], timeLimit: 45)
  }

  /// `tracepath`: it waits three seconds for each hop that says nothing, so not for many.
  package static func tracepath(_ tracepath: String, to host: DomainName) -> LookCommand {
    LookCommand(tracepath, ["-n", "-m", "12", host.text], timeLimit: 45)
  }

  /// `swaks`: a conversation with one server as far as RCPT to its postmaster; nothing is sent.
  package static func swaks(
    _ swaks: String, with address: IPAddress, from source: IPAddress?, domain: DomainName,
    helo: DomainName
  ) -> LookCommand {
    LookCommand(
      swaks,
      [
        "--server", address.text, "--port", "25", "--quit-after", "RCPT", "--from", "<>",
        "--to", "postmaster@\(domain)", "--helo", helo.text, "--timeout", "10",
        "--tls-optional",
      ] + (address.isIPv4 ? [] : ["-6"]) + (source.map { ["--local-interface", $0.text] } ?? []),
      timeLimit: 45)
  }

  /// `openssl s_client`: the handshake with a mail exchanger; its input ends at once, and so does it.
  package static func handshake(
    _ openssl: String, with address: IPAddress, named host: DomainName, from source: IPAddress?,
    helo: DomainName
  ) -> LookCommand {
    func endpoint(_ address: IPAddress, _ port: Int) -> String {
      address.isIPv4 ? "\(address.text):\(port)" : "[\(address.text)]:\(port)"
    }
    return LookCommand(
      openssl,
      [
        "s_client", "-starttls", "smtp", "-connect", endpoint(address, 25),
        "-servername", host.text, "-verify_hostname", host.text, "-name", helo.text,
      ] + (source.map { ["-bind", endpoint($0, 0)] } ?? []),
      timeLimit: 20)
  }

  /// `ps`: the command lines of mail servers, and of process 1, which everyone sees who sees all.
  ///
  /// Not of others: what they hold is nobody's business, and a record would keep it.
  package static func mailProcesses(_ ps: String) -> LookCommand {
    LookCommand(
      ps, ["-ww", "-o", "pid=,ppid=,args=", "-C", "exim,exim4,master,qmgr,oqmgr", "-p", "1"])
  }

  /// `df -P`: how full the file system of a folder is.
  package static func blocksUsed(_ df: String, of folder: String) -> LookCommand {
    LookCommand(df, ["-P", "-k", "--", folder])
  }

  /// `df -P -i`: the same of its inodes.
  package static func inodesUsed(_ df: String, of folder: String) -> LookCommand {
    LookCommand(df, ["-P", "-i", "--", folder])
  }

  /// `ip route get`: where packets to the world leave; 192.0.2.1 is nobody's address (RFC 5737).
  package static func route(_ ip: String) -> LookCommand {
    LookCommand(ip, ["-o", "route", "get", "192.0.2.1"])
  }

  /// `gzip -dc` and the like: what a packed file holds, as it was before.
  static func unpacked(_ tool: String, file: String) -> LookCommand {
    LookCommand(tool, ["-dc", "--", file], isHeavy: true)
  }

  /// `journalctl -o json`: what these syslog identifiers wrote since a time (seconds since 1970).
  package static func journal(
    _ journalctl: String, identifiers: [String], since: Int64
  ) -> LookCommand {
    LookCommand(
      journalctl,
      ["-q", "-o", "json", "--since=@\(since)"] + identifiers.map { "--identifier=\($0)" },
      outputLimit: 256 << 20, isHeavy: true)
  }

  /// `journalctl --lines=1`: as people see it, with a hint where the user may not see all.
  static func journalAccess(_ journalctl: String) -> LookCommand {
    LookCommand(journalctl, ["--no-pager", "--lines=1"])
  }

  /// `journalctl -f`: the same from now on, or after an entry, without an end.
  static func journalFollowing(
    _ journalctl: String, identifiers: [String], after cursor: String?
  ) -> LookCommand {
    let start = cursor.map { ["--no-tail", "--after-cursor=\($0)"] } ?? ["--lines=0"]
    return LookCommand(
      journalctl,
      ["-q", "-o", "json", "-f"] + start + identifiers.map { "--identifier=\($0)" })
  }
}

/// The name of a configuration parameter: lower-case letters, digits and underscores, so that it can be an argument.
package struct ParameterName: Hashable, Sendable, ExpressibleByStringLiteral {
  package let text: String

  /// Fails where `text` has not the form of a name.
  package init?(_ text: String) {
    guard text.utf8.first.map({ (0x61...0x7A).contains($0) }) == true,
      text.utf8.allSatisfy({
        (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F
      })
    else { return nil }
    self.text = text
  }

  package init(stringLiteral text: StaticString) { self.text = "\(text)" }
}
