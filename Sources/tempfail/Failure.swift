// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer

/// An end with a message and the status of the command-line contract.
struct Failure: Error {
  /// Wrong usage.
  static let usage: Int32 = 2
  /// EX_UNAVAILABLE of sysexits.h: no usable MTA.
  static let unavailable: Int32 = 69
  /// EX_OSERR of sysexits.h: the system has no thread, descriptor or memory left.
  static let system: Int32 = 71
  /// EX_NOPERM of sysexits.h.
  static let notPermitted: Int32 = 77

  var message: String
  var status: Int32

  init(_ message: String, status: Int32) {
    self.message = message
    self.status = status
  }

  init(_ problem: Problem, status: Int32) {
    self.init("\(problem.what)\n\(problem.remedy)", status: status)
  }
}
