// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes
import Glibc

/// An open file of the state folder: mode 0600, never through a symbolic link, closed with the value.
struct StateFile: ~Copyable {
  let path: String
  private let descriptor: Int32

  private init(_ path: String, _ flags: Int32) throws(StateFailure) {
    self.path = path
    descriptor = open(path, flags | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw StateFailure(path: path, errno: errno) }
  }

  deinit { close(descriptor) }

  /// A file that did not exist, with these bytes; `sync` sees to it that they are on the disk.
  ///
  /// A file that could not be written whole is removed again.
  static func create(_ path: String, _ bytes: [UInt8]) throws(StateFailure) {
    let file = try StateFile(path, O_WRONLY | O_CREAT | O_EXCL)
    do {
      try file.write(bytes)
    } catch {
      unlink(path)
      throw error
    }
  }

  /// Gives a file that is there these bytes instead of its own.
  static func replace(_ path: String, _ bytes: [UInt8]) throws(StateFailure) {
    try StateFile(path, O_WRONLY | O_TRUNC).write(bytes)
  }

  /// Waits until a file's bytes are on the disk.
  static func sync(_ path: String) throws(StateFailure) {
    try StateFile(path, O_RDONLY | O_NONBLOCK).sync()
  }

  /// Adds a line at the end, on the disk when this returns.
  ///
  /// Several processes may do so at once. A line that could not be written whole is taken back.
  static func append(_ line: [UInt8], to path: String) throws(StateFailure) {
    let file = try StateFile(path, O_RDWR | O_APPEND | O_CREAT)
    while flock(file.descriptor, LOCK_EX) != 0 {
      guard errno == EINTR else { throw StateFailure(path: path, errno: errno) }
    }
    // The lock ends with the descriptor.
    let size = try file.size()
    let last = size > 0 ? try file.read(from: size - 1, count: 1) : []
    // A power cut may have left half a line: it stays, ended.
    let separator = last.isEmpty || last == [ASCII.newline] ? [] : [ASCII.newline]
    do {
      try file.write(separator + line)
      try file.sync()
    } catch {
      ftruncate(file.descriptor, off_t(size))
      throw error
    }
  }

  /// The bytes of a file from an offset; none where it does not exist.
  static func read(
    _ path: String, from offset: Int = 0, limit: Int = .max
  ) throws(StateFailure) -> [UInt8] {
    var information = stat()
    if lstat(path, &information) != 0, errno == ENOENT { return [] }
    let file = try StateFile(path, O_RDONLY | O_NONBLOCK)
    return try file.read(from: offset, count: min(max(try file.size() - offset, 0), limit))
  }

  /// The size of a file, or nil if it does not exist.
  static func size(_ path: String) -> Int? {
    var information = stat()
    return lstat(path, &information) == 0 ? Int(information.st_size) : nil
  }

  /// When a file was changed last (seconds since 1970), or nil if it does not exist.
  static func modified(_ path: String) -> Int64? {
    var information = stat()
    return lstat(path, &information) == 0 ? Int64(information.st_mtim.tv_sec) : nil
  }

  private func size() throws(StateFailure) -> Int {
    var information = stat()
    guard fstat(descriptor, &information) == 0 else { throw StateFailure(path: path, errno: errno) }
    return Int(information.st_size)
  }

  private func sync() throws(StateFailure) {
    guard fsync(descriptor) == 0 else { throw StateFailure(path: path, errno: errno) }
  }

  private func write(_ bytes: [UInt8]) throws(StateFailure) {
    var written = 0
    while written < bytes.count {
      let count = bytes[written...].withUnsafeBytes {
        Glibc.write(descriptor, $0.baseAddress, $0.count)
      }
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw StateFailure(path: path, errno: errno) }
      written += count
    }
  }

  private func read(from offset: Int, count: Int) throws(StateFailure) -> [UInt8] {
    var failure: Int32?
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < buffer.count {
        let rest = UnsafeMutableRawBufferPointer(
          rebasing: UnsafeMutableRawBufferPointer(buffer)[filled...])
        let got = pread(descriptor, rest.baseAddress, rest.count, off_t(offset + filled))
        if got < 0 && errno == EINTR { continue }
        if got < 0 { failure = errno }
        guard got > 0 else { return }
        filled += got
      }
    }
    if let failure { throw StateFailure(path: path, errno: failure) }
    return bytes
  }
}
