// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

/// What `dig` answered.
///
/// Reads `dig +noall +comments +answer` and `dig +short`. Only the first distinguishes a name that does not
/// exist from a server that failed, so that is what `digArguments` asks for.
package struct DNSAnswer: Hashable, Sendable {
  package enum RecordType: String, Hashable, Sendable {
    case mx = "MX"
    case a = "A"
    case aaaa = "AAAA"
    case txt = "TXT"
    case ptr = "PTR"
  }

  package enum Outcome: Hashable, Sendable {
    /// The resolver answered; there may be no record of the type that was requested.
    case answered
    /// NXDOMAIN.
    case noSuchName
    /// The resolver answered with an error, such as SERVFAIL or REFUSED.
    case failed(String)
    /// No resolver answered.
    case noServer
  }

  package struct Record: Hashable, Sendable {
    /// Nil in the output of `+short`.
    package var type: String?
    package var data: String
  }

  package var outcome: Outcome
  package var records: [Record]

  /// The arguments of `dig` that ask for what this reads: five seconds at most.
  package static func digArguments(_ name: DomainName, _ type: RecordType) -> [String] {
    ["+noall", "+comments", "+answer", "+time=2", "+tries=2", "-t", type.rawValue, "-q", name.text]
  }

  /// Reads the output of `dig`: total, what is no record is left out.
  package init(digOutput: [UInt8]) {
    var told: Outcome?
    records = []
    for line in String(decoding: digOutput, as: UTF8.self).split(whereSeparator: \.isNewline) {
      if line.hasPrefix(";") {
        told = Self.outcome(ofComment: line) ?? told
      } else if let record = Self.record(in: line) {
        records.append(record)
      }
    }
    // Who answers "none" says so: no words at all are no answer.
    outcome = told ?? (records.isEmpty ? .noServer : .answered)
  }

  /// The mail exchangers, most preferred first.
  package var exchangers: [MailExchanger] {
    data(of: .mx).compactMap { data in
      let fields = data.split(separator: " ", omittingEmptySubsequences: true)
      guard fields.count == 2, let preference = Int(fields[0]), (0...65535).contains(preference)
      else { return nil }
      return MailExchanger(preference: preference, host: Self.withoutRoot(fields[1]))
    }
    .sorted { ($0.preference, $0.host) < ($1.preference, $1.host) }
  }

  /// The addresses, IPv4 and IPv6.
  package var addresses: [String] {
    (data(of: .a) + data(of: .aaaa, untyped: false)).filter { IPAddress($0) != nil }
  }

  /// The texts of TXT records, each with its strings joined (RFC 7208, section 3.3).
  package var texts: [String] { data(of: .txt).compactMap(Self.joinedStrings) }

  /// The names of PTR records.
  package var names: [String] {
    data(of: .ptr).compactMap { $0.hasSuffix(".") ? Self.withoutRoot($0[...]) : nil }
  }

  /// The answer in the form that SPF and the other checks ask for.
  package func lookup(_ type: RecordType) -> DNSLookup {
    switch outcome {
    case .failed, .noServer: .failed
    case .noSuchName: .found([])
    case .answered:
      switch type {
      case .mx: .found(exchangers.map(\.host))
      case .a, .aaaa: .found(addresses)
      case .txt: .found(texts)
      case .ptr: .found(names)
      }
    }
  }

  private func data(of type: RecordType, untyped: Bool = true) -> [String] {
    records.compactMap { record in
      guard let actual = record.type else { return untyped ? record.data : nil }
      return actual == type.rawValue ? record.data : nil
    }
  }

  private static func outcome(ofComment line: Substring) -> Outcome? {
    if line.contains("no servers could be reached") { return .noServer }
    guard
      let status = line.split(separator: "status: ").dropFirst().first?.prefix(while: {
        $0.isLetter
      })
    else { return nil }
    switch status {
    case "NOERROR": return .answered
    case "NXDOMAIN": return .noSuchName
    default: return .failed(String(status))
    }
  }

  /// A line of the answer section, `name ttl class type data`, or of `+short`, only the data.
  private static func record(in line: Substring) -> Record? {
    let fields = line.split(maxSplits: 4, whereSeparator: { $0 == " " || $0 == "\t" })
    if fields.count == 5, UInt32(fields[1]) != nil, fields[2] == "IN" {
      return Record(type: String(fields[3]), data: String(fields[4]))
    }
    return fields.isEmpty ? nil : Record(type: nil, data: String(line))
  }

  private static func withoutRoot(_ name: Substring) -> String {
    name != "." && name.hasSuffix(".") ? String(name.dropLast()) : String(name)
  }

  /// Joins `"one" "two"`, with the escapes of a zone file (`\"`, `\\`, `\059`); nil without quotes.
  private static func joinedStrings(_ data: String) -> String? {
    guard data.hasPrefix("\"") else { return nil }
    var bytes: [UInt8] = []
    var quoted = false
    var rest = data.utf8[...]
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "\""): quoted.toggle()
      case UInt8(ascii: "\\"):
        let digits = String(decoding: rest.prefix(3), as: UTF8.self)
        if digits.utf8.count == 3, let value = UInt8(digits) {
          bytes.append(value)
          rest = rest.dropFirst(3)
        } else if let escaped = rest.popFirst() {
          bytes.append(escaped)
        }
      default: if quoted { bytes.append(byte) }
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
