// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

/// The growing end of a log file, through rotation by rename, copytruncate and times without a file.
///
/// It never waits: a caller steps it when something may have changed.
struct LogTail {
  private final class Reader {
    let file: FileAccess.Handle
    let inode: UInt64
    var offset: Int64
    var splitter = LineSplitter()

    init(_ file: consuming FileAccess.Handle, inode: UInt64, offset: Int64) {
      self.file = file
      self.inode = inode
      self.offset = offset
    }

    /// Reads a block; whether there may be more.
    func read(into chunks: inout [LogChunk]) -> Bool {
      guard let size = try? file.status().size else { return false }
      if size < offset {
        // copytruncate: the same file begins again.
        offset = 0
        splitter = LineSplitter()
        chunks.append(.restarted)
      }
      guard size > offset, let bytes = try? file.read(from: offset, count: blockSize) else {
        return false
      }
      offset += Int64(bytes.count)
      let lines = splitter.feed(bytes)
      if !lines.isEmpty { chunks.append(.lines(lines)) }
      return bytes.count == blockSize
    }
  }

  static let blockSize = 256 << 10
  /// How long the old file is read after a rotation: logrotate notifies the daemon within seconds.
  private static let grace = Duration.seconds(60)

  let path: String
  private var current: Reader?
  /// The file before the last rotation: a daemon keeps writing there until it reopens its log.
  private var previous: Reader?
  private var previousIsLeftAt = ContinuousClock.now
  private var missedChecks = 0
  /// The failure that was reported last and still holds.
  private var told: HostFailure?

  /// - Parameter start: where to begin; a file that is not the one meant is read from its start.
  init(path: String, from start: LogPosition) {
    self.path = path
    guard let file = try? FileAccess.Handle(path), let status = try? file.status() else { return }
    var offset: Int64 = 0
    if case .file(status.inode, let position) = start { offset = min(position, status.size) }
    current = Reader(file, inode: status.inode, offset: offset)
  }

  /// The end of the file as it is now; of a file that is yet to come, its start.
  static func end(of path: String) -> LogPosition {
    guard let status = try? FileAccess.status(path) else { return .file(inode: 0, offset: 0) }
    return .file(inode: status.inode, offset: status.size)
  }

  /// Reads what is new: nothing, or up to a block of each file.
  ///
  /// `hasMore` means to step again at once.
  mutating func step() -> (chunks: [LogChunk], hasMore: Bool) {
    var chunks: [LogChunk] = []
    let previousHasMore = previous?.read(into: &chunks) ?? false
    let currentHasMore = current?.read(into: &chunks) ?? false
    return (chunks, previousHasMore || currentHasMore)
  }

  /// Looks whether the path now names another file; to be called now and then, and when the folder changed.
  ///
  /// Returns whether another file was opened.
  mutating func check(into chunks: inout [LogChunk]) -> Bool {
    if ContinuousClock.now >= previousIsLeftAt { previous = nil }
    do throws(HostFailure) {
      guard let status = try FileAccess.status(path) else { throw .missing(path) }
      if let current, current.inode == status.inode {
        missedChecks = 0
        return false
      }
      let file = try FileAccess.Handle(path)
      let opened = try file.status()
      previous = current
      previousIsLeftAt = .now + Self.grace
      current = Reader(file, inode: opened.inode, offset: 0)
      missedChecks = 0
      told = nil
      chunks.append(.restarted)
      return true
    } catch {
      missedChecks += 1
      // Between the two steps of a rotation there is no file for a moment: reported only at the second reading.
      if told != error, current == nil || missedChecks > 1 {
        told = error
        chunks.append(.unavailable(error))
      }
      return false
    }
  }
}
