// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

/// Goes through JSON text (RFC 8259) and says where its parts stand: nothing is copied or decoded.
///
/// The text is given with each call, since it belongs to somebody else.
@usableFromInline
package struct JSONScanner: Sendable {
  /// The text is no JSON from here on, or it is cut off.
  @usableFromInline
  package struct Malformed: Error {
    @inlinable package init() {}
  }

  /// The next byte to look at.
  @usableFromInline package var position: Int
  /// Whether any string so far has an escape.
  @usableFromInline package var hasEscapes = false

  @inlinable
  package init(at position: Int = 0) { self.position = position }

  /// Goes to the next byte that is no blank; false at the end.
  @inlinable
  package mutating func skipBlanks(_ bytes: Span<UInt8>) -> Bool {
    while position < bytes.count {
      switch bytes[position] {
      case 0x20, 0x09, 0x0A, 0x0D: position += 1
      default: return true
      }
    }
    return false
  }

  /// Passes over a byte where it comes next, blanks aside.
  @inlinable
  package mutating func take(_ byte: UInt8, _ bytes: Span<UInt8>) -> Bool {
    guard skipBlanks(bytes), bytes[position] == byte else { return false }
    position += 1
    return true
  }

  @inlinable
  package mutating func expect(_ byte: UInt8, _ bytes: Span<UInt8>) throws(Malformed) {
    guard take(byte, bytes) else { throw Malformed() }
  }

  /// A string, without its quotes: see `Span.unescaped`.
  @inlinable
  package mutating func string(_ bytes: Span<UInt8>) throws(Malformed) -> ByteRange {
    try expect(UInt8(ascii: "\""), bytes)
    let start = position
    while let stop = bytes.firstIndex(
      of: UInt8(ascii: "\""), or: UInt8(ascii: "\\"), from: position)
    {
      position = stop + 1
      if bytes[stop] == UInt8(ascii: "\"") { return ByteRange(start..<stop) }
      hasEscapes = true
      position = min(stop + 2, bytes.count)
    }
    throw Malformed()
  }

  /// The name of a member, up to its value.
  @inlinable
  package mutating func name(_ bytes: Span<UInt8>) throws(Malformed) -> ByteRange {
    let name = try string(bytes)
    try expect(UInt8(ascii: ":"), bytes)
    return name
  }

  /// Passes over a value of any kind, however deep; how brackets pair is not looked at.
  @inlinable
  package mutating func skipValue(_ bytes: Span<UInt8>) throws(Malformed) {
    var depth = 0
    repeat {
      guard skipBlanks(bytes) else { throw Malformed() }
      switch bytes[position] {
      case UInt8(ascii: "\""): _ = try string(bytes)
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        depth += 1
        position += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        guard depth > 0 else { throw Malformed() }
        depth -= 1
        position += 1
      case UInt8(ascii: ","), UInt8(ascii: ":"):
        guard depth > 0 else { throw Malformed() }
        position += 1
      default: _ = try scalar(bytes)
      }
    } while depth > 0
  }

  /// `true`, `null`, `-1.5e3`, or any other word of letters, digits and signs.
  @inlinable
  package mutating func scalar(_ bytes: Span<UInt8>) throws(Malformed) -> Range<Int> {
    let start = position
    while position < bytes.count {
      switch bytes[position] {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "+"),
        UInt8(ascii: "."):
        position += 1
        continue
      default: break
      }
      break
    }
    guard position > start else { throw Malformed() }
    return start..<position
  }
}

extension Span where Element == UInt8 {
  /// What the JSON string at a place says, and whether it is one to the letter of RFC 8259, section 7.
  ///
  /// Where it is not, an escape that is none is the letter after its backslash, and a control character stays.
  /// Half of a surrogate pair is U+FFFD.
  package func unescaped(_ range: Range<Int>) -> (text: [UInt8], isStrict: Bool) {
    var (text, isStrict) = ([UInt8](), true)
    text.reserveCapacity(range.count)
    var index = range.lowerBound
    while index < range.upperBound {
      let byte = self[index]
      index += 1
      guard byte == UInt8(ascii: "\\"), index < range.upperBound else {
        isStrict = isStrict && byte >= 0x20
        text.append(byte)
        continue
      }
      let letter = self[index]
      index += 1
      switch letter {
      case UInt8(ascii: "n"): text.append(0x0A)
      case UInt8(ascii: "r"): text.append(0x0D)
      case UInt8(ascii: "t"): text.append(0x09)
      case UInt8(ascii: "b"): text.append(0x08)
      case UInt8(ascii: "f"): text.append(0x0C)
      case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(letter)
      case UInt8(ascii: "u"):
        guard let unit = hexUnit(index, before: range.upperBound) else { fallthrough }
        index += 4
        var units = [unit]
        if UTF16.isLeadSurrogate(unit), has("\\u", at: index),
          let next = hexUnit(index + 2, before: range.upperBound), UTF16.isTrailSurrogate(next)
        {
          units.append(next)
          index += 6
        }
        text += String(decoding: units, as: UTF16.self).utf8
      default:
        isStrict = false
        text.append(letter)
      }
    }
    return (text, isStrict)
  }

  /// The four hexadecimal digits at a place.
  private func hexUnit(_ start: Int, before end: Int) -> UInt16? {
    guard start + 4 <= end else { return nil }
    var unit: UInt16 = 0
    for index in start..<start + 4 {
      guard let digit = ASCII.hexDigit(self[index]) else { return nil }
      unit = unit << 4 | UInt16(digit)
    }
    return unit
  }
}
