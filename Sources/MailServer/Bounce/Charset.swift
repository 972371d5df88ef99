// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes

/// The character sets in which servers write their bounces, as UTF-8.
///
/// Their names come from strangers, so the C library's converters, which load code by that name, are left alone.
/// Letters that are unknown here become one mark: addresses and codes are ASCII in all of them.
enum Charset {
  case utf8, latin, cyrillicISO, cyrillicWindows, cyrillicKOI, japanese, utf7

  init(_ name: String?) {
    switch (name ?? "").lowercased() {
    case "iso-8859-1", "iso-8859-15", "iso-8859-9", "latin1", "windows-1252", "cp1252":
      self = .latin
    case "iso-8859-5": self = .cyrillicISO
    case "windows-1251", "cp1251": self = .cyrillicWindows
    case "koi8-r", "koi8-u": self = .cyrillicKOI
    case "iso-2022-jp", "iso-2022-jp-1", "iso-2022-jp-2", "iso-2022-jp-ms": self = .japanese
    case "utf-7", "unicode-1-1-utf-7": self = .utf7
    default: self = .utf8
    }
  }

  /// The bytes as UTF-8; what is none of it already stays as it is.
  func decoded(_ bytes: [UInt8]) -> [UInt8] {
    switch self {
    // A part of fields has no charset: the escapes of ISO 2022 speak for themselves.
    case .utf8: bytes.holds("\u{1B}$") ? Self.japanese(bytes) : bytes
    // Many declare a Latin set and write UTF-8.
    case .latin where String(validating: bytes, as: UTF8.self) != nil: bytes
    case .latin: eachByte(bytes) { Self.windows[$0] ?? UInt32($0) }
    case .cyrillicISO: eachByte(bytes) { $0 < 0xA1 ? UInt32($0) : UInt32($0) + 0x360 }
    case .cyrillicWindows:
      eachByte(bytes) {
        $0 < 0xC0 ? $0 == 0xA8 ? 0x401 : $0 == 0xB8 ? 0x451 : 0xB7 : UInt32($0) + 0x350
      }
    case .cyrillicKOI: eachByte(bytes) { $0 < 0xC0 ? 0xB7 : Self.koi[Int($0 - 0xC0)] }
    case .japanese: Self.japanese(bytes)
    case .utf7: Self.utf7(bytes)
    }
  }

