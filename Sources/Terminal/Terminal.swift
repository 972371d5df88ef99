// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import CTerminal
package import Canvas
import Glibc

/// What came from the terminal or from a signal.
package enum TerminalEvent: Hashable, Sendable {
  case key(Key)
  case resize(Size)
  /// The screen was left (Ctrl-Z) and is back: draw it again.
  case resumed
  /// The terminal is gone (closed pty, SIGHUP).
  case hangup
  /// SIGTERM, SIGINT or SIGQUIT, with its number.
  case terminate(Int32)
  /// The descriptor that `wait` was given is readable.
  case wake
}

/// The one full-screen terminal.
///
/// Lives and dies on the main thread; restores the terminal when it ends. `exit` does not end it:
/// return a status out of its scope instead. A crash restores the terminal too, and so does a
/// terminal that is still stuck a second after a signal to end, or when what was in progress has ended.
package struct Terminal: ~Copyable {
  package enum Failure: Error, Hashable {
    case notATerminal
    case unknownTerminal(String)
    /// The type is known, and cannot move its cursor: `dumb`.
    case cannotMoveCursor(String)
  }

  package let lines: LineSet
  /// What suits its font, as far as its type shows.
  package let graphs: GraphSet
  /// With `.mono` only a theme's attributes show: choose one that has them.
  package let colors: ColorDepth
  private let state = State()

  /// Opens the screen.
  ///
  /// - Parameters:
  ///   - ascii: draw lines in ASCII even where the locale is UTF-8.
  ///   - color: false for a monochrome screen (`--no-color`, `NO_COLOR`).
  ///   - mouse: have the terminal report clicks and the wheel.
  ///   - title: whether `setTitle` is to be used: the terminal then keeps the title it had.
  package init(ascii: Bool, color: Bool, mouse: Bool, title: Bool) throws(Failure) {
    let isUTF8 = CharacterSet.isUTF8
    let wishes =
      (mouse ? TF_MOUSE : 0) | (title && !Terminal.isPlain ? TF_TITLE : 0)
    let name = environment("TERM") ?? ""
    guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1 else { throw .notATerminal }
    let type: TerminalType
    do throws(TerminalType.Failure) {
      type = try TerminalType(name)
    } catch {
      throw error == .unknown ? .unknownTerminal(name) : .cannotMoveCursor(name)
    }
    switch tf_open_result(UInt32(tf_open(type.description, UInt32(wishes)))) {
    case TF_OPENED: break
    case TF_UNKNOWN_TERMINAL: throw .unknownTerminal(name)
    default: throw .notATerminal
    }
    lines = LineSet(terminal: name, isUTF8: isUTF8 && !ascii)
    graphs = GraphSet(terminal: name, colors: Int(tf_colors()), lines: lines)
    colors = color ? ColorDepth(colors: Int(tf_colors())) : .mono
  }

  deinit { tf_close() }

  package var size: Size {
    var columns: Int32 = 0
    var rows: Int32 = 0
    tf_size(&columns, &rows)
    return Size(columns: Int(columns), rows: Int(rows))
  }

  /// Becomes readable where the program is to end and the terminal takes nothing anymore; negative for none.
  ///
  /// Whoever asks for it ends what is in progress then, within two minutes, and calls `endStuck`.
  package static var stuckDescriptor: Int32 { tf_stuck_descriptor() }

  /// Ends the program with the status of the signal, if the screen is still open.
  package static func endStuck() { tf_end_stuck() }

  /// Blocks until a key, a signal, `descriptor` or the timeout (milliseconds; nil for none), and
  /// returns all that is there.
  ///
  /// A negative descriptor is not waited for. After `.hangup` it returns at once, always.
  package func wait(alsoFor descriptor: Int32, timeout: Int?) -> [TerminalEvent] {
    var descriptors = [STDIN_FILENO, tf_signal_descriptor(), descriptor].map {
      pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
    }
    var limit = timeout.map { Int32(clamping: max(0, $0)) } ?? -1
    if let rest = state.untilEscape { limit = limit < 0 ? rest : min(limit, rest) }
    guard poll(&descriptors, nfds_t(descriptors.count), limit) >= 0 else {
      return errno == EINTR ? [] : [.hangup]
    }
    var events: [TerminalEvent] = []
    if descriptors[1].revents != 0 { events += signals() }
    if descriptors[0].revents != 0 {
      events += input()
    } else if state.untilEscape == 0 {
      events += state.keys.flush().map { .key($0) }
    }
    if descriptors[2].revents != 0 { events.append(.wake) }
    return events
  }

  /// Shows a frame; only rows that differ from the one before are touched.
  package mutating func present(_ grid: Grid, theme: Theme) {
    if state.theme != theme {
      define(theme)
    }
    for y in grid.rows(changedFrom: state.shown) {
      let cells = grid.row(y).map { cell in
        let (base, mark1, mark2) = cell.scalars
        let role = Int(cell.role.rawValue)
        return tf_cell(
          base: base, mark1: mark1, mark2: mark2, pair: colors == .mono ? 0 : UInt16(role + 1),
          attributes: state.attributes[role])
      }
      tf_draw_row(Int32(y), cells, Int32(cells.count))
    }
    let cursor = grid.cursor ?? Point(x: -1, y: 0)
    tf_show(Int32(clamping: cursor.x), Int32(clamping: cursor.y))
    state.shown = grid
  }

  /// Leaves the screen, stops the process as Ctrl-Z does, and comes back.
  package mutating func suspend() { leaveAndReturn() }

  /// Has the next frame drawn on a cleared screen.
  package mutating func redraw() {
    tf_repaint()
    state.shown = nil
  }

  /// Sends text to the terminal's clipboard (OSC 52).
  ///
  /// - Returns: whether it was sent. It is not when it is too long, or the terminal is known to
  ///   have no clipboard. The terminal does not report whether it took it.
  @discardableResult
  package func copy(_ text: String) -> Bool {
    guard !Terminal.isPlain, let sequence = Clipboard.sequence(for: text) else { return false }
    return tf_write(sequence, Int32(sequence.count))
  }

  /// Sets the terminal's title, where it has one; the end of the screen brings the old one back.
  package func setTitle(_ text: String) {
    guard !Terminal.isPlain else { return }
    state.title = WindowTitle.sequence(for: text)
    tf_write(state.title, Int32(state.title.count))
  }

  /// Rings the terminal's bell.
  package func ring() { tf_write([0x07], 1) }

  /// Whether the terminal is known to have neither clipboard nor title.
  private static var isPlain: Bool {
    let name = environment("TERM") ?? ""
    return ["linux", "vt", "dumb"].contains(where: name.hasPrefix)
  }
}

