// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

/// What the other side said: one SMTP reply (RFC 5321, section 4.2), unfolded to one line.
package struct Reply: Hashable, Sendable {
  /// The basic code, 200 to 599, or nil if our own MTA speaks (connection timed out, …).
  package var code: Int?
  package var enhanced: EnhancedStatusCode?
  /// The words after the codes, lines joined by one space.
  ///
  /// Not safe for a terminal as they are.
  package var text: String

  package init(code: Int?, enhanced: EnhancedStatusCode?, text: String) {
    self.code = code
    self.enhanced = enhanced
    self.text = text
  }

  /// Codes and words in one line, as the server would have said it unfolded.
  package var line: String {
    let codes = [code.map(String.init), enhanced?.description].compactMap(\.self)
    return (codes + [text]).filter { !$0.isEmpty }.joined(separator: " ")
  }
}
