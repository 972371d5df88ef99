// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

/// Reads the filter language.
///
///     any  = all { ("or" | "|") all }
///     all  = { not }
///     not  = { "!" | "not" } (test | "(" any ")")
///     test = word | "quoted words" | /regex/ | field (":" | "=" | "<" | "<=" | ">=" | ">") value
struct FilterParser {
  /// Longer ones are nobody's typing.
  private static let longest = 1000
  private static let deepest = 40

  private let characters: [Character]
  private let scope: Filter.Scope
  private var index = 0
  private var depth = 0

  init(_ text: String, _ scope: Filter.Scope) {
    characters = Array(text.prefix(Self.longest + 1))
    self.scope = scope
  }

  mutating func parse() throws(FilterError) -> Filter.Term {
    guard characters.count <= Self.longest else {
      throw error("Too long: at most \(Self.longest) characters.", at: Self.longest)
    }
    let term = try any()
    guard index == characters.count else {
      throw error("This ) has no matching (. Quote it to search for it.")
    }
    return term
  }

  // MARK: - Structure

  private mutating func any() throws(FilterError) -> Filter.Term {
    var terms = [try all()]
    while true {
      let start = index
      guard take(operator: ["or", "|", "||"]) else { break }
      if terms.last == .all([]) { throw error("Something is missing before this or.", at: start) }
      terms.append(try all())
      if terms.last == .all([]) { throw error("Something is missing after this or.", at: start) }
    }
    return terms.count == 1 ? terms[0] : .any(terms)
  }

  private mutating func all() throws(FilterError) -> Filter.Term {
    var terms: [Filter.Term] = []
    while true {
      skipBlanks()
      let start = index
      if take(operator: ["and", "&", "&&"]) {
        skipBlanks()
        let isLast = nextWord.map { ["or", "|", "||", "and", "&", "&&"].contains($0) } ?? true
        if terms.isEmpty || isLast {
          throw error("Something is missing beside this and.", at: start)
        }
      }
      guard let next = peek, !(next == ")" && depth > 0) else { break }
      if nextWord.map({ ["or", "|", "||"].contains($0) }) ?? false { break }
      if next == ")" { break }
      terms.append(try not())
    }
    return terms.count == 1 ? terms[0] : .all(terms)
  }

  private mutating func not() throws(FilterError) -> Filter.Term {
    var isNot = false
    while true {
      skipBlanks()
      if peek == "!" {
        index += 1
      } else if !take(operator: ["not"]) {
        break
      }
      isNot.toggle()
    }
    let start = index
    let term: Filter.Term
    switch peek {
    case nil: throw error("The ! needs something to exclude, such as !dest:gmail.com.")
    case "(":
      guard depth < Self.deepest else { throw error("There are too many parentheses.") }
      depth += 1
      index += 1
      term = try any()
      guard peek == ")" else { throw error("This ( has no matching ).", at: start) }
      if term == .all([]) { throw error("Something is missing between ( and ).", at: start) }
      index += 1
      depth -= 1
    case ")":
      throw error("Something is missing before this ).")
    default: term = try test()
    }
    return isNot ? .not(term) : term
  }

  // MARK: - Tests

  private mutating func test() throws(FilterError) -> Filter.Term {
    let start = index
    if peek == "\"" || peek == "/" { return .text(nil, try pattern(exact: false)) }
    var end = index
    while end < characters.count, characters[end].isASCII, characters[end].isLetter { end += 1 }
    guard end > start, end < characters.count, ":=<>".contains(characters[end]) else {
      return .text(nil, .contains(Self.bytes(word())))
    }
    let name = String(characters[start..<end])
    guard let field = FilterField(named: name), FilterField.all(in: scope).contains(field) else {
      throw error(unknown(name), at: start)
    }
    index = end
    let sign = characters[index]
    index += 1
    let hasEqual = "<>".contains(sign) && peek == "="
    if hasEqual { index += 1 }
    guard field.isNumber else {
      if sign == "<", !hasEqual, peek == ">" {
        throw error("Use \(name):<> for mail without a sender.", at: end)
      }
      guard ":=".contains(sign) else {
        throw error("\(field.rawValue) is compared with : or =, as in \(field.example).", at: end)
      }
      return try text(of: field, exact: sign == "=")
    }
    let comparison: Filter.Comparison =
      switch sign {
      case "<": hasEqual ? .atMost : .less
      case ">": hasEqual ? .atLeast : .more
      default: .equal
      }
    let place = index
    guard let value = FilterNumber(word(), as: field.kind)?.value else {
      throw error(needed(by: field), at: place)
    }
    return .number(field, comparison, value)
  }

