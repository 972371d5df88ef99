// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

/// A number as it is typed in a filter, in the forms in which the screen shows them.
struct FilterNumber {
  let value: Int64

  /// - Parameter kind: `duration` (`90s`, `2h14m`), `bytes` (`900`, `2.9K`) or `count`.
  init?(_ text: String, as kind: FilterField.Kind) {
    let value: Int64? =
      switch kind {
      case .duration: Self.seconds(text.lowercased())
      case .bytes: Self.bytes(text.lowercased())
      case .count, .text, .word:
        text.utf8.count <= 9 ? Int64(text).flatMap { $0 < 0 ? nil : $0 } : nil
      }
    guard let value else { return nil }
    self.value = value
  }

  private static let units: [Character: Int64] = [
    "s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800,
  ]

  /// `90s`, `15m`, `2h14m`, `4d02h`.
  private static func seconds(_ text: String) -> Int64? {
    var total: Int64 = 0
    var digits = ""
    for character in text {
      if character.isASCII, character.isNumber {
        digits.append(character)
        continue
      }
      guard digits.count <= 9, let number = Int64(digits), let unit = units[character] else {
        return nil
      }
      total += number * unit
      digits = ""
    }
    return digits.isEmpty && !text.isEmpty ? total : nil
  }

  /// `900`, `48k`, `1.5m`, `2gb`, in powers of 1024.
  private static func bytes(_ text: String) -> Int64? {
    let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
    let powers: [Substring: Double] = [
      "": 1, "b": 1, "k": 0x1p10, "kb": 0x1p10, "m": 0x1p20, "mb": 0x1p20, "g": 0x1p30,
      "gb": 0x1p30,
    ]
    guard let number = Double(digits), let power = powers[text[digits.endIndex...]],
      number * power < 0x1p50
    else { return nil }
    return Int64(number * power)
  }
}
