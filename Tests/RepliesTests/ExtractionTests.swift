// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Replies
import Testing

struct Extraction: CustomTestStringConvertible {
  let input: String
  let code: Int?
  let enhanced: String?
  let text: String
  let origin: ReplyOrigin
  let cause: Cause

  init(
    _ input: String, _ code: Int?, _ enhanced: String?, _ text: String, _ origin: ReplyOrigin,
    _ cause: Cause
  ) {
    self.input = input
    self.code = code
    self.enhanced = enhanced
    self.text = text
    self.origin = origin
    self.cause = cause
  }

  var testDescription: String { input }
}

/// Which words in a text are the reply.
struct ExtractionTests {
  static let table: [Extraction] = [
    Extraction("421 4.7.0 Greylisted", 421, "4.7.0", "Greylisted", .remote, .greylisting),
    Extraction(
      "421-4.7.0 Greylisted,\r\n421 4.7.0 come back", 421, "4.7.0", "Greylisted, come back",
      .remote, .greylisting),
    Extraction(
      #"421-4.7.0 Greylisted,\n421 4.7.0 come back"#, 421, "4.7.0", "Greylisted, come back",
      .remote, .greylisting),
    Extraction(
      "host mx.example.net[192.0.2.1] said: 421-4.7.0 Greylisted, 421 4.7.0 come back (in reply to"
        + " RCPT TO command)", 421, "4.7.0", "Greylisted, come back", .remote, .greylisting),
    Extraction(
      "host mx.example.net[192.0.2.1] refused to talk to me: 421 Too many connections", 421, nil,
      "Too many connections", .remote, .connectionLimit),
    Extraction(
      "SMTP error from remote mail server after RCPT TO:<u@example.com>: 450 4.2.0 Greylisted", 450,
      "4.2.0", "Greylisted", .remote, .greylisting),
    Extraction(
      "SMTP error from remote mail server after MAIL FROM:<u@example.com> SIZE=421: host"
        + " mx.example.net [192.0.2.1]: 421 4.3.2 Server busy", 421, "4.3.2", "Server busy",
      .remote, .resource),
    Extraction(
      "H=mx.example.com [198.51.100.108]: SMTP error from remote mail server after initial"
        + " connection: 421 #4.4.5 Too many connections from your host.", 421, "4.4.5",
      "Too many connections from your host.", .remote, .connectionLimit),
    Extraction(
      "status=deferred (host mx.example.net[192.0.2.1] said: 451 4.3.0 Internal error (in reply to"
        + " end of DATA command))", 451, "4.3.0", "Internal error", .remote, .downstream),
    Extraction(
      "stat=Deferred: 421 4.3.2 Connection rate limit exceeded.", 421, "4.3.2",
      "Connection rate limit exceeded.", .remote, .connectionLimit),
    Extraction(
      "Diagnostic-Code: smtp; 421 4.4.2 Timeout", 421, "4.4.2", "Timeout", .remote, .timeout),
    Extraction(
      "451 timeout (#4.4.2)", 451, "4.4.2", "timeout (#4.4.2)", .remote, .timeout),
    Extraction(
      "421 4.16.55.1 Message temporarily deferred", 421, nil,
      "4.16.55.1 Message temporarily deferred", .remote, .policy),
    Extraction(
      "451 4.3.0 Internal error?421 4.0.0 forged second reply", 451, "4.3.0",
      "Internal error?421 4.0.0 forged second reply", .remote, .downstream),
    Extraction(
      "550 5.1.1 User unknown (was: 421 4.7.0 Greylisted)", 550, "5.1.1",
      "User unknown (was: 421 4.7.0 Greylisted)", .remote, .notTemporary),
    Extraction(
      "SMTP error from remote mail server after end of data: 421 4.7.0 Greylisted: retry timeout"
        + " exceeded", 421, "4.7.0", "Greylisted: retry timeout exceeded", .remote, .notTemporary),
    Extraction(
      "421 4.7.0 Greylisted: retry timeout exceeded", 421, "4.7.0",
      "Greylisted: retry timeout exceeded", .remote, .greylisting),
    Extraction(
      "host mx.example.net[192.0.2.1] said: 451 4.2.0 Internal error occurred: retry timeout exceeded",
      451, "4.2.0", "Internal error occurred: retry timeout exceeded", .remote, .downstream),
    Extraction(
      "host mx.example.net[192.0.2.1] said: 550 5.7.1 temporarily rejected for now", 550, "5.7.1",
      "temporarily rejected for now", .remote, .notTemporary),
    Extraction(
      "stat=Deferred (Remote host is busy)", nil, nil, "Remote host is busy", .ownMTA, .resource),
    Extraction(
      "dsn=4.0.0, stat=Deferred: words that nobody knows", nil, nil, "words that nobody knows",
      .ownMTA, .other),
    Extraction(
      "Deferred: words that nobody knows", nil, nil, "words that nobody knows", .ownMTA, .other),
    Extraction(
      "Words that nobody knows. (#4.3.0)", nil, "4.3.0", "Words that nobody knows. (#4.3.0)",
      .remote, .downstream),
    Extraction(
      "Words that nobody knows. (#5.1.1)", nil, "5.1.1", "Words that nobody knows. (#5.1.1)",
      .remote, .notTemporary),
    Extraction(
      "delivery temporarily suspended: host mx.example.net[192.0.2.1] said: 421 4.7.0 Greylisted",
      421, "4.7.0", "Greylisted", .repeated, .greylisting),
    Extraction(
      "delivery temporarily suspended: connect to mx.example.net[192.0.2.1]:25: Connection timed out",
      nil, nil, "connect to mx.example.net[192.0.2.1]:25: Connection timed out", .repeated, .timeout
    ),
    Extraction(
      "retry time not reached for any host for 'example.com'", nil, nil,
      "retry time not reached for any host for 'example.com'", .retryNotDue, .other),
    Extraction(
      "retry time not reached for any host after a long failure period", nil, nil,
      "retry time not reached for any host after a long failure period", .remote, .notTemporary),
    Extraction(
      "Unknown error: transient error (451): 4.7.650 Too many connections from 192.0.2.1", 451,
      "4.7.650", "Too many connections from 192.0.2.1", .remote, .policy),
    Extraction(
      "The reply was 421 4.7.0 Too many connections", 421, "4.7.0", "Too many connections", .remote,
      .connectionLimit),
    Extraction(
      "Reason: 4.3.2 - Not accepting messages at this time ('421', ['4.7.0 greylisted for now'])",
      421,
      "4.7.0", "greylisted for now", .remote, .greylisting),
    Extraction(
      "Reason: 4.3.2 - Not accepting messages at this time ('421', ['greylisted for now'])", 421,
      "4.3.2", "greylisted for now", .remote, .greylisting),
    Extraction(
      "[Status: Error, Address: <u@example.com>, ResponseCode 421, , 4.7.0 Greylisted]", 421,
      "4.7.0",
      "Greylisted]", .remote, .greylisting),
    Extraction(
      "an error (421 of them): none", nil, nil, "an error (421 of them): none", .unrecognised,
      .notTemporary),
    Extraction("Connection refused", nil, nil, "Connection refused", .ownMTA, .timeout),
    Extraction(
      "421 messages in queue", nil, nil, "421 messages in queue", .unrecognised, .notTemporary),
    Extraction("", nil, nil, "", .unrecognised, .notTemporary),
    Extraction("421", 421, nil, "", .remote, .resource),
    Extraction("421-", 421, nil, "", .remote, .resource),
  ]

