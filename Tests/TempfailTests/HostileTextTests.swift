// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes
import Glibc
import Testing

/// Every command over hostile texts wherever it reads: no byte that it writes may move a terminal's cursor.
@Suite(.timeLimit(.minutes(10))) struct HostileTextTests {
  /// A command line; `¤` stands for the hostile text, `@` for the folder that holds it.
  struct Case: CustomTestStringConvertible {
    var line: String
    var input = ""
    var variables: [String: String] = [:]
    /// It runs until it is ended.
    var isEndless = false

    var testDescription: String { line }
    init(
      _ line: String, input: String = "", _ variables: [String: String] = [:],
      isEndless: Bool = false
    ) {
      (self.line, self.input, self.variables, self.isEndless) = (line, input, variables, isEndless)
    }
  }

  // swift-format-ignore
  static let cases = [
    Case("explain|¤"), Case("explain|--json|421 4.7.0 ¤"), Case("explain|421 4.7.0 ¤"),
    Case("explain", input: "421 4.7.0 ¤\n¤\n"), Case("explain|--mta|¤|421"),
    Case("queue|--from|@/postfix.json"), Case("queue|--from|@/postfix.json|--json"),
    Case("queue|--from|@/exim.txt"), Case("queue|--from|@/exim.txt|--by|sender"),
    Case("queue|--from|@/postfix.json|--log|@/mail.log|--by|cause|--json"),
    Case("queue|--from|@/postfix.json|--filter|(¤"), Case("queue|--from|@/postfix.json|--filter|¤"),
    Case("queue|--from|¤"), Case("queue|--from|@/mail.log"), Case("queue|--now|¤"),
    Case("queue|--by|¤"),
    Case("queue|--from|@/exim.txt|--mta|postfix"), Case("queue|--mta|postfix"),
    Case("queue|--mta|exim"),
    Case("queue|--mta|postfix|--json"), Case("queue|--config|@/values.toml"),
    Case("queue|--config|¤"),
    Case("log|@/mail.log"), Case("log|--all|@/mail.log"), Case("log|--all|--json|@/mail.log"),
    Case("log|--all|--summary|@/mail.log"), Case("log|--all|--summary|--json|@/mail.log"),
    Case("log|¤"),
    Case("log|@/¤.gz"), Case("log|@/damaged.gz|@/mail.log"), Case("log|--since|¤"),
    Case("log|--filter|/¤(/"),
    Case(
      "log|--all|-",
      input: "Nov 24 10:00:00 mx postfix/smtp[1]: AB12CD34: to=<¤@x.test>, status=deferred (¤)\n"),
    Case("log|--mta|postfix"), Case("log|--mta|exim|--all"), Case("connections|--mta|postfix"),
    Case("connections|--mta|¤"), Case("doctor|--mta|postfix"), Case("doctor|--mta|exim"),
    Case("doctor|--mta|exim|--json"), Case("doctor|--config|@/values.toml"),
    Case("doctor|--log|@/¤"),
    Case("doctor", ["TERM": "¤", "TEMPFAIL_THEME": "¤", "TEMPFAIL_MTA": "¤"]), Case("removed"),
    Case("removed|--json"), Case("removed|¤"), Case("restore|¤"),
    Case("restore|1tABCD-000000001ab-0000|--mta|exim"),
    Case("audit"), Case("audit|--json"), Case("audit|¤"), Case("config"), Case("config|--json"),
    Case("config|--config|@/values.toml"), Case("config|--theme|¤"),
    Case("config|--config|@/home/tempfail/config.toml"),
    Case("config", ["XDG_CONFIG_HOME": "@/home"]),
    Case("config", ["TEMPFAIL_THEME": "¤", "TEMPFAIL_REFRESH": "¤"]),
    Case("config", ["HOME": "/¤", "XDG_CONFIG_HOME": "/¤"]), Case("replay|¤"),
    Case("replay|@/bad.record|--once"),
    Case("replay|@/mail.log"), Case("record|@/values.toml"), Case("record|@/¤/none"),
    Case("record|--seconds|¤|x"),
    Case("--once|--mta|postfix"), Case("--once|--mta|exim|--ascii"),
    Case("watch|--once|--mta|postfix"),
    Case("dashboard|--once|--config|@/values.toml"), Case("--plain|--mta|postfix", isEndless: true),
    Case("--plain|--mta|exim", isEndless: true),
    Case("demo|--once", ["COLUMNS": "¤", "TERM": "¤"]),
    Case("watch", ["TERM": "¤"]), Case("watch|--theme|¤"), Case("¤"), Case("--¤"), Case("-¤|queue"),
    Case("--mta|¤|queue"),
    Case("queue|¤"), Case("help|¤"), Case("demo|--refresh|¤"), Case("--config|¤|--once"),
  ]

  @Test(arguments: HostileText.all) func nothingUnsafeIsWritten(_ text: HostileText) async throws {
    let folder = try HostileFolder(text)
    for locale in ["C.UTF-8", "C"] {
      for test in Self.cases {
        let found = try await run(test, text, in: folder, locale: locale)
        let unsafe = HostileText.unsafe(in: found.bytes, isUTF8: locale != "C")
        #expect(
          unsafe.isEmpty,
          "\(test.line) in \(locale): \(Set(unsafe).sorted()) in \(found.output)\(found.complaints)"
        )
        // xargs says 125 of a crash, and 123 of every status of ours but 0.
        #expect([0, 123].contains(found.status), "\(test.line) in \(locale): \(found.status)")
        let isQuiet = test.line.hasPrefix("audit") || test.line.hasPrefix("removed")
        #expect(!found.bytes.isEmpty || isQuiet, "\(test.line) in \(locale): it says nothing")
      }
    }
  }

  private func run(
    _ test: Case, _ text: HostileText, in folder: HostileFolder, locale: String
  ) async throws -> Outcome {
    func filled(_ template: String) -> [UInt8] {
      let place = template.replacing("@/", with: folder.path + "/").utf8
      return Array(
        String(decoding: place, as: UTF8.self)
          .split(separator: "¤", omittingEmptySubsequences: false).map { Array($0.utf8) }
          .joined(separator: text.bytes))
    }
    var environment = folder.environment(locale: locale)
    for (name, value) in test.variables {
      environment[name] = String(decoding: filled(value), as: UTF8.self)
    }
    // Not as root, whose state is the machine's: in its own user namespace nobody is anybody.
    var arguments = geteuid() == 0 ? ["/usr/bin/unshare", "-U", "--"] : []
    if test.isEndless { arguments += ["/usr/bin/timeout", "-s", "INT", "2"] }
    arguments.append(Place.program)
    // Through xargs, since an argument need not be UTF-8; and both streams as they are.
    folder.write(
      (["/bin/sh", "-c", "exec \"$@\" 2>&1", "sh"] + arguments).map { Array($0.utf8) }
        + test.line.split(separator: "|").map { filled(String($0)) }, to: "command")
    return try await outcome(
      of: "/usr/bin/xargs", ["-0", "-a", folder.path + "/command", "/usr/bin/env"],
      input: filled(test.input), environment: environment)
  }
}
