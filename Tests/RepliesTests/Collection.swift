// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Replies
import Testing

/// One labeled reply of a file in `Fixtures`.
struct LabelledReply: CustomTestStringConvertible {
  let id: String
  /// Causes that are right, the best first.
  let causes: [String]
  let code: String
  let enhanced: String
  let text: String

  var testDescription: String { id }
  var isTemporary: Bool { causes.first != Cause.notTemporary.rawValue }

  /// Replies of real servers; columns: id, cause, basic code, enhanced code, provider, reply.
  static let all: [LabelledReply] = rows(of: "replies.tsv").compactMap { fields in
    guard fields.count == 6 else { return nil }
    return LabelledReply(
      id: fields[0], causes: causes(fields[1]), code: fields[2], enhanced: fields[3],
      text: fields[5])
  }

  /// What servers say or might say for each cause, in many words and languages; columns: cause,
  /// reply.
  static let wordings: [LabelledReply] = rows(of: "wordings.tsv").compactMap { fields in
    guard fields.count == 2 else { return nil }
    return LabelledReply(
      id: fields[1], causes: causes(fields[0]), code: "-", enhanced: "-", text: fields[1])
  }

  private static func rows(of name: String) -> [[String]] {
    let text = Fixture.read(Fixture.tests + "/Fixtures/" + name) ?? ""
    return text.split(separator: "\n").dropFirst().map { line in
      line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    }
  }

  private static func causes(_ field: String) -> [String] {
    field.split(separator: "|").map(String.init)
  }
}
