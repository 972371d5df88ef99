// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

package import MailServer

/// A user who may be kept out, and the group that would let them in.
package struct Reader: Hashable, Sendable {
  /// The name of the user that Tempfail runs as.
  package var user: String
  package var isRoot: Bool

  package init(user: String, isRoot: Bool) {
    self.user = user
    self.isRoot = isRoot
  }

  /// How this user gets in: by the group that may, where it is known.
  ///
  /// - Parameter group: never one that owns everything.
  func entrance(by group: String?) -> (remedy: String, command: String) {
    guard let group, group != "root", group != "wheel" else {
      return ("Run Tempfail as root:", "sudo tempfail")
    }
    return (
      "Run Tempfail as root, or have root add you to the group \(group) and log in again:",
      "usermod -aG \(ShellWord.quoted(group)) \(ShellWord.quoted(user))"
    )
  }
}

extension NeedReport {
  /// The mail server that is read.
  ///
  /// - Parameters:
  ///   - words: what it is: `Exim 4.96, /usr/sbin/exim4, spool /var/spool/exim4`.
  ///   - others: other MTAs and instances that are installed, and how each is read.
  package static func mta(_ words: String, hasVersion: Bool, others: [String]) -> NeedReport {
    guard hasVersion else {
      return NeedReport(
        .mta, .wrong, "\(words): it does not report its version.",
        remedy: "Run its command by hand to see why; its configuration may be broken.")
    }
    let also = others.isEmpty ? "" : " Also here: \(others.joined(separator: "; "))."
    return .fine(.mta, "\(words).\(also)")
  }

  /// There is none that can be run.
  ///
  /// - Parameter searched: the folders beside those of PATH.
  package static func noMTA(
    _ mta: MTA?, names: [String], searched: [String]
  ) -> NeedReport {
    NeedReport(
      .mta, .missing,
      "No \(mta?.name ?? "Exim or Postfix") found: no \(names.joined(separator: ", ")) in PATH, "
        + "\(searched.joined(separator: ", ")).",
      remedy: "If it is elsewhere, add its directory to PATH. The simulated server needs no MTA:",
      command: "tempfail demo")
  }

  /// There is one, but this user may not run it.
  package static func forbiddenMTA(_ path: String, _ reader: Reader) -> NeedReport {
    NeedReport(
      .mta, .notPermitted, "\(path) exists, but \(reader.user) may not run it.",
      remedy: "Run Tempfail as root:", command: "sudo tempfail")
  }

  /// Whether the MTA runs.
  ///
  /// - Parameters:
  ///   - isRunning: nil if it cannot be seen.
  ///   - start: the command that starts it.
  ///   - hasPS: whether ps(1) is there.
  package static func daemon(
    _ mta: MTA, isRunning: Bool?, start: String, _ reader: Reader, hasPS: Bool,
    _ family: SystemFamily
  ) -> NeedReport {
    switch isRunning {
    case true?: return .fine(.daemon, "\(mta.name) is running.")
    case nil where !hasPS:
      let command = Tool.ps.installation(on: family)
      return NeedReport(
        .daemon, .missing, "Without ps it is unknown whether \(mta.name) is running.",
        remedy: command == nil ? "Install it with your package manager." : "Install it:",
        command: command)
    case nil:
      return NeedReport(
        .daemon, .notPermitted, "\(reader.user) cannot see whether \(mta.name) is running.",
        remedy: "Run Tempfail as root:", command: "sudo tempfail")
    case false?:
      return NeedReport(
        .daemon, .wrong,
        mta.advice.missingDaemon,
        remedy: "Start it:", command: start)
    }
  }

  /// The queue could be listed.
  ///
  /// - Parameter leftOut: what the listing does not hold, if anything.
  package static func queue(count: Int, leftOut: String? = nil) -> NeedReport {
    let words = count == 1 ? "Readable: 1 message." : "Readable: \(count) messages."
    return .fine(.queue, leftOut.map { "\(words) \($0)" } ?? words)
  }

  /// Exim lists its queue to its administrators only (`queue_list_requires_admin`).
  ///
  /// - Parameter group: the group of the spool directory, whose members are.
  package static func eximQueueForbidden(to reader: Reader, group: String?) -> NeedReport {
    let entrance = reader.entrance(by: group)
    return NeedReport(
      .queue, .notPermitted, "exim -bp: \(reader.user) may not list the queue.",
      remedy: entrance.remedy, command: entrance.command)
  }

  /// Who may list the queue may still not read what is in it.
  ///
  /// - Parameter group: the group of the spool directory, where its members may.
  package static func messageForbidden(
    _ what: String, to reader: Reader, group: String?
  ) -> NeedReport {
    let entrance = reader.entrance(by: group)
    return NeedReport(
      .queue, .notPermitted, what, remedy: entrance.remedy, command: entrance.command)
  }

  /// Postfix forbids it: postqueue(1), exit status 77.
  package static func postfixQueueForbidden(to reader: Reader) -> NeedReport {
    NeedReport(
      .queue, .notPermitted, "postqueue: \(reader.user) may not list the queue.",
      remedy:
        "Run Tempfail as root, or add the user to authorized_mailq_users:",
      command: "postconf -e \(ShellWord.quoted("authorized_mailq_users = root, \(reader.user)"))")
  }

  /// Postfix is down, and then only root can list: exit status 69.
  package static func postfixDown(_ reader: Reader) -> NeedReport {
    if reader.isRoot {
      return NeedReport(
        .queue, .missing, "postqueue: Postfix is down, so its queue cannot be listed.",
        remedy: "Start Postfix:", command: "postfix start")
    }
    return NeedReport(
      .queue, .missing, "postqueue: Postfix is down, so only root can list its queue.",
      remedy: "Run Tempfail as root, or start Postfix:", command: "postfix start")
  }

  /// It could not be listed for another reason.
  package static func queue(_ problem: Problem) -> NeedReport {
    NeedReport(.queue, .wrong, problem.what, remedy: problem.remedy)
  }

  /// What may be done to messages.
  ///
  /// - Parameters:
  ///   - readOnlyReason: why nothing may be changed at all, or nil.
  ///   - sudoersExample: the file that lets the group tempfail act, where it is installed.
  package static func acts(
    problems: [Act: Problem], readOnlyReason: String?, _ reader: Reader,
    sudoersExample: String? = nil
  ) -> NeedReport {
    if let readOnlyReason {
      return NeedReport(
        .acts, .notPermitted, "Tempfail is read-only here: \(readOnlyReason).",
        remedy: "To see the settings in effect and where they come from:",
        command: "tempfail config")
    }
    let wanted: [Act] = [.retry, .hold, .release, .remove]
    let impossible = wanted.filter { problems[$0] != nil }
    guard let first = impossible.first, let problem = problems[first] else {
      return .fine(.acts, "\(reader.user) may retry, hold, release and remove messages.")
    }
    let names = impossible.map(\.rawValue).joined(separator: ", ")
    let what = "\(reader.user) can read, but not \(names). \(problem.what)"
    guard let sudoersExample else {
      return NeedReport(
        .acts, .notPermitted, what, remedy: "\(problem.remedy) As root:", command: "sudo tempfail")
    }
    return NeedReport(
      .acts, .notPermitted, what,
      remedy: "\(problem.remedy) To let \(reader.user) make changes through sudo, as root:",
      command: "groupadd -f tempfail && usermod -aG tempfail \(reader.user) && "
        + "install -m 440 \(sudoersExample) /etc/sudoers.d/tempfail")
  }
}
