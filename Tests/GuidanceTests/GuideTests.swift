// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer
import Replies
import Testing

@testable import Guidance

struct GuideTests {
  @Test(arguments: Subjects.all)
  func isComplete(_ subject: DeferralSubject) {
    let guide = Guide(for: subject)
    #expect(!guide.title.isEmpty)
    #expect(!guide.meaning.isEmpty)
    #expect(!guide.advice.isEmpty)
    #expect(!guide.mistakes.isEmpty)
    #expect(!guide.escalation.isEmpty)
    #expect(guide.steps.contains { $0.kind == .look })
    #expect(Set(guide.steps.map(\.id)).count == guide.steps.count)
    for step in guide.steps {
      #expect(!step.why.isEmpty, "\(step.id)")
      guard case .check(let request) = step.action else { continue }
      #expect(Check.allCases.contains(request.check), "\(request.check.name) is in no list")
    }
  }

  @Test func eachCheckHasANameOfItsOwn() {
    #expect(Set(Check.allCases.map(\.name)).count == Check.allCases.count)
  }

  @Test(arguments: Subjects.all)
  func fits80Columns(_ subject: DeferralSubject) {
    for line in Guide(for: subject).lines {
      let longest = line.split(separator: " ").map(\.count).max() ?? 0
      #expect(longest <= 76, "\(line)")
    }
    for step in Guide(for: subject).steps {
      #expect(step.title.count <= 72, "\(step.title)")
      for line in step.commands + step.configuration {
        #expect(line.count <= 80, "\(line)")
      }
    }
  }

  @Test(arguments: Subjects.all)
  func leavesNoPlaceUnfilled(_ subject: DeferralSubject) {
    let places = ["{destination}", "{host}", "{sender", "{client}", "{mta}", "{id}"]
    for line in Guide(for: subject).lines {
      #expect(!places.contains { line.contains($0) }, "\(line)")
    }
  }

  @Test(arguments: Subjects.all)
  func speaksInSentences(_ subject: DeferralSubject) {
    let guide = Guide(for: subject)
    for sentence in guide.meaning + [guide.advice] + guide.mistakes {
      #expect(sentence.hasSuffix(".") || sentence.hasSuffix(".\""), "\(sentence)")
    }
    #expect(!guide.title.hasSuffix("."))
  }

