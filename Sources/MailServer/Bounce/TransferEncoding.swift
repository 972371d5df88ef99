// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes

/// How the bytes of a part are written in a mail (RFC 2045, section 6).
///
/// Damaged text is read as far as it goes: whatever comes, there are bytes.
enum TransferEncoding {
  case identity, quotedPrintable, base64

  init(_ name: String?) {
    switch name?.lowercased() {
    case "quoted-printable": self = .quotedPrintable
    case "base64": self = .base64
    default: self = .identity
    }
  }

  /// The decoded bytes of lines, which end with LF.
  func decoded(_ lines: ArraySlice<ArraySlice<UInt8>>) -> [UInt8] {
    switch self {
    case .identity: Array(lines.joined(separator: [ASCII.newline]))
    case .quotedPrintable: Self.quotedPrintable(lines)
    case .base64: Self.base64(lines.joined())
    }
  }

  private static func quotedPrintable(_ lines: ArraySlice<ArraySlice<UInt8>>) -> [UInt8] {
    var bytes: [UInt8] = []
    for line in lines {
      var end = line.endIndex
      while end > line.startIndex, line[end - 1] == ASCII.space || line[end - 1] == ASCII.tab {
        end -= 1
      }
      let isSoft = end > line.startIndex && line[end - 1] == UInt8(ascii: "=")
      bytes += escapes(line[..<(isSoft ? end - 1 : end)], mark: UInt8(ascii: "="))
      if !isSoft { bytes.append(ASCII.newline) }
    }
    return bytes
  }

  /// `=3D` and the like as the bytes that they stand for.
  static func escapes(_ text: ArraySlice<UInt8>, mark: UInt8) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count)
    var index = text.startIndex
    while index < text.endIndex {
      if text[index] == mark, index + 2 < text.endIndex, let high = ASCII.hexDigit(text[index + 1]),
        let low = ASCII.hexDigit(text[index + 2])
      {
        bytes.append(UInt8(high << 4 | low))
        index += 3
      } else {
        bytes.append(text[index])
        index += 1
      }
    }
    return bytes
  }

  /// The bytes of base64; what is no letter of it is passed over.
  static func base64(_ text: some Sequence<UInt8>) -> [UInt8] {
    var bytes: [UInt8] = []
    var bits: UInt32 = 0
    var count = 0
    for byte in text {
      let value: UInt8
      switch byte {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): value = byte - UInt8(ascii: "A")
      case UInt8(ascii: "a")...UInt8(ascii: "z"): value = byte - UInt8(ascii: "a") + 26
      case UInt8(ascii: "0")...UInt8(ascii: "9"): value = byte - UInt8(ascii: "0") + 52
      case UInt8(ascii: "+"), UInt8(ascii: "-"): value = 62
      case UInt8(ascii: "/"), UInt8(ascii: "_"): value = 63
      default: continue
      }
      bits = bits << 6 | UInt32(value)
      count += 6
      if count >= 8 {
        count -= 8
        bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
        bits &= (1 << UInt32(count)) - 1
      }
    }
    return bytes
  }
}
