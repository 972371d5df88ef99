// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Configuration

@Suite struct WrittenFileTests {
  private static let values: [WrittenFile.Value] = [
    (.theme, .text("/home/jane/my \"own\" theme.toml")), (.queueColumns, .list(["age", "cause"])),
    (.queueSort, .text("next")), (.queueDescending, .flag(false)), (.queueGroup, .text("heat-map")),
  ]
  private let names = values.map(\.name)

  private func configuration(_ text: String) -> Configuration {
    Configuration(
      user: Configuration.File(path: "config.toml", content: .success(Array(text.utf8))))
  }

  @Test func whatIsWrittenIsReadAgain() {
    let configuration = configuration(WrittenFile.text(Self.values))
    #expect(configuration.faults.isEmpty)
    for (name, value) in Self.values { #expect(configuration[name].value == value) }
    #expect(configuration.missing(Self.values, inFile: "config.toml").isEmpty)
    #expect(configuration.showsHeatMap)
  }

  @Test(arguments: [
    ("", true), ("\n", true), ("# mine\n", false), ("mouse = true\n", false), ("[keys]\n", false),
    ("sort = \"age\" # mine\n", false), ("  theme = \"x\"\n", false),
  ])
  func onlyAFileOfTheProgramIsItsOwn(addition: String, isOwn: Bool) {
    let text = WrittenFile.text(Self.values) + addition
    #expect(WrittenFile.isOwn(Array(text.utf8), names) == isOwn)
    #expect(!WrittenFile.isOwn(Array(addition.utf8), names))
  }

  @Test func linesThatAreMissingAreTold() {
    let configuration = configuration(
      "# mine\ntheme = \"dark\"\n[queue]\nsort = \"size\"\ndescending = false\n")
    #expect(
      configuration.missing(Self.values, inFile: "config.toml") == [
        #"theme = "/home/jane/my \"own\" theme.toml" # replaces line 2"#, "", "[queue]",
        #"columns = ["age", "cause"]"#, #"sort = "next" # replaces line 4"#,
        #"group = "heat-map""#,
      ])
  }
}
