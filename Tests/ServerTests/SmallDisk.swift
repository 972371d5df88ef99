// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A small file system, which is gone with the value.
struct SmallDisk: ~Copyable {
  let path: String

  /// Whether this user may mount: tried once.
  static let isPossible: Bool = {
    guard let fake = try? ActFakeMTA() else { return false }
    return (try? SmallDisk(at: fake.folder + "/queue")) != nil
  }()

  init(at path: String, size: String = "128k") throws {
    self.path = path
    guard mount("tempfail", path, "tmpfs", 0, "size=\(size),mode=700") == 0 else {
      throw ActFakeMTA.Errno()
    }
  }

  deinit { umount2(path, Int32(MNT_DETACH)) }
}
