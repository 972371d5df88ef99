// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

/// A question about the world that Tempfail can answer itself, read-only.
package enum CheckRequest: Hashable, Sendable {
  /// The mail exchangers of a domain, and their addresses.
  case mailExchangers(domain: String)
  /// Whether port 25 of each mail exchanger answers, and what it says.
  case port25(domain: String)
}

/// The answer to a check.
package struct CheckResult: Hashable, Sendable {
  package enum Verdict: String, Hashable, Sendable {
    case passed
    case warns
    case failed
    /// It could not be asked: a tool is missing, or a right.
    case unavailable
  }

  package var request: CheckRequest
  package var verdict: Verdict
  /// The fact found, in one line.
  package var summary: String
  /// More lines, most important first.
  package var details: [String]
  /// Seconds since 1970 when it ended.
  package var time: Int64

  package init(
    request: CheckRequest, verdict: Verdict, summary: String, details: [String], time: Int64
  ) {
    self.request = request
    self.verdict = verdict
    self.summary = summary
    self.details = details
    self.time = time
  }
}
