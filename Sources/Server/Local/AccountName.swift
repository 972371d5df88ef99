// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The names behind the numbers of users and groups; a number that has none is its own name.
enum AccountName {
  private static let bufferSize = 16 << 10

  static func ofUser(_ id: uid_t) -> String {
    var entry = passwd()
    var found: UnsafeMutablePointer<passwd>?
    var buffer: [CChar] = Array(repeating: 0, count: bufferSize)
    guard getpwuid_r(id, &entry, &buffer, buffer.count, &found) == 0, found != nil,
      let name = entry.pw_name
    else { return String(id) }
    return String(cString: name)
  }

  static func ofGroup(_ id: gid_t) -> String {
    var entry = group()
    var found: UnsafeMutablePointer<group>?
    // A group with many members needs room for their names.
    var buffer: [CChar] = Array(repeating: 0, count: 16 * bufferSize)
    guard getgrgid_r(id, &entry, &buffer, buffer.count, &found) == 0, found != nil,
      let name = entry.gr_name
    else { return String(id) }
    return String(cString: name)
  }
}
