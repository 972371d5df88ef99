// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Configuration
import Glibc
import Testing

@Suite struct ConfigurationTests {
  private func file(_ text: String, _ path: String = "mine.toml") -> Configuration.File {
    Configuration.File(path: path, content: .success(Array(text.utf8)))
  }

  private func administrators(_ text: String) -> Configuration.File { file(text, "etc.toml") }

  @Test func theLaterGoesBeforeTheEarlier() {
    let configuration = Configuration(
      administrator: administrators("theme = \"light\"\nrefresh = 2\nbell = true\nascii = true"),
      user: file("\nrefresh = 3.5\nbell = false\n[queue]\nsort = \"next\""),
      environment: ["TEMPFAIL_BELL": "1", "TEMPFAIL_LOG": "/a,/b", "TEMPFAIL_QUEUE_SORT": "size"],
      options: [(.queueSort, .text("id"), "--sort")])
    #expect(configuration.faults.isEmpty)
    #expect(configuration.theme == "light")
    #expect(configuration[.theme].origin == .file("etc.toml", line: 1))
    #expect(configuration.refresh == 3.5)
    #expect("\(configuration[.refresh].origin)" == "mine.toml:2")
    #expect(configuration.ringsBell)
    #expect("\(configuration[.bell].origin)" == "environment TEMPFAIL_BELL")
    #expect(configuration.isASCII)
    #expect(configuration.log == ["/a", "/b"])
    #expect(configuration.queueSort == "id")
    #expect("\(configuration[.queueSort].origin)" == "option --sort")
    #expect("\(configuration[.mouse].origin)" == "default")
    #expect(configuration.readOnlyReason == nil)
  }

  @Test(
    arguments: [
      ("them = \"x\"", #"mine.toml:1: unknown setting "them"; did you mean "theme"?"#),
      (
        "[queue]\n\nsorted = 1",
        #"mine.toml:3: unknown setting "queue.sorted"; did you mean "queue.sort"?"#
      ),
      ("refresh = \"x\"", "mine.toml:1: refresh must be a number from 0.5 to 3600"),
      ("refresh = 0", "mine.toml:1: refresh must be a number from 0.5 to 3600"),
      ("\nmouse = 1", "mine.toml:2: mouse must be true or false"),
      (
        "mta = \"exin\"",
        #"mine.toml:1: mta must be one of auto, exim, postfix, not "exin"; did you mean "exim"?"#
      ),
      ("log = [1]", "mine.toml:1: log must be a list of strings"),
      (
        "queue.columns = [\"age\", \"adge\"]",
        "mine.toml:1: queue.columns must be a list of id, age, size, attempts, state, sender, "
          + #"destination, host, cause, reply, next, not "adge"; did you mean "age"?"#
      ),
      ("queue = 3", "mine.toml:1: [queue] must be a table"),
      ("keys = 3", "mine.toml:1: [keys] must be a table"),
      ("[keys]\nretry = 3", "mine.toml:2: retry must be a string or a list of strings"),
    ])
  func aFaultNamesItsLineAndTheRestCounts(text: String, words: String) {
    let configuration = Configuration(user: file(text + "\n[removed]\nkeep_days = 7"))
    #expect(configuration.faults.map(\.description) == [words])
    #expect(configuration.keepDays == 7)
    #expect(configuration.refresh == 5)
  }

  @Test func aFileThatIsNoTOMLIsOneFault() {
    let configuration = Configuration(user: file("theme = \n"))
    #expect(configuration.faults.count == 1)
    #expect(configuration.theme == "dark")
  }

  @Test func theEnvironmentHasFaultsToo() {
    let configuration = Configuration(environment: [
      "TEMPFAIL_REFRESH": "soon", "TEMPFAIL_MOUSE": "", "TEMPFAIL_ASCII": "yes",
    ])
    #expect(
      configuration.faults.map(\.description)
        == ["environment TEMPFAIL_REFRESH: refresh must be a number from 0.5 to 3600"])
    #expect(configuration.isASCII)
  }