extension Terminal {
  /// What changes while the terminal is borrowed.
  private final class State {
    var keys = KeyDecoder()
    var shown: Grid?
    var theme: Theme?
    /// The attributes of the theme's roles, in their order.
    var attributes: [UInt16] = []
    /// The sequence that set the title; empty if none was set.
    var title: [UInt8] = []

    private var lastRead = ContinuousClock.now

    /// Milliseconds that the rest of a sequence may take before Esc is a key: ESCDELAY, or 25.
    private static let escapeDelay =
      environment("ESCDELAY").flatMap { Int($0) }.map { min(max($0, 1), 1000) } ?? 25

    /// Milliseconds until an Esc that came is the key; nil when none is waiting.
    var untilEscape: Int32? {
      guard keys.isWaiting else { return nil }
      let rest = lastRead + .milliseconds(State.escapeDelay) - ContinuousClock.now
      // Rounded up: a poll that ends a little early would go round once more for nothing.
      return rest <= .zero ? 0 : Int32(rest / .milliseconds(1)) + 1
    }

    func decode(_ bytes: some Sequence<UInt8>) -> [Key] {
      lastRead = .now
      return keys.decode(bytes)
    }
  }

  private func leaveAndReturn() {
    tf_suspend()
    tf_write(state.title, Int32(state.title.count))
    state.shown = nil
  }

  private func input() -> [TerminalEvent] {
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = read(STDIN_FILENO, &buffer, buffer.count)
    // A closed pty reads as an end or as EIO.
    guard count > 0 else { return count < 0 && [EINTR, EAGAIN].contains(errno) ? [] : [.hangup] }
    return state.decode(buffer.prefix(count)).map { .key($0) }
  }

  private func signals() -> [TerminalEvent] {
    var buffer = [UInt8](repeating: 0, count: 64)
    let count = max(0, read(tf_signal_descriptor(), &buffer, buffer.count))
    let before = size
    var events: [TerminalEvent] = []
    for number in buffer.prefix(count).map(Int32.init) {
      switch number {
      case SIGWINCH:
        tf_resize()
        tf_repaint()
      case SIGTSTP:
        leaveAndReturn()
        events.append(.resumed)
      case SIGCONT:
        tf_enter()
        state.shown = nil
        events.append(.resumed)
      case SIGHUP: events.append(.hangup)
      default: events.append(.terminate(number))
      }
    }
    return size == before ? events : events + [.resize(size)]
  }

  /// Makes every role a pair: its raw value and 1, since pair 0 cannot be defined.
  private func define(_ theme: Theme) {
    state.attributes = StyleRole.allCases.map { role in
      let look = Look(theme[role], depth: colors)
      if colors != .mono {
        tf_set_pair(Int32(role.rawValue) + 1, Int32(look.foreground), Int32(look.background))
      }
      return attributes(of: theme[role], bold: look.bold)
    }
    state.theme = theme
    state.shown = nil
  }

  private func attributes(of style: Style, bold: Bool) -> UInt16 {
    let parts = [
      (bold, TF_BOLD), (style.underline, TF_UNDERLINE), (style.reverse, TF_REVERSE),
      (style.dim, TF_DIM),
    ]
    return parts.reduce(0) { $1.0 ? $0 | UInt16($1.1) : $0 }
  }
}

private func environment(_ name: String) -> String? {
  getenv(name).map { String(cString: $0) }
}