  @Test func namesTheDestination() {
    let guide = Guide(for: Subjects.subject(Subjects.classification(.rateLimit)))
    #expect(guide.title == "example.net is rate-limiting our mail")
    #expect(
      guide.steps.contains {
        $0.action == .check(CheckRequest(.authentication, of: "shop.example"))
      })
  }

  @Test func waitsAsLongAsTheReplySays() {
    func advice(_ wait: WaitRange?, _ cause: Cause = .greylisting) -> String {
      Guide(for: Subjects.subject(Subjects.classification(cause, wait: wait))).advice
    }
    #expect(advice(WaitRange(min: 900, max: 3600)).hasPrefix("Wait 15 to 60 minutes before"))
    #expect(advice(WaitRange(min: 300, max: 300)).hasPrefix("Wait 5 minutes before"))
    #expect(advice(WaitRange(min: 2700, max: 7200)).hasPrefix("Wait 45 minutes to 2 hours"))
    #expect(advice(nil).hasPrefix("Waiting will not fix"))
    #expect(advice(nil, .other).hasPrefix("Wait 15 to 30 minutes"))
  }

  @Test(arguments: [
    (550, "mailbox does not exist"), (552, "quota"), (554, "refuse the message"),
    (999, "not an SMTP code"), (571, "permanent failure"),
  ])
  func saysWhatAPermanentFailureIs(_ code: Int, _ words: String) {
    let classification = Subjects.classification(
      .notTemporary, code: code, enhanced: nil, wait: nil)
    let guide = Guide(for: Subjects.subject(classification))
    #expect(guide.title.contains("not a deferral"))
    #expect(guide.meaning.contains { $0.contains(words) }, "\(guide.meaning)")
    #expect(!guide.steps.contains { $0.action == .act(.retry) })
  }

  @Test func saysWhatEximDoesWithOtherMail() {
    func meaning(_ mta: MTA, _ stage: SMTPStage?) -> String {
      let subject = Subjects.subject(
        Subjects.classification(.connectionLimit), mta: mta, stage: stage)
      return Guide(for: subject).meaning.last ?? ""
    }
    #expect(meaning(.exim, .connection).contains("for all mail"))
    #expect(meaning(.exim, .message).contains("only this delivery"))
    #expect(meaning(.exim, nil).contains("EHLO"))
    #expect(meaning(.postfix, .connection).contains("delivery temporarily suspended"))
  }

  @Test func aHeldMessageIsReleasedOrRemoved() {
    let guide = Guide(for: Subjects.subject(Subjects.classification(.rateLimit), isHeld: true))
    #expect(guide.steps.contains { $0.action == .act(.release) })
    #expect(!guide.steps.contains { $0.action == .act(.retry) })
  }

  /// What comes from outside must not reach a command that people copy into a shell.
  @Test(arguments: MTA.allCases, Cause.allCases)
  func keepsHostileNamesOutOfCommands(_ mta: MTA, _ cause: Cause) {
    for direction in [Direction.outbound, .inbound] {
      let guide = Guide(
        for: Subjects.subject(
          Subjects.classification(cause), mta: mta, direction: direction,
          sender: "x@$(reboot)", recipient: "x@`reboot`", remoteHost: "'; reboot; '"))
      for step in guide.steps {
        for line in step.commands + step.configurationLines {
          #expect(!line.contains("reboot"), "\(line)")
        }
        if case .check(let request) = step.action { #expect(request.domain == nil) }
      }
    }
  }

  @Test func aNameThatHoldsAPlaceIsNotFilledAgain() {
    let subject = Subjects.subject(
      Subjects.classification(.rateLimit), recipient: "x@{sender}")
    #expect(Guide(for: subject).title == "{sender} is rate-limiting our mail")
  }

  @Test func commandsHoldTheQueueIDOnlyWhereItIsOne() {
    var subject = Subjects.subject(Subjects.classification(.timeout))
    func commands() -> String { Guide(for: subject).steps.flatMap(\.commands).joined() }
    subject.queueID = "4cXn2k1hFjz9QsB"
    #expect(commands().contains("grep 4cXn2k1hFjz9QsB /var/log"))
    subject.queueID = "-e x"
    #expect(commands().contains("grep QUEUE-ID /var/log"))
  }

  @Test func startsWithACapitalWithoutAName() {
    let subject = Subjects.subject(
      Subjects.classification(.rateLimit), recipient: nil, remoteHost: nil)
    #expect(Guide(for: subject).title == "The destination is rate-limiting our mail")
  }
}

struct ProviderNoteTests {
  @Test(arguments: [
    ("yahoo", "421 4.7.0 [TSS04] Messages from 192.0.2.1 temporarily deferred", "TSS04: volume"),
    ("gmail", "4.7.28 unusual rate of unsolicited mail", "4.7.28: too much mail"),
    ("comcast", "RL000010 throttled", "RL000010: volume of this domain"),
    ("facebook", "POL-T2 Connection refused", "POL-T2: policy: wait 4 to 8 hours."),
    ("cox", "cxcnct too many", "CXCNCT: more than 10"),
  ])
  func explainsCodes(_ provider: String, _ reply: String, _ words: String) throws {
    let note = try #require(ProviderNote.find(provider: provider, host: nil, domain: nil))
    #expect(note.meanings(in: reply).contains { $0.contains(words) }, "\(note.meanings(in: reply))")
  }

  @Test(arguments: [
    ("gmail-smtp-in.l.google.com", "Gmail"),
    ("mta5.am0.yahoodns.net", "Yahoo and AOL"),
    ("example-net.mail.protection.outlook.com", "Microsoft 365"),
    ("hotmail-com.olc.protection.outlook.com", "Outlook.com and Hotmail"),
    ("mx00.gmx.net", "GMX and WEB.DE"),
  ])
  func knowsTheProviderByItsHost(_ host: String, _ name: String) {
    #expect(ProviderNote.find(provider: nil, host: host, domain: nil)?.name == name)
    #expect(ProviderNote.find(provider: nil, host: "evil\(host)x", domain: nil) == nil)
  }

  @Test func theGuideNamesCodePageAndLimit() {
    let classification = Subjects.classification(
      .connectionLimit, text: "[TSS04] temporarily deferred", provider: "yahoo")
    let guide = Guide(for: Subjects.subject(classification))
    #expect(guide.meaning.contains { $0.hasPrefix("Yahoo and AOL, TSS04:") })
    #expect(guide.escalation.contains("https://senders.yahooinc.com/smtp-error-codes"))
  }
}
