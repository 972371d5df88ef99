// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

extension Rule {
  /// TLS: wanted, not offered, or failed.
  static let encryption: [Rule] = [
    Rule(
      "tls-connections", .connectionLimit, ["too many|max .. tls .. session|connect"],
      wait: .minutes(15, 60),
      "We have too many TLS sessions open to them, or start too many per minute.",
      samples: [
        "421 #4.4.5 Too many TLS sessions at this time",
        "421 4.7.0 mx.example.net Error: too many new TLS sessions from 192.0.2.4",
      ]),
    Rule(
      "tls-rate", .tls, ["tls rate|tls as maximum"], wait: .minutes(5, 30),
      "Their server has no capacity for new TLS sessions.",
      samples: ["454 4.7.0 Cannot accept TLS as maximum TLS rate exceeded for server"]),
    Rule(
      "tls-theirs", .tls, on: .theirs,
      [
        "no certificate configured|certificate not configured|tls not configured|tls is not configured|starttls is not configured",
        "certificate|cert .. not match|not signed|common name|subject + !client + !your",
        "tls|ssl|starttls .. required but not supported|required but not offered|required but not advertised|not supported by the|not supported by recipient",
        "mta sts|tlsa|dane.|remote certificate|certificate of the remote|server s certificate",
        "tls|starttls|ssl .. not available|unavailable|currently not|disabled|temporarily|local problem|temporary reason|not offered|not advertised"
          + "|not supported after|generating + !1 0 + !1 1 + !client",
        "downstream tls|missing certificate|library fopen",
      ],
      "TLS fails on their side: the certificate, the MTA-STS or TLSA record, or TLS is unavailable there for now.",
      samples: [
        "454 4.7.0 TLS not available due to local problem",
        "4.7.5 [internal] SSL certificate subject does not match host",
      ]),
    Rule(
      "tls-wanted", .tls, on: .ours,
      [
        "tls|ssl|cipher|protocol version .. obsolete|outdated|deprecated|too old|insecure|weak|no longer supported|no longer accepted|disallowed",
        "enable|turn on|switch on|activate|offer|upgrade .. encryption|tls|starttls|ssl",
        "starttls|tls|ssl .. vyzadovan|wymagan|vereist|requis|exige|requerid|obrigatori|obbligatori|richiest|zorunlu|обязател|требуется|必须|必要|kravs|krav",
        "starttls|tls|ssl|encryption|encrypted|secure connection|secure transport|secure channel|verschlusselung|chiffrement|cifrado"
          + " .. required|require|must|only|first|mandatory|needed|necessary|erforderlich|obligatoire|enforced|upgrade|not supported"
          + " + !too many + !login + !cannot + !temporar + !server does not",
        "must|require|requires|required|please|only|need|use .. starttls|tls|ssl|encryption|encrypted|secure connection|secure transport"
          + "|secure channel|secure connections + !too many + !login + !cannot + !temporar",
        "certificate .. error|fail|invalid|expired|untrusted|unknown|required|missing|verif|validat + !remote",
        "unencrypted|plaintext connection|plain text connection|encryption too weak|insecure connection|no required .. certificate",
      ],
      "They accept mail only over TLS, or do not accept our protocol version or certificate. Use what they require; waiting does not help.",
      samples: [
        "451 5.7.3 STARTTLS is required to send mail",
        "451 4.2.2 Server accepts messages only on TLS connection",
        "421 4.7.1 SSL certificate error", "454 4.7.5 Certificate validation failure",
      ]),
    Rule(
      "tls", .tls,
      [
        "starttls|tls|ssl|tlsa|dane|mta sts|certificate|zertifikat|certificat|certificado|handshake"
          + "|cipher|verschlusselung|verschluesselung|chiffrement|cifrado|crittograf|encryption|encrypted"
          + "|unencrypted|secure connection + !too many + !login"
      ], in: [.deferral],
      "TLS failed, or they require it. Test with `openssl s_client -starttls smtp`; check the protocol versions and the certificate.",
      samples: ["403 4.7.0 TLS handshake failed."]),
  ]
}
