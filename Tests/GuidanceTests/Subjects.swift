// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Guidance
import MailServer
import Replies

/// Deferrals to write guides for.
enum Subjects {
  static func classification(
    _ cause: Cause, code: Int? = 421, enhanced: String? = "4.7.0", text: String = "not now",
    provider: String? = nil, wait: WaitRange? = WaitRange(min: 900, max: 1800)
  ) -> Classification {
    Classification(
      reply: Reply(
        code: code, enhanced: enhanced.flatMap { EnhancedStatusCode($0) }, text: text),
      cause: cause, provider: provider, rule: "test", confidence: .wording, wait: wait,
      meaning: cause.meaning)
  }

  static func subject(
    _ classification: Classification, mta: MTA = .postfix, direction: Direction = .outbound,
    sender: String? = "news@shop.example", recipient: String? = "ann@example.net",
    remoteHost: String? = "mx1.example.net", isHeld: Bool = false, stage: SMTPStage? = nil
  ) -> DeferralSubject {
    DeferralSubject(
      mta: mta, direction: direction, queueID: nil, sender: sender, recipient: recipient,
      remoteHost: remoteHost, classification: classification, arrival: nil, lastAttempt: nil,
      nextRetry: nil, attempts: nil, isHeld: isHeld, stage: stage)
  }

  /// Each cause, MTA and direction, and a held message of each MTA.
  static let all: [DeferralSubject] = {
    var subjects: [DeferralSubject] = []
    for mta in MTA.allCases {
      for cause in Cause.allCases {
        for direction in [Direction.outbound, .inbound] {
          subjects.append(subject(classification(cause), mta: mta, direction: direction))
        }
      }
      subjects.append(subject(classification(.other), mta: mta, isHeld: true))
    }
    return subjects
  }()
}

extension Guide {
  /// Everything that it says, in the order in which it is shown.
  var lines: [String] {
    [title] + meaning + [advice] + mistakes + [reassurance ?? "", escalation]
      + steps.flatMap { [$0.title, $0.why] + $0.commands + $0.configurationLines }
  }
}

extension Step {
  /// What is copied: it must not be wrapped.
  var configuration: [String] {
    guard case .configuration(let advice) = action else { return [] }
    return advice.lines + [advice.show]
  }

  var configurationLines: [String] {
    guard case .configuration(let advice) = action else { return [] }
    return [advice.file] + advice.lines + [advice.reload, advice.undo, advice.show]
  }
}
