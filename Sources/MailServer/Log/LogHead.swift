// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes

/// What is before a log line's message: when it was written, and by which program.
///
/// Syslog, the journal, containers, pods, grep and log collectors each put something before a line, and one around the
/// other. So the words are gone through one by one until one of them is a program's name or a message begins.
struct LogHead {
  /// Who wrote a line, as far as the text before its message shows.
  enum Writer {
    case exim
    /// A daemon of Postfix; nil if only the message shows which.
    case postfix(PostfixLog.Daemon?)
    /// Another program of the same syslog.
    case other
    /// Nothing that is known is there.
    case unknown

    var mta: MTA? {
      switch self {
      case .exim: .exim
      case .postfix: .postfix
      case .other, .unknown: nil
      }
    }

    /// Whether it is none of the MTA whose lines alone are wanted; nil: of any.
    func isForeign(to wanted: MTA?) -> Bool { wanted.map { $0 != mta } ?? false }
  }

  /// The stamp that says most of when the line was written, and of several such the first; nil if there is none.
  private(set) var stamp: LogStamp?
  /// The program's name as syslog has it (`exim`, `postfix/smtp`), or nil if the MTA wrote the file itself.
  private(set) var program: Range<Int>?
  /// Where the message begins.
  private(set) var body = 0
  private(set) var writer = Writer.unknown

  /// Words before a program's name: host, severity, container, pod, stream, and the parts of RFC 5424.
  private static let mostWords = 10
  /// Bytes in which all of them stand.
  private static let reach = 512

  init(in line: Span<UInt8>) { read(line, from: 0) }

  /// A message that came without a head, of a program that is known otherwise (a JSON object).
  init(program: Range<Int>, body: Int, in line: Span<UInt8>) {
    name(program, body: body, in: line)
    skipEximsStamp(in: line)
  }

  /// Seconds since 1970, or nil if there is no readable time.
  func time(now: Int64, zone: borrowing LocalZone) -> Int64? {
    stamp?.time(now: now, zone: zone)
  }

  /// The last part of a Postfix program's name: `smtp` of `postfix/relay/smtp`.
  func daemonName(in line: Span<UInt8>) -> Range<Int>? {
    guard case .postfix(.some) = writer, let program,
      let slash = line.lastIndex(of: UInt8(ascii: "/"), before: program.upperBound)
    else { return nil }
    return slash + 1..<program.upperBound
  }

  private mutating func read(_ line: Span<UInt8>, from start: Int) {
    var (index, words) = (start, 0)
    let end = min(line.count, Self.reach)
    while words < Self.mostWords {
      index = Self.endOfBlanks(in: line, from: index)
      // An object's text is no head, whatever words are in it.
      guard index < end, !line.has("{\"", at: index) else { return }
      if let found = LogStamp(in: line, at: index) {
        note(found)
        index = found.end
        guard found.isExims else { continue }
        index = min(index + 1, line.count)
        if isEximsMessage(line, at: index) { return }
        continue
      }
      if beginsMessage(line, at: index) { return }
      let wordEnd = line.firstIndexNear(index, of: ASCII.space, before: line.count) ?? line.count
      if let next = program(in: line, index..<wordEnd) {
        guard next < line.count else { return }
        index = next
        words += 1
      } else if line[index] == UInt8(ascii: "<"), let next = Self.endOfPriority(in: line, at: index)
      {
        index = next
        if line.has("1 ", at: index), readRFC5424(line, from: index + 2) { return }
      } else if let inner = Self.stampInside(line, index..<wordEnd, isFirst: words == 0) {
        index = inner
      } else {
        index = wordEnd
        words += 1
      }
    }
  }

  private mutating func note(_ found: LogStamp) {
    if stamp.map({ $0.value < found.value }) ?? true { stamp = found }
  }

  // MARK: - The message

  /// Whether what is behind Exim's own stamp is its message: it is, unless another program's name comes.
  private mutating func isEximsMessage(_ line: Span<UInt8>, at index: Int) -> Bool {
    if case .exim = writer {
      body = index
      return true
    }
    if EximLog.isMessage(line, at: index) || !hasProgram(line, from: index) {
      (body, writer) = (index, .exim)
      return true
    }
    return false
  }

