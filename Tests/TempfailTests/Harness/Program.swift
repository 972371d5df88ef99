// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes
import Glibc

@testable import Server

/// Where the built program, the sources and the test's own files are.
enum Place {
  /// The program that was built together with these tests, beside them.
  static let program = folder(of: readLink("/proc/self/exe")) + "/tempfail"

  private static let tests = folder(of: folder(of: folder(of: #filePath)))

  static func fixture(_ name: String) -> String { "\(tests)/TempfailTests/Fixtures/\(name)" }

  static func repository(_ path: String) -> String { "\(folder(of: tests))/\(path)" }

  private static func folder(of path: String) -> String {
    String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
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
    "\(tests)/Lab/\(name)"
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
  /// The output byte for byte.
  var bytes: [UInt8] = []

  /// The lines of the output, each read as JSON; nil if one is no JSON.
  var objects: [JSON]? {
    let lines = output.split(separator: "\n")
    let objects = lines.compactMap { JSON(parsing: Array($0.utf8)) }
    return objects.count == lines.count ? objects : nil
  }
}

/// Runs a command to its end, in a UTF-8 locale unless the environment says another one.
func outcome(
  of executable: String, _ arguments: [String], input: String = "",
  environment: [String: String?] = [:]
) async throws -> Outcome {
  try await outcome(
    of: executable, arguments, input: Array(input.utf8), environment: environment)
}

/// The same with input that may be no UTF-8.
func outcome(
  of executable: String, _ arguments: [String], input: [UInt8],
  environment: [String: String?] = [:]
) async throws -> Outcome {
  var variables = inherited
  variables["LC_ALL"] = "C.UTF-8"
  for (name, value) in environment { variables[name] = value }
  let file = tmpfile()
  defer { if let file { fclose(file) } }
  if let file {
    fwrite(input, 1, input.count, file)
    rewind(file)
  }
  var run = SpawnedRun(
    Invocation(
      executable: executable, arguments: arguments, timeLimit: 600, outputLimit: 64 << 20),
    environment: variables)
  run.input = file.map { fileno($0) }
  let result = try await run.result()
  return Outcome(
    status: Int(result.status), output: String(decoding: result.output, as: UTF8.self),
    complaints: result.complaint, bytes: result.output)
}

/// The variables that the tests were started with.
private let inherited: [String: String] = {
  var variables: [String: String] = [:]
  for entry in (contents(of: "/proc/self/environ") ?? "").split(separator: "\0") {
    guard let equals = entry.firstIndex(of: "=") else { continue }
    variables[String(entry[..<equals])] = String(entry[entry.index(after: equals)...])
  }
  return variables
}()

/// Runs a subcommand of the built program to its end.
func tempfail(
  _ arguments: String..., input: String = "", environment: [String: String?] = [:]
) async throws -> Outcome {
  try await outcome(of: Place.program, arguments, input: input, environment: environment)
}
