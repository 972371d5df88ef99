// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Guidance
package import MailServer

/// Opens a queued message for reading: envelope, headers, the start of the body and what was tried.
package struct MessageOpener: Sendable {
  private let host: any Host
  private let system: MailSystem

  /// Bytes of each part that are shown.
  private static let partLimit = 64 << 10

  package init(host: any Host, system: MailSystem) {
    self.host = host
    self.system = system
  }

  /// What can be read; a part that cannot be is a problem of the document.
  ///
  /// - Throws: where nothing can be read at all: it left the queue, or we may not.
  package func open(_ reference: MessageReference) async throws(SourceFailure) -> MessageDocument {
    let id = reference.queueID
    var document = MessageDocument(reference: reference)
    switch system.tools {
    case .exim(let exim):
      (document.envelope, document.headers) = Self.eximParts(
        try await lines(.eximHeaders(exim, of: id)))
      // The first line of the body is its file's name again.
      document.body = Array(await part(.eximBody(exim, of: id), of: &document).dropFirst())
      document.log = await part(.eximMessageLog(exim, of: id), isTail: true, of: &document)
    case .postfix(_, _, let postcat, _):
      guard let postcat else {
        throw SourceFailure(
          .unavailable, what: "postcat, which shows queued messages, is missing.",
          remedy: "Install the full Postfix package.")
      }
      document.envelope = Self.withoutMarks(
        try await lines(.postfixMessage(postcat, .envelope, of: id)))
      document.headers = Self.withoutMarks(
        await part(.postfixMessage(postcat, .headers, of: id), of: &document))
      document.body = Self.withoutMarks(
        await part(.postfixMessage(postcat, .body, of: id), of: &document))
    }
    return document
  }

  /// The header alone, one line each as it stands.
  package func headers(of reference: MessageReference) async throws(SourceFailure) -> [String] {
    switch system.tools {
    case .exim(let exim):
      return Self.eximParts(try await lines(.eximHeaders(exim, of: reference.queueID))).headers
    case .postfix(_, _, let postcat, _):
      guard let postcat else { return [] }
      return Self.withoutMarks(
        try await lines(.postfixMessage(postcat, .headers, of: reference.queueID)))
    }
  }

  /// What a message's own log says about its attempts; empty if there is none or it cannot be read.
  ///
  /// Exim keeps one (`exim -Mvl`), which reaches further back than the main log does. Postfix has none.
  package func attempts(of reference: MessageReference) async -> [LogEvent] {
    guard case .exim(let exim) = system.tools,
      let result = try? await host.look(.eximMessageLog(exim, of: reference.queueID)),
      result.status == 0
    else { return [] }
    let now = host.now()
    let grammar = LogGrammar(now: now, zone: host.zone, relays: system.relays)
    return grammar.events(inMessageLog: result.output, of: reference.queueID)
  }

  /// - Parameter isTail: whether the end counts where it is too long, as in a log.
  private func part(
    _ command: LookCommand, isTail: Bool = false, of document: inout MessageDocument
  ) async -> [String] {
    do throws(SourceFailure) {
      return try await lines(command, isTail: isTail)
    } catch {
      document.problems.append(error.problem)
      return []
    }
  }

  private func lines(
    _ command: LookCommand, isTail: Bool = false
  ) async throws(SourceFailure) -> [String] {
    let result: CommandResult
    do throws(HostFailure) {
      result = try await host.look(command)
    } catch {
      throw SourceFailure(error, doing: command.words)
    }
    guard result.status == 0 else { throw await failure(of: command, result) }
    let all = result.output
    var text = isTail ? all.suffix(Self.partLimit) : all.prefix(Self.partLimit)
    while text.last == UInt8(ascii: "\n") { text.removeLast() }
    let lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map {
      String(decoding: $0, as: UTF8.self)
    }
    guard all.count > Self.partLimit else { return lines }
    let note =
      "[The \(isTail ? "last" : "first") \(Self.partLimit >> 10) KiB of \(all.count >> 10). "
      + "For all of it: \(command.words)]"
    return isTail ? [note] + lines : lines + [note]
  }

  private func failure(
    of command: LookCommand, _ result: CommandResult
  ) async -> SourceFailure {
    switch result.failure {
    case .denied:
      // Exim's spool has a group whose members may; Postfix' queue is open to none but root.
      let group = system.mta == .exim ? await host.group(mayReadFile: system.spool) : nil
      return SourceFailure(
        .messageForbidden(
          "\(command.words): \(host.user.name) may not read queued messages.", to: host.reader,
          group: group))
    case .gone:
      return SourceFailure(
        .unavailable, what: "The message has left the queue.",
        remedy: "The log shows its result.")
    default:
      return SourceFailure(
        .failed("exited with status \(result.status). \(result.firstLine)"), doing: command.words)
    }
  }

  /// Cuts what `exim -Mvh` prints: the envelope, an empty line, and the headers.
  ///
  /// Each header has its length and a letter before it (Exim specification, "Format of spool
  /// files"): `065P Received: …`, `031  Subject: …`; `*` marks one that was removed.
  static func eximParts(_ spool: [String]) -> (envelope: [String], headers: [String]) {
    guard let gap = spool.firstIndex(of: "") else { return (spool, []) }
    let headers = spool[(gap + 1)...].compactMap { line -> String? in
      let length = line.prefix { $0.isASCII && $0.isNumber }.count
      guard length >= 3, let mark = line.dropFirst(length).first else { return line }
      return mark == "*" ? nil : String(line.dropFirst(length + 2))
    }
    return (Array(spool[..<gap]), headers)
  }

  /// Without the lines `*** ENVELOPE RECORDS … ***` that postcat puts around each part.
  static func withoutMarks(_ lines: [String]) -> [String] {
    lines.filter { !($0.hasPrefix("*** ") && $0.hasSuffix(" ***")) }
  }
}
