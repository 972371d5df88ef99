// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Guidance
import Testing

/// The handshake's meaning, from what `openssl s_client` printed.
@Suite("TLS handshake")
struct TLSHandshakeTests {
  private static func verdict(_ output: String, host: String = "mx.example.com") -> CheckResult {
    TLSHandshake(sClientOutput: output).verdict(
      domain: "example.com", host: host, address: "192.0.2.1", time: 7)
  }

  @Test(
    arguments: [
      (SClientOutput.valid, .passed, "TLSv1.3, and the certificate is valid."),
      (SClientOutput.expired, .warns, "Certificate self-signed, expired. TLSv1.3 works."),
      (
        SClientOutput.otherName, .warns, "Certificate not for mx.example.com. TLSv1.3 works."
      ),
      (
        SClientOutput.unknownIssuer, .warns,
        "Certificate from an unknown issuer. TLSv1.3 works."
      ),
      (SClientOutput.tls12, .passed, "TLSv1.2, and the certificate is valid."),
      (SClientOutput.tls10, .warns, "Only TLSv1: many servers no longer accept it."),
      (
        SClientOutput.tooOld, .failed,
        "No handshake: legacy sigalg disallowed or unsupported."
      ),
      (SClientOutput.plain, .failed, "No STARTTLS was offered."),
      (SClientOutput.refused, .failed, "They offer STARTTLS but do not start TLS."),
      (SClientOutput.busy, .failed, "No STARTTLS was offered."),
      (SClientOutput.closed, .failed, "No handshake: Connection refused."),
      ("", .failed, "No handshake: the connection was closed."),
    ] as [(String, CheckResult.Verdict, String)])
  func tellsWhatTheHandshakeSays(
    _ output: String, _ verdict: CheckResult.Verdict, _ summary: String
  ) {
    let result = Self.verdict(output)
    #expect(result.verdict == verdict)
    #expect(result.summary == summary)
    #expect(result.request == CheckRequest(.handshake, of: "example.com"))
    #expect(result.details.first == "mx.example.com [192.0.2.1]")
  }

  @Test func namesCertificateAndExpiry() {
    let result = Self.verdict(SClientOutput.expired)
    #expect(
      result.details.prefix(4) == [
        "mx.example.com [192.0.2.1]", "TLSv1.3, TLS_AES_256_GCM_SHA384.",
        "Certificate of CN = mx.example.com, issued by CN = mx.example.com.",
        "It is valid until Jan  1 00:00:00 2025 GMT.",
      ])
    #expect(
      Self.verdict(SClientOutput.valid).details[2]
        == "Certificate of CN = mx.example.com, issued by O = Example, CN = Example CA.")
  }

  @Test func anyPartOfTheOutputIsRead() {
    for output in [SClientOutput.expired, SClientOutput.tooOld, SClientOutput.closed] {
      for count in 0...output.count {
        _ = Self.verdict(String(output.prefix(count)))
        _ = Self.verdict(String(output.suffix(count)))
      }
    }
    _ = Self.verdict("verify error:num=\nverify error:num=99999999999999999999:x\nNew, \nNew, ,\n")
    _ = Self.verdict("   v:NotBefore: ;\nv:NotBefore: a;b\nx:error:1:2:3\nNew, TLSv1.3, \n")
  }
}
