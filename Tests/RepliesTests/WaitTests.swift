// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Replies
import Testing

/// Times that a reply names, and numbers that are none.
struct WaitTests {
  @Test(
    arguments: [
      ("450 Greylisted for 5 minutes", 300),
      ("450 Greylisted, please try again in 500 seconds", 500),
      ("450 4.3.2 Too many mails (mail bomb), try again in 1 hour(s) 25 minute(s)", 5100),
      ("451 4.7.1 Greylisting in action, please come back in 00:04:59", 299),
      ("421 You are being greylisted for 300s", 300),
      ("450 Greylisted for 50 sec.", 50),
      ("450 In der Greyliste, bitte in 5 Minuten erneut versuchen", 300),
      ("450 Liste grise, reessayez dans 10 minutes", 600),
      ("421 Too many messages, wait 2 hours", 7200),
    ])
  func namedWaitsAreRead(_ text: String, _ seconds: Int) {
    #expect(RuleBook.standard.classify(text).wait?.min == seconds)
  }

  @Test(
    arguments: [
      "450 4.2.1 You sent too many mails from different domains in the last 10 minutes",
      "421 Promise timed out after 15000 milliseconds",
      "421 timed out after 300 seconds, try again later",
      "421 Greylisted, try again in 99999999999999999999 seconds",
      "421 Greylisted 192.0.2.5",
    ])
  func otherNumbersAreNoWaits(_ text: String) {
    let found = RuleBook.standard.classify(text)
    #expect(found.wait?.min ?? 300 >= 300)
    #expect(found.wait?.min ?? 300 <= 3600)
  }

  @Test(
    arguments: [
      ("4.7.1", "4.7.1"), ("2.0.0", "2.0.0"), ("5.7.606", "5.7.606"), ("4.4.316", "4.4.316"),
      ("4.16.55.1", nil), ("192.0.2", nil), ("3.0.0", nil), ("4.7", nil), ("4.7.", nil),
      ("4.7.1234", nil), ("4..1", nil), ("4.7.1a", nil), ("", nil), ("#4.4.5", nil),
    ] as [(String, String?)])
  func enhancedCodesAreRead(_ text: String, _ code: String?) {
    #expect(EnhancedStatusCode(text)?.description == code)
  }
}
