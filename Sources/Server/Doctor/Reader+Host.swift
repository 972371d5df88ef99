// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

package import Guidance
import MailServer

extension Host {
  /// How software is installed there; read each time, since nobody asks often.
  func systemFamily() async -> SystemFamily {
    SystemFamily(
      osRelease: (try? await read(file: "/etc/os-release", from: 0, count: 16 << 10)) ?? [])
  }

  /// That a tool is missing, in the words of `tempfail doctor`.
  func missing(_ tool: Tool) async -> NeedReport {
    if let path = passedOver([tool.rawValue]).first { return .passedOver(.path, path) }
    return .tool(.path, tool, found: nil, await systemFamily())
  }

  /// The path of an executable, or why there is none that is run.
  func require(_ name: String) throws(HostFailure) -> String {
    if let path = executable([name]) { return path }
    guard let path = passedOver([name]).first else { throw .missing(name) }
    throw .failed(NeedReport.passedOverWords(path))
  }

  /// The user that we are there.
  var reader: Reader { Reader(user: user.name, isRoot: user.isRoot) }

  /// The group whose members may read a file, or the nearest folder above it that can be seen; nil
  /// if there is none but root's.
  ///
  /// A folder that lets nobody else in hides what is within.
  func group(mayReadFile path: String) async -> String? {
    var path = path[...]
    while !path.isEmpty {
      if let owner = try? await ownership(ofFile: String(path)) {
        return owner.permissions & 0o040 != 0 ? owner.group : nil
      }
      guard let slash = path.lastIndex(of: "/") else { return nil }
      path = path[..<slash]
    }
    return nil
  }
}

extension NeedReport {
  /// That a file may not be read, and by which group it may.
  package static func forbidden(_ path: String, on host: some Host) async -> NeedReport {
    .logForbidden(path, to: host.reader, group: await host.group(mayReadFile: path))
  }

  /// Why a log could not be read, and what fixes that.
  static func log(
    _ failure: HostFailure, of source: LogSource, mta: MTA, on host: some Host
  ) async -> NeedReport {
    switch (failure, source) {
    case (.missing(let path), .file):
      .noLog(path, of: mta)
    case (.notPermitted(let path), .file):
      .logForbidden(path, to: host.reader, group: await host.group(mayReadFile: path))
    case (_, .journal):
      // journalctl's status shows less than its text about who may read.
      await JournalAccess.problem(on: host)
        ?? .log(SourceFailure(failure, doing: "Reading the journal").problem)
    default:
      .log(SourceFailure(failure, doing: "Reading the log").problem)
    }
  }
}
