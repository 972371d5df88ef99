// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Configuration
import Testing

@Suite struct AdministratorSettingsTests {
  @Test(arguments: [
    ("", false), ("read_only = false", false), ("read_only = true", true),
    ("# by the mail team\nread_only=true\n", true),
  ])
  func readOnly(text: String, isReadOnly: Bool) throws {
    #expect(try AdministratorSettings(Array(text.utf8)).isReadOnly == isReadOnly)
  }

  @Test(arguments: [
    ("readonly = true", "config.toml:1: unknown key \"readonly\"; did you mean \"read_only\"?"),
    ("\nread_only = \"yes\"", "config.toml:2: read_only must be true or false"),
    ("read_only", "config.toml:1"),
  ])
  func aFaultIsNoPermission(text: String, words: String) {
    let fault = #expect(throws: Diagnostic.self) {
      try AdministratorSettings(Array(text.utf8), file: "config.toml")
    }
    #expect(fault?.description.hasPrefix(words) == true, "\(fault?.description ?? "")")
  }
}
