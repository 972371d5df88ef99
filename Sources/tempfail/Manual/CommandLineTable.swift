// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Bytes

/// The command line as the argument parser knows it: what the manual page and `Docs/Options.md` are made of.
struct CommandLineTable {
  struct Argument: Hashable {
    /// Such as `-h` and `--help`; empty for what has no name.
    var names: [String]
    /// What stands for its value; nil for a flag.
    var value: String?
    var help: String
    var isRepeating: Bool

    /// How it is written: `--log <path>`.
    var form: String {
      let value = value.map { "<\($0)>" }
      return ([names.joined(separator: ", "), value].compactMap(\.self).filter { !$0.isEmpty })
        .joined(separator: " ") + (isRepeating ? " …" : "")
    }
  }

  struct Command {
    var name: String
    var abstract: String
    /// What its help says before the examples; may be empty.
    var discussion: String
    /// Command lines, each with what is said of it, if anything.
    var examples: [Example]
    var arguments: [Argument]
  }

  struct Example: Hashable {
    var line: String
    var words: String
  }

  let abstract: String
  let examples: [Example]
  let commands: [Command]

  init() {
    let help = JSON(parsing: Array(Tempfail._dumpHelp().utf8))?["command"]
    let root = Self.command(help ?? .null)
    abstract = root.abstract
    examples = root.examples
    commands = (help?["subcommands"]?.elements ?? []).map(Self.command)
      .filter { $0.name != "help" }
  }

  private static func command(_ value: JSON) -> Command {
    let (discussion, examples) = parts(of: value["discussion"]?.text ?? "")
    let shown = (value["arguments"]?.elements ?? []).filter { $0["shouldDisplay"] != false }
    let arguments = shown.map(argument).filter {
      $0.names != ["--version"] && !$0.names.contains("--help")
    }
    return Command(
      name: value["commandName"]?.text ?? "", abstract: value["abstract"]?.text ?? "",
      discussion: discussion, examples: examples, arguments: merged(arguments))
  }

  /// A flag and its `--no-` twin as one.
  private static func merged(_ arguments: [Argument]) -> [Argument] {
    var merged: [Argument] = []
    for argument in arguments {
      if let last = merged.last, last.value == nil, argument.value == nil,
        last.help == argument.help
      {
        merged[merged.count - 1].names += argument.names
      } else {
        merged.append(argument)
      }
    }
    return merged
  }

  private static func argument(_ value: JSON) -> Argument {
    let names = (value["names"]?.elements ?? []).map { name in
      (name["kind"]?.text == "short" ? "-" : "--") + (name["name"]?.text ?? "")
    }
    return Argument(
      names: value["kind"]?.text == "positional" ? [] : names,
      value: value["kind"]?.text == "flag" ? nil : value["valueName"]?.text,
      help: help(value), isRepeating: value["isRepeating"] == true)
  }

  /// What it does, with the value that it has where it is not given, as `--help` shows it.
  private static func help(_ value: JSON) -> String {
    let words = value["abstract"]?.text ?? ""
    guard let standard = value["defaultValue"]?.text, !standard.isEmpty,
      value["kind"]?.text != "flag"
    else { return words }
    return words.hasSuffix(".")
      ? "\(words.dropLast()) (default: \(standard))." : "\(words) (default: \(standard))"
  }

  /// Examples stand below their own heading, two blanks in; a wide gap parts them from their words.
  private static func parts(of discussion: String) -> (String, [Example]) {
    var before: [Substring] = []
    var examples: [Example] = []
    var isExample = false
    for line in discussion.split(separator: "\n", omittingEmptySubsequences: false) {
      if line == "Examples:" {
        isExample = true
      } else if isExample, line.hasPrefix("  ") {
        let text = line.dropFirst(2)
        let gap = text.range(ofGap: 2)
        examples.append(
          Example(
            line: String(gap.map { text[..<$0.lowerBound] } ?? text),
            words: String(gap.map { text[$0.upperBound...] } ?? "")))
      } else {
        before.append(line)
      }
    }
    while before.last?.isEmpty == true { before.removeLast() }
    return (before.joined(separator: "\n"), examples)
  }
}

extension Substring {
  /// The first run of at least `length` blanks.
  fileprivate func range(ofGap length: Int) -> Range<Index>? {
    var start = startIndex
    while let blank = self[start...].firstIndex(of: " ") {
      let end = self[blank...].firstIndex { $0 != " " } ?? endIndex
      if distance(from: blank, to: end) >= length { return blank..<end }
      start = end
    }
    return nil
  }
}
