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
      let count = MessageOverlay.lines(of: reader, state: self).count
      guard let scroll = Pager.scroll(reader.scroll, by: key, of: count, on: size) else {
        return []
      }
      reader.scroll = scroll
      modal = .message(reader)
    }
    return []
  }
}
