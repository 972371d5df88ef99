// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

/// An IPv4 or IPv6 address as its bytes: 4 or 16.
package struct IPAddress: Hashable, Sendable {
  package let bytes: [UInt8]

  package var isIPv4: Bool { bytes.count == 4 }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  /// Reads `192.0.2.1` or `2001:db8::1`.
  package init?(_ text: some StringProtocol) {
    guard text.utf8.count <= 45 else { return nil }
    let found =
      text.utf8.contains(UInt8(ascii: ":"))
      ? Self.ipv6(Substring(text)) : Self.ipv4(Substring(text))
    guard let found else { return nil }
    bytes = found
  }

  /// The IPv4 address that is mapped into this IPv6 one, or else the address itself.
  package var unmapped: IPAddress {
    let mapped = [UInt8](repeating: 0, count: 10) + [255, 255]
    return isIPv4 || !bytes.starts(with: mapped) ? self : IPAddress(bytes: Array(bytes.suffix(4)))
  }

  /// `192.0.2.1`, `2001:db8:0:0:0:0:0:1`.
  package var text: String {
    if isIPv4 { return parts.joined(separator: ".") }
    return stride(from: 0, to: bytes.count, by: 2).map {
      String(UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]), radix: 16)
    }
    .joined(separator: ":")
  }

  /// Whether it is of no use beyond this machine or this network (RFC 1918, 3927, 4193, 4291, 6598).
  package var isPrivate: Bool {
    Self.privateNetworks.contains { isIn($0.network, prefix: $0.prefix) }
  }

  package var isLoopback: Bool {
    isIPv4 ? bytes.first == 127 : bytes.last == 1 && bytes.dropLast().allSatisfy { $0 == 0 }
  }

  private static let privateNetworks = [
    ("10.0.0.0", 8), ("172.16.0.0", 12), ("192.168.0.0", 16), ("100.64.0.0", 10),
    ("127.0.0.0", 8), ("169.254.0.0", 16), ("::1", 128), ("fc00::", 7), ("fe80::", 10),
  ].compactMap { text, prefix in IPAddress(text).map { (network: $0, prefix: prefix) } }

  /// Whether the first `prefix` bits are those of `network`; never across the versions.
  package func isIn(_ network: IPAddress, prefix: Int) -> Bool {
    guard bytes.count == network.bytes.count else { return false }
    for (index, pair) in zip(bytes, network.bytes).enumerated() {
      let bits = Swift.min(8, Swift.max(0, prefix - index * 8))
      let mask = bits == 0 ? 0 : UInt8.max << (8 - UInt8(bits))
      guard pair.0 & mask == pair.1 & mask else { return false }
    }
    return true
  }

  /// The parts in the order of SPF's `%{i}`: four numbers, or 32 hexadecimal digits.
  package var parts: [String] {
    isIPv4
      ? bytes.map { String($0) }
      : bytes.flatMap { [String($0 >> 4, radix: 16), String($0 & 15, radix: 16)] }
  }

  /// The name that holds its PTR record.
  package var reverseName: String {
    parts.reversed().joined(separator: ".") + (isIPv4 ? ".in-addr.arpa" : ".ip6.arpa")
  }

  private static func ipv4(_ text: Substring) -> [UInt8]? {
    let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard parts.count == 4 else { return nil }
    var bytes: [UInt8] = []
    for part in parts {
      guard (1...3).contains(part.count), part.allSatisfy({ (0x30...0x39).contains($0) }),
        part.count == 1 || part.first != UInt8(ascii: "0"),
        let byte = UInt8(String(decoding: part, as: UTF8.self))
      else { return nil }
      bytes.append(byte)
    }
    return bytes
  }

  private static func ipv6(_ text: Substring) -> [UInt8]? {
    let text = String(text)
    let halves = text.split(separator: "::", maxSplits: 2, omittingEmptySubsequences: false)
    switch halves.count {
    case 1:
      guard let all = groups(halves[0]), all.count == 16 else { return nil }
      return all
    case 2:
      guard let head = groups(halves[0]), let tail = groups(halves[1]),
        head.count + tail.count <= 14
      else { return nil }
      return head + [UInt8](repeating: 0, count: 16 - head.count - tail.count) + tail
    default: return nil
    }
  }

  private static func groups(_ text: Substring) -> [UInt8]? {
    if text.isEmpty { return [] }
    var bytes: [UInt8] = []
    let groups = text.split(separator: ":", omittingEmptySubsequences: false)
    for (index, group) in groups.enumerated() {
      if index == groups.count - 1, group.contains("."), let last = ipv4(group) {
        bytes += last
        continue
      }
      guard (1...4).contains(group.utf8.count), group.utf8.allSatisfy({ $0 != 0x2B && $0 != 0x2D }),
        let value = UInt16(group, radix: 16)
      else { return nil }
      bytes += [UInt8(value >> 8), UInt8(value & 255)]
    }
    return bytes
  }
}
