// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

/// The mail servers among the processes, from `ps -ww -o pid=,ppid=,args= -C … -p 1`.
struct ProcessTable: Hashable, Sendable {
  /// The words of each command line.
  private let commands: [[String]]
  /// Whether other users' processes are in it: proc(5) can hide them (`hidepid`).
  let seesAll: Bool

  /// Total: lines of another form are left out.
  init(_ output: [UInt8]) {
    let lines = output.split(separator: UInt8(ascii: "\n")).compactMap { line -> [String]? in
      let words = String(decoding: line.prefix(4096), as: UTF8.self)
        .split(whereSeparator: \.isWhitespace).map(String.init)
      return words.count > 2 && Int(words[0]) != nil ? words : nil
    }
    commands = lines.map { Array($0.dropFirst(2)) }
    seesAll = lines.contains { $0[0] == "1" }
  }

  /// Exim's daemons: those that listen, and those that only run the queue.
  var eximDaemons: [[String]] {
    exim.filter { words in
      words.contains {
        $0 == "-bd" || $0 == "-bdf" || ($0.hasPrefix("-q") && $0.contains(where: \.isNumber))
      }
        && !words.contains { $0.hasPrefix("-M") }
    }
  }

  /// Single queue runs that are in progress: `exim -q`, without an interval.
  var eximQueueRunners: Int {
    exim.count { words in
      !words.contains("-bd") && !words.contains("-bdf")
        && words.contains { $0.hasPrefix("-q") && !$0.contains(where: \.isNumber) }
    }
  }

  /// Whether both `master` and `qmgr` run.
  var hasPostfix: Bool {
    commands.contains { Self.name($0) == "master" && ($0.first?.contains("postfix") ?? false) }
      && commands.contains { ["qmgr", "oqmgr", "nqmgr"].contains(Self.name($0)) }
  }

  private var exim: [[String]] {
    commands.filter { ["exim", "exim4"].contains(Self.name($0)) }
  }

  private static func name(_ words: [String]) -> String {
    words.first?.split(separator: "/").last.map(String.init) ?? ""
  }
}

/// The output of `df -P` for one file system.
enum DiskTable {
  /// The percent in use: the last field with a `%` in the second line.
  static func usedPercent(_ output: [UInt8]) -> Int? {
    let lines = String(decoding: output, as: UTF8.self).split(whereSeparator: \.isNewline)
    guard lines.count >= 2,
      let field = lines[1].split(separator: " ").last(where: { $0.hasSuffix("%") }),
      let percent = Int(field.dropLast()), (0...100).contains(percent)
    else { return nil }
    return percent
  }
}

/// What proc(5) says in /proc/meminfo.
struct MemoryTable: Hashable, Sendable {
  /// Percent of the memory that programs can still have.
  let freePercent: Int?

  init(_ contents: [UInt8]) {
    var values: [Substring: Double] = [:]
    for line in String(decoding: contents, as: UTF8.self).split(whereSeparator: \.isNewline) {
      let words = line.split(separator: " ")
      guard words.count >= 2 else { continue }
      values[words[0]] = Double(words[1])
    }
    guard let total = values["MemTotal:"], total > 0, let free = values["MemAvailable:"],
      (0...total).contains(free)
    else {
      freePercent = nil
      return
    }
    freePercent = Int((free * 100 / total).rounded())
  }
}
