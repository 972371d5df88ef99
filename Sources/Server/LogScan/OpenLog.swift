// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes
import MailServer

/// A plain log file that is open for reading, with the bytes of it that are to be read: a log that grows in the meantime is read
/// up to what it was.
final class OpenLog: Sendable {
  let file: FileAccess.Handle
  private let size: Int64

  /// - Throws: where it cannot be read, or is packed and does not say so by its name.
  init(_ file: consuming FileAccess.Handle) throws(HostFailure) {
    let path = file.path
    size = try file.status().size
    if let tool = LogFiles.packer(of: try file.read(from: 0, count: 6)) {
      throw .failed(LogFiles.packedWords(path, tool))
    }
    self.file = file
  }

  /// The offset of the first line that was written at `time` or later.
  func start(at time: Int64, grammar: LogGrammar) async throws(HostFailure) -> Int64 {
    // A rotated file is often older as a whole.
    guard try file.status().modified >= time else { return size }
    return try await LogSeek.offset(of: time, inLogOf: size, grammar: grammar) {
      (offset, count) throws(HostFailure) in try self.file.read(from: offset, count: count)
    }
  }

  /// Whose the last lines are: all that is read of a log in which a time begins nowhere.
  func sample(by grammar: LogGrammar) throws(HostFailure) -> LogTally {
    grammar.tally(
      ofEnd: try file.read(
        from: max(0, size - LogGrammar.sampleSize), count: Int(LogGrammar.sampleSize)),
      isCut: size > LogGrammar.sampleSize)
  }

  /// Parts of about `length` bytes, each of whole lines.
  func parts(from start: Int64, length: Int64) throws(HostFailure) -> [Range<Int64>] {
    var parts: [Range<Int64>] = []
    var start = start
    while start < size {
      let end = size - start <= length ? size : try lineStart(from: start + length)
      parts.append(start..<end)
      start = end
    }
    return parts
  }

  /// The start of the first line at or behind `offset`, which is not 0, that goes on with no line before it.
  private func lineStart(from offset: Int64) throws(HostFailure) -> Int64 {
    var place = offset - 1
    while place < size {
      let bytes = try file.read(from: place, count: 4096)
      if bytes.isEmpty { break }
      guard let newline = bytes.span.firstIndex(of: ASCII.newline) else {
        place += Int64(bytes.count)
        continue
      }
      place += Int64(newline) + 1
      let head = try file.read(from: place, count: 256)
      if !LogLineJoiner.isFurtherPiece(head.span) { return min(place, size) }
    }
    return size
  }
}
