// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

extension Grid {
  /// A gauge `[#####     ]` of `fraction` (0 to 1).
  ///
  /// It is empty only at 0 and full only from 1 on, so that the last free place can be seen.
  package mutating func gauge(
    _ fraction: Double, x: Int, y: Int, width: Int, role: StyleRole = .accent
  ) {
    guard width >= 3 else { return }
    let places = width - 2
    let full: Int
    if fraction >= 1 {
      full = places
    } else if fraction > 0 {
      full = min(max(1, Int((fraction * Double(places)).rounded())), max(1, places - 1))
    } else {
      full = 0
    }
    set(Glyph("["), x: x, y: y, role: role)
    for place in 0..<places {
      set(place < full ? Glyph("#") : .blank, x: x + 1 + place, y: y, role: role)
    }
    set(Glyph("]"), x: x + width - 1, y: y, role: role)
  }
}
