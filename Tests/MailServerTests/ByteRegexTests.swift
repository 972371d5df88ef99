// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import MailServer

@Suite struct ByteRegexTests {
  private func matches(_ source: String, _ text: String) throws -> Bool {
    var matcher = TextMatcher(.regex(try ByteRegex(source)))
    return matcher.matches(text)
  }

  @Test(
    arguments: [
      ("abc", "xABCx", true), ("abc", "ab", false), ("^ab", "abc", true), ("^b", "abc", false),
      ("c$", "abc", true), ("b$", "abc", false), ("^$", "", true), ("^$", "a", false),
      ("a.c", "abc", true), ("a.c", "aéc", true), ("^a.c$", "a字c", true), ("^...$", "aé字", true),
      ("^..$", "aé字", false), ("a*", "", true), ("a+b", "aaab", true), ("^a+b$", "b", false),
      ("colou?r", "color", true), ("^a{3}$", "aaa", true), ("^a{3}$", "aa", false),
      ("^a{2,}$", "aaaa", true), ("^a{2,}$", "a", false), ("^a{1,2}$", "aaa", false),
      ("^(ab){2}$", "abab", true), ("^a{0}b$", "b", true), ("^a{0,}b$", "aaab", true),
      ("x{", "x{", true), ("gmail|yahoo", "yahoo", true), ("^(a|b)*c$", "abbac", true),
      ("^(?:a|b)c$", "bc", true), ("[a-c]+$", "xxabc", true), ("[^a-c]", "abc", false),
      ("[^a-c]", "abcd", true), ("[]x]", "]", true), ("[a-]", "-", true),
      ("[\\d.]+$", "4.7.28", true),
      ("\\d\\.\\d", "4.7", true), ("\\w+@\\w+", "jane@x", true), ("\\s", "a b", true),
      ("^\\S+$", "a b", false), ("4\\.7\\.", "4x7x", false), ("(^|x)a", "bxa", true),
      ("(^|x)a", "ba", false), ("a(b|)c", "ac", true), ("é", "É", false), ("é+", "éé", true),
    ])
  func matches(source: String, text: String, isMatch: Bool) throws {
    #expect(try matches(source, text) == isMatch)
  }

  @Test(
    arguments: [
      ("a(b", 1), ("a)", 1), ("*a", 0), ("a|*", 2), ("[a", 0), ("a[é]", 2), ("\\q", 0), ("\\", 1),
      ("(?=a)", 0), ("a{3}{4}", 4), ("a{4,3}", 1), ("a{999}", 1),
    ])
  func saysWhereItIsWrong(source: String, position: Int) {
    let problem = #expect(throws: ByteRegex.Problem.self) { try ByteRegex(source) }
    #expect(problem?.position == position, "\(problem?.message ?? "")")
  }

  /// What backtracking would take the age of the universe for.
  @Test(arguments: ["(a*)*b", "(a|aa)+$x", "(a+a+)+b", "a{0,60}a{60}b", "(.*)(.*)(.*)x"])
  func hostilePatternsAreLinear(source: String) throws {
    #expect(try !matches(source, String(repeating: "a", count: 20_000)))
  }

  /// Against an independent engine.
  @Test func agreesWithTheStandardLibrary() throws {
    let seed: UInt64 = 3
    var generator = SeededGenerator(seed: seed)
    let pieces = [
      "a", "b", "c", ".", "[ab]", "[^a]", "(a|bc)", "(ab)?", "a*", "(b|c)+", "a{2}", "(?:c|)",
    ]
    for _ in 0..<Rounds.count(300, of: 20_000) {
      let source = (0..<Int.random(in: 1...5, using: &generator)).map { _ in
        pieces.randomElement(using: &generator) ?? ""
      }.joined()
      let text = (0..<Int.random(in: 0...8, using: &generator)).map { _ in
        ["a", "b", "c"].randomElement(using: &generator) ?? ""
      }.joined()
      let expected = try Regex(source).firstMatch(in: text) != nil
      #expect(try matches(source, text) == expected, "seed \(seed): /\(source)/ in \(text)")
    }
  }
}
