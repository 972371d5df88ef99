// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

/// A domain name that has the form of one (RFC 1035, RFC 1123): safe as an argument of a command.
///
/// Internationalised names only as A-labels (`xn--…`). Underscores are let through, since
/// `_dmarc.example.net` is a name too. In lower case, without the dot of the root.
package struct DomainName: Hashable, Sendable, CustomStringConvertible {
  package let text: String

  /// Fails where `text` is no such name.
  ///
  /// An option, a literal address and a name in raw UTF-8 are none.
  package init?(validating text: String) {
    var name = text[...]
    if name.hasSuffix(".") { name.removeLast() }
    guard (1...253).contains(name.utf8.count) else { return nil }
    let labels = name.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard labels.allSatisfy(Self.isLabel), let top = labels.last, !top.allSatisfy(Self.isDigit)
    else { return nil }
    self.text = name.lowercased()
  }

  private init(known text: String) { self.text = text }

  package static let localhost = DomainName(known: "localhost")

  /// The domain of an address: what stands after its last `@`.
  package init?(ofAddress address: String) {
    guard let at = address.lastIndex(of: "@") else { return nil }
    self.init(validating: String(address[address.index(after: at)...]))
  }

  package var description: String { text }

  /// This name below `label`, such as `_dmarc.example.net`; nil if that is too long.
  package func below(_ label: String) -> DomainName? {
    DomainName(validating: "\(label).\(text)")
  }

  private static func isLabel(_ label: Substring.UTF8View.SubSequence) -> Bool {
    (1...63).contains(label.count) && label.first != UInt8(ascii: "-")
      && label.last != UInt8(ascii: "-") && label.allSatisfy(isNameByte)
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    isDigit(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
      || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
