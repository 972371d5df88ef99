// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer

/// A file of the MTA's spool, as it is.
struct SpoolFile: Hashable, Sendable {
  /// Within the spool: `deferred/8/8053D34`, `input/1xXsY5-00005Y-1k-H`.
  var path: String
  var bytes: [UInt8]
  /// Seconds since 1970.
  var modified: Int64
}

extension MessageReader {
  /// More is not kept a second time beside the content.
  private static let largestFile: Int64 = 256 << 20

  /// A message's own files, the one that makes it a message last; none where they cannot be read.
  func spoolFiles(of id: QueueID) async -> [SpoolFile] {
    guard seesFiles, let spool = tools.spool else { return [] }
    switch mta {
    case .postfix:
      // It may move from queue to queue in the meantime.
      for _ in 0..<2 {
        for path in PostfixSpool.files(of: id.text, in: spool, hashDepth: tools.hashDepth) {
          if let file = await spoolFile(path, in: spool) { return [file] }
        }
      }
    case .exim:
      for folder in Self.eximFolders(of: id, in: spool) {
        guard let header = await spoolFile("\(folder)/\(id)-H", in: spool),
          let data = await spoolFile("\(folder)/\(id)-D", in: spool)
        else { continue }
        let journal = await spoolFile("\(folder)/\(id)-J", in: spool)
        return [data, journal, header].compactMap(\.self)
      }
    }
    return []
  }

  private func spoolFile(_ path: String, in spool: String) async -> SpoolFile? {
    guard let status = try? await host.status(ofFile: path), status.size <= Self.largestFile,
      let bytes = try? await host.read(file: path, from: 0, count: Int(status.size)),
      bytes.count == status.size
    else { return nil }
    return SpoolFile(
      path: String(path.dropFirst(spool.count + 1)), bytes: bytes, modified: status.modified)
  }
}
