// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas
import MailServer

extension State {
  // MARK: An opened message

  mutating func press(_ key: Key, in reader: MessageReader) -> [Effect] {
    var reader = reader
    switch key {
    case .escape, .character("q"), .enter:
      modal = nil
    default:
      guard let step = key.scrollStep(page: max(1, size.rows - 4)) else { return [] }
      let last = max(0, MessageOverlay.lines(of: reader, state: self).count - (size.rows - 3))
      reader.scroll = min(max(0, reader.scroll + step), last)
      modal = .message(reader)
    }
    return []
  }
}
