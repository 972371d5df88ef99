// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

/// Breaks text into safe lines of at most `width` columns, at blanks where possible.
///
/// A line feed begins a new line; words longer than a line are broken. There is always one line,
/// which may be empty.
package func wrap(_ text: String, width: Int) -> [String] {
  let width = max(2, width)
  if let lines = wrapASCII(text, width: width) { return lines }
  return wrapGlyphs(text, width: width)
}

/// The lines of printable ASCII, where a byte is a column; nil for other text.
///
/// Nearly all text is of this kind, and a pane of it is wrapped for each frame.
private func wrapASCII(_ text: String, width: Int) -> [String]? {
  guard text.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else { return nil }
  var lines: [String] = []
  var line: [UInt8] = []
  func endLine() {
    lines.append(String(decoding: line, as: UTF8.self))
    line.removeAll(keepingCapacity: true)
  }
  for word in text.utf8.split(separator: UInt8(ascii: " ")) {
    var rest = word
    while !rest.isEmpty {
      let part = rest.prefix(width)
      rest = rest.dropFirst(width)
      if !line.isEmpty {
        if line.count + 1 + part.count <= width {
          line.append(UInt8(ascii: " "))
        } else {
          endLine()
        }
      }
      line += part
    }
  }
  if !line.isEmpty || lines.isEmpty { endLine() }
  return lines
}

/// The lines of any text.
private func wrapGlyphs(_ text: String, width: Int) -> [String] {
  text.split(separator: "\n", omittingEmptySubsequences: false).flatMap {
    wrapParagraph(String($0), width: width)
  }
}

private func wrapParagraph(_ text: String, width: Int) -> [String] {
  var lines: [String] = []
  var line = GlyphRun()
  var word = GlyphRun()
  func endWord() {
    guard !word.glyphs.isEmpty else { return }
    if line.glyphs.isEmpty {
      line = word
    } else if line.width + 1 + word.width <= width {
      line.append(.blank)
      word.glyphs.forEach { line.append($0) }
    } else {
      lines.append(line.string)
      line = word
    }
    word = GlyphRun()
  }
  for glyph in GlyphReader(text) {
    if glyph == .blank {
      endWord()
      continue
    }
    if word.width + glyph.width > width {
      endWord()
    }
    word.append(glyph)
  }
  endWord()
  if !line.glyphs.isEmpty || lines.isEmpty { lines.append(line.string) }
  return lines
}

/// Cuts the middle out of text that is wider than `width`, with `~` in its place.
///
/// For addresses, host names and paths, whose two ends both matter.
package func abbreviate(_ text: String, width: Int) -> String {
  let safe = SafeText(text)
  guard safe.width > width else { return safe.string }
  guard width > 0 else { return "" }
  let glyphs = Array(GlyphReader(text))
  let head = prefix(of: glyphs, width: width / 2)
  let tail = prefix(of: glyphs.reversed(), width: width - 1 - width / 2)
  var run = GlyphRun()
  head.forEach { run.append($0) }
  run.append(Glyph("~"))
  tail.reversed().forEach { run.append($0) }
  return run.string
}

private func prefix(of glyphs: [Glyph], width: Int) -> ArraySlice<Glyph> {
  var columns = 0
  return glyphs.prefix { glyph in
    columns += glyph.width
    return columns <= width
  }
}

private struct GlyphRun {
  var glyphs: [Glyph] = []
  var width = 0

  mutating func append(_ glyph: Glyph) {
    glyphs.append(glyph)
    width += glyph.width
  }

  var string: String {
    var scalars = String.UnicodeScalarView()
    for glyph in glyphs { scalars.append(contentsOf: glyph.scalars) }
    return String(scalars)
  }
}
