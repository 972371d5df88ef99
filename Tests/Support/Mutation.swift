// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Glibc

extension SeededGenerator {
  /// Bytes at which parsers stop: ends, quotes, escapes, blanks, brackets, and no UTF-8.
  private static let marks: [UInt8] = [0, 0x0A, 0x20, 0x22, 0x28, 0x5C, 0x7B, 0xFF]

  /// The bytes as damage, a cut or an attacker leaves them.
  ///
  /// - Parameter others: what may be put in between, such as other samples.
  package mutating func mutated(_ bytes: [UInt8], with others: [[UInt8]] = []) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<Int.random(in: 1...6, using: &self) where !bytes.isEmpty {
      let place = Int.random(in: bytes.indices, using: &self)
      let piece = bytes[place...].prefix(Int.random(in: 1...60, using: &self))
      switch Int.random(in: 0..<9, using: &self) {
      case 0: bytes.removeSubrange(place...)
      case 1: bytes.removeSubrange(..<place)
      case 2: bytes.removeSubrange(piece.indices)
      case 3: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &self)
      case 4: bytes[place] = UInt8.random(in: 0...255, using: &self)
      case 5: bytes.insert(Self.marks.randomElement(using: &self) ?? 0, at: place)
      case 6: bytes.insert(contentsOf: [UInt8](repeating: bytes[place], count: 300), at: place)
      case 7: bytes.insert(contentsOf: others.randomElement(using: &self) ?? [], at: place)
      default: bytes.insert(contentsOf: piece, at: place)
      }
    }
    return bytes
  }
}

/// How often a random test is repeated.
package enum Rounds {
  /// `TEMPFAIL_MUTATIONS=1` asks for all of them: minutes in a debug build.
  package static func count(_ few: Int, of all: Int) -> Int {
    getenv("TEMPFAIL_MUTATIONS") == nil ? few : all
  }
}
