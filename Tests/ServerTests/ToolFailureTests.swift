// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Server

/// Why a tool failed, by the words that real ones print.
struct ToolFailureTests {
  @Test(arguments: [
    ("exim: permission denied\n", "", ToolFailure.denied),
    ("exim: permission denied; not admin\n", "", .denied),
    ("", "Permission denied\n", .denied),
    ("postcat: fatal: open queue file 4dGXk2Tz9Bz1: Permission denied\n", "", .denied),
    ("postsuper: fatal: use of this command is reserved for the superuser\n", "", .denied),
    ("sudo: a password is required\n", "", .denied),
    ("", "Spool read error for 1xVeaW-0004Rn-1D-H: No such file or directory\n", .gone),
    ("postcat: fatal: open queue file 4dGXk2Tz9Bz1: No such file or directory\n", "", .gone),
    ("", "Spool data file for 1xVeaW-0004Rn-1D does not exist\n", .gone),
    ("", "Message 1xVeaW-0004Rn-1D is locked\n", .busy),
    // Of what nobody may see it is not known that it is gone.
    ("Permission denied\n", "No such file or directory\n", .denied),
    ("", "", .other), ("exim: unknown option\n", "Subject: the door is locked\n", .other),
    ("", "Subject: x\nMessage 1xVeaW-0004Rn-1D is locked\n", .other),
  ])
  func isKnownByItsWords(_ complaint: String, _ printed: String, _ failure: ToolFailure) {
    let output = Array(printed.utf8)
    #expect(CommandResult(status: 1, output: output, complaint: complaint).failure == failure)
    #expect(CommandResult(status: 0, output: output, complaint: complaint).failure == nil)
  }

  @Test func itsFirstLineIsOfTheComplaintWhereThereIsOne() {
    func line(_ complaint: String, _ printed: String) -> String {
      CommandResult(status: 1, output: Array(printed.utf8), complaint: complaint).firstLine
    }
    #expect(line("\none\ntwo\n", "three\n") == "one")
    #expect(line("", "three\nfour\n") == "three")
    #expect(line("", "") == "")
    #expect(line(String(repeating: "x", count: 9000), "").count == 400)
  }
}
