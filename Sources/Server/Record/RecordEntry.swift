// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes

/// One thing that a server said: what was asked, what came, and when.
struct RecordEntry: Hashable, Sendable {
  enum Question: Hashable, Sendable {
    case executable([String])
    case command(executable: String, arguments: [String])
    case status(String)
    case ownership(String)
    case names(String)
    case read(String, offset: Int64)
    case follow(LogSource)
    case connections
    case load
  }

  enum Answer: Hashable, Sendable {
    case path(String?)
    case result(CommandResult)
    case status(FileStatus?)
    case ownership(FileOwnership?)
    case names([String])
    case bytes([UInt8])
    case chunk(LogChunk)
    case connections(JSON)
    case load(Double?)
    case failure(HostFailure)
  }

  /// Milliseconds since the record began.
  var time: Int64
  var question: Question
  var answer: Answer
}

extension RecordEntry.Question {
  var json: JSON {
    switch self {
    case .executable(let names): ["find": .array(names.map(JSON.string))]
    case .command(let executable, let arguments):
      ["run": .array(([executable] + arguments).map(JSON.string))]
    case .status(let path): ["status": .string(path)]
    case .ownership(let path): ["owner": .string(path)]
    case .names(let path): ["list": .string(path)]
    case .read(let path, let offset): ["read": .string(path), "from": .integer(offset)]
    case .follow(.file(let path)): ["follow": .string(path)]
    case .follow(.journal(let identifiers)): ["journal": .array(identifiers.map(JSON.string))]
    case .connections: ["connections": nil]
    case .load: ["load": nil]
    }
  }

  /// Nil if it is no question.
  init?(_ json: JSON) {
    func texts(_ name: String) -> [String]? { json[name]?.elements?.compactMap(\.text) }
    if let names = texts("find") {
      self = .executable(names)
    } else if let words = texts("run"), let executable = words.first {
      self = .command(executable: executable, arguments: Array(words.dropFirst()))
    } else if let path = json["status"]?.text {
      self = .status(path)
    } else if let path = json["owner"]?.text {
      self = .ownership(path)
    } else if let path = json["list"]?.text {
      self = .names(path)
    } else if let path = json["read"]?.text, let offset = json["from"]?.integer {
      self = .read(path, offset: offset)
    } else if let path = json["follow"]?.text {
      self = .follow(.file(path))
    } else if let identifiers = texts("journal") {
      self = .follow(.journal(identifiers: identifiers))
    } else if json["connections"] != nil {
      self = .connections
    } else if json["load"] != nil {
      self = .load
    } else {
      return nil
    }
  }
}

extension RecordEntry.Answer {
  /// - Parameter mask: nil to keep addresses.
  func json(_ mask: AddressMask?) -> JSON {
    func text(_ bytes: [UInt8], isCut: Bool = false) -> JSON {
      .string(Self.text(mask?.masked(bytes, isCut: isCut) ?? bytes))
    }
    switch self {
    case .path(let path): return ["path": .string(orNull: path)]
    case .result(let result):
      return [
        "exit": .integer(Int64(result.status)), "output": text(result.output),
        "complaint": text(Array(result.complaint.utf8)),
      ]
    case .status(let status):
      guard let status else { return ["none": nil] }
      return [
        "inode": .integer(Int64(bitPattern: status.inode)), "size": .integer(status.size),
        "modified": .integer(status.modified),
      ]
    case .ownership(let owner):
      guard let owner else { return ["none": nil] }
      return [
        "user": .string(owner.user), "group": .string(owner.group),
        "permissions": .integer(Int64(owner.permissions)),
      ]
    case .names(let names): return ["names": .array(names.map(JSON.string))]
    case .bytes(let bytes): return ["bytes": text(bytes, isCut: true)]
    case .chunk(.lines(let lines)): return ["lines": text(lines)]
    case .chunk(.restarted): return ["restarted": nil]
    case .chunk(.unavailable(let failure)), .failure(let failure): return Self.json(of: failure)
    case .connections(let connections): return ["sockets": connections]
    case .load(let load): return ["average": load.map(JSON.number) ?? .null]
    }
  }

