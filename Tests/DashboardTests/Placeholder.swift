// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Dashboard

@Test func countsAndTimesReadWell() {
  #expect(Format.count(1_284_000) == "1,284,000")
  #expect(Format.duration(352_800) == "4d02h")
}
