// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes
import Glibc
import Guidance
import MailServer
import Replies

/// A family of parsers that any bytes are given to.
///
/// The environment variable `PARSER` names the one; `run` beside this file starts them.
enum Family: String, CaseIterable {
  case replies, logs, listings, retries, messages, dns, json

  private static let now: Int64 = 1_795_521_600

  func read(_ bytes: [UInt8]) {
    switch self {
    case .replies:
      let isKept = bytes.count % 2 == 0
      let found = RuleBook.standard.classify(bytes.span, isDeferral: isKept)
      precondition(!isKept || found.isTemporary)
    case .logs:
      let grammar = LogGrammar(now: Self.now, zone: LocalZone(offset: 3600))
      var joiner = LogLineJoiner()
      for mta in [nil, .exim, .postfix] as [MTA?] {
        _ = grammar.event(in: bytes.span, mta: mta)
        grammar.forEachRecord(in: bytes.span, mta: mta, of: .trouble, joiner: &joiner) {
          _ = grammar.event(of: $1, in: $0)
        }
        grammar.finish(&joiner, mta: mta) { _ = grammar.event(of: $1, in: $0) }
      }
    case .listings:
      for mta in [nil, .exim, .postfix] as [MTA?] {
        let listing = QueueListing(bytes, mta: mta, now: Self.now, zone: LocalZone(offset: 3600))
        for message in (0..<listing.count).map(listing.message) {
          precondition((message.reference == nil) == (message.problem != nil))
        }
      }
    case .retries:
      _ = EximRetryRecord.records(in: bytes, zone: LocalZone(offset: 3600))
      var sockets = KernelSockets(bytes)
      _ = SocketDiagnosis.read(bytes.span, into: &sockets)
    case .messages:
      _ = EximHeaderFile(bytes)?.message(dataFile: bytes)
      _ = MessageEnvelope(postcatEnvelope: bytes) { _ in 3600 }
      _ = PostcatRecords.messages(bytes) { _ in 3600 }
    case .dns:
      _ = DNSAnswer(digOutput: bytes).exchangers
      _ = MailExchangers.parse(digOutput: bytes)
      _ = MailExchangers.parseAddresses(digOutput: bytes)
    case .json:
      if let value = JSON(parsing: bytes) { precondition(JSON(parsing: value.line) != nil) }
    }
  }

  /// The one that `PARSER` names.
  static let chosen: Family = {
    let name = getenv("PARSER").map { String(cString: $0) } ?? ""
    guard let family = Family(rawValue: name) else {
      fatalError("PARSER must be one of \(allCases.map(\.rawValue).joined(separator: ", "))")
    }
    return family
  }()
}

/// Called by libFuzzer for each input.
@_cdecl("LLVMFuzzerTestOneInput")
func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  Family.chosen.read(Array(UnsafeBufferPointer(start: start, count: count)))
  return 0
}
