// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas

/// Paragraphs wrapped to a width, with headings.
struct StyledText {
  let width: Int
  private(set) var lines: [(text: String, role: StyleRole)] = []

  init(width: Int) { self.width = max(1, width) }

  mutating func heading(_ text: String) {
    if !lines.isEmpty { lines.append(("", .text)) }
    lines.append((text, .heading))
  }

  mutating func add(_ text: String, _ role: StyleRole = .text) {
    let indent = String(text.prefix { $0 == " " })
    for line in wrap(text, width: width - indent.count) {
      lines.append((line.hasPrefix(" ") ? line : indent + line, role))
    }
  }
}
