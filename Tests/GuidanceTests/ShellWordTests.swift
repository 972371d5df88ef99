// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer
import Testing

@testable import Guidance

@Suite struct ShellWordTests {
  @Test(arguments: [
    ("/var/log/mail.log", "/var/log/mail.log"), ("", "''"), ("a b", "'a b'"), ("a'b", #"'a'\''b'"#),
    ("$(touch x)", "'$(touch x)'"), ("x;rm -r *", "'x;rm -r *'"), ("~root", "'~root'"),
    ("é", "'é'"), ("'", #"''\'''"#),
  ])
  func isOneWordOfAShell(text: String, word: String) {
    #expect(ShellWord.quoted(text) == word)
  }

  /// Paths and names in commands that are shown to be copied.
  @Test func namesInRemediesAreQuoted() throws {
    let path = "/tmp/a b;touch x"
    let reader = Reader(user: "x y", isRoot: false)
    let commands = [
      NeedReport.noLog(path, of: .postfix), .state(path, reason: "x"),
      .postfixQueueForbidden(to: reader),
      .eximQueueForbidden(to: reader, group: "a b"),
    ].map(\.command)
    #expect(
      commands == [
        "postconf -e 'maillog_file=/tmp/a b;touch x' && postfix reload",
        "install -d -m 700 '/tmp/a b;touch x'",
        "postconf -e 'authorized_mailq_users = root, x y'", "usermod -aG 'a b' 'x y'",
      ])
  }

  @Test(arguments: [
    "..", "::::", ".", "1.2.3", "1.2.3.4.5", "fe80::1%eth0", "::ffff:1.2.3.4.5", "....",
  ])
  func noAddressIsNone(text: String) {
    let names = Names(
      destination: nil, host: text, sender: nil, client: text, queueID: nil, mta: "Exim")
    #expect(names.command("{host} {client}") == "HOST CLIENT")
  }
}
