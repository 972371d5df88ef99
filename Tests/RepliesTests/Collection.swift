// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Replies
import Testing

/// One labelled reply of `Fixtures/replies.tsv`.
struct LabelledReply: CustomTestStringConvertible {
  let id: String
  /// Causes that are right, the best first.
  let causes: [String]
  let code: String
  let enhanced: String
  let text: String

  var testDescription: String { id }
  var isTemporary: Bool { causes.first != Cause.notTemporary.rawValue }

  /// The fixture; columns: id, cause, basic code, enhanced code, provider, reply.
  static let all: [LabelledReply] = {
    let text = Fixture.read(Fixture.tests + "/Fixtures/replies.tsv") ?? ""
    return text.split(separator: "\n").dropFirst().compactMap { line in
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      guard fields.count == 6 else { return nil }
      return LabelledReply(
        id: fields[0], causes: fields[1].split(separator: "|").map(String.init), code: fields[2],
        enhanced: fields[3], text: fields[5])
    }
  }()
}
