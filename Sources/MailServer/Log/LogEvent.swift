// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

package import Replies

/// Who got the temporary failure.
package enum Direction: String, Hashable, Sendable {
  /// Another server deferred our delivery.
  case outbound
  /// We deferred a client.
  case inbound
}

/// One line of an MTA's log that Tempfail understands.
package struct LogEvent: Hashable, Sendable {
  package enum Kind: String, Hashable, Sendable {
    /// A recipient was deferred: counted.
    case deferral
    /// A host failed on the way to the next one, or the MTA repeats an old failure: shown, not counted.
    case attempt
    /// We refused or deferred a client.
    case refusal
    /// A recipient was delivered.
    case delivery
    /// A recipient failed permanently.
    case bounce
    /// The message left the queue (`Completed`, `removed`).
    case completed
  }

  /// Seconds since 1970, or nil if the line has no readable time.
  package var time: Int64?
  package var mta: MTA
  package var kind: Kind
  package var direction: Direction
  /// The queue ID as written, or nil (a refused connection has none).
  package var queueID: String?
  package var recipient: String?
  package var remoteHost: String?
  package var remoteIP: String?
  /// The basic code that the other side gave (inbound: that we gave), or nil.
  package var code: Int?
  package var enhanced: EnhancedStatusCode?
  package var cause: Cause
  /// Whose affair it is.
  package var side: Side
  /// Where it failed.
  package var hop: Hop
  /// The port of the remote host, where the line names it.
  package var port: Int?
  /// The reply or error text, one line, without the MTA's words around it.
  package var reply: String
  /// The whole line as it appears in the log.
  ///
  /// Not safe for a terminal as it is.
  package var line: String
  /// The address that the recipient was made from: what Exim's listing shows of an alias; nil if it is the same.
  package var original: String?

  package init(
    time: Int64?, mta: MTA, kind: Kind, direction: Direction, queueID: String?, recipient: String?,
    remoteHost: String?, remoteIP: String?, code: Int?, enhanced: EnhancedStatusCode?,
    cause: Cause, side: Side = .unknown, hop: Hop = .final, port: Int? = nil, reply: String,
    line: String, original: String? = nil
  ) {
    self.time = time
    self.mta = mta
    self.kind = kind
    self.direction = direction
    self.queueID = queueID
    self.recipient = recipient
    self.remoteHost = remoteHost
    self.remoteIP = remoteIP
    self.code = code
    self.enhanced = enhanced
    self.cause = cause
    self.side = side
    self.hop = hop
    self.port = port
    self.reply = reply
    self.line = line
    self.original = original
  }
}

extension LogEvent {
  /// The router that decided where the mail goes; nil if the line names none.
  var router: String? {
    isOfRecipient ? mta.agent.router(inLogLine: line.utf8.span, 0..<line.utf8.count) : nil
  }

  /// The transport that the mail was handed to; nil if the line names none.
  var transport: String? {
    isOfRecipient ? mta.agent.transport(inLogLine: line.utf8.span, 0..<line.utf8.count) : nil
  }

  /// A line of a single host names neither; what looks like one there was said by that host.
  private var isOfRecipient: Bool { recipient != nil }

  /// Whether it went through a connection that was open already.
  package var continuesConnection: Bool { mta.agent.continuesConnection(logLine: line.utf8.span) }

  /// Why a line is not counted, for people; nil if it is.
  package var remark: String? {
    guard kind == .attempt else { return nil }
    return mta.agent.isUntried(self) ? "(not tried)" : "(host)"
  }

  /// The recipient's domain, in lower case; nil if there is none.
  package var destination: String? { Self.domain(of: recipient) }

  /// What stands after the last `@` of an address, in lower case; nil if that is nothing.
  package static func domain(of address: String?) -> String? {
    guard let address, let at = address.lastIndex(of: "@") else { return nil }
    let domain = address[address.index(after: at)...]
    return domain.isEmpty ? nil : domain.lowercased()
  }
}
