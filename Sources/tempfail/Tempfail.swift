// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

@main
struct Tempfail: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tempfail", abstract: "A terminal dashboard for deferred mail.")
}
