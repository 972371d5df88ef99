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
      let request = result.request
      // Results about one message or one end are not saved.
      guard request.message == nil, request.end == nil else { return nil }
      let json: JSON = [
        "kind": "result", "time": .integer(result.time), "check": .string(request.check.name),
        "domain": .string(orNull: request.domain),
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
        let name = value["check"]?.text
        guard let check = Check.allCases.first(where: { $0.name == name }),
          let request = check.request(of: value["domain"]?.text),
          let verdict = value["verdict"]?.text.flatMap(CheckResult.Verdict.init(rawValue:)),
          let summary = value["summary"]?.text
        else { continue }
        progress.note(
          CheckResult(
            request, verdict, summary, value["details"]?.elements?.compactMap(\.text) ?? [],
            at: time))
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
