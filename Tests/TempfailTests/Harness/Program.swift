// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes
import Glibc
import Subprocess
import SystemPackage

/// Where the built program, the sources and the test's own files are.
enum Place {
  /// The program that was built together with these tests, beside them.
  static let program = FilePath(readLink("/proc/self/exe")).removingLastComponent()
    .appending("tempfail").string

  private static let tests = FilePath(#filePath).removingLastComponent().removingLastComponent()
    .removingLastComponent()

  static func fixture(_ name: String) -> String {
    tests.appending("TempfailTests/Fixtures/\(name)").string
  }

  static func repository(_ path: String) -> String {
    tests.removingLastComponent().appending(path).string
  }

  /// The names in a folder of the repository.
  static func files(inFolder path: String) -> [String] { files(in: repository(path)) }

  static func files(in path: String) -> [String] {
    guard let folder = opendir(path) else { return [] }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      names.append(
        withUnsafeBytes(of: entry.pointee.d_name) {
          String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
        })
    }
    return names.filter { !$0.hasPrefix(".") }
  }

  static func lab(_ name: String) -> String {
    tests.appending("Lab/\(name)").string
  }

  private static func readLink(_ path: String) -> String {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    let length = readlink(path, &buffer, buffer.count)
    return String(
      decoding: buffer.prefix(max(0, length)).map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}

/// What a finished command left.
struct Outcome {
  /// The exit status, or 128 and the signal's number as a shell says it.
  let status: Int
  let output: String
  let complaints: String

  /// The lines of the output, each read as JSON; nil where one is no JSON.
  var objects: [JSON]? {
    let lines = output.split(separator: "\n")
    let objects = lines.compactMap { JSON(parsing: Array($0.utf8)) }
    return objects.count == lines.count ? objects : nil
  }
}

/// Runs a command to its end.
func outcome(
  of executable: String, _ arguments: [String], input: String = "",
  environment: [Environment.Key: String?] = [:]
) async throws -> Outcome {
  let result = try await run(
    .path(FilePath(executable)), arguments: Arguments(arguments),
    environment: .inherit.updating(environment), input: .string(input),
    output: .bytes(limit: 64 << 20), error: .bytes(limit: 1 << 20))
  let status =
    switch result.terminationStatus {
    case .exited(let code): Int(code)
    case .signaled(let signal): 128 + Int(signal)
    }
  return Outcome(
    status: status, output: String(decoding: result.standardOutput, as: UTF8.self),
    complaints: String(decoding: result.standardError, as: UTF8.self))
}

/// Runs a subcommand of the built program to its end.
func tempfail(
  _ arguments: String..., input: String = "", environment: [Environment.Key: String?] = [:]
) async throws -> Outcome {
  try await outcome(of: Place.program, arguments, input: input, environment: environment)
}
