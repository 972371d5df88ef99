// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import TestSupport

extension SeededGenerator {
  /// Scalars from the places where trouble lives.
  mutating func text(length: Int) -> String {
    let places: [ClosedRange<UInt32>] = [
      0x00...0x7F, 0x80...0x9F, 0xA0...0xFF, 0x300...0x36F, 0x590...0x6FF, 0x1100...0x11FF,
      0x2000...0x206F, 0x2500...0x257F, 0x3000...0x30FF, 0x4E00...0x4E20, 0xFE00...0xFE0F,
      0xFFF0...0xFFFF, 0x1F300...0x1F9FF, 0xE0000...0xE01EF, 0xF0000...0xF0010, 0...0x10FFFF,
    ]
    var scalars = String.UnicodeScalarView()
    for _ in 0..<length {
      let place = places[Int.random(in: 0..<places.count, using: &self)]
      if let scalar = Unicode.Scalar(UInt32.random(in: place, using: &self)) {
        scalars.append(scalar)
      }
    }
    return String(scalars)
  }
}