  /// As many bytes as came, so that offsets in a file stay true: JSON holds UTF-8 only.
  private static func text(_ bytes: [UInt8]) -> String {
    String(validating: bytes, as: UTF8.self)
      ?? String(decoding: bytes.map { $0 < 0x80 ? $0 : UInt8(ascii: "?") }, as: UTF8.self)
  }

  private static func json(of failure: HostFailure) -> JSON {
    switch failure {
    case .missing(let what): ["missing": .string(what)]
    case .notPermitted(let what): ["notPermitted": .string(what)]
    case .timedOut(let command, let seconds):
      ["timedOut": .string(command), "seconds": .integer(Int64(seconds))]
    case .failed(let what): ["failed": .string(what)]
    }
  }

  private static func failure(_ json: JSON) -> HostFailure? {
    if let what = json["missing"]?.text { return .missing(what) }
    if let what = json["notPermitted"]?.text { return .notPermitted(what) }
    if let command = json["timedOut"]?.text {
      return .timedOut(command: command, seconds: json["seconds"]?.count(to: 1 << 20) ?? 0)
    }
    return json["failed"]?.text.map { .failed($0) }
  }

  /// The answer to a question; nil if it is none.
  init?(_ json: JSON, to question: RecordEntry.Question) {
    if let failure = Self.failure(json) {
      if case .follow = question {
        self = .chunk(.unavailable(failure))
      } else {
        self = .failure(failure)
      }
      return
    }
    func bytes(_ name: String) -> [UInt8]? { json[name]?.text.map { Array($0.utf8) } }
    switch question {
    case .executable:
      guard json["path"] != nil else { return nil }
      self = .path(json["path"]?.text)
    case .command:
      guard let status = json["exit"]?.integer, let output = bytes("output") else { return nil }
      self = .result(
        CommandResult(
          status: Int32(clamping: status), output: output,
          complaint: json["complaint"]?.text ?? ""))
    case .status:
      if let inode = json["inode"]?.integer, let size = json["size"]?.count(to: 1 << 60),
        let modified = json["modified"]?.count(to: 1 << 40)
      {
        self = .status(
          FileStatus(
            inode: UInt64(bitPattern: inode), size: Int64(size), modified: Int64(modified)))
      } else if json["none"] != nil {
        self = .status(nil)
      } else {
        return nil
      }
    case .ownership:
      if let user = json["user"]?.text, let group = json["group"]?.text,
        let permissions = json["permissions"]?.integer
      {
        self = .ownership(
          FileOwnership(user: user, group: group, permissions: UInt16(clamping: permissions)))
      } else if json["none"] != nil {
        self = .ownership(nil)
      } else {
        return nil
      }
    case .names:
      guard let names = json["names"]?.elements else { return nil }
      self = .names(names.compactMap(\.text))
    case .read:
      guard let bytes = bytes("bytes") else { return nil }
      self = .bytes(bytes)
    case .follow:
      if let lines = bytes("lines") {
        self = .chunk(.lines(lines))
      } else if json["restarted"] != nil {
        self = .chunk(.restarted)
      } else {
        return nil
      }
    case .connections:
      guard let sockets = json["sockets"] else { return nil }
      self = .connections(sockets)
    case .load:
      switch json["average"] {
      case .number(let load)?: self = .load(Self.load(load))
      case .integer(let load)?: self = .load(Self.load(Double(load)))
      case .null?: self = .load(nil)
      default: return nil
      }
    }
  }

  /// One that can be computed with.
  private static func load(_ value: Double) -> Double {
    value.isFinite ? min(max(0, value), 1e6) : 0
  }
}

extension JSON {
  /// A whole number from 0 to `most`, to which others are moved; nil if it is no whole number.
  ///
  /// What is in a file is added to and multiplied.
  func count(to most: Int) -> Int? {
    integer.map { min(max(0, Int(clamping: $0)), most) }
  }
}
