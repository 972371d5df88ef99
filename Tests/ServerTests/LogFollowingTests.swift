// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import Server

@Suite("Following a log", .timeLimit(.minutes(4)))
struct LogFollowingTests {
  let scratch = Scratch()
  let host = LocalHost(search: ExecutableSearch(folders: []))

  private func follow(from start: LogPosition? = nil) -> Follower {
    Follower(host.follow(.file(scratch.file("log")), from: start))
  }

  /// Reads a stream as text.
  private final class Follower {
    private var chunks: AsyncStream<LogChunk>.Iterator
    init(_ stream: AsyncStream<LogChunk>) { chunks = stream.makeAsyncIterator() }

    func next() async -> LogChunk? { await chunks.next() }

    /// Lines until `last` has come; other chunks are marked.
    func text(until last: String) async -> String {
      var text = ""
      while !text.hasSuffix(last), let chunk = await chunks.next() {
        switch chunk {
        case .lines(let bytes): text += String(decoding: bytes, as: UTF8.self)
        case .restarted: text += "<restarted>"
        case .unavailable(let failure): text += "<\(failure)>"
        }
      }
      return text
    }
  }

  @Test func startsAtTheEnd() async {
    scratch.write("old\n", to: "log")
    let follower = follow()
    scratch.append("new\n", to: "log")
    #expect(await follower.text(until: "new\n") == "new\n")
  }

  @Test func startsAtAPosition() async throws {
    scratch.write("old\nolder\n", to: "log")
    let status = try #require(try await host.status(ofFile: scratch.file("log")))
    let follower = follow(from: .file(inode: status.inode, offset: 4))
    #expect(await follower.text(until: "older\n") == "older\n")
  }

  @Test func readsAnotherFileThanTheOneMeantFromItsStart() async {
    scratch.write("a\nb\n", to: "log")
    let follower = follow(from: .file(inode: 1, offset: 2))
    #expect(await follower.text(until: "b\n") == "a\nb\n")
  }

  @Test func keepsAPartialLineUntilItsEndComes() async {
    scratch.write("", to: "log")
    let follower = follow()
    scratch.append("first\nsec", to: "log")
    #expect(await follower.next() == .lines(Array("first\n".utf8)))
    scratch.append("ond\n", to: "log")
    #expect(await follower.next() == .lines(Array("second\n".utf8)))
  }

  @Test func goesOnAfterRotationByRename() async {
    scratch.write("", to: "log")
    let follower = follow()
    scratch.append("one\n", to: "log")
    #expect(await follower.text(until: "one\n") == "one\n")
    scratch.rename("log", to: "log.1")
    scratch.append("two\n", to: "log.1")
    scratch.write("three\n", to: "log")
    let text = await follower.text(until: "three\n")
    #expect(text == "two\n<restarted>three\n")
    // The daemon has not reopened its log yet and keeps writing to the old file.
    scratch.append("late\n", to: "log.1")
    #expect(await follower.text(until: "late\n") == "late\n")
    scratch.append("four\n", to: "log")
    #expect(await follower.text(until: "four\n") == "four\n")
  }

  @Test func goesOnAfterCopytruncate() async {
    scratch.write("long line before\n", to: "log")
    let follower = follow()
    scratch.append("one\n", to: "log")
    #expect(await follower.text(until: "one\n") == "one\n")
    scratch.write("two\n", to: "log")
    #expect(await follower.text(until: "two\n") == "<restarted>two\n")
  }

  @Test func waitsForALogThatIsNotThereYet() async {
    let follower = follow()
    #expect(await follower.next() == .unavailable(.missing(scratch.file("log"))))
    scratch.write("first\n", to: "log")
    #expect(await follower.text(until: "first\n") == "<restarted>first\n")
  }

  @Test func cutsALineThatIsTooLong() async throws {
    scratch.write("", to: "log")
    let follower = follow()
    scratch.append(String(repeating: "x", count: 10_000_000) + "\nnext\n", to: "log")
    let text = await follower.text(until: "next\n")
    #expect(text.utf8.count == LineSplitter.limit + 1 + 5)
  }

  @Test func takesBinaryJunk() async {
    scratch.write("", to: "log")
    let follower = follow()
    let junk = String(decoding: (0..<4096).map { UInt8($0 % 128) }, as: UTF8.self)
    scratch.append(junk + "\nend\n", to: "log")
    let text = await follower.text(until: "end\n")
    #expect(text == junk + "\nend\n")
  }

  @Test func losesNothingWhenTheReaderIsSlow() async {
    scratch.write("", to: "log")
    let follower = follow()
    let block = String(repeating: "0123456789abcde\n", count: 1 << 20)
    scratch.append(block + "end\n", to: "log")
    let text = await follower.text(until: "end\n")
    #expect(text.utf8.count == block.utf8.count + 4)
  }

  @Test func endsWithItsTask() async {
    scratch.write("", to: "log")
    let stream = host.follow(.file(scratch.file("log")), from: nil)
    let task = Task { for await _ in stream {} }
    task.cancel()
    await task.value
  }
}

@Suite("Splitting lines")
struct LineSplitterTests {
  @Test(arguments: 0..<200)
  func givesTheSameWhateverThePieces(seed: Int) {
    var generator = SeededGenerator(seed: UInt64(seed))
    let text = (0..<Int.random(in: 0...300, using: &generator)).map { _ in
      UInt8.random(in: 8...12, using: &generator)
    }
    var splitter = LineSplitter()
    var lines: [UInt8] = []
    var rest = text[...]
    while !rest.isEmpty {
      let piece = rest.prefix(Int.random(in: 1...20, using: &generator))
      lines += splitter.feed(Array(piece))
      rest = rest.dropFirst(piece.count)
    }
    lines += splitter.finish()
    let expected = text.isEmpty || text.last == 10 ? text : text + [10]
    #expect(lines == expected)
  }
}
