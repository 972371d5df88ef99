// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes
import MailServer
import Synchronization

/// A log with what it was rotated to, read through its host from a time on.
///
/// It reads in blocks, gives way between them, and ends with its task.
struct LogArchive: Sendable {
  let host: any Host
  let path: String

  private static let blockSize = 1 << 20

  /// The rotated files that hold lines of `since` or later, newest first.
  func rotations(since: Int64) async -> [String] {
    let slash = path.lastIndex(of: "/")
    let folder = slash.map { String(path[...$0]) } ?? ""
    let name = slash.map { String(path[path.index(after: $0)...]) } ?? path
    let names = await host.names(inFolder: folder.isEmpty ? "." : folder)
    var files: [String] = []
    for other in LogFiles.rotations(of: name, among: names).reversed() {
      let status = try? await host.status(ofFile: folder + other)
      // It was written to for the last time when it was rotated; a packed one keeps that time.
      guard let modified = status?.modified, modified >= since else { continue }
      files.append(folder + other)
    }
    return files
  }

  /// Where in a plain file a time begins.
  func offset(of time: Int64, in file: String, size: Int64) async throws(HostFailure) -> Int64 {
    let now = host.now()
    let grammar = LogGrammar(now: now, zone: host.zone)
    return try await LogSeek.offset(of: time, inLogOf: size, grammar: grammar) {
      (offset: Int64, count: Int) async throws(HostFailure) -> [UInt8] in
      try await host.read(file: file, from: offset, count: count)
    }
  }

  /// Hands on the whole lines of a part of a plain file.
  ///
  /// - Parameter take: false to end the reading.
  func read(
    _ file: String, _ part: Range<Int64>, _ take: ([UInt8]) -> Bool
  ) async throws(HostFailure) {
    var splitter = LineSplitter()
    var offset = part.lowerBound
    while offset < part.upperBound, !Task.isCancelled {
      let count = Int(min(Int64(Self.blockSize), part.upperBound - offset))
      let bytes = try await host.read(file: file, from: offset, count: count)
      if bytes.isEmpty { break }
      offset += Int64(bytes.count)
      guard take(splitter.feed(bytes)) else { return }
      // Two of these on a small machine must not keep the screen waiting.
      await Pause.wait(.milliseconds(1))
    }
    _ = take(splitter.finish())
  }

  /// Hands on the whole lines of a packed file, unpacked by the tool that packed it.
  ///
  /// - Throws: where it is damaged or cut off, or has more than `limit` bytes: what was handed on is a part of it.
  func unpack(
    _ file: String, with tool: String, limit: Int, _ take: @escaping @Sendable ([UInt8]) -> Void
  ) async throws(HostFailure) {
    let executable = try host.require(tool)
    let lines = StreamedLines(limit: limit, take)
    let result = try await host.stream(.unpacked(executable, file: file)) { lines.feed($0) }
    lines.finish()
    if lines.isCut { throw .partial(file, "only its first \(limit >> 20) MiB, decompressed") }
    if let failure = result.gap(in: file) { throw failure }
  }
}

/// Cuts what a command prints into lines, up to a limit.
final class StreamedLines: Sendable {
  private let state: Mutex<(splitter: LineSplitter, rest: Int)>
  private let take: @Sendable ([UInt8]) -> Void

  init(limit: Int, _ take: @escaping @Sendable ([UInt8]) -> Void) {
    state = Mutex((LineSplitter(), limit))
    self.take = take
  }

  /// False where the limit is reached.
  func feed(_ bytes: [UInt8]) -> Bool {
    let (lines, goesOn) = state.withLock { state -> ([UInt8], Bool) in
      guard state.rest > 0 else { return ([], false) }
      state.rest -= bytes.count
      return (state.splitter.feed(bytes), state.rest >= 0)
    }
    if !lines.isEmpty { take(lines) }
    return goesOn
  }

  func finish() {
    let lines = state.withLock { $0.splitter.finish() }
    if !lines.isEmpty { take(lines) }
  }

  /// Whether more came than the limit lets through.
  var isCut: Bool { state.withLock { $0.rest < 0 } }
}

extension CommandResult {
  /// Why what a tool printed of a log, unpacked or from the journal, is not the whole of it; nil if it is.
  func gap(in file: String) -> HostFailure? {
    guard status != 0 else { return nil }
    let words = complaint.split(whereSeparator: \.isNewline).first.map(String.init)
    return .partial(file, words ?? "the tool that reads it exited with status \(status)")
  }
}

extension HostFailure {
  /// What could not be read, and why.
  func words(of file: String) -> String {
    switch self {
    case .missing(let name): name == file ? "\(file): not found" : "\(file): \(name) is missing"
    case .notPermitted: "\(file): not permitted"
    case .timedOut(_, let seconds): "\(file): not finished in \(seconds) s"
    case .failed(let words): words.contains(file) ? words : "\(file): \(words)"
    }
  }

  /// What was read of a file is not the whole of it.
  static func partial(_ file: String, _ reason: String) -> HostFailure {
    .failed("partial: \(file) was not read to its end: \(reason)")
  }
}
