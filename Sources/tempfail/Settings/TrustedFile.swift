// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Configuration
import Glibc

/// A file of settings, read only where nobody but its reader could have written it.
enum TrustedFile {
  /// More is no file of settings.
  private static let limit = 1 << 20

  /// Nil if there is no such file.
  ///
  /// Root takes no orders from others: a file that somebody other than root may write to is refused.
  static func read(_ path: String) -> Configuration.File? {
    // A pipe that nobody writes to must not keep the dashboard from opening.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      let code = errno
      return code == ENOENT && !leadsNowhere(path)
        ? nil : refused(path, String(cString: strerror(code)))
    }
    defer { close(descriptor) }
    if let (reason, isForeign) = distrust(descriptor) {
      return refused(path, reason, isForeign: isForeign)
    }
    var bytes = [UInt8](repeating: 0, count: limit + 1)
    var count = 0
    while count < bytes.count {
      let got = bytes.withUnsafeMutableBytes { buffer in
        Glibc.read(descriptor, buffer.baseAddress.map { $0 + count }, buffer.count - count)
      }
      guard got >= 0 else { return refused(path, String(cString: strerror(errno))) }
      if got == 0 { break }
      count += got
    }
    guard count <= limit else { return refused(path, "is too large for a settings file") }
    return Configuration.File(path: path, content: .success(Array(bytes.prefix(count))))
  }

  /// Whether a path that cannot be followed begins in a link: then a file is meant to be there, and what it says is lost.
  private static func leadsNowhere(_ path: String) -> Bool {
    var part = ""
    for name in path.split(separator: "/") {
      part += "/" + name
      var (entry, target) = (stat(), stat())
      guard lstat(part, &entry) == 0 else { return false }
      if entry.st_mode & S_IFMT == S_IFLNK, stat(part, &target) != 0 { return true }
    }
    return false
  }

  private static func refused(
    _ path: String, _ reason: String, isForeign: Bool = false
  ) -> Configuration.File {
    Configuration.File(
      path: path, content: .failure(Diagnostic(file: path, line: nil, message: reason)),
      isForeign: isForeign)
  }

  /// Why the open file is not read, and whether that is because it is someone else's; or nil.
  private static func distrust(_ descriptor: Int32) -> (reason: String, isForeign: Bool)? {
    var file = stat()
    guard fstat(descriptor, &file) == 0 else { return (String(cString: strerror(errno)), false) }
    guard file.st_mode & S_IFMT == S_IFREG else { return ("is not a regular file", false) }
    guard geteuid() == 0 else { return nil }
    if file.st_uid != 0 {
      return (
        "not read: you are root and it belongs to someone else (chown root fixes that)",
        true
      )
    }
    return file.st_mode & 0o022 == 0
      ? nil
      : ("not read: you are root and others can write to it (chmod go-w fixes that)", false)
  }
}