  @Test(arguments: [([:], true), (["NO_COLOR": ""], true), (["NO_COLOR": "1"], false)])
  func noColor(environment: [String: String], usesColor: Bool) {
    #expect(Configuration(environment: environment).usesColor == usesColor)
    let asked = Configuration(environment: environment, options: [(.color, .flag(true), "--color")])
    #expect(asked.usesColor)
  }

  // MARK: What the administrator decides

  @Test(arguments: [
    "read_only = true", "# by the mail team\nread_only=true\n", "readonly = true", "read_only",
    "\nread_only = \"yes\"", "[keys]\nread_only = true", "[queue]\nread_only = true", "[[", "x = 1",
  ])
  func whatTheAdministratorForbidsOrMisspeltIsNotLoosened(text: String) {
    let configuration = Configuration(
      administrator: administrators(text), user: file("read_only = false"),
      environment: ["TEMPFAIL_READ_ONLY": "0"], options: [(.readOnly, .flag(false), "--x")])
    #expect(configuration.readOnlyReason?.contains("etc.toml") == true)
    #expect(configuration[.readOnly].value == .flag(true))
  }

  @Test func aFileThatCannotBeReadForbids() {
    let fault = Diagnostic(file: "etc.toml", line: nil, message: "Permission denied")
    let configuration = Configuration(
      administrator: Configuration.File(path: "etc.toml", content: .failure(fault)))
    #expect(
      configuration.readOnlyReason
        == "nothing can be changed until this is fixed: etc.toml: Permission denied")
  }

  /// Whoever wrote `read_only` and a mistake beside it must not be let loose by the mistake.
  @Test(arguments: [
    "[[", "readonly = true", "[keys]\nread_only = true", "read_only = 1", "read_only = true\n= 1",
    "theme = 5",
  ])
  func aFaultOfTheUsersForbids(text: String) {
    let configuration = Configuration(
      user: file(text), environment: ["TEMPFAIL_READ_ONLY": "0"],
      options: [(.readOnly, .flag(false), "--x")])
    #expect(configuration.readOnlyReason?.contains("until this is fixed: mine.toml") == true)
  }

  @Test func aVariableThatIsNotUnderstoodForbids() {
    #expect(Configuration(environment: ["TEMPFAIL_READ_ONLY": "oui"]).readOnlyReason != nil)
    #expect(Configuration(environment: ["TEMPFAIL_BELL": "oui"]).readOnlyReason == nil)
  }

  @Test func aForeignFileSaysNothing() {
    let fault = Diagnostic(file: "mine.toml", line: nil, message: "it belongs to someone else")
    let foreign = Configuration.File(path: "mine.toml", content: .failure(fault), isForeign: true)
    #expect(Configuration(user: foreign).readOnlyReason == nil)
    #expect(Configuration(user: foreign).faults == [fault])
    #expect(Configuration(administrator: foreign).readOnlyReason != nil)
  }

  @Test func aSoundFileForbidsWhatItSays() {
    #expect(Configuration(administrator: administrators("")).readOnlyReason == nil)
    #expect(Configuration(user: file("read_only = true")).readOnlyReason != nil)
  }

  // MARK: Tables of one's own

  @Test func openTablesAreJoinedByKey() {
    let configuration = Configuration(
      administrator: administrators("[keys]\nretry = \"t\"\nhold = \"h\""),
      user: file("[keys]\nretry = [\"r\", \"F6\"]\n[filters]\nold = \"age>1d\""))
    #expect(configuration.faults.isEmpty)
    #expect(configuration[.keys]["retry"]?.value == .list(["r", "F6"]))
    #expect(configuration[.keys]["retry"]?.origin == .file("mine.toml", line: 2))
    #expect(configuration[.keys]["hold"]?.origin == .file("etc.toml", line: 3))
    #expect(configuration[.filters]["old"]?.value == .list(["age>1d"]))
  }

  // MARK: The table

  @Test(arguments: SettingName.allCases)
  func everySettingHasARowWhoseDefaultItTakes(name: SettingName) throws {
    let setting = try #require(SettingsTable.setting(name))
    let path = name.rawValue.split(separator: ".")
    let heading = path.count > 1 ? "[\(path[0])]\n" : ""
    let configuration = Configuration(
      user: file("\(heading)\(path[path.count - 1]) = \(setting.standard)"))
    #expect(configuration.faults.isEmpty)
    #expect(configuration[name].value == setting.standard)
    #expect(configuration[name].origin == .file("mine.toml", line: path.count))
    #expect(setting.help.hasSuffix("."))
  }

  @Test func noRowStandsTwice() {
    #expect(SettingsTable.settings.count == SettingName.allCases.count)
    #expect(Set(SettingsTable.settings.map(\.variable)).count == SettingName.allCases.count)
  }

  @Test(arguments: ["a\"b\\c", "\u{1B}[0m\n", "é字", ""])
  func aWrittenTextIsReadAgain(text: String) {
    let written = SettingValue.list([text, text])
    let configuration = Configuration(user: file("log = \(written)"))
    #expect(configuration.log == [text, text])
  }

  @Test(arguments: [
    "[é]", "[[=]]", "[", "[[", "a = 1\n \t[ \n]", "\u{FEFF}[\u{0}]", "[ [x]]", "[.a]",
  ])
  func aHeadingWithoutANameIsAFault(text: String) {
    #expect(Configuration(user: file(text)).faults.count == 1)
  }

  /// toml++ would end the process.
  @Test(arguments: [
    "%@ = 1", "x = 1\n[%@]", "x = { %@ = 1 }", "x = [\"a\", {%@ = 1}]", "\"\".%@ = 1",
  ])
  func aKeyOfManyPartsIsAFault(template: String) throws {
    let key = Array(repeating: "a", count: 300_000).joined(separator: ".")
    let parts = template.split(separator: "%@", omittingEmptySubsequences: false)
    let configuration = Configuration(user: file(parts.joined(separator: key)))
    #expect(configuration.faults.map(\.message) == ["a key has too many parts"])
    #expect(configuration.readOnlyReason != nil)
  }

  @Test func dotsInTextsAndCommentsAreNoParts() {
    let dots = String(repeating: ".", count: 1000)
    let configuration = Configuration(
      user: file("# \(dots)\nlog = [\"\(dots)\", '\(dots)', \"\\\"\(dots)\"] # \(dots)\n"))
    #expect(configuration.faults.isEmpty)
    #expect(configuration.log == [dots, dots, "\"" + dots])
  }

  @Test func linesAreCountedInFilesOfWindowsToo() {
    let configuration = Configuration(user: file("theme = \"nord\"\r\n\r\nmouse = 1\r\n"))
    #expect(configuration.faults.map(\.line) == [3])
    #expect(configuration[.theme].origin == .file("mine.toml", line: 1))
  }

  /// Any file is a configuration and faults, never a trap.
  @Test(arguments: 0..<400)
  func anyFileIsFine(seed: UInt64) {
    var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
    func random(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    var bytes = Array("theme = \"nord\"\n[keys]\na.b = [\"x\"]\n[queue]\nsort = \"age\"\n".utf8)
    for _ in 0..<(1 + random(6)) {
      bytes[random(bytes.count)] = UInt8(random(256))
    }
    let configuration = Configuration(
      user: Configuration.File(path: "x", content: .success(bytes)))
    #expect(configuration.refresh == 5, "seed \(seed)")
  }

  @Test func thePageIsFresh() {
    let path =
      #filePath.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" }
      + "/Docs/Configuration.md"
    if getenv("UPDATE_DOCS") != nil, let file = fopen(path, "w") {
      fputs(ConfigurationPage.markdown, file)
      fclose(file)
    }
    var text = ""
    if let file = fopen(path, "r") {
      var line = [CChar](repeating: 0, count: 1 << 16)
      while fgets(&line, Int32(line.count), file) != nil {
        text += String(
          decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
      }
      fclose(file)
    }
    #expect(text == ConfigurationPage.markdown, "Run UPDATE_DOCS=1 swift test to renew it")
  }
}
