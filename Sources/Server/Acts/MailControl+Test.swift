// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

package import Guidance
import MailServer

extension MailControl {
  /// The audit trail's word for a test message.
  static let testAct = "test"

  /// Sends a plain test message past the queue, at most one a minute to the same server.
  package func send(_ message: TestMessage) async -> TestReport {
    do throws(Refusal) {
      try begin()
      defer { end() }
      return try await carryOut(message)
    } catch {
      return TestReport(message: message, verdict: .unavailable, summary: error.words)
    }
  }

  private func carryOut(_ message: TestMessage) async throws(Refusal) -> TestReport {
    guard let swaks = host.executable([Tool.swaks.rawValue]) else {
      let problem = await host.missing(.swaks).problem
      throw Refusal("Nothing was sent: \(problem.what) \(problem.remedy)")
    }
    if let seconds = await probes.reserve(message.route.address.text) {
      throw Refusal(
        "Nothing was sent: one connection per minute to the same server. Wait \(seconds) s.")
    }
    let command = ChangeCommand.test(swaks, message)
    let entry = try intend(
      Self.testAct, command: command.words,
      [
        AuditIntent.Message(
          id: "", arrived: nil, sender: message.sender, recipients: [message.recipient])
      ])
    var report: TestReport
    do throws(HostFailure) {
      let result = try await runner.run(command, holding: entry.lock)
      let transcript = SMTPTranscript(swaksOutput: result.output + Array(result.complaint.utf8))
      report =
        transcript.exchanges.isEmpty && transcript.failure == nil
        ? TestReport(
          message: message, verdict: .unavailable,
          summary: "swaks did not start: \(result.firstLine)")
        : TestReport(message, transcript)
    } catch {
      report = TestReport(message: message, verdict: .unavailable, summary: error.words)
    }
    var note: String?
    let word = report.verdict == .passed ? "done" : "failed"
    conclude(
      entry, [AuditOutcome.Result(id: "", result: word, note: report.summary)], note: &note)
    if let note { report.details.append(note) }
    return report
  }
}
