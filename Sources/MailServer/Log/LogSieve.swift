// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes

/// Recognizes lines of routine traffic, which are most of a log, by their first bytes.
///
/// The lines of a log begin alike but for the digits of the time. Where one fits the stencil of a line that was read
/// before, what is before its message need not be taken apart.
struct LogSieve {
  /// What begins behind the part that lines have in common.
  private enum Next {
    /// The message, in a log that Exim writes itself.
    case message
    /// The flag behind the queue ID of such a message.
    case flag
    /// The name of a Postfix daemon.
    case daemon
  }

  private let mta: MTA?
  private var stencil = ByteStencil()
  /// Where the stencil ends, and where the queue ID in it begins.
  private var (end, id) = (0, 0)
  private var next = Next.message
  private var misfits = 0
  /// Lines that were passed over, but for those below.
  private var others = LogTally()
  /// Lines that were passed over by this stencil: a sum in a register is all that may be done for each of them.
  private var fitting = 0

  /// Where lines of many hosts or programs are mixed, a stencil for each of them would cost more than it saves.
  private static let misfitsForEachStencil = 16

  init(mta: MTA?) { self.mta = mta }

  /// Whose the lines are that were passed over.
  var tally: LogTally {
    var tally = others
    tally.count(.of(next == .daemon ? .postfix : .exim), times: fitting)
    return tally
  }

  /// Whether the line that begins at `start` of `lines` certainly reports no failure; otherwise it has to be read.
  @inline(__always)
  mutating func passesOver(_ line: Span<UInt8>, at start: Int, of lines: Span<UInt8>) -> Bool {
    guard stencil.fits(lines, at: start), line.count > end, let isRoutine = isRoutine(line) else {
      return passesOver(unfitting: line)
    }
    fitting += isRoutine ? 1 : 0
    return isRoutine
  }

  /// Whether a line that fits the stencil is routine traffic; nil if what follows is not what others have there.
  @inline(__always)
  private func isRoutine(_ line: Span<UInt8>) -> Bool? {
    switch next {
    case .message: EximLog.isRoutine(line, from: end)
    // The hyphens and the space of the ID fit; one in its middle would make it an older, shorter ID.
    case .flag:
      EximLog.endOfID(in: line, at: id) == end - 1 ? EximLog.isRoutine(line, flagAt: end) : nil
    case .daemon:
      daemon(in: line).map { PostfixLog.isRoutine(line, daemon: $0.daemon, from: $0.body) }
    }
  }

  @inline(never)
  private mutating func passesOver(unfitting line: Span<UInt8>) -> Bool {
    guard let kind = routine(line) else { return false }
    others.count(kind)
    return true
  }

  /// Whose a line is, if it certainly reports no failure; nil if it has to be read.
  private mutating func routine(_ line: Span<UInt8>) -> LogTally.Kind? {
    let head = LogHead(in: line)
    let isForeign = head.writer.isForeign(to: mta)
    switch head.writer {
    case .postfix(let daemon?):
      if let name = head.daemonName(in: line) {
        learn(line, before: name.lowerBound, .daemon, stamp: head.stamp?.end ?? 0)
      }
      return isForeign || PostfixLog.isRoutine(line, daemon: daemon, from: head.body)
        ? .of(.postfix) : nil
    case .postfix(nil): return isForeign ? .of(.postfix) : nil
    case .exim:
      guard head.program == nil else { return isForeign ? .of(.exim) : nil }
      if let id = EximLog.queueID(in: line, at: head.body), id.upperBound < line.count {
        learn(line, before: id.upperBound + 1, .flag, stamp: id.lowerBound, id: id)
      } else {
        learn(line, before: head.body, .message, stamp: head.body)
      }
      guard isForeign || EximLog.isRoutine(line, from: head.body) else { return nil }
      return head.kind(in: line)
    case .other: return .other
    // An object can stand behind a container's name.
    case .unknown: return LogObject.start(in: line) == nil ? .unknown : nil
    }
  }

  /// Who wrote `smtp[123]: ` at the end of the stencil, and where the message begins; nil if it is none that we know.
  @inline(__always)
  private func daemon(in line: Span<UInt8>) -> (daemon: PostfixLog.Daemon, body: Int)? {
    guard let open = line.firstIndexNear(end, of: UInt8(ascii: "["), before: end + 12),
      let daemon = PostfixLog.Daemon(in: line, name: end..<open),
      let space = line.firstIndexNear(open, of: ASCII.space, before: open + 12),
      line[space - 1] == UInt8(ascii: ":")
    else { return nil }
    return (daemon, space + 1)
  }

  /// - Parameter stamp: where the digits end that are others in each line.
  private mutating func learn(
    _ line: Span<UInt8>, before end: Int, _ next: Next, stamp: Int, id: Range<Int> = 0..<0
  ) {
    defer { misfits += 1 }
    guard misfits % Self.misfitsForEachStencil == 0, end <= min(line.count, ByteStencil.length)
    else { return }
    let bits = (0..<end).map { index -> UInt8 in
      // Of an ID its hyphens: they are where they are, whatever is between them.
      if id.contains(index) { return line[index] == UInt8(ascii: "-") ? 0xFF : 0 }
      // The high half of a digit says that it is one, or one of a few marks: no space and no hyphen, at which the line
      // is taken apart.
      return index < stamp && line[index] & 0xF0 == 0x30 ? 0xF0 : 0xFF
    }
    (others, fitting) = (tally, 0)
    (stencil, self.end, self.next) = (ByteStencil(line, bits: bits), end, next)
    self.id = id.lowerBound
  }
}
