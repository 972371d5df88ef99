// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes
import Glibc
import Testing

/// Logs that are damaged, cut off, packed otherwise than they say, or no files at all.
@Suite(.timeLimit(.minutes(10))) struct DamagedLogTests {
  enum Packer: String, CaseIterable {
    case gzip = "gz"
    case xz
    case zstd = "zst"
    case bzip2 = "bz2"

    var tool: String? {
      let name = self == .gzip ? "gzip" : self == .zstd ? "zstd" : self == .bzip2 ? "bzip2" : "xz"
      return ["/usr/bin", "/bin"].map { "\($0)/\(name)" }.first { access($0, X_OK) == 0 }
    }
  }

  enum Damage: String, CaseIterable { case cut, changed, plain, empty }

  private static let lines = 3000

  /// Deferrals that do not pack to nothing.
  private static let log: String = (0..<lines).map { number in
    let id = String(UInt64(number) &* 0x9E37_79B9_7F4A_7C15, radix: 16)
    return
      "Nov 24 10:00:00 mx postfix/smtp[1]: 4CA\(100_000 + number): to=<\(id)@example.net>, relay=mx.example.net[192.0.2.1]:25, "
      + "delay=1, delays=0/0/0/1, dsn=4.7.0, status=deferred (host mx.example.net[192.0.2.1] said: 421 4.7.0 \(id))\n"
  }.joined()

  private func withFolder(_ work: (String) async throws -> Void) async throws {
    var template = Array("/tmp/tempfail-damaged-XXXXXX\0".utf8CString)
    let made = try #require(mkdtemp(&template))
    let path = String(cString: made)
    let file = try #require(fopen("\(path)/mail.log", "w"))
    fputs(Self.log, file)
    fclose(file)
    try await work(path)
    _ = try await outcome(of: "/bin/rm", ["-rf", "--", path])
  }

  private func damage(_ path: String, _ damage: Damage) throws {
    var information = stat()
    stat(path, &information)
    let size = information.st_size
    switch damage {
    case .cut: truncate(path, size / 2)
    case .changed:
      let file = try #require(fopen(path, "r+"))
      fseek(file, size / 2, SEEK_SET)
      fputs("damaged on its way", file)
      fclose(file)
    case .plain:
      let file = try #require(fopen(path, "w"))
      fputs(Self.log, file)
      fclose(file)
    case .empty: truncate(path, 0)
    }
  }

  static let ways = [
    ["--all"], ["--all", "--json"], ["--all", "--summary"], ["--all", "--summary", "--json"],
    ["--all", "--summary", "--filter", "dest:example.net"],
    ["--all", "--filter", "dest:example.net"],
  ]

  @Test(arguments: Packer.allCases, Damage.allCases) func isTold(_ packer: Packer, _ kind: Damage)
    async throws
  {
    guard let tool = packer.tool else { return }
    try await withFolder { folder in
      let path = "\(folder)/mail.log.\(packer.rawValue)"
      let packed = try await outcome(of: tool, ["-k", "\(folder)/mail.log"])
      try #require(packed.status == 0)
      let whole = try await tempfail("log", "--all", "--summary", "--json", path)
      #expect(whole.status == 0 && whole.objects?.first?["deferrals"]?.integer == Int64(Self.lines))
      #expect(whole.objects?.first?["partial"] == false)
      try damage(path, kind)
      // Of nothing bzip2 and zstd unpack nothing, without a word.
      var isFine = false
      if kind == .empty { isFine = try await outcome(of: tool, ["-dc", "--", path]).status == 0 }
      for way in Self.ways {
        for files in [[path], [path, "\(folder)/mail.log"]] {
          let result = try await outcome(of: Place.program, ["log"] + way + files)
          guard !isFine else { continue }
          #expect(result.status == 1, "\(way): \(result.output.prefix(200))\(result.complaints)")
          #expect(
            result.complaints.contains(path) && result.complaints.contains("partial"),
            "\(result.complaints)")
          #expect(!result.output.contains("No deferral"))
          if way == ["--all", "--summary", "--json"], files.count > 1 {
            let counts = try #require(result.objects?.first)
            #expect(counts["partial"] == true)
            #expect((counts["deferrals"]?.integer ?? 0) >= Int64(Self.lines))
          }
        }
      }
    }
  }

  @Test(arguments: Packer.allCases) func whatIsPackedUnderAnotherNameIsNoEmptyLog(_ packer: Packer)
    async throws
  {
    guard let tool = packer.tool else { return }
    try await withFolder { folder in
      _ = try await outcome(of: tool, ["-k", "\(folder)/mail.log"])
      rename("\(folder)/mail.log.\(packer.rawValue)", "\(folder)/old.log")
      let file = try await tempfail("log", "--all", "\(folder)/old.log")
      #expect(file.status == 1 && file.complaints.contains("is compressed with"), "\(file.output)")
      let input = try await outcome(
        of: "/bin/sh",
        ["-c", "\"$0\" log --all --summary - < \"$1\"", Place.program, "\(folder)/old.log"])
      #expect(
        input.status == 1 && input.complaints.contains("is compressed with"), "\(input.output)")
    }
  }

  /// Pipes by their names.
  @Test(arguments: [
    "\"$0\" log --all --summary --json /dev/stdin < mail.log",
    "cat mail.log | \"$0\" log --all --summary --json /dev/stdin",
    "cat mail.log | \"$0\" log --all --summary --json -",
    "\"$0\" log --all --summary --json <(cat mail.log)",
    "\"$0\" log --all --summary --json <(sleep 1; cat mail.log)",
    "mkfifo log; cat mail.log > log & \"$0\" log --all --summary --json log",
    "gzip -c mail.log | gzip -dc | \"$0\" log --all --summary --json /proc/self/fd/0",
  ])
  func aPipeIsReadToItsEnd(_ line: String) async throws {
    guard access("/bin/bash", X_OK) == 0 else { return }
    try await withFolder { folder in
      let result = try await outcome(
        of: "/bin/bash", ["-c", "cd '\(folder)'; \(line)", Place.program])
      #expect(result.status == 0, "\(result.complaints)")
      #expect(result.objects?.first?["deferrals"]?.integer == Int64(Self.lines))
    }
  }
}
