// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

/// A remote server of the lab: a row of `Tests/Lab/destinations.tsv`.
struct Destination: CustomTestStringConvertible {
  let domain: String
  let stage: String
  /// The cause that Tempfail must see; nil if mail is taken.
  let cause: String?
  let reply: String

  var testDescription: String { domain }

  static let all: [Destination] = {
    (contents(of: Place.lab("destinations.tsv")) ?? "").split(separator: "\n").compactMap { line in
      let fields = line.split(separator: "\t").map(String.init)
      guard !line.hasPrefix("#"), fields.count == 5 else { return nil }
      return Destination(
        domain: fields[0], stage: fields[2], cause: fields[3] == "-" ? nil : fields[3],
        reply: fields[4])
    }
  }()

  static let deferring = all.filter { $0.cause != nil }
}

func contents(of path: String) -> String? {
  guard let file = fopen(path, "r") else { return nil }
  defer { fclose(file) }
  var bytes: [UInt8] = []
  var block = [UInt8](repeating: 0, count: 1 << 16)
  while true {
    let count = fread(&block, 1, block.count, file)
    if count == 0 { break }
    bytes += block[..<count]
  }
  return String(decoding: bytes, as: UTF8.self)
}
