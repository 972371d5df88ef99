// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

package import MailServer

/// What the user may do to the queue.
package struct Permissions: Hashable, Sendable {
  package var mta: MTA
  /// The MTA's version; nil if unknown.
  package var version: String?
  package var isRoot: Bool
  /// Exim takes root, its own user and its admin groups for administrators (`admin_groups`).
  package var isEximAdmin: Bool
  /// Whether the administrator lets the MTA's tools run through `sudo -n`.
  package var maySudo: Bool

  package init(
    mta: MTA, version: String? = nil, isRoot: Bool, isEximAdmin: Bool = false, maySudo: Bool = false
  ) {
    self.mta = mta
    self.version = version
    self.isRoot = isRoot
    self.isEximAdmin = isEximAdmin
    self.maySudo = maySudo
  }

  /// Whether acts run through `sudo -n`.
  var usesSudo: Bool { !isRoot && maySudo }

  /// Why saved copies cannot be restored; nil if they can.
  ///
  /// Any user may name the sender of a message to Postfix; Exim heeds that from trusted users only,
  /// and an administrator need not be one (spec.txt, `trusted_users`).
  package var restoreProblem: Problem? {
    guard mta == .exim, !isRoot, !maySudo else { return nil }
    return Problem(
      what: "Exim lets only trusted users set a message's sender.",
      remedy: "Run as root or through sudo.")
  }

  /// What does not come back with a removed message; nil if it comes back as it was.
  package var restoreLimit: RestoreLimit? {
    if isRoot { return nil }
    if let problem = restoreProblem { return .impossible(problem.what) }
    return switch mta {
    case .exim:
      .asNew("Without root, a message is restored as a new one; missing header fields are added.")
    case .postfix:
      .asNew(
        "Without root, a message is restored as a new one: it is tried at once, and its DSN options are "
          + "lost. One with 8-bit characters in its headers cannot be restored.")
    }
  }

  /// Asks the server, changing nothing.
  package static func probe(
    on host: any Host, mta: MTA, version: String?, tools: MailTools
  ) async -> Permissions {
    var permissions = Permissions(mta: mta, version: version, isRoot: host.user.isRoot)
    guard !permissions.isRoot else { return permissions }
    if mta == .exim, let exim = tools.exim, let nobody = QueueID("000000-000000-00", of: .exim),
      let answer = try? await host.look(.eximHeaders(exim, of: nobody))
    {
      // An administrator hears that there is no such message.
      permissions.isEximAdmin = answer.failure != .denied
    }
    if let sudo = tools.sudo, let tool = mta == .exim ? tools.exim : tools.postsuper,
      let answer = try? await host.look(.sudoRights(sudo, mta, tool: tool))
    {
      permissions.maySudo = answer.status == 0
    }
    return permissions
  }

  /// Why an act is not possible and what makes it so; nil if it is.
  package func problem(with act: Act) -> Problem? {
    switch (mta, act) {
    case (.exim, .requeue):
      Problem(
        what: "Exim cannot requeue.",
        remedy: "Retry instead: Exim routes a message again at each attempt.")
    case (.postfix, .bounce) where !canExpire:
      Problem(
        what: "Postfix \(version ?? "") cannot bounce a message on request.",
        remedy: "Postfix 3.5 and newer can. Until then, remove it or let it expire.")
    case (.postfix, .retry): nil
    case _ where isRoot || maySudo: nil
    case (.exim, _) where isEximAdmin: nil
    case (.exim, _):
      Problem(
        what: "Exim lets only its administrators do this.",
        remedy: "Run as root or through sudo, or join Exim's admin group (on Debian: Debian-exim).")
    case (.postfix, _):
      Problem(
        what: "Only root can run postsuper.", remedy: "Run as root or through sudo.")
    }
  }

  /// `postsuper -f` came with Postfix 3.5.
  private var canExpire: Bool {
    version.map { MailSystem.isVersion($0, atLeast: [3, 5]) } ?? true
  }
}