  private mutating func text(
    of field: FilterField, exact: Bool
  ) throws(FilterError) -> Filter.Term {
    let start = index
    guard let next = peek, next != " ", !(next == ")" && depth > 0) else {
      throw error("A value is missing here, as in \(field.example).")
    }
    if field == .from, !"\"/".contains(next) {
      let sender = word()
      return .text(field, sender == "<>" ? .equals([]) : Self.plain(sender, exact: exact))
    }
    let pattern = try pattern(exact: exact)
    guard let words = field.words(in: scope) else { return .text(field, pattern) }
    let known =
      pattern.isAnyOf(["hold", "frozen"]) && field == .state ? .equals(Array("held".utf8)) : pattern
    var matcher = TextMatcher(known)
    guard words.contains(where: { matcher.matches($0) }) else {
      throw error(
        "Unknown \(field.rawValue). Use one of: \(words.joined(separator: ", ")).", at: start)
    }
    return .text(field, known)
  }

  /// A quoted text, a regex between slashes, or a word.
  private mutating func pattern(exact: Bool) throws(FilterError) -> TextPattern {
    let start = index
    switch peek {
    case "\"":
      guard let text = quoted() else { throw error("The closing \" is missing.", at: start) }
      guard exact || !text.isEmpty else {
        throw error("The quotes are empty.", at: start)
      }
      return Self.plain(text, exact: exact)
    case "/":
      var end = index + 1
      while end < characters.count, characters[end] != "/" {
        end += characters[end] == "\\" ? 2 : 1
      }
      guard end < characters.count else {
        throw error("The closing / is missing. A / inside is written \\/.", at: start)
      }
      index = end + 1
      do throws(ByteRegex.Problem) {
        return .regex(try ByteRegex(String(characters[start + 1..<end])))
      } catch {
        throw self.error(error.message, at: start + 1 + error.position)
      }
    default: return Self.plain(word(), exact: exact)
    }
  }

  /// The text between the quotes, in which `\"` is a quote and `\\` a backslash: so any text can be written.
  private mutating func quoted() -> String? {
    var text = ""
    var end = index + 1
    while end < characters.count {
      var next = characters[end]
      if next == "\"" {
        index = end + 1
        return text
      }
      if next == "\\", end + 1 < characters.count, "\"\\".contains(characters[end + 1]) {
        end += 1
        next = characters[end]
      }
      text.append(next)
      end += 1
    }
    return nil
  }

  private static func plain(_ text: String, exact: Bool) -> TextPattern {
    exact ? .equals(bytes(text)) : .contains(bytes(text))
  }

  private static func bytes(_ text: String) -> [UInt8] { TextPattern.folded(text) }

  // MARK: - Characters

  private var peek: Character? { index < characters.count ? characters[index] : nil }

  private mutating func skipBlanks() {
    while let next = peek, next.isWhitespace { index += 1 }
  }

  /// What is before the next blank, or before the parenthesis that closes a group.
  private mutating func word() -> String {
    let start = index
    index = endOfWord
    return String(characters[start..<index])
  }

  private var endOfWord: Int {
    var end = index
    while end < characters.count, !characters[end].isWhitespace,
      !(characters[end] == ")" && depth > 0)
    {
      end += 1
    }
    return end
  }

  private var nextWord: String? {
    index < endOfWord ? String(characters[index..<endOfWord]).lowercased() : nil
  }

  private mutating func take(operator names: Set<String>) -> Bool {
    skipBlanks()
    guard let word = nextWord, names.contains(word) else { return false }
    index = endOfWord
    return true
  }

  // MARK: - Errors

  private func error(_ message: String, at position: Int? = nil) -> FilterError {
    FilterError(position: position ?? index, message: message)
  }

  private func unknown(_ name: String) -> String {
    let fields = FilterField.all(in: scope)
    let names = fields.map(\.rawValue).joined(separator: ", ")
    return "There is no field \(name) in \(scope.place): \(names). Quote it to search for the text."
  }

  private func needed(by field: FilterField) -> String {
    switch field.kind {
    case .duration: "A time is needed here: 90s, 15m, 1h, 2d, as in \(field.example)."
    case .bytes: "A size is needed here: 900, 48K, 1.5M, 2G, as in \(field.example)."
    default: "A number is needed here, as in \(field.example)."
    }
  }
}
