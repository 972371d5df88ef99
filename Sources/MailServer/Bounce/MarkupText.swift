// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes

/// HTML as the lines that a reader would see.
enum MarkupText {
  static func plain(_ markup: [UInt8]) -> [UInt8] {
    var text: [UInt8] = []
    var index = 0
    // Behind the last end of a tag no more are looked for.
    let last = markup.span.lastIndex(of: UInt8(ascii: ">"), before: markup.count) ?? 0
    while index < markup.count {
      let byte = markup[index]
      if byte == UInt8(ascii: "<"), index < last,
        let end = markup.span.firstIndex(of: UInt8(ascii: ">"), from: index)
      {
        let tag = markup[(index + 1)..<end].prefix(8).map(ASCII.lowercase)
        if let name = hidden.first(where: { tag.starts(with: $0.utf8) }) {
          index = past(name, in: markup, from: end)
          continue
        }
        if breaks.contains(where: { tag.begins($0) }) { text.append(ASCII.newline) }
        index = end + 1
      } else if byte == UInt8(ascii: "&"), let (letter, next) = entity(in: markup, at: index) {
        text += letter
        index = next
      } else {
        // White space of the source is none of the page.
        text.append(byte < ASCII.space ? ASCII.space : byte)
        index += 1
      }
    }
    return text
  }

  private static let breaks: [StaticString] = [
    "br", "p", "/p", "div", "/div", "tr", "/tr", "td", "/td", "li", "/li", "h1", "h2", "h3",
    "table", "/h",
    "hr", "pre",
  ]
  private static let hidden = ["style", "script", "head>", "!--"]

  private static func past(_ name: String, in markup: [UInt8], from start: Int) -> Int {
    let mark: StaticString =
      switch name {
      case "style": "</style"
      case "script": "</script"
      case "head>": "</head"
      default: "--"
      }
    // A comment's own end may be the one that was found.
    guard
      let close = markup.span.firstIndex(of: mark, from: name == "!--" ? max(0, start - 2) : start),
      let end = markup.span.firstIndex(of: UInt8(ascii: ">"), from: close)
    else { return markup.count }
    return end + 1
  }

  private static func entity(in markup: [UInt8], at start: Int) -> (letter: [UInt8], next: Int)? {
    guard let end = markup[start...].prefix(9).firstIndex(of: UInt8(ascii: ";")) else { return nil }
    let name = String(decoding: markup[(start + 1)..<end], as: UTF8.self)
    let letter: String? =
      switch name {
      case "lt": "<"
      case "gt": ">"
      case "amp": "&"
      case "quot": "\""
      case "nbsp": " "
      default:
        name.hasPrefix("#")
          ? UInt32(name.dropFirst()).flatMap(Unicode.Scalar.init).map { String($0) } : nil
      }
    return letter.map { (Array($0.utf8), end + 1) }
  }
}