  private func eachByte(_ bytes: [UInt8], _ letter: (UInt8) -> UInt32) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count)
    for byte in bytes {
      if byte < 0x80 { text.append(byte) } else { Self.append(letter(byte), to: &text) }
    }
    return text
  }

  private static func append(_ value: UInt32, to text: inout [UInt8]) {
    text += Array(String(Unicode.Scalar(value) ?? "\u{FFFD}").utf8)
  }

  /// The quotes and dashes that Windows put where ISO 8859-1 has controls.
  private static let windows: [UInt8: UInt32] = [
    0x80: 0x20AC, 0x85: 0x2026, 0x91: 0x2018, 0x92: 0x2019, 0x93: 0x201C, 0x94: 0x201D,
    0x96: 0x2013, 0x97: 0x2014,
  ]

  /// RFC 1489, from 0xC0: small letters, then capitals, in the order of the Latin alphabet.
  private static let koi: [UInt32] = {
    let small = Array("юабцдефгхийклмнопярстужвьызшэщчъ".unicodeScalars.map(\.value))
    return small + small.map { $0 - 0x20 }
  }()

  /// RFC 1468: two bytes for a letter between escape sequences.
  ///
  /// Of its rows the alphabets are in the order of
  /// Unicode; an ideograph becomes the mark that Japanese print uses for a missing one.
  private static func japanese(_ bytes: [UInt8]) -> [UInt8] {
    var text: [UInt8] = []
    var isDouble = false
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      if byte == 0x1B, index + 2 < bytes.count {
        isDouble = bytes[index + 1] == UInt8(ascii: "$")
        index +=
          bytes[index + 1] == UInt8(ascii: "$") && bytes[index + 2] == UInt8(ascii: "(") ? 4 : 3
      } else if isDouble, byte > ASCII.space, index + 1 < bytes.count {
        append(letter(row: byte, cell: bytes[index + 1]), to: &text)
        index += 2
      } else {
        // A line begins in ASCII.
        if byte == ASCII.newline { isDouble = false }
        text.append(byte)
        index += 1
      }
    }
    return text
  }

  private static func letter(row: UInt8, cell: UInt8) -> UInt32 {
    let cell32 = UInt32(cell)
    return switch row {
    case 0x21:
      [0x21: 0x20, 0x22: 0x3001, 0x23: 0x3002, 0x3C: 0x30FC, 0x56: 0x300C, 0x57: 0x300D][cell]
        ?? 0x30FB
    case 0x23: cell32
    case 0x24: 0x3020 + cell32
    case 0x25: 0x3080 + cell32
    default: 0x3013
    }
  }

  /// RFC 2152: base64 of UTF-16 between `+` and `-`.
  private static func utf7(_ bytes: [UInt8]) -> [UInt8] {
    var text: [UInt8] = []
    var index = 0
    while index < bytes.count {
      guard bytes[index] == UInt8(ascii: "+") else {
        text.append(bytes[index])
        index += 1
        continue
      }
      var end = index + 1
      while end < bytes.count, Self.isBase64(bytes[end]) { end += 1 }
      if end == index + 1 {
        text.append(UInt8(ascii: "+"))
      } else {
        let pairs = TransferEncoding.base64(bytes[(index + 1)..<end])
        let units = stride(from: 0, to: pairs.count - pairs.count % 2, by: 2).map {
          UInt16(pairs[$0]) << 8 | UInt16(pairs[$0 + 1])
        }
        text += Array(String(decoding: units, as: UTF16.self).utf8)
      }
      index = end < bytes.count && bytes[end] == UInt8(ascii: "-") ? end + 1 : end
    }
    return text
  }

  private static func isBase64(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"):
      true
    default: false
    }
  }
}

/// `=?utf-8?B?…?=` in a header field (RFC 2047).
enum EncodedWords {
  static func decoded(_ value: [UInt8]) -> String {
    var text: [UInt8] = []
    var index = 0
    var isAfterWord = false
    while index < value.count {
      if let (word, end) = word(in: value, at: index) {
        // White space between two encoded words is not part of the text.
        if isAfterWord { while text.last == ASCII.space { text.removeLast() } }
        text += word
        index = end
        isAfterWord = true
      } else {
        if value[index] > ASCII.space { isAfterWord = false }
        text.append(value[index])
        index += 1
      }
    }
    return String(decoding: text, as: UTF8.self)
  }

  private static func word(in value: [UInt8], at start: Int) -> (text: [UInt8], end: Int)? {
    guard value.span.has("=?", at: start) else { return nil }
    let mark = UInt8(ascii: "?")
    let limit = min(value.count, start + 400)
    guard let charset = value[(start + 2)..<limit].firstIndex(of: mark), charset + 2 < limit,
      value[charset + 2] == mark,
      let end = value[(charset + 3)..<limit].firstIndex(of: mark), end + 1 < value.count,
      value[end + 1] == UInt8(ascii: "=")
    else { return nil }
    let content = value[(charset + 3)..<end]
    let bytes: [UInt8]
    switch ASCII.lowercase(value[charset + 1]) {
    case UInt8(ascii: "b"): bytes = TransferEncoding.base64(content)
    case UInt8(ascii: "q"):
      let spaced = content.map { $0 == UInt8(ascii: "_") ? ASCII.space : $0 }
      bytes = TransferEncoding.escapes(spaced[...], mark: UInt8(ascii: "="))
    default: return nil
    }
    let name = String(decoding: value[(start + 2)..<charset], as: UTF8.self)
    return (Charset(name).decoded(bytes), end + 2)
  }
}