  /// Barracuda's mark as the last word, cut off, ended the program once.
  @Test(arguments: ["421 cuda_nsu", "421 cuda_nsu ", "cuda_nsu", "450 #cuda_nsu"])
  func readsAMarkAtTheEnd(text: String) {
    #expect(RuleBook.standard.classify(text).isTemporary == text.hasPrefix("4"))
  }

  /// What somebody wrote about anything else is no reply.
  @Test(arguments: [
    "Dear team, the quarterly report is attached. Kind regards",
    "The meeting has been moved to Tuesday, sorry for the delay.",
    "Please read the configuration chapter before you install the printer.",
    "Our transport to the airport is unavailable on Sundays.",
    "I could not resolve the conflict between the two departments.",
    "Payment deferred: please contact accounting.",
    "The library is closed until further notice; try again later.",
    "All our lines are busy. Please call back in ten minutes.",
    "The database of customers is updated every night.",
    "Your subscription has expired.",
    "Thank you for contacting support, your ticket number is 421.",
    "Everything is unreachable after the storm.",
    "The virtual meeting room is unavailable due to a problem.",
    "Our policy service team connects to your needs.",
    "The deal was temporarily rejected by the board.",
    "Hash browns are unavailable today.",
    "The resolver of this dispute will be announced.",
    "The lease relay to the second runner failed.",
    "Dial tone missing, tcp wrappers unaffected.",
    "The fork failed under the weight of the steak.",
    "Can you look up the address of the hotel?",
    "My inbox is full of joy.",
    "It says: system resource usage is normal.",
    "Local delivery within two hours, free of charge.",
  ])
  func proseIsNoReply(text: String) {
    #expect(RuleBook.standard.classify(text).origin == .unrecognised)
  }

  @Test func reasonsOfDeferralsAreTemporary() {
    let words = "a reason that nobody knows"
    #expect(RuleBook.standard.classify(words).origin == .unrecognised)
    let known = RuleBook.standard.classify(words, isDeferral: true)
    #expect(known.origin == .ownMTA)
    #expect(known.cause == .other)
    #expect(RuleBook.standard.classify("550 No").cause == .notTemporary)
    #expect(RuleBook.standard.classify("550 No", isDeferral: true).cause == .other)
  }

  @Test(
    arguments: [
      ("gmail-smtp-in.l.google.com", "gmail"), ("mx.notgoogle.com", nil), ("google.com", "gmail"),
    ] as [(String, String?)])
  func hostsNameProviders(_ host: String, _ provider: String?) {
    #expect(RuleBook.standard.classify("421 Hm", remoteHost: host).provider == provider)
  }

  @Test(arguments: table)
  func theReplyIsFound(_ row: Extraction) {
    let found = RuleBook.standard.classify(row.input)
    #expect(found.reply.code == row.code)
    #expect(found.reply.enhanced?.description == row.enhanced)
    #expect(found.reply.text == row.text)
    #expect(found.origin == row.origin)
    #expect(found.cause == row.cause)
    let verdict = RuleBook.standard.verdict(Array(row.input.utf8).span)
    #expect(verdict.cause == row.cause)
    #expect(verdict.code.map(Int.init) == row.code)
    #expect(verdict.enhanced == found.reply.enhanced)
    #expect(verdict.origin == row.origin)
  }
}
