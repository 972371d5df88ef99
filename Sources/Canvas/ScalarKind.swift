// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

/// What a scalar does to the screen.
enum ScalarKind: Hashable {
  /// Takes this many columns, 1 or 2.
  case spacing(Int)
  /// Drawn over the character before it.
  case combining
  /// A blank of this many columns: every kind of space, and the tab.
  case blank(Int)
  /// Chooses between two variants of the character before it (U+FE0E, U+FE0F).
  case variation
  /// Must not reach a terminal: it moves the cursor, turns text around, or cannot be seen.
  case unsafe

  init(_ scalar: Unicode.Scalar) {
    let value = scalar.value
    if value < 0x7F {
      self = value >= 0x21 ? .spacing(1) : value == 0x20 || value == 0x09 ? .blank(1) : .unsafe
      return
    }
    for (range, width) in common where range.contains(value) {
      self = .spacing(width)
      return
    }
    if value == 0xFE0E || value == 0xFE0F {
      self = .variation
      return
    }
    // Jamo vowels and finals join the syllable before them: wcwidth(3) of glibc says 0.
    if (0x1161...0x11FF).contains(value) || (0xD7B0...0xD7FF).contains(value) {
      self = .combining
      return
    }
    let properties = scalar.properties
    switch properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
      .paragraphSeparator:
      self = .unsafe
    case .spaceSeparator:
      self = .blank(isWide(value) ? 2 : 1)
    case .nonspacingMark, .enclosingMark:
      self = properties.isDefaultIgnorableCodePoint ? .unsafe : .combining
    default:
      self =
        properties.isDefaultIgnorableCodePoint ? .unsafe : .spacing(isWide(value) ? 2 : 1)
    }
  }
}

/// Ranges without exceptions, and their widths, that avoid looking up properties: Latin, box
/// drawing and blocks, CJK ideographs, Hangul syllables.
private let common: [(ClosedRange<UInt32>, Int)] = [
  (0xAE...0x2FF, 1), (0x2500...0x259F, 1), (0x4E00...0x9FFC, 2), (0xAC00...0xD7A3, 2),
]

/// Whether a scalar takes two columns.
private func isWide(_ value: UInt32) -> Bool {
  guard value >= 0x1100 else { return false }
  var low = 0
  var high = wideRanges.count
  while low < high {
    let middle = (low + high) / 2
    let range = wideRanges[middle]
    if value < range.lowerBound {
      high = middle
    } else if value > range.upperBound {
      low = middle + 1
    } else {
      return true
    }
  }
  return false
}

/// Where wcwidth(3) of glibc 2.36 says 2, with the unassigned gaps between filled.
///
/// What ncurses and tmux believe decides, not the newest Unicode: a cell counted differently by the
/// two shifts the rest of its row.
private let wideRanges: [ClosedRange<UInt32>] = [
  0x1100...0x115F, 0x231A...0x231B, 0x2329...0x232A, 0x23E9...0x23EC, 0x23F0...0x23F0,
  0x23F3...0x23F3, 0x25FD...0x25FE, 0x2614...0x2615, 0x2648...0x2653, 0x267F...0x267F,
  0x2693...0x2693, 0x26A1...0x26A1, 0x26AA...0x26AB, 0x26BD...0x26BE, 0x26C4...0x26C5,
  0x26CE...0x26CE, 0x26D4...0x26D4, 0x26EA...0x26EA, 0x26F2...0x26F3, 0x26F5...0x26F5,
  0x26FA...0x26FA, 0x26FD...0x26FD, 0x2705...0x2705, 0x270A...0x270B, 0x2728...0x2728,
  0x274C...0x274C, 0x274E...0x274E, 0x2753...0x2755, 0x2757...0x2757, 0x2795...0x2797,
  0x27B0...0x27B0, 0x27BF...0x27BF, 0x2B1B...0x2B1C, 0x2B50...0x2B50, 0x2B55...0x2B55,
  0x2E80...0x303E, 0x3041...0xA4C6, 0xA960...0xA97C, 0xAC00...0xD7A3, 0xF900...0xFAD9,
  0xFE10...0xFE6B, 0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x16FE0...0x1B2FB, 0x1F004...0x1F004,
  0x1F0CF...0x1F0CF, 0x1F18E...0x1F18E, 0x1F191...0x1F19A, 0x1F200...0x1F320, 0x1F32D...0x1F335,
  0x1F337...0x1F37C, 0x1F37E...0x1F393, 0x1F3A0...0x1F3CA, 0x1F3CF...0x1F3D3, 0x1F3E0...0x1F3F0,
  0x1F3F4...0x1F3F4, 0x1F3F8...0x1F43E, 0x1F440...0x1F440, 0x1F442...0x1F4FC, 0x1F4FF...0x1F53D,
  0x1F54B...0x1F54E, 0x1F550...0x1F567, 0x1F57A...0x1F57A, 0x1F595...0x1F596, 0x1F5A4...0x1F5A4,
  0x1F5FB...0x1F64F, 0x1F680...0x1F6C5, 0x1F6CC...0x1F6CC, 0x1F6D0...0x1F6D2, 0x1F6D5...0x1F6DF,
  0x1F6EB...0x1F6EC, 0x1F6F4...0x1F6FC, 0x1F7E0...0x1F7F0, 0x1F90C...0x1F93A, 0x1F93C...0x1F945,
  0x1F947...0x1F9FF, 0x1FA70...0x1FAFF, 0x20000...0x3FFFD,
]
