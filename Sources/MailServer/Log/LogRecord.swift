// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

package import Bytes
package import Replies

/// What a log line says, as places in the line: no string is made until somebody wants to see one.
package struct LogRecord: Sendable {
  /// Seconds since 1970, or nil if the line has no readable time.
  package var time: Int64?
  package var mta: MTA
  package var kind: LogEvent.Kind
  package var direction: Direction
  package var queueID = ByteRange.empty
  package var recipient = ByteRange.empty
  /// The address that the recipient was made from (Exim's `<…>`, Postfix's `orig_to`), where it is another.
  package var original = ByteRange.empty
  package var remoteHost = ByteRange.empty
  package var remoteIP = ByteRange.empty
  /// The port of the remote host, where the line names it.
  package var port: UInt16?
  /// The program that delivers: `smtp`, `lmtp`, `pipe`, … (Postfix).
  var daemon = ByteRange.empty
  /// What it was handed to: Postfix's `relay=`, Exim's `R=… T=…`.
  var route = ByteRange.empty
  /// The basic code of the reply, or nil.
  package var code: Int?
  package var enhanced: EnhancedStatusCode?
  /// The reply or error text, without the MTA's words around it.
  package var reply = ByteRange.empty
  /// The reply is the answer to our login at a relay.
  package var isLogin = false
  /// Our reply to the client, if the line does not repeat it; it is used as `reply` then.
  package var said: StaticString?
  /// The cause, where the kind of line decides it; nil if the reply does.
  package var cause: Cause?

  init(_ mta: MTA, _ kind: LogEvent.Kind, _ direction: Direction = .outbound) {
    self.mta = mta
    self.kind = kind
    self.direction = direction
    if kind != .deferral, kind != .attempt, kind != .refusal { cause = .notTemporary }
  }

  /// Takes a reply's place and reads its codes.
  mutating func take(reply range: Range<Int>, in line: Span<UInt8>) {
    reply = ByteRange(range)
    let codes = LogReplyCodes(in: line, range)
    (code, enhanced) = (codes.basic, codes.enhanced)
  }

  /// Takes text of our own MTA, which holds no code.
  mutating func take(words range: Range<Int>) { reply = ByteRange(range) }

  /// Where the line says that the delivery was: by its program, its route and its port; nil if they do not say.
  package func hop(in line: Span<UInt8>) -> Hop? {
    direction == .inbound ? .local : mta.agent.hop(of: self, in: line)
  }

  /// What the kind of line or else the rule book says of the reply.
  ///
  /// Whatever waits is kept: the line decides that, and the reply only why.
  ///
  /// - Parameter hop: where it was said, as settings say; nil for what the line shows.
  package func verdict(
    in line: Span<UInt8>, by rules: RuleBook, at hop: Hop? = nil
  ) -> Verdict {
    let hop = hop ?? self.hop(in: line)
    let verdict: Verdict
    if let cause {
      verdict = Verdict(
        cause, at: hop ?? .final, code: code.flatMap(Int16.init(exactly:)), enhanced: enhanced)
    } else {
      verdict = rules.verdict(
        line.extracting(reply.range),
        remoteHost: remoteHost.isEmpty ? nil : line.string(remoteHost),
        // What we told a client to try again is kept by that client.
        isDeferral: kind == .deferral || kind == .attempt || kind == .refusal, code: code,
        hop: direction == .inbound ? nil : hop, isLogin: isLogin)
    }
    return direction == .inbound ? verdict.asOurs : verdict
  }
}
