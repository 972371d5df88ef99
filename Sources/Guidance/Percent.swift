// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

extension BinaryInteger {
  /// The share of a whole in percent, rounded; 0 if there is no whole.
  ///
  /// Only nothing is 0 and only all of it is 100: "100%" of 999 in 1000 would be false.
  package func percent(of whole: Self) -> Int {
    guard whole > 0, self > 0 else { return 0 }
    let share = Swift.min((Double(self) * 100 / Double(whole)).rounded(), 100_000)
    return self < whole ? Swift.min(99, Swift.max(1, Int(share))) : Int(share)
  }
}
