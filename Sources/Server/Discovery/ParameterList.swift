// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

/// The answer of `exim -bP` or `postconf`: `name = value` a line.
struct ParameterList: Sendable {
  /// By name; empty where a parameter is set to nothing.
  private(set) var values: [String: String] = [:]

  /// Total: lines of another form, such as `x is not a known option`, are left out.
  init(_ output: [UInt8]) {
    for line in output.split(separator: UInt8(ascii: "\n")) {
      let text = String(decoding: line, as: UTF8.self)
      guard let equals = text.firstIndex(of: "=") else { continue }
      let name = Self.trimmed(text[..<equals])
      values[name] = Self.trimmed(text[text.index(after: equals)...])
    }
  }

  /// The value, or nil where the parameter is unknown, unset or empty.
  subscript(_ name: ParameterName) -> String? {
    values[name.text].flatMap { $0.isEmpty ? nil : $0 }
  }

  static func trimmed(_ text: Substring) -> String {
    String(text.drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
  }
}
