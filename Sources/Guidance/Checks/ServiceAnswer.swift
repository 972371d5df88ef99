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
          "It listens: look at what it says to this mail, and at our login there."
        )
      case .greeting:
        (.warns, "answers, and turns us away for now.", "Its greeting says why.")
      // Submission over TLS (RFC 8314) says nothing before the handshake.
      case .silent where end.port == 465, .closed where end.port == 465:
        (.passed, "takes connections; it speaks TLS at once.", "Test it with openssl s_client.")
      case .silent, .closed:
        (
          .failed, "connects, but says nothing.",
          "It may be overloaded or stuck: look at its own log."
        )
      case .refused:
        (
          .failed, "refuses the connection: nothing listens there.",
          end.isLoopback
            ? "Start the service again, or correct the port in our settings."
            : "Correct the port in our settings, or ask whoever runs it."
        )
      case .timedOut:
        (.failed, "does not answer: timed out.", "A firewall on the way, or the host is down.")
      case .unreachable, .tlsFailed:
        (
          .failed, "cannot be reached from here.",
          "Look at our own route and the address in our settings."
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
        ? "The socket \(path) is there; whether a service listens on it, ss -lxp shows."
        : "The socket \(path) is not there: the service that makes it does not run, or makes another one.",
      exists
        ? [] : ["Start the service, or correct the path in its settings and in ours."],
      at: time)
  }
}
