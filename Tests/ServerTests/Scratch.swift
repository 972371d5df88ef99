// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A folder for one test, removed with the value.
final class Scratch: Sendable {
  let path: String

  init() {
    var template = Array("/tmp/tempfail-test-XXXXXX".utf8CString)
    let made = template.withUnsafeMutableBufferPointer { buffer in
      buffer.baseAddress.flatMap { mkdtemp($0) } != nil
    }
    precondition(made, "no folder for tests in /tmp")
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit { Self.remove(path) }

  private static func remove(_ path: String) {
    if let folder = opendir(path) {
      while let entry = readdir(folder) {
        let name = withUnsafeBytes(of: entry.pointee.d_name) {
          String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
        }
        if name != "." && name != ".." { remove("\(path)/\(name)") }
      }
      closedir(folder)
      rmdir(path)
    } else {
      unlink(path)
    }
  }

  func file(_ name: String) -> String { "\(path)/\(name)" }

  func write(_ text: String, to name: String, appending: Bool = false, mode: mode_t = 0o644) {
    let flags = O_WRONLY | O_CREAT | (appending ? O_APPEND : O_TRUNC)
    let descriptor = open(file(name), flags, mode)
    precondition(descriptor >= 0, "cannot write \(name)")
    let bytes = Array(text.utf8)
    var written = 0
    while written < bytes.count {
      let count = bytes[written...].withUnsafeBytes {
        Glibc.write(descriptor, $0.baseAddress, $0.count)
      }
      precondition(count > 0)
      written += count
    }
    close(descriptor)
  }

  func append(_ text: String, to name: String) { write(text, to: name, appending: true) }

  func rename(_ name: String, to other: String) { Glibc.rename(file(name), file(other)) }

  func makeFolder(_ name: String) { mkdir(file(name), 0o755) }

  /// An executable script.
  func script(_ name: String, _ body: String) -> String {
    write("#!/bin/sh\n\(body)\n", to: name, mode: 0o755)
    return file(name)
  }
}
