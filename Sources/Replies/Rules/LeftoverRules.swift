// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

extension Rule {
  /// Replies that say little more than "later".
  static let leftovers: [Rule] = [
    Rule(
      "later-greylisting", .greylisting,
      [
        "again|later|try|retry|back|wait|resend|erneut|spater|spaeter|plus tard|reessay|mas tarde|nuevo"
          + "|tarde|novamente|piu tardi|riprova|later|opnieuw|pozniej|ponown|しばらく|再度|稍后|稍後|重试|позже|znovu"
      ], codes: [450, 451, 452], enhanced: ["4.7.x", "4.2.x"], wait: .minutes(15, 60),
      "They only ask to retry later; with this code that is usually greylisting.",
      samples: ["451 4.7.1 Try again later", "450 4.2.1 Please try again later. (#id-5.9.4)"]),
    Rule(
      "later-unsaid", .other, on: .theirs, ["again|later|try|retry"], codes: [450],
      enhanced: ["4.3.x"],
      wait: .minutes(15, 60),
      "They only ask to retry later: greylisting, or a problem in their system. Leave it to the normal retry.",
      samples: ["450 try again later (#4.3.0)"]),
    Rule(
      "later-downstream", .downstream,
      ["again|later|try|retry|closing connection|closing"], enhanced: ["4.3.x"],
      wait: .minutes(15, 30),
      "They only ask to retry later; the code means a problem in their system.",
      samples: ["451 4.3.2 Please try again later", "421 4.3.0 closing connection"]),
    Rule(
      "later-policy", .policy, ["again|later|try|retry|closing connection"], codes: [421],
      enhanced: ["4.7.x"], wait: .minutes(15, 60),
      "They closed the connection without a reason; the code means policy.",
      samples: ["421 4.7.0 Try again later"]),
    Rule(
      "later", .other,
      [
        "again|later|try|retry|back|wait|resend|erneut|spater|spaeter|plus tard|reessay|mas tarde|nuevo"
          + "|tarde|novamente|piu tardi|riprova|opnieuw|pozniej|ponown|しばらく|再度|稍后|稍後|重试|позже|znovu"
      ], wait: .minutes(15, 60),
      "They only ask to retry later. The normal retry does that.",
      samples: ["421 Come back later"]),
  ]
}
