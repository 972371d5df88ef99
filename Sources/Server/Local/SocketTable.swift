// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer

/// The kernel's TCP sockets with port 25 at one end, from proc(5).
actor SocketTable {
  private let root: String
  private let seesAll: Bool

  init(root: String, seesAll: Bool) {
    self.root = root
    self.seesAll = seesAll
  }

  func look(at now: Int64) throws(HostFailure) -> ([SMTPConnection], note: String?) {
    ([], nil)
  }
}
