// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer

extension Filter {
  /// The value of `--filter`; what is wrong is said with a mark below its place.
  static func option(_ text: String, for scope: Scope) throws(Failure) -> Filter {
    do throws(FilterError) {
      return try Filter(text, for: scope)
    } catch {
      let mark = String(repeating: " ", count: error.position) + "^"
      throw Failure("--filter: \(error.message)\n\(text)\n\(mark)", status: Failure.usage)
    }
  }
}

extension FilterField {
  /// The fields of a scope for a help text: `from: to: … age> size>`.
  static func names(in scope: Filter.Scope) -> String {
    all(in: scope).map(\.opening).joined(separator: " ")
  }
}
