// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes

/// The answer of `exim -bP` or `postconf`: `name = value` a line.
struct ParameterList: Sendable {
  /// By name; empty if a parameter is set to nothing.
  private(set) var values: [String: String] = [:]

  /// Total: lines of another form, such as `x is not a known option`, are left out.
  init(_ output: [UInt8]) {
    for line in output.split(separator: UInt8(ascii: "\n")) {
      let text = String(decoding: line, as: UTF8.self)
      guard let equals = text.firstIndex(of: "=") else { continue }
      let name = text[..<equals].trimmed
      values[name] = text[text.index(after: equals)...].trimmed
    }
  }

  /// The value, or nil if the parameter is unknown, unset or empty.
  subscript(_ name: ParameterName) -> String? {
    values[name.text].flatMap { $0.isEmpty ? nil : $0 }
  }
}
