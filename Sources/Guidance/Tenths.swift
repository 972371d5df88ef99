// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

extension Double {
  /// The number with one decimal, as loads and rates are written: `0.7`; 0 for less, a million for more.
  package var inTenths: String {
    // In this order NaN becomes 0.
    let tenths = Int((Swift.min(1_000_000, Swift.max(0, self)) * 10).rounded())
    return "\(tenths / 10).\(tenths % 10)"
  }
}
