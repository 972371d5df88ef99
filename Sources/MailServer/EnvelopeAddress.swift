// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

/// An envelope address in the form that may become an argument of the sendmail interface: RFC 5321,
/// its local part quoted where it needs to be.
package struct EnvelopeAddress: Hashable, Sendable {
  package let text: String

  /// Quotes the local part of an address as Postfix keeps it (unquoted) or Exim (quoted already).
  ///
  /// Fails for the null sender, and where bytes were lost (U+FFFD) or control characters stand.
  package init?(_ address: String) {
    let forbidden = address.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F }
    guard !address.isEmpty, !forbidden, !address.unicodeScalars.contains("\u{FFFD}") else {
      return nil
    }
    let at = address.lastIndex(of: "@") ?? address.endIndex
    let local = address[..<at]
    if Self.isDotAtom(local) || Self.isQuoted(local) {
      text = address
    } else {
      let escaped = local.map { "\"\\".contains($0) ? "\\\($0)" : "\($0)" }.joined()
      text = "\"" + escaped + "\"" + address[at...]
    }
  }

  /// An address without the quoting of its local part, to compare what different tools print.
  package static func unquoted(_ address: String) -> String {
    let at = address.lastIndex(of: "@") ?? address.endIndex
    let local = address[..<at]
    guard isQuoted(local) else { return address }
    var plain = ""
    var isEscaped = false
    for character in local.dropFirst().dropLast() {
      if character == "\\", !isEscaped {
        isEscaped = true
      } else {
        plain.append(character)
        isEscaped = false
      }
    }
    return plain + address[at...]
  }

  private static func isDotAtom(_ local: Substring) -> Bool {
    let parts = local.split(separator: ".", omittingEmptySubsequences: false)
    return parts.allSatisfy { !$0.isEmpty && $0.unicodeScalars.allSatisfy(isAtomText) }
  }

  private static func isAtomText(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "0"..."9", "a"..."z", "A"..."Z": true
    // RFC 6531: any other than ASCII may be in an atom.
    default: scalar.value >= 0x80 || "!#$%&'*+-/=?^_`{|}~".unicodeScalars.contains(scalar)
    }
  }

  private static func isQuoted(_ local: Substring) -> Bool {
    guard local.utf8.count >= 2, local.first == "\"", local.last == "\"" else { return false }
    var isEscaped = false
    for character in local.dropFirst().dropLast() {
      if character == "\"", !isEscaped { return false }
      isEscaped = character == "\\" && !isEscaped
    }
    return !isEscaped
  }
}
