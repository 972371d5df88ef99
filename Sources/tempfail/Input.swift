// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes
import Glibc
import Server

/// Reading files and standard input as a whole.
enum Input {
  /// Small enough to stay in the processor's cache until it is copied.
  private static let pieceSize = 1 << 18

  /// The bytes of a file, or of standard input for `-`.
  static func bytes(of path: String) throws(Failure) -> [UInt8] {
    let descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure(path) }
    defer { if path != "-" { close(descriptor) } }
    var status = stat()
    // An array that grows with a large file would be copied again and again.
    let size = fstat(descriptor, &status) == 0 ? min(max(0, Int(status.st_size)), 1 << 30) : 0
    var bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      let room = UnsafeMutableRawBufferPointer(buffer)
      adviseHugePages(room)
      while count < size {
        let rest = UnsafeMutableRawBufferPointer(rebasing: room[count...])
        let got = readOnce(descriptor, into: rest)
        if got <= 0 { break }
        count += got
      }
    }
    // A pipe has no size, a file may grow in the meantime, and an error comes again.
    var piece = [UInt8](repeating: 0, count: pieceSize)
    while true {
      let got = piece.withUnsafeMutableBytes { readOnce(descriptor, into: $0) }
      guard got >= 0 else { throw failure(path) }
      if got == 0 { return bytes }
      bytes += piece[..<got]
    }
  }

  /// The number of bytes, 0 at the end, -1 for an error.
  private static func readOnce(_ file: Int32, into room: UnsafeMutableRawBufferPointer) -> Int {
    while true {
      let got = read(file, room.baseAddress, room.count)
      if got >= 0 || errno != EINTR { return got }
    }
  }

  /// Asks for large pages: to fault in a listing of 50 MB by 4 KB takes as long as to read it.
  private static func adviseHugePages(_ room: UnsafeMutableRawBufferPointer) {
    let hugePage = 2 << 20
    guard room.count > 2 * hugePage, let base = room.baseAddress else { return }
    let start = base.alignedUp(toMultipleOf: hugePage)
    madvise(start, room.count - (start - base), MADV_HUGEPAGE)
  }

  /// The lines of a text, without their newlines; a text that ends in one has no empty last line.
  static func lines(of bytes: [UInt8]) -> [ArraySlice<UInt8>] {
    var lines = bytes.split(separator: ASCII.newline, omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true { lines.removeLast() }
    return lines.map { $0.last == UInt8(ascii: "\r") ? $0.dropLast() : $0 }
  }

  private static func failure(_ path: String) -> Failure {
    if errno == EACCES { return Failure(HostFailure.notPermitted(path)) }
    return Failure("\(path): \(String(cString: strerror(errno)))", status: Failure.usage)
  }
}
