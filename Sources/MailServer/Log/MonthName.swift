// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes

/// The short names of the months: syslog writes the English ones, `journalctl` those of the reader's language.
enum MonthName {
  /// 1 to 12, or nil; a full stop at the end may be there or not.
  static func number(of line: Span<UInt8>, _ range: Range<Int>) -> Int? {
    var end = range.upperBound
    if line.byte(at: end - 1) == UInt8(ascii: ".") { end -= 1 }
    guard (2...11).contains(end - range.lowerBound) else { return nil }
    if end - range.lowerBound == 3,
      let month = english.firstIndex(where: { line.has($0, at: range.lowerBound) })
    {
      return month + 1
    }
    let name = line.string(range.lowerBound..<end).lowercased()
    return others.firstIndex { $0.contains(name) }.map { $0 + 1 }
  }

  private static let english: [StaticString] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  /// As glibc's locales have them (`locale abmon`): German, French, Spanish, Italian, Portuguese, Catalan, Romanian, Dutch,
  /// the Scandinavian languages, Finnish, Polish, Czech, Slovak, Hungarian, Turkish, Russian and Ukrainian.
  private static let others: [Set<String>] = [
    [
      "jan", "jän", "janv", "ene", "gen", "ian", "tammi", "sty", "led", "oca", "янв", "січ",
    ],
    [
      "feb", "févr", "fev", "febr", "helmi", "lut", "úno", "şub", "фев", "лют",
    ],
    [
      "mar", "mär", "märz", "mars", "març", "mrt", "maalis", "bře", "márc", "мар", "бер",
    ],
    [
      "apr", "avril", "avr", "abr", "april", "huhti", "kwi", "dub", "ápr", "nis", "апр", "кві",
    ],
    [
      "mai", "may", "mag", "maig", "maj", "mei", "touko", "kvě", "máj", "май", "мая", "тра",
    ],
    [
      "jun", "juin", "giu", "juny", "iun", "juni", "kesä", "cze", "čen", "čvn", "jún", "haz", "июн",
      "чер",
    ],
    [
      "jul", "juil", "lug", "iul", "juli", "heinä", "lip", "čec", "čvc", "júl", "tem", "июл", "лип",
    ],
    [
      "aug", "août", "ago", "ag", "elo", "sie", "srp", "ağu", "авг", "сер",
    ],
    [
      "sep", "sept", "set", "syys", "wrz", "zář", "szept", "eyl", "сен", "вер",
    ],
    [
      "oct", "okt", "ott", "out", "loka", "paź", "říj", "eki", "окт", "жов",
    ],
    [
      "nov", "marras", "lis", "kas", "ноя", "лис",
    ],
    [
      "dec", "dez", "déc", "dic", "des", "joulu", "gru", "pro", "ara", "дек", "гру",
    ],
  ]
}
