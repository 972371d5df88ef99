// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import Replies
import Testing

@testable import Guidance

struct FixPageTests {
  /// The repository's Docs/Fixes, from where this file stands.
  static let folder =
    #filePath.split(separator: "/").dropLast(3)
    .reduce("") { "\($0)/\($1)" } + "/Docs/Fixes"

  @Test(arguments: FixPages.pages())
  func isFresh(_ page: FixPages.Page) {
    let path = "\(Self.folder)/\(page.name)"
    if getenv("UPDATE_DOCS") != nil { Self.write(page.markdown, to: path) }
    #expect(Self.read(path) == page.markdown, "Run UPDATE_DOCS=1 swift test to renew \(page.name)")
  }

  @Test func everyCauseHasAPage() {
    let names = FixPages.pages().map(\.name)
    #expect(Set(names).count == names.count)
    for cause in Cause.allCases { #expect(names.contains("\(cause.rawValue).md")) }
    for name in ["README.md", "held.md", "inbound.md", "providers.md"] {
      #expect(names.contains(name))
    }
  }

  static func read(_ path: String) -> String? {
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 65536)
    while case let count = fread(&block, 1, block.count, file), count > 0 {
      bytes += block[..<count]
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  static func write(_ text: String, to path: String) {
    mkdir("\(path.split(separator: "/").dropLast(2).reduce("") { "\($0)/\($1)" })", 0o755)
    mkdir("\(path.split(separator: "/").dropLast().reduce("") { "\($0)/\($1)" })", 0o755)
    guard let file = fopen(path, "w") else { return }
    defer { fclose(file) }
    fputs(text, file)
  }
}
