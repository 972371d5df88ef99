// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

/// What a table of patterns gives: regexp_table(5), pcre_table(5), cidr_table(5).
///
/// `postmap -s` does not list such a table, and which pattern fits is for Postfix to tell; what it can give stands in it.
struct PostfixPatternTable {
  private(set) var results: [String] = []
  /// Whether a result is made from the parts of what was looked up (`$1`).
  private(set) var hasSubstitutions = false

  init(_ text: [UInt8]) {
    var line = ""
    for next in String(decoding: text, as: UTF8.self).split(whereSeparator: \.isNewline) {
      let isComment = next.first(where: { !$0.isWhitespace }).map { $0 == "#" } ?? true
      if isComment { continue }
      if next.first?.isWhitespace ?? false {
        line += next
      } else {
        take(line)
        line = String(next)
      }
    }
    take(line)
  }

  /// `/pattern/flags result`, `!/pattern/flags result`, `192.0.2.0/24 result`; `if /pattern/` and `endif` give nothing.
  private mutating func take(_ line: String) {
    var rest = line[...].drop(while: \.isWhitespace)
    if rest.hasPrefix("!") { rest = rest.dropFirst().drop(while: \.isWhitespace) }
    let word = rest.prefix { !$0.isWhitespace }.lowercased()
    guard let delimiter = rest.first, word != "endif", word != "if", !word.hasPrefix("if/"),
      !word.hasPrefix("if!")
    else { return }
    if !delimiter.isLetter, !delimiter.isNumber, delimiter != ":" {
      rest = rest.dropFirst()
      while let character = rest.popFirst(), character != delimiter {
        if character == "\\" { rest = rest.dropFirst() }
      }
    }
    let result = rest.drop { !$0.isWhitespace }.drop(while: \.isWhitespace)
    guard !result.isEmpty else { return }
    if result.contains("$") { hasSubstitutions = true } else { results.append(String(result)) }
  }
}
