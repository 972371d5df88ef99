// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Guidance
import MailServer
import Testing

@testable import Server

/// A check that could not look says so: it never shows that all is well.
struct NotLookedTests {
  static let ps = "ps -ww -o pid=,ppid=,args= -C exim,exim4,master,qmgr,oqmgr -p 1"

  /// Checks for which nothing could be read: neither the queue, nor the log, the settings or the sockets.
  @Test(arguments: Check.allCases.compactMap { $0.request(of: "busy.test") })
  func whatCouldNotLookIsNeverGreen(_ request: CheckRequest) async {
    for system in [CheckFamilyTests.exim, CheckFamilyTests.postfix] {
      let host = FakeHost { $0.connections = .failure(.notPermitted("/proc/net/tcp")) }
      let diagnosis = DiagnosisCollector(host: host, mta: system.mta) { _ in }
      let runner = CheckRunner(
        host: host, system: system, diagnosis: diagnosis, options: CheckOptions())
      let result = await runner.run(request)
      #expect(result?.verdict == .unavailable, "\(String(describing: result))")
      #expect(result?.summary.hasPrefix(CheckContext.unknown) == false)
    }
  }

  /// A check that is about something, and is not told about what.
  @Test(arguments: Check.allCases.filter { $0.request(of: nil) == nil })
  func whatIsAboutNothingIsNeverGreen(_ check: Check) async {
    let host = FakeHost()
    let runner = CheckRunner(
      host: host, system: CheckFamilyTests.exim,
      diagnosis: DiagnosisCollector(host: host, mta: .exim) { _ in })
    let result = await runner.run(check)
    #expect(result?.verdict == .unavailable)
    #expect(result?.summary.hasPrefix(CheckContext.unknown) == false)
    #expect(host.asked == [])
  }

  /// Exim that says nothing has not said that there is no rule.
  @Test func aToolThatFailsGivesNoVerdict() async {
    let host = FakeHost { $0.answer("exim -brt busy.test", "", status: 1) }
    let diagnosis = DiagnosisCollector(host: host, mta: .exim) { _ in }
    let runner = CheckRunner(
      host: host, system: CheckFamilyTests.exim, diagnosis: diagnosis, options: CheckOptions())
    let result = await runner.run(.retryPolicy, of: "busy.test")
    #expect(result?.verdict == .unavailable)
  }
}

extension CheckRunner {
  func run(
    _ check: Check, of domain: String? = nil, message: QueueID? = nil
  ) async -> CheckResult? {
    await run(CheckRequest(check, of: domain, message: message))
  }
}
