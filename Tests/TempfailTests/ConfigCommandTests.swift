// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes
import Configuration
import Glibc
import MailServer
import Testing

@testable import tempfail

@Suite struct ConfigCommandTests {
  /// A folder for `XDG_CONFIG_HOME` with these files, which goes with the closure.
  private func withFolder(
    _ files: [String: String], _ work: (String) async throws -> Void
  ) async throws {
    let folder = "/tmp/tempfail-config-\(getpid())-\(UInt32.random(in: 0 ... .max))"
    mkdir(folder, 0o755)
    mkdir(folder + "/tempfail", 0o755)
    mkdir(folder + "/tempfail/themes", 0o755)
    for (path, text) in files {
      let file = try #require(fopen("\(folder)/tempfail/\(path)", "w"))
      fputs(text, file)
      fclose(file)
    }
    try await work(folder)
    for path in files.keys { unlink("\(folder)/tempfail/\(path)") }
    for path in ["tempfail/themes", "tempfail", ""] { rmdir("\(folder)/\(path)") }
  }

  @Test func printsWhatIsInEffectAndWhereItComesFrom() async throws {
    let file = "theme = \"nord\"\nrefresh = 9\n[keys]\nretry = \"M\"\n"
    try await withFolder(["config.toml": file]) { folder in
      let printed = try await tempfail(
        "config", "--refresh", "2",
        environment: ["XDG_CONFIG_HOME": folder, "TEMPFAIL_BELL": "1", "NO_COLOR": ""])
      #expect(printed.status == 0, "\(printed.complaints)")
      let path = folder + "/tempfail/config.toml"
      for (setting, origin) in [
        ("theme = \"nord\"", "\(path):1"), ("refresh = 2", "option --refresh"),
        ("bell = true", "environment TEMPFAIL_BELL"), ("mouse = false", "default"),
        ("\"retry\" = [\"M\"]", "\(path):4"),
      ] {
        let line = printed.output.split(separator: "\n").first { $0.hasPrefix(setting) }
        #expect(line?.hasSuffix("# \(origin)") == true, "\(setting): \(line ?? "")")
      }
      // What is printed is a file that says the same.
      let again = Configuration(
        user: .init(path: "x", content: .success(Array(printed.output.utf8))))
      #expect(again.faults.isEmpty)
      #expect(again.theme == "nord" && again.refresh == 2 && again.ringsBell)

      let objects = try #require(
        await tempfail("config", "--json", environment: ["XDG_CONFIG_HOME": folder]).objects)
      let theme = try #require(objects.first { $0["name"]?.text == "theme" })
      #expect(theme["value"]?.text == "nord")
      #expect(theme["from"]?.text == "\(path):1")
    }
  }

  @Test func aFaultIsToldAndEndsWithOne() async throws {
    try await withFolder(["config.toml": "theme = \"drak\"\n"]) { folder in
      let printed = try await tempfail("config", environment: ["XDG_CONFIG_HOME": folder])
      #expect(printed.status == 1)
      #expect(
        printed.complaints
          == "tempfail: \(folder)/tempfail/config.toml:1: unknown theme \"drak\"; "
          + "did you mean \"dark\"?\n")
    }
  }

  @Test func aThemeOfOnesOwnIsFoundByName() async throws {
    let dark = try Input.bytes(of: Place.repository("Themes/dark.toml"))
    try await withFolder(["themes/mine.toml": String(decoding: dark, as: UTF8.self)]) { folder in
      let found = try await tempfail(
        "config", "--theme", "mine", environment: ["XDG_CONFIG_HOME": folder])
      #expect(found.status == 0, "\(found.complaints)")
      let lost = try await tempfail(
        "config", "--theme", "mien", environment: ["XDG_CONFIG_HOME": folder])
      #expect(lost.status == 2)
      #expect(lost.complaints.contains("did you mean \"mine\"?"))
    }
  }

  @Test(.enabled(if: geteuid() == 0)) func rootReadsNoFileThatOthersMayWrite() async throws {
    try await withFolder(["config.toml": "theme = \"nord\"\n"]) { folder in
      let path = folder + "/tempfail/config.toml"
      chmod(path, 0o666)
      let printed = try await tempfail("config", environment: ["XDG_CONFIG_HOME": folder])
      #expect(printed.status == 1)
      #expect(
        printed.complaints.contains("\(path): not read: you are root and others can write to it"))
      #expect(printed.output.contains("theme = \"dark\""))
      chmod(path, 0o644)
      chown(path, 65534, 65534)
      let foreign = try await tempfail("config", environment: ["XDG_CONFIG_HOME": folder])
      #expect(foreign.complaints.contains("it belongs to someone else"))
    }
  }

  @Test func aNamedFileMustBeThere() async throws {
    let printed = try await tempfail("config", "--config", "/nowhere/x.toml")
    #expect(printed.status == 2)
    #expect(printed.complaints.contains("/nowhere/x.toml"))
  }

  @Test(arguments: SettingsTable.columns) func everyColumnCanBeSortedBy(name: String) {
    #expect(QueueQuery.Column(rawValue: name) != nil)
  }
}
