// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes
import Dashboard
import Guidance
import MailServer
import Server

/// What was found and done in guided fixes, as a file of the state folder: JSON Lines.
///
/// A line that cannot be read is left out: what is lost is a memory, not mail.
enum FixProgressFile {
  static let name = "fixes.jsonl"

  /// The newest first, as much as is read again.
  static func bytes(_ progress: FixProgress) -> [UInt8] {
    let results = progress.results.values.compactMap { result -> (Int64, JSON)? in
      guard let request = CheckName(result.request) else { return nil }
      let json: JSON = [
        "kind": "result", "time": .integer(result.time), "check": .string(request.name),
        "domain": .string(orNull: result.request.domain),
        "verdict": .string(result.verdict.rawValue), "summary": .string(result.summary),
        "details": .array(result.details.map(JSON.string)),
      ]
      return (result.time, json)
    }
    let marks = progress.marks.map { id, mark -> (Int64, JSON) in
      let json: JSON = [
        "kind": "mark", "time": .integer(mark.time), "fix": .string(id.fix),
        "step": .string(id.step), "words": .string(mark.words),
        "verdict": .string(orNull: mark.verdict?.rawValue),
        "details": .array(mark.details.map(JSON.string)),
      ]
      return (mark.time, json)
    }
    var bytes: [UInt8] = []
    for line in (results + marks).sorted(by: { $0.0 > $1.0 }).map(\.1.line)
    where bytes.count + line.count <= KeptFile.limit {
      bytes += line
    }
    return bytes
  }

  static func progress(_ bytes: [UInt8]) -> FixProgress {
    var progress = FixProgress()
    for line in bytes.split(separator: ASCII.newline) {
      guard let value = JSON(parsing: Array(line)), let time = value["time"]?.integer else {
        continue
      }
      switch value["kind"]?.text {
      case "result":
        guard let name = value["check"]?.text.flatMap(CheckName.init(rawValue:)),
          let request = name.request(of: value["domain"]?.text),
          let verdict = value["verdict"]?.text.flatMap(CheckResult.Verdict.init(rawValue:)),
          let summary = value["summary"]?.text
        else { continue }
        progress.note(
          CheckResult(
            request: request, verdict: verdict, summary: summary,
            details: value["details"]?.elements?.compactMap(\.text) ?? [], time: time))
      case "mark":
        guard let fix = value["fix"]?.text, let step = value["step"]?.text,
          let words = value["words"]?.text
        else { continue }
        let verdict = value["verdict"]?.text.flatMap(CheckResult.Verdict.init(rawValue:))
        progress.note(
          FixProgress.Mark(
            time: time, words: words, verdict: verdict,
            details: value["details"]?.elements?.compactMap(\.text) ?? []),
          at: FixProgress.StepID(fix: fix, step: step))
      default: continue
      }
    }
    return progress
  }
}

/// The checks that are remembered, by name; one of a single message is not.
private enum CheckName: String {
  case mailExchangers, port25, path, identity, authentication, conversation, handshake, limits
  case queueRunner, retryPolicy, blockLists, rate, load, recovered, scope, senders

  var name: String { rawValue }

  init?(_ request: CheckRequest) {
    switch request {
    case .mailExchangers: self = .mailExchangers
    case .port25: self = .port25
    case .path: self = .path
    case .identity: self = .identity
    case .authentication(_, let message):
      guard message == nil else { return nil }
      self = .authentication
    case .conversation: self = .conversation
    case .handshake: self = .handshake
    case .limits: self = .limits
    case .queueRunner: self = .queueRunner
    case .retryPolicy: self = .retryPolicy
    case .blockLists: self = .blockLists
    case .rate: self = .rate
    case .load: self = .load
    case .message, .service: return nil
    case .recovered: self = .recovered
    case .scope: self = .scope
    case .senders: self = .senders
    }
  }

  func request(of domain: String?) -> CheckRequest? {
    switch (self, domain) {
    case (.identity, _): .identity
    case (.limits, _): .limits
    case (.queueRunner, _): .queueRunner
    case (.blockLists, _): .blockLists
    case (.load, _): .load
    case (.senders, _): .senders
    case (.scope, let domain?): .scope(domain: domain)
    case (.mailExchangers, let domain?): .mailExchangers(domain: domain)
    case (.port25, let domain?): .port25(domain: domain)
    case (.path, let domain?): .path(host: domain)
    case (.authentication, let domain?): .authentication(domain: domain)
    case (.conversation, let domain?): .conversation(domain: domain)
    case (.handshake, let domain?): .handshake(domain: domain)
    case (.retryPolicy, let domain?): .retryPolicy(domain: domain)
    case (.rate, let domain?): .rate(domain: domain)
    case (.recovered, let domain?): .recovered(domain: domain)
    case (_, nil): nil
    }
  }
}
