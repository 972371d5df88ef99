// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas
import TOMLKit

/// Why a value is none for its setting, in words.
struct SettingFault: Error {
  var message: String
}

extension Setting {
  /// Takes a value from a file.
  func value(_ toml: any TOMLValueConvertible) throws(SettingFault) -> SettingValue {
    switch kind {
    case .text, .choice:
      guard let text = toml.string else { throw fault }
      return try checked(.text(text))
    case .number:
      // TOML distinguishes 5 from 5.0; people do not.
      guard let number = toml.double ?? toml.int.map(Double.init) else { throw fault }
      return try checked(.number(number))
    case .flag:
      guard let flag = toml.bool else { throw fault }
      return .flag(flag)
    case .list, .choices:
      guard let texts = texts(toml) else { throw fault }
      return try checked(.list(texts))
    }
  }

  /// Takes a value from the environment; the parts of a list stand between commas.
  func value(text: String) throws(SettingFault) -> SettingValue {
    switch kind {
    case .text, .choice: return try checked(.text(text))
    case .number:
      guard let number = Double(text) else { throw fault }
      return try checked(.number(number))
    case .flag:
      let words = ["1": true, "true": true, "yes": true, "0": false, "false": false, "no": false]
      guard let flag = words[text.lowercased()] else { throw fault }
      return .flag(flag)
    case .list, .choices:
      return try checked(.list(text.split(separator: ",").map { String($0) }))
    }
  }

  private func checked(_ value: SettingValue) throws(SettingFault) -> SettingValue {
    switch (kind, value) {
    case (.number(let range), .number(let number)) where !range.contains(number): throw fault
    case (.choice(let words), .text(let word)) where !words.contains(word):
      throw fault(of: word, among: words)
    case (.choices(let words), .list(let chosen)):
      if let word = chosen.first(where: { !words.contains($0) }) {
        throw fault(of: word, among: words)
      }
    default: break
    }
    return value
  }

  private var fault: SettingFault { SettingFault(message: "\(name.rawValue) must be \(takes)") }

  private func fault(of word: String, among words: [String]) -> SettingFault {
    let hint = nearestName(to: word, among: words).map { "; did you mean \"\($0)\"?" } ?? ""
    return SettingFault(message: "\(name.rawValue) must be \(takes), not \"\(word)\"\(hint)")
  }
}

/// A text, or a list of texts, as a list; nil if it is neither.
func texts(_ toml: any TOMLValueConvertible) -> [String]? {
  if let text = toml.string { return [text] }
  guard let array = toml.array else { return nil }
  let texts = array.compactMap { $0.string }
  return texts.count == array.count ? texts : nil
}
