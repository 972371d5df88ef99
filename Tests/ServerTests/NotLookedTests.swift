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
  @Test(arguments: [
    CheckRequest.limits, .queueRunner, .retryPolicy(domain: "busy.test"),
    .rate(domain: "busy.test"),
    .load, .recovered(domain: "busy.test"), .scope(domain: "busy.test"), .senders, .identity,
    .blockLists, .mailExchangers(domain: "busy.test"), .port25(domain: "busy.test"),
    .path(host: "busy.test"), .conversation(domain: "busy.test"), .handshake(domain: "busy.test"),
    .authentication(domain: "busy.test"),
  ])
  func whatCouldNotLookIsNeverGreen(_ request: CheckRequest) async {
    for system in [CheckFamilyTests.exim, CheckFamilyTests.postfix] {
      let host = FakeHost { $0.connections = .failure(.notPermitted("/proc/net/tcp")) }
      let diagnosis = DiagnosisCollector(host: host, mta: system.mta) { _ in }
      let runner = CheckRunner(
        host: host, system: system, diagnosis: diagnosis, options: CheckOptions())
      let result = await runner.run(request)
      #expect(result?.verdict == .unavailable, "\(String(describing: result))")
    }
  }

  /// Exim that says nothing has not said that there is no rule.
  @Test func aToolThatFailsGivesNoVerdict() async {
    let host = FakeHost { $0.answer("exim -brt busy.test", "", status: 1) }
    let diagnosis = DiagnosisCollector(host: host, mta: .exim) { _ in }
    let runner = CheckRunner(
      host: host, system: CheckFamilyTests.exim, diagnosis: diagnosis, options: CheckOptions())
    let result = await runner.run(.retryPolicy(domain: "busy.test"))
    #expect(result?.verdict == .unavailable)
  }
}
