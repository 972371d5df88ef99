// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

/// Which messages of the queue, or lines of the log, are wanted.
///
/// `dest:gmail.com age>1h !(cause:greylisting or /4\.7\.\d+/)`: words and tests stand side by side
/// where all must hold, with `or`, `!` and parentheses where not. Letters match in any case.
package struct Filter: Hashable, Sendable {
  /// What is filtered: it decides which fields there are.
  package enum Scope: Hashable, Sendable {
    case queue, log, connections

    /// `the queue`.
    var place: String {
      switch self {
      case .queue: "the queue"
      case .log: "the log"
      case .connections: "the connections"
      }
    }
  }

  /// As it was typed, without blanks around it.
  package let text: String
  let term: Term

  /// Reads an expression.
  ///
  /// Total: any text gives a filter or an error that says where it is wrong. Blank text lets all pass.
  package init(_ text: String, for scope: Scope) throws(FilterError) {
    var parser = FilterParser(text, scope)
    term = try parser.parse()
    let end = text.lastIndex { !$0.isWhitespace }.map { text.index(after: $0) } ?? text.startIndex
    self.text = String(text[..<end].drop(while: \.isWhitespace))
  }

  /// Lets through what has one of these texts in a field, whole.
  ///
  /// Names that strangers chose are values here and never words of the language. Its text reads back as the same.
  ///
  /// - Parameter values: at least one; letters match in any case.
  package init(_ field: FilterField, isAnyOf values: [String]) {
    let terms = values.map { Term.text(field, .equals(TextPattern.folded($0))) }
    term = terms.count == 1 ? terms[0] : .any(terms)
    text = values.map { "\(field.rawValue)=\(Self.value($0))" }.joined(separator: " or ")
  }

  /// A text as a value in an expression: in quotes where it could be read as anything else.
  package static func value(_ text: String) -> String {
    let isPlain =
      !text.isEmpty
      && text.unicodeScalars.allSatisfy { scalar in
        scalar.isASCII
          && (scalar.properties.isAlphabetic || "0123456789@.-_+=:".unicodeScalars.contains(scalar))
      }
    guard !isPlain else { return text }
    let escaped = text.reduce(into: "") { escaped, character in
      escaped += character == "\"" || character == "\\" ? "\\\(character)" : String(character)
    }
    return "\"\(escaped)\""
  }

  /// Whether all pass.
  package var isEmpty: Bool { term == .all([]) }

  /// Whether the answer changes as time goes by.
  package var dependsOnTime: Bool { term.dependsOnTime }
}

/// Why an expression could not be read.
package struct FilterError: Error, Hashable, Sendable {
  /// Where, in characters from the start.
  package let position: Int
  /// What is wrong and what would be right, in one sentence.
  package let message: String

  package init(position: Int, message: String) {
    self.position = position
    self.message = message
  }
}

extension Filter {
  indirect enum Term: Hashable, Sendable {
    case all([Term])
    case any([Term])
    case not(Term)
    /// In any of the texts that are shown where the field is nil.
    case text(FilterField?, TextPattern)
    case number(FilterField, Comparison, Int64)

    fileprivate var dependsOnTime: Bool {
      switch self {
      case .all(let terms), .any(let terms): terms.contains(where: \.dependsOnTime)
      case .not(let term): term.dependsOnTime
      case .text: false
      case .number(let field, _, _): field == .age || field == .next
      }
    }
  }

  enum Comparison: Hashable, Sendable {
    case less, atMost, equal, atLeast, more

    func holds(_ left: Int64, _ right: Int64) -> Bool {
      switch self {
      case .less: left < right
      case .atMost: left <= right
      case .equal: left == right
      case .atLeast: left >= right
      case .more: left > right
      }
    }
  }
}