  /// The same where the program is known.
  private mutating func skipEximsStamp(in line: Span<UInt8>) {
    if let piece = LogLineJoiner.piece(in: line, at: body), piece.number == 1 { body = piece.text }
    guard let found = LogStamp(in: line, at: body), found.isExims else { return }
    note(found)
    _ = isEximsMessage(line, at: min(found.end + 1, line.count))
  }

  /// Whether the name of a program with a process ID or of a daemon of Postfix is among the next words.
  private func hasProgram(_ line: Span<UInt8>, from start: Int) -> Bool {
    var index = start
    for _ in 0..<3 {
      guard let end = line.firstIndexNear(index, of: ASCII.space, before: line.count), end > index
      else { return false }
      if let (name, hasPID) = Self.name(in: line, index..<end),
        hasPID || PostfixLog.Daemon(of: line, program: name) != nil
      {
        return true
      }
      index = end + 1
    }
    return false
  }

  /// Takes the message at `index` where its own words say whose it is.
  private mutating func beginsMessage(_ line: Span<UInt8>, at index: Int) -> Bool {
    if EximLog.isMessage(line, at: index) {
      (body, writer) = (index, .exim)
      return true
    }
    if PostfixLog.isMessage(line, at: index) {
      (body, writer) = (index, .postfix(nil))
      return true
    }
    return false
  }

  // MARK: - The program

  /// Takes the program whose name is the word in `range`, and gives where the search goes on: at the end of the line where
  /// there is no more to find.
  private mutating func program(in line: Span<UInt8>, _ range: Range<Int>) -> Int? {
    guard let (found, hasPID) = Self.name(in: line, range),
      // A field with a value in it (`MESSAGE=4A1B: …`) is no name.
      line.firstIndex(of: UInt8(ascii: "="), from: found.lowerBound, before: found.upperBound)
        == nil
        || PostfixLog.Daemon(of: line, program: found) != nil
    else { return nil }
    let next = min(range.upperBound + 1, line.count)
    name(found, body: next, in: line)
    // Any text can hold a word with a colon.
    if case .other = writer, stamp == nil, !hasPID { writer = .unknown }
    // A long line of Exim comes in pieces, marked before its stamp: `[1/5] `. The first one has the most.
    if let piece = LogLineJoiner.piece(in: line, at: next), piece.number == 1 {
      name(found, body: piece.text, in: line)
    }
    // Exim stamps its lines itself, in syslog too; a container's line holds that of its own syslog.
    if LogStamp(in: line, at: body) != nil { return body }
    switch writer {
    case .exim, .postfix: return line.count
    // It was no program's name.
    case .unknown: return next
    case .other: break
    }
    let end = line.firstIndexNear(body, of: ASCII.space, before: line.count) ?? line.count
    let isNested =
      Self.name(in: line, body..<end).map {
        PostfixLog.Daemon(of: line, program: $0.name) != nil
      } ?? false
    return isNested ? body : line.count
  }

  private mutating func name(_ found: Range<Int>, body: Int, in line: Span<UInt8>) {
    (program, self.body) = (found, body)
    if let daemon = PostfixLog.Daemon(of: line, program: found) {
      writer = .postfix(daemon)
    } else if line.has("exim", at: found.lowerBound) {
      writer = .exim
    } else if line.has("postfix", at: found.lowerBound) {
      // The unit's name (`journalctl -o with-unit`) names no daemon.
      writer = .postfix(nil)
    } else if EximLog.isMessage(line, at: body) {
      writer = .exim
    } else {
      writer = .other
    }
  }

  /// The name in `name[pid]:` or `name:`; none in a word that holds more colons, which is a time or a file's name.
  private static func name(in line: Span<UInt8>, _ range: Range<Int>)
    -> (name: Range<Int>, hasPID: Bool)?
  {
    guard range.count > 1, line[range.upperBound - 1] == UInt8(ascii: ":") else { return nil }
    let end = range.upperBound - 1
    guard line[end - 1] == UInt8(ascii: "]"),
      let bracket = line.lastIndex(of: UInt8(ascii: "["), before: end), bracket > range.lowerBound
    else { return (range.lowerBound..<end, false) }
    return (range.lowerBound..<bracket, true)
  }

