// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A small file of the state folder that is replaced as a whole: mode 0600.
package struct KeptFile: Hashable, Sendable {
  /// Bytes of it that are read.
  package static let limit = 1 << 20

  private let folder: StateFolder
  private let name: String

  package init(_ name: String, in folder: StateFolder) {
    (self.folder, self.name) = (folder, name)
  }

  /// Whether anything was ever kept.
  package var exists: Bool { StateFile.size(folder.file(name)) != nil }

  /// The bytes that were kept; none if there are none or they cannot be read.
  package func read() -> [UInt8] {
    (try? StateFile.read(folder.file(name), limit: Self.limit)) ?? []
  }

  /// Replaces the file at once: a reader finds the old bytes or the new ones, after a power cut too.
  package func write(_ bytes: [UInt8]) throws(StateFailure) {
    try folder.make()
    let path = folder.file(name)
    let fresh = folder.file(".\(name).\(getpid())")
    unlink(fresh)
    try StateFile.create(fresh, bytes)
    try StateFile.sync(fresh)
    guard rename(fresh, path) == 0 else { throw StateFailure(path: path, errno: errno) }
    try folder.sync()
  }
}
