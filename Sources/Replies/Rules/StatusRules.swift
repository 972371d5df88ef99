// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

extension Rule {
  /// What the codes alone say, where no words are known (RFC 3463, RFC 7372, RFC 5321).
  static let statuses: [Rule] = [
    status("status-mailbox", .mailbox, ["4.2.0", "4.2.1", "4.2.2"], .hours(1, 4), "450 4.2.2 nx"),
    status(
      "status-dns", .dns, ["4.1.2", "4.4.3", "4.4.4"], .minutes(15, 60), "450 4.1.2 nx"),
    Rule(
      "status-sender-domain", .dns, on: .senderDomain, enhanced: ["4.1.7", "4.1.8"],
      "The text is not recognized; the code means that the sender's address or domain is not accepted. Check its DNS.",
      samples: ["450 4.1.8 nx"]),
    status("status-resource", .resource, ["4.3.1", "4.3.2"], .minutes(15, 30), "452 4.3.1 nx"),
    status(
      "status-message", .other, ["4.3.4", "4.5.x", "4.6.x"], .minutes(15, 60), "452 4.3.4 nx"),
    status("status-system", .downstream, ["4.3.x"], .minutes(15, 30), "451 4.3.0 nx"),
    status(
      "status-timeout", .timeout, ["4.4.1", "4.4.2", "4.4.7"], .minutes(15, 30), "421 4.4.2 nx"),
    status("status-connections", .connectionLimit, ["4.4.5"], .minutes(15, 60), "421 4.4.5 nx"),
    status(
      "status-tls", .tls, ["4.7.4", "4.7.5", "4.7.6", "4.7.10", "4.7.11"], nil, "454 4.7.5 nx"),
    status("status-policy", .policy, ["4.7.x"], .minutes(15, 60), "450 4.7.0 nx"),
    Rule(
      "status-storage", .resource, codes: [452], enhanced: ["-"], wait: .minutes(15, 30),
      "The words are unknown; a 452 mostly is a lack of storage at their side.", samples: ["452 nx"]
    ),
    Rule(
      "status-unavailable", .resource, codes: [421], enhanced: ["-"], wait: .minutes(15, 30),
      "The text is not recognized; a 421 means that the service is closing the connection for now.",
      samples: ["421 nx"]),
    Rule(
      "status-local", .downstream, codes: [451], enhanced: ["-"], wait: .minutes(15, 30),
      "The words are unknown; a 451 mostly is an error inside their server.", samples: ["451 nx"]),
    Rule(
      "status-tls-code", .tls, codes: [454], enhanced: ["-"], wait: .minutes(15, 60),
      "The words are unknown; a 454 mostly means that TLS is not available.", samples: ["454 nx"]),
    Rule(
      "kept-refusal", .other, codes: Array(500...599), wait: .hours(1, 4),
      "A permanent code without a recognized reason, but this server keeps retrying until the message expires.",
      samples: ["host mx.example.com[192.0.2.5] refused to talk to me: 554 mx.example.com"]),
    Rule(
      "temporary", .other, wait: .minutes(15, 60),
      "A temporary failure without a recognized reason. Leave it to the normal retry.",
      samples: ["450 nx"]),
  ]

  private static func status(
    _ id: String, _ cause: Cause, _ enhanced: [String], _ wait: WaitRange?, _ sample: String
  ) -> Rule {
    Rule(
      id, cause, enhanced: enhanced, wait: wait,
      "The text is not recognized; the enhanced code shows the kind. \(cause.meaning)",
      samples: [sample]
    )
  }
}