  // MARK: - What others put before a line

  /// `<22>1 STAMP HOST APP PROCID MSGID [STRUCTURED DATA] message` (RFC 5424, section 6).
  private mutating func readRFC5424(_ line: Span<UInt8>, from start: Int) -> Bool {
    guard let found = LogStamp(in: line, at: start) else { return false }
    var places = [found.end]
    for _ in 0..<4 {
      guard let last = places.last, last < line.count,
        let end = line.firstIndex(of: ASCII.space, from: last + 1)
      else { return false }
      places.append(end)
    }
    note(found)
    var text = places[4] + 1
    while line.byte(at: text) == UInt8(ascii: "[") {
      guard let end = Self.endOfStructuredData(in: line, at: text) else { return false }
      text = end
    }
    if line.has("- ", at: text) { text += 1 }
    while line.byte(at: text) == ASCII.space { text += 1 }
    // The message may begin with a byte order mark (section 6.4).
    if line.byte(at: text) == 0xEF, line.byte(at: text + 1) == 0xBB { text += 3 }
    text = min(text, line.count)
    name(places[1] + 1..<places[2], body: text, in: line)
    skipEximsStamp(in: line)
    return true
  }

  /// Behind `[id name="value" …]`: a `]` in a value is behind a backslash.
  private static func endOfStructuredData(in line: Span<UInt8>, at start: Int) -> Int? {
    var index = start + 1
    while let byte = line.byte(at: index) {
      if byte == UInt8(ascii: "]") { return index + 1 }
      index += byte == UInt8(ascii: "\\") ? 2 : 1
    }
    return nil
  }

  /// Behind syslog's `<22>`.
  private static func endOfPriority(in line: Span<UInt8>, at start: Int) -> Int? {
    let end = line.endOfDigits(from: start + 1)
    return (2...4).contains(end - start) && line.byte(at: end) == UInt8(ascii: ">") ? end + 1 : nil
  }

  /// The stamp or message within a word: behind a file's name and perhaps a line's number, as grep puts them (`mail.log:`,
  /// `mail.log.1-12-`), or behind a field's name (`MESSAGE=`, `msg="`).
  private static func stampInside(_ line: Span<UInt8>, _ word: Range<Int>, isFirst: Bool) -> Int? {
    for index in word {
      switch line[index] {
      case UInt8(ascii: "="), UInt8(ascii: "\""): break
      case UInt8(ascii: ":"), UInt8(ascii: "-"), UInt8(ascii: "|"), UInt8(ascii: ","):
        guard isFirst else { continue }
      default: continue
      }
      let next = index + 1
      if LogStamp(in: line, at: next) != nil || EximLog.isMessage(line, at: next)
        || PostfixLog.isMessage(line, at: next)
      {
        return next
      }
    }
    return nil
  }

  /// After blanks and terminal color sequences (`docker compose` and `grep` color names).
  private static func endOfBlanks(in line: Span<UInt8>, from start: Int) -> Int {
    var index = start
    while let byte = line.byte(at: index) {
      if byte == ASCII.space || byte == 0x09 {
        index += 1
      } else if byte == 0x1B, line.byte(at: index + 1) == UInt8(ascii: "[") {
        index += 2
        // Parameters, then a letter (ECMA-48, section 5.4).
        while let next = line.byte(at: index), (0x20...0x3F).contains(next) { index += 1 }
        index += 1
      } else if byte == 0xEF, line.byte(at: index + 1) == 0xBB, line.byte(at: index + 2) == 0xBF {
        index += 3
      } else {
        break
      }
    }
    return min(index, line.count)
  }
}

extension Int64 {
  /// The sum, or the nearest number that can be said: times come from outside.
  func adding(_ other: Int64) -> Int64 {
    let (sum, overflows) = addingReportingOverflow(other)
    return overflows ? (other < 0 ? .min : .max) : sum
  }
}
