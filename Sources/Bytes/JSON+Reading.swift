// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

extension JSON {
  /// Reads one value that fills `bytes`, white space aside.
  ///
  /// Total: nil for what is no JSON or is nested deeper than 64. Bytes that are no UTF-8 and lone
  /// surrogates become U+FFFD.
  package init?(parsing bytes: [UInt8]) {
    var scanner = JSONScanner()
    guard let value = try? scanner.value(bytes.span, depth: 0), !scanner.skipBlanks(bytes.span)
    else { return nil }
    self = value
  }
}

extension JSONScanner {
  private static let deepest = 64

  fileprivate mutating func value(
    _ bytes: Span<UInt8>, depth: Int
  ) throws(Malformed) -> JSON {
    guard depth < Self.deepest, skipBlanks(bytes) else { throw Malformed() }
    switch bytes[position] {
    case UInt8(ascii: "{"): return try object(bytes, depth: depth)
    case UInt8(ascii: "["): return try array(bytes, depth: depth)
    case UInt8(ascii: "\""): return .string(try bytes.strict(string(bytes)))
    default: return try bytes.json(scalar(bytes))
    }
  }

  private mutating func object(_ bytes: Span<UInt8>, depth: Int) throws(Malformed) -> JSON {
    var members: [JSON.Member] = []
    try expect(UInt8(ascii: "{"), bytes)
    if take(UInt8(ascii: "}"), bytes) { return .object(members) }
    repeat {
      let name = try bytes.strict(name(bytes))
      members.append(JSON.Member(name, try value(bytes, depth: depth + 1)))
    } while take(UInt8(ascii: ","), bytes)
    try expect(UInt8(ascii: "}"), bytes)
    return .object(members)
  }

  private mutating func array(_ bytes: Span<UInt8>, depth: Int) throws(Malformed) -> JSON {
    var elements: [JSON] = []
    try expect(UInt8(ascii: "["), bytes)
    if take(UInt8(ascii: "]"), bytes) { return .array(elements) }
    repeat {
      elements.append(try value(bytes, depth: depth + 1))
    } while take(UInt8(ascii: ","), bytes)
    try expect(UInt8(ascii: "]"), bytes)
    return .array(elements)
  }
}

extension Span where Element == UInt8 {
  fileprivate func strict(_ place: ByteRange) throws(JSONScanner.Malformed) -> String {
    let (text, isStrict) = unescaped(place.range)
    guard isStrict else { throw JSONScanner.Malformed() }
    return String(decoding: text, as: UTF8.self)
  }

  fileprivate func json(_ scalar: Range<Int>) throws(JSONScanner.Malformed) -> JSON {
    let text = string(scalar)
    switch text {
    case "true": return .bool(true)
    case "false": return .bool(false)
    case "null": return .null
    default: break
    }
    // `Double` knows more, such as `nan` and `0x1p3`.
    if let first = text.utf8.first, first == UInt8(ascii: "-") || ASCII.digit(first) != nil,
      text.utf8.allSatisfy({ ASCII.digit($0) != nil || "+-.eE".utf8.contains($0) })
    {
      if let integer = Int64(text) { return .integer(integer) }
      if let number = Double(text) { return .number(number) }
    }
    throw JSONScanner.Malformed()
  }
}
