// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes
import Testing

struct ByteStencilTests {
  private let line = Array(
    "Nov 24 00:40:48 mail postfix/smtp[1]: and so on, up to sixty-four bytes".utf8)

  /// Each byte that counts decides, and no other.
  @Test func everyBitThatCountsMustBeTheSame() {
    let bits = (0..<29).map { index -> UInt8 in (7..<15).contains(index) ? 0xF0 : 0xFF }
    let stencil = ByteStencil(line.span, bits: bits)
    for index in line.indices {
      for bit in 0..<8 {
        var other = line
        other[index] ^= 1 << bit
        let counts = index < bits.count && bits[index] & 1 << bit != 0
        let fits = stencil.fits(other.span, at: 0)
        #expect(fits == !counts, "byte \(index), bit \(bit)")
      }
    }
  }

  @Test func itFitsWhereverTheBytesStand() {
    let stencil = ByteStencil(line.span, bits: [0xFF, 0xFF, 0xFF])
    let padded = [UInt8](repeating: 0x2E, count: 7) + line
    for index in -1...padded.count {
      let fits = stencil.fits(padded.span, at: index)
      #expect(fits == (index == 7))
    }
  }

  @Test func nothingFitsOutsideAndWithoutASample() {
    let stencil = ByteStencil(line.span, bits: [])
    let (inside, tooFar) = (stencil.fits(line.span, at: 0), stencil.fits(line.span, at: 60))
    #expect(inside && !tooFar)
    let (none, zeros) = (ByteStencil().fits(line.span, at: 0), [UInt8](repeating: 0, count: 64))
    let empty = ByteStencil().fits(zeros.span, at: 0)
    #expect(!none && !empty)
  }
}
