// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

extension Rule {
  /// TLS: wanted, not offered, or failed.
  static let encryption: [Rule] = [
    Rule(
      "tls-connections", .connectionLimit, ["too many|max .. tls .. session|connect"],
      wait: .minutes(15, 60),
      "They count too many encrypted sessions from us at once, or too many new ones a minute.",
      samples: [
        "421 #4.4.5 Too many TLS sessions at this time",
        "421 4.7.0 mx.example.net Error: too many new TLS sessions from 192.0.2.4",
      ]),
    Rule(
      "tls-rate", .tls, ["tls rate|tls as maximum"], wait: .minutes(5, 30),
      "Their server is short of capacity for new encrypted sessions.",
      samples: ["454 4.7.0 Cannot accept TLS as maximum TLS rate exceeded for server"]),
    Rule(
      "tls", .tls,
      [
        "starttls|tls|ssl|tlsa|dane|mta sts|certificate|zertifikat|certificat|certificado|handshake"
          + "|cipher|verschlusselung|verschluesselung|chiffrement|cifrado|crittograf|encryption|encrypted"
          + "|unencrypted|secure connection + !too many + !login"
      ], in: [.deferral],
      "Encryption failed, or they ask for it. Test with `openssl s_client -starttls smtp`; look at protocol versions and the certificate.",
      samples: [
        "454 4.7.0 TLS not available due to local problem",
        "451 5.7.3 STARTTLS is required to send mail",
        "454 4.7.5 Certificate validation failure", "403 4.7.0 TLS handshake failed.",
      ]),
  ]
}
