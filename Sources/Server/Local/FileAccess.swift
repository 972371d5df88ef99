// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Files of this machine, read only.
package enum FileAccess {
  /// A file that is open for reading; closed with the value.
  struct Handle: ~Copyable, Sendable {
    let descriptor: Int32
    let path: String

    init(_ path: String) throws(HostFailure) {
      // Non-blocking: opening a FIFO that has no writer must not hang.
      descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)
      self.path = path
      guard descriptor >= 0 else { throw HostFailure(errno: errno, of: path) }
    }

    deinit { close(descriptor) }

    func status() throws(HostFailure) -> FileStatus {
      var information = stat()
      guard fstat(descriptor, &information) == 0 else { throw HostFailure(errno: errno, of: path) }
      return FileStatus(information)
    }

    /// Whether it is a file with bytes at offsets, and no pipe, terminal or socket.
    var isRegular: Bool {
      var information = stat()
      return fstat(descriptor, &information) == 0 && information.st_mode & S_IFMT == S_IFREG
    }

    /// Waits from now on where a pipe has nothing to read yet.
    func block() { _ = fcntl(descriptor, F_SETFL, O_RDONLY) }

    /// Up to `count` bytes from `offset`; fewer at the end of the file.
    func read(from offset: Int64, count: Int) throws(HostFailure) -> [UInt8] {
      var failure: HostFailure?
      let bytes = [UInt8](unsafeUninitializedCapacity: max(count, 0)) { buffer, filled in
        while filled < buffer.count {
          guard let start = buffer.baseAddress else { return }
          let got = pread(
            descriptor, start + filled, buffer.count - filled, off_t(offset) + off_t(filled))
          if got < 0 && errno == EINTR { continue }
          if got < 0 { failure = HostFailure(errno: errno, of: path) }
          guard got > 0 else { return }
          filled += got
        }
      }
      if let failure { throw failure }
      return bytes
    }
  }

  /// What is known of a file, or nil if there is none.
  static func status(_ path: String) throws(HostFailure) -> FileStatus? {
    var information = stat()
    if stat(path, &information) == 0 { return FileStatus(information) }
    if errno == ENOENT || errno == ENOTDIR { return nil }
    throw HostFailure(errno: errno, of: path)
  }

  /// Who owns a file and who may read it, or nil if there is none.
  static func ownership(_ path: String) throws(HostFailure) -> FileOwnership? {
    var information = stat()
    guard stat(path, &information) == 0 else {
      if errno == ENOENT || errno == ENOTDIR { return nil }
      throw HostFailure(errno: errno, of: path)
    }
    return FileOwnership(
      user: AccountName.ofUser(information.st_uid), group: AccountName.ofGroup(information.st_gid),
      permissions: UInt16(information.st_mode & 0o777))
  }

  /// All of a small kernel file, whose size is not known beforehand.
  static func contents(ofKernelFile path: String) throws(HostFailure) -> [UInt8] {
    let file = try Handle(path)
    var bytes: [UInt8] = []
    while true {
      let more = try file.read(from: Int64(bytes.count), count: 64 << 10)
      bytes += more
      if more.isEmpty { return bytes }
    }
  }

  /// Whether a path names a regular file that we may execute.
  static func isExecutable(_ path: String) -> Bool {
    var information = stat()
    return stat(path, &information) == 0 && information.st_mode & S_IFMT == S_IFREG
      && access(path, X_OK) == 0
  }

  /// The inode in a link such as `socket:[4242]`, or nil if it is another link.
  static func socket(atLink path: String) -> UInt64? {
    var buffer: [CChar] = Array(repeating: 0, count: 64)
    let count = readlink(path, &buffer, buffer.count)
    let target = buffer[..<max(0, count)].map {
      UInt8(bitPattern: $0)
    }
    let prefix = Array("socket:[".utf8)
    guard target.starts(with: prefix), target.last == UInt8(ascii: "]") else { return nil }
    return UInt64(String(decoding: target[prefix.count..<target.count - 1], as: UTF8.self))
  }

  /// The names in a folder, `.` and `..` too; empty if it cannot be read.
  package static func names(inFolder path: String) -> [String] {
    readableNames(inFolder: path) ?? []
  }

  /// The names in a folder, `.` and `..` too; nil if it cannot be read, with the reason in `errno`.
  static func readableNames(inFolder path: String) -> [String]? {
    guard let folder = opendir(path) else { return nil }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      names.append(
        withUnsafeBytes(of: entry.pointee.d_name) {
          String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
        })
    }
    return names
  }
}

extension FileStatus {
  init(_ information: stat) {
    self.init(
      inode: UInt64(information.st_ino), size: Int64(information.st_size),
      modified: Int64(information.st_mtim.tv_sec))
  }
}

extension HostFailure {
  init(errno code: Int32, of path: String) {
    switch code {
    case ENOENT, ENOTDIR: self = .missing(path)
    case EACCES, EPERM: self = .notPermitted(path)
    default: self = .failed("\(path): \(String(cString: strerror(code)))")
    }
  }
}
