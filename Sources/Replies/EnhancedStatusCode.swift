// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

/// An enhanced mail system status code (RFC 3463), such as 4.7.1.
package struct EnhancedStatusCode: Hashable, Sendable, CustomStringConvertible {
  /// 2 success, 4 persistent transient failure, 5 permanent failure.
  package let category: Int
  /// 0 to 999.
  package let subject: Int
  /// 0 to 999.
  package let detail: Int

  /// Fails where the numbers are outside RFC 3463, section 2.
  package init?(_ category: Int, _ subject: Int, _ detail: Int) {
    guard [2, 4, 5].contains(category), (0...999).contains(subject), (0...999).contains(detail)
    else { return nil }
    self.category = category
    self.subject = subject
    self.detail = detail
  }

  /// Reads exactly `d.d.d`; anything else, a dotted quad among them, is nil.
  package init?(_ text: String) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 3 else { return nil }
    var numbers: [Int] = []
    for part in parts {
      guard (1...3).contains(part.utf8.count), part.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }),
        let number = Int(part)
      else { return nil }
      numbers.append(number)
    }
    self.init(numbers[0], numbers[1], numbers[2])
  }

  package var description: String { "\(category).\(subject).\(detail)" }
}
