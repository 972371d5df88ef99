// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Guidance
package import MailServer

/// Where the programs are that an act needs, as absolute paths.
package struct MailTools: Hashable, Sendable {
  package var exim: String?
  package var postqueue: String?
  package var postsuper: String?
  package var postcat: String?
  /// Postfix's; Exim is its own.
  package var sendmail: String?
  /// Where the MTA keeps its queue (Exim's `spool_directory`, Postfix' `queue_directory`), to look at
  /// its files at once; nil to ask its tools for each message.
  package var spool: String?
  /// Postfix' `hash_queue_depth`.
  package var hashDepth = 1
  /// Postfix' MAIL_CONFIG, which chooses an instance, where it is set (postconf(1)).
  package var configuration: String?
  /// Set where the administrator lets us act through `sudo -n`.
  package var sudo: String?
  /// By the usual name: what is there and is not run as root (`Host.passedOver`).
  private(set) var passedOver: [String: String] = [:]

  package init(
    exim: String? = nil, postqueue: String? = nil, postsuper: String? = nil, postcat: String? = nil,
    sendmail: String? = nil, spool: String? = nil, sudo: String? = nil
  ) {
    self.exim = exim
    self.postqueue = postqueue
    self.postsuper = postsuper
    self.postcat = postcat
    self.sendmail = sendmail
    self.spool = spool
    self.sudo = sudo
  }

  /// The same, without sudo where it is not allowed or needed.
  func using(_ permissions: Permissions) -> MailTools {
    var tools = self
    if !permissions.usesSudo { tools.sudo = nil }
    return tools
  }

  /// Looks for the programs of an MTA.
  ///
  /// - Parameters:
  ///   - spool: the folder of the queue, where it is known.
  ///   - hashDepth: Postfix' `hash_queue_depth`.
  ///   - usesSudo: whether a user other than root may try `sudo -n`.
  package static func find(
    on host: any Host, for mta: MTA, spool: String? = nil, hashDepth: Int = 1,
    usesSudo: Bool = false
  ) -> MailTools {
    var tools = MailTools(spool: spool)
    tools.hashDepth = hashDepth
    func path(_ names: [String]) -> String? {
      if let path = host.executable(names) { return path }
      if let name = names.last { tools.passedOver[name] = host.passedOver(names).first }
      return nil
    }
    if usesSudo && !host.user.isRoot { tools.sudo = host.executable(["sudo"]) }
    switch mta {
    case .exim:
      tools.exim = path(Self.eximNames)
    case .postfix:
      tools.postqueue = path(["postqueue"])
      tools.postsuper = path(["postsuper"])
      tools.postcat = path(["postcat"])
      tools.sendmail = path(Self.sendmailNames)
    }
    return tools
  }

  private static let eximNames = ["exim4", "exim"]
  private static let sendmailNames = ["sendmail.postfix", "sendmail"]

  /// The programs of an MTA by all their names.
  static func names(for mta: MTA) -> [String] {
    switch mta {
    case .exim: eximNames
    case .postfix: ["postqueue", "postsuper", "postcat"] + sendmailNames
    }
  }

  /// Why there is no program of this usual name.
  func missing(_ name: String) -> HostFailure {
    passedOver[name].map { .failed(NeedReport.passedOverWords($0)) } ?? .missing(name)
  }
}
