// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

extension Check {
  package static let handshake = Check(
    "handshake", .destination, "TLS and certificate of {name}",
    both: ["openssl s_client -starttls smtp -connect MX-OF-{name}:25 </dev/null"])
}

/// What `openssl s_client -starttls smtp` found at a mail exchanger.
///
/// Not safe for a terminal as it is.
package struct TLSHandshake: Hashable, Sendable {
  /// Protocol and cipher, where they were agreed on: `TLSv1.3`, `TLS_AES_256_GCM_SHA384`.
  package struct Agreement: Hashable, Sendable {
    package var version: String
    package var cipher: String
  }

  /// Something that is wrong with the certificate: a code of openssl-verification-options(1).
  package struct Objection: Hashable, Sendable {
    package var code: Int
    package var words: String
  }

  package var agreement: Agreement?
  /// Each once, in the order of its discovery.
  package var objections: [Objection] = []
  package var subject: String?
  package var issuer: String?
  /// `Jan  1 00:00:00 2025 GMT`: of their own certificate, the first of the chain.
  package var notAfter: String?
  /// The reason of the first error, in OpenSSL's words.
  package var error: String?
  /// Whether the server's answers to EHLO had the word STARTTLS.
  package var isOffered = true

  /// Reads what the command printed on both its outputs; total.
  package init(sClientOutput text: String) {
    for line in text.split(whereSeparator: \.isNewline) {
      let line = line.drop { $0 == " " }
      if let rest = Self.rest(of: line, after: "verify error:num=") {
        let parts = rest.split(separator: ":", maxSplits: 1)
        guard parts.count == 2, let code = Int(parts[0]) else { continue }
        let objection = Objection(code: code, words: String(parts[1]))
        if !objections.contains(objection) { objections.append(objection) }
      } else if let rest = Self.rest(of: line, after: "New, ") {
        // New, TLSv1.3, Cipher is TLS_AES_256_GCM_SHA384
        let parts = rest.split(separator: ",", maxSplits: 1).map(String.init)
        guard parts.count == 2, parts[0] != "(NONE)" else { continue }
        agreement = Agreement(
          version: parts[0], cipher: String(parts[1].split(separator: " ").last ?? ""))
      } else if let rest = Self.rest(of: line, after: "Protocol  : ") {
        // With TLS 1.2 and older the line above names the version that the cipher came with.
        agreement?.version = String(rest)
      } else if let rest = Self.rest(of: line, after: "subject=") {
        subject = String(rest)
      } else if let rest = Self.rest(of: line, after: "issuer=") {
        issuer = String(rest)
      } else if notAfter == nil, let rest = Self.rest(of: line, after: "v:NotBefore: ") {
        // v:NotBefore: Jan  1 00:00:00 2024 GMT; NotAfter: Jan  1 00:00:00 2025 GMT
        notAfter = rest.split(separator: ";").last.map { String($0.dropFirst(" NotAfter: ".count)) }
      } else if line.hasPrefix("Didn't find STARTTLS") {
        isOffered = false
      } else if error == nil {
        error = Self.reason(of: line)
      }
    }
  }

  private static func rest(of line: Substring, after start: String) -> Substring? {
    line.hasPrefix(start) ? line.dropFirst(start.count) : nil
  }

  /// The fifth field after the thread of an OpenSSL error.
  ///
  /// `405792C3947F0000:error:0A00010B:SSL routines:ssl3_get_record:wrong version number:…`
  private static func reason(of line: Substring) -> String? {
    let fields = line.split(separator: ":", omittingEmptySubsequences: false)
    guard let start = fields.firstIndex(of: "error"), fields.indices.contains(start + 4) else {
      return nil
    }
    return String(fields[start + 4])
  }

  // MARK: What it means

  private static let oldVersions: Set<String> = ["SSLv3", "TLSv1", "TLSv1.0", "TLSv1.1"]

  /// What the handshake says of mail to a domain.
  ///
  /// - Parameters:
  ///   - host: the name of the mail exchanger, for which its certificate should be.
  ///   - address: where it was asked.
  ///   - time: seconds since 1970, for the result.
  package func verdict(
    domain: String, host: String, address: String, time: Int64
  ) -> CheckResult {
    var details = ["\(host) [\(address)]"]
    func result(_ verdict: CheckResult.Verdict, _ summary: String) -> CheckResult {
      CheckResult(CheckRequest(.handshake, of: domain), verdict, summary, details, at: time)
    }
    let objected = objections.map { words(of: $0, host: host) }.reduce(into: [String]()) {
      if !$0.contains($1) { $0.append($1) }
    }
    let certificate = "Certificate \(objected.joined(separator: ", "))"
    if let subject {
      details.append("Certificate of \(subject), issued by \(issuer ?? "an unnamed issuer").")
    }
    if let notAfter { details.append("It is valid until \(notAfter).") }
    guard let agreement else {
      if !objected.isEmpty { details.append("\(certificate).") }
      if !isOffered {
        details.append(
          "They have none, or defer us first: the SMTP session shows which.")
        return result(.failed, "No STARTTLS was offered.")
      }
      switch error {
      case "wrong version number"?:
        details.append(
          "They announce STARTTLS and then answer in plain text: their TLS is broken, or a"
            + " firewall in between rewrites the session.")
        return result(.failed, "They offer STARTTLS but do not start TLS.")
      case let error?: return result(.failed, "No handshake: \(error).")
      case nil: return result(.failed, "No handshake: the connection was closed.")
      }
    }
    details.insert("\(agreement.version), \(agreement.cipher).", at: 1)
    if !objected.isEmpty {
      details.append(
        "Delivery without certificate checks is not affected. If our policy requires a valid"
          + " certificate (verify, secure, MTA-STS), the mail stays here.")
      return result(.warns, "\(certificate). \(agreement.version) works.")
    }
    if Self.oldVersions.contains(agreement.version) {
      return result(.warns, "Only \(agreement.version): many servers no longer accept it.")
    }
    return result(.passed, "\(agreement.version), and the certificate is valid.")
  }

  private func words(of objection: Objection, host: String) -> String {
    switch objection.code {
    case 9: "not valid yet"
    case 10: "expired"
    case 18: "self-signed"
    case 2, 19, 20, 21: "from an unknown issuer"
    case 62: "not for \(host)"
    default: objection.words
    }
  }
}
