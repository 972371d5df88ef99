// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

package import MailServer

extension Check {
  /// Its commands depend on the port: `CheckRequest.byHand` has them.
  package static let service = Check("service", .end, "Does {name} answer")
}

/// The check whether the relay or service that mail was handed to answers.
package enum ServiceAnswer {
  /// What the connection came to.
  package static func verdict(
    _ end: Endpoint, outcome: ProbeOutcome, time: Int64
  ) -> CheckResult {
    let (verdict, did, remedy): (CheckResult.Verdict, String, String) =
      switch outcome {
      case .greeting(let text) where text.hasPrefix("2"):
        (
          .passed, "answers.",
          "It is listening: check its reply to this mail, and our login there."
        )
      case .greeting:
        (.warns, "answers, but defers us.", "Its greeting says why.")
      // Submission over TLS (RFC 8314) says nothing before the handshake.
      case .silent where end.port == 465, .closed where end.port == 465:
        (.passed, "accepts connections; it starts with TLS.", "Test it with openssl s_client.")
      case .silent, .closed:
        (
          .failed, "connects, but says nothing.",
          "It may be overloaded or stuck: check its own log."
        )
      case .refused:
        (
          .failed, "refuses the connection: nothing is listening there.",
          end.isLoopback
            ? "Start the service again, or correct the port in our settings."
            : "Correct the port in our settings, or ask its operator."
        )
      case .timedOut:
        (.failed, "does not answer: timed out.", "A firewall blocks it, or the host is down.")
      case .unreachable, .tlsFailed:
        (
          .failed, "cannot be reached from here.",
          "Check our own route and the address in our settings."
        )
      }
    return CheckResult(
      CheckRequest(.service, end: end), verdict, "\(end.words) \(did)", [outcome.words, remedy],
      at: time)
  }

  /// What is known of a socket.
  package static func verdict(
    _ end: Endpoint, path: String, exists: Bool, time: Int64
  ) -> CheckResult {
    CheckResult(
      CheckRequest(.service, end: end), exists ? .warns : .failed,
      exists
        ? "The socket \(path) exists; ss -lxp shows whether a service listens on it."
        : "The socket \(path) does not exist: its service is not running, or uses another path.",
      exists
        ? [] : ["Start the service, or correct the path in its settings and in ours."],
      at: time)
  }
}
