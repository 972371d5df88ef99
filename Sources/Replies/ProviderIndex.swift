// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes

/// Names the provider by the host that answered, or by what its replies sign themselves with.
struct ProviderIndex: Sendable {
  private let suffixes: [(suffix: [UInt8], provider: String)]
  private let signatures: [(signature: [UInt8], provider: String)]

  init() {
    suffixes = Self.table.flatMap { row in row.hosts.map { (Array($0.utf8), row.provider) } }
    signatures = Self.table.flatMap { row in
      row.signatures.map { (Array($0.utf8), row.provider) }
    }
  }

  private static let table: [(provider: String, hosts: [String], signatures: [String])] = [
    ("gmail", ["google.com", "googlemail.com", "gmail.com"], ["gsmtp", "@google @com"]),
    (
      "yahoo", ["yahoodns.net", "yahoo.com", "yahoo.co.jp"],
      ["@yahoo @com", "@yahooinc @com", "@yahoo @net"]
    ),
    ("aol", ["aol.com"], ["@aol @com"]),
    (
      "microsoft365", ["mail.protection.outlook.com", "mx.microsoft"],
      ["@protection @outlook @com", "@office @com"]
    ),
    (
      "microsoft", ["outlook.com", "hotmail.com", "live.com", "msn.com"],
      ["@outlook @com", "@live @com", "@hotmail @com", "@msn @com"]
    ),
    ("apple", ["icloud.com", "apple.com", "me.com", "mac.com"], ["@icloud @com", "@apple @com"]),
    ("comcast", ["comcast.net", "xfinity.com"], ["@comcast @net", "@xfinity @com"]),
    ("cox", ["cox.net"], ["@cox @com", "@cox @net"]),
    ("spectrum", ["charter.net", "rr.com", "spectrum.com"], ["@charter @net", "@rr @com"]),
    ("att", ["att.net", "sbcglobal.net", "bellsouth.net"], ["@att @net"]),
    ("orange", ["orange.fr", "wanadoo.fr"], ["@orange @fr", "@wanadoo @fr"]),
    ("free.fr", ["free.fr"], ["@free @fr"]),
    ("laposte", ["laposte.net"], ["@laposte @net"]),
    ("gmx", ["gmx.net", "gmx.com", "gmx.de"], ["@gmx @net", "@gmx @com", "@gmx @de"]),
    ("web.de", ["web.de"], ["@web @de"]),
    ("t-online", ["t-online.de"], ["@t @online @de"]),
    ("mimecast", ["mimecast.com", "mimecast.co.za"], ["@mimecast @com"]),
    ("proofpoint", ["pphosted.com", "ppe-hosted.com"], ["@proofpoint @com"]),
    (
      "barracuda", ["barracudanetworks.com"], ["@barracudanetworks @com", "@barracudacentral @org"]
    ),
    ("messagelabs", ["messagelabs.com"], ["@messagelabs @com", "@symanteccloud @com"]),
    ("facebook", ["facebook.com"], ["@facebook @com"]),
    ("mail.ru", ["mail.ru"], ["@mail @ru"]),
    ("yandex", ["yandex.ru", "yandex.net"], ["@yandex @net", "@yandex @ru", "@yandex @com"]),
    ("netease", ["163.com", "126.com", "netease.com", "yeah.net"], ["@163 @com", "@126 @com"]),
    ("qq", ["qq.com"], ["@qq @com"]),
    ("naver", ["naver.com"], ["@naver @com"]),
    ("godaddy", ["secureserver.net"], ["@secureserver @net", "@godaddy @com"]),
    ("ionos", ["kundenserver.de", "1and1.com", "ionos.com"], ["@1and1 @com", "@ionos @com"]),
    ("zoho", ["zoho.com", "zoho.eu"], ["@zoho @com"]),
    ("amazon-ses", ["amazonaws.com"], ["@amazonaws @com", "@amazonses @com"]),
  ]

  func provider(host: [UInt8]) -> String? {
    host.isEmpty ? nil : suffixes.first { host.isHost(under: $0.suffix) }?.provider
  }

  func provider(host: [UInt8], words: FoldedText) -> String? {
    if let provider = provider(host: host) { return provider }
    for row in signatures where words.bytes.span.contains(row.signature) { return row.provider }
    return nil
  }
}

extension Span where Element == UInt8 {
  /// Whether `text` stands somewhere.
  ///
  /// The standard library's generic search takes a hundred times as long, and each visible row asks.
  fileprivate func contains(_ text: [UInt8]) -> Bool {
    guard let first = text.first else { return true }
    var place = firstIndex(of: first)
    while let start = place, start + text.count <= count {
      var length = 1
      while length < text.count, self[start + length] == text[length] { length += 1 }
      if length == text.count { return true }
      place = firstIndex(of: first, from: start + 1)
    }
    return false
  }
}
