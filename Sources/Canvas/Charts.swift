// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

extension Grid {
  /// A sparkline of `values` scaled to the largest, newest at the right.
  ///
  /// Blocks, or `_.-=*#` in ASCII. Shows the last `width` values; 0 stands on the base line, and whatever is more rises above it.
  package mutating func sparkline(
    _ values: [Int], x: Int, y: Int, width: Int, role: StyleRole = .accent
  ) {
    let steps = lines == .unicode ? Self.blocks : Self.plainBlocks
    let shown = values.suffix(max(0, width))
    guard let largest = shown.max() else { return }
    for (offset, value) in shown.enumerated() {
      let share = largest > 0 ? Double(value) / Double(largest) : 0
      let step = value <= 0 ? 0 : max(1, Int((share * Double(steps.count - 1)).rounded()))
      set(steps[step], x: x + width - shown.count + offset, y: y, role: role)
    }
  }

  private static let blocks = "▁▂▃▄▅▆▇█".unicodeScalars.map { Glyph($0) }
  private static let plainBlocks = "_.-=*#".unicodeScalars.map { Glyph($0) }

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
