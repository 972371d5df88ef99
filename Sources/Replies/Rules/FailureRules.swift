// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

extension Rule {
  /// Something behind the server that answered is broken.
  static let failures: [Rule] = [
    Rule(
      "milter", .downstream, ["service unavailable try again later"], enhanced: ["4.7.1"],
      wait: .minutes(15, 30),
      "Their mail filter (milter) is down, or it is greylisting. The normal retry works when it is back.",
      samples: ["451 4.7.1 Service unavailable - try again later"]),
    Rule(
      "out-of-space", .resource,
      [
        "run out of|ran out of|out of|no free|no more .. inodes|space|memory|file handles|file descriptors|buffers|disk + !mailbox + !write error or + !user + !quota + !order",
        "partition|filesystem|file system|spool|volume .. full.|nearly full|almost full|is full + !mailbox",
        "out of space|out of disk|no space left|no space on|no disk space|device full|disk full|enospc|out of memory|cannot allocate memory"
          + "|partition full|disk nearly full|disk almost full|not enough disk|not enough space|not enough memory|insufficient disk|insufficient memory|low on disk + !write error or",
      ], wait: .minutes(15, 30),
      "Their server is short of disk or memory.",
      samples: ["451 4.3.1 cannot create file: out of space"]),
    Rule(
      "file-error", .downstream,
      [
        "input output error|sync @|fsync|rewind|child crashed|read only file system|stale nfs|nfs|too many links|bad file"
          + "|error 5|errno"
      ], wait: .minutes(15, 30),
      "Their server cannot read or write a file. Wait; if it lasts for hours, tell their postmaster.",
      samples: ["450 4.2.0 Sync /var/mail/u: Input/output error"]),
    Rule(
      "storage-error", .resource,
      ["system error|system problem|system failure|insufficient|storage"],
      enhanced: ["4.3.1"], wait: .minutes(15, 30),
      "Their server is short of disk or memory.",
      samples: [
        "452 #4.3.1 temporary system error (12)",
        "451 4.3.1 Insufficient system storage; try again later",
      ]),
    Rule(
      "internal-error", .downstream,
      [
        "internal + !manually + !connection refused + !internal resource + !internal queue + !internal ip",
        "local|system|server|delivery|processing|configuration|temporary|database|backend|upstream|storage"
          + "|disk|software|application|unknown|technical|i o|io|data|technisch|interne|interno"
          + " .. error|failure|problem|fault|exception|trouble|failed|fehler|erreur|panne|falla|errore"
          + "|difficult|issue|storung|stoerung|gestort|gestoert"
          + " + !too many + !busy + !overload + !load + !disk full + !maintenance",
        "error|failure|failed|problem|unable|cannot|can t|could not|couldn t|trouble|not able .. writ"
          + "|process|open|creat|read|execut|fork|queue|deliver|stor|save|spool|access|handl|log|complete"
          + "|retriev|scan|database|ldap|sql|backend|upstream|lock|rename|accept data|initiali|perform"
          + "|parse|load|store + !shutting down + !unable to accept + !accept connection + !load average + !overload"
          + " + !queue full",
        "unexpected|exception|malfunction|fork failed|write error|writing spool|backend|upstream|ldap"
          + "|database|mysql|sql.|lmtp|cannot write|spool|crash|out of order|panic|misconfigur"
          + "|qq.|not processed|directory + !overload + !busy + !capacity",
        "aborted|aborting + !requested action aborted + !action aborted try",
        "onward|next hop|nexthop|downstream|destination server|destination host|mail store|mailstore"
          + "|relay host|relay server|could not forward|cannot forward|unable to forward|failed to forward|final server|back end|forwarding",
        "proxy session|mail server temporarily rejected",
        "unable to process|error in processing|processing error|unable to handle|unable to deliver"
          + "|cannot deliver|delivery temporarily|delivery was temporarily|delivery failed|delivery problem",
        "temporary failure|temporary error|temporary problem|temporary local|temporary system"
          + "|temporary server|temporary fault|transient error|transient fail|temporary issue"
          + "|temporary internal|temporary mail|local problem|verification problem|mail system error",
        "fehler|storung|stoerung|erreur|errore|problema|blad|fout|エラー|障害|错误|錯誤|ошибк|сбой|chyba|hata"
          + "|technische problem|probleme technique",
      ], wait: .minutes(15, 30),
      "The server answered, but a system behind it failed. Wait; if it lasts for hours, tell their postmaster.",
      samples: [
        "451 Temporary local problem - please try later",
        "451 Requested action aborted: local error in processing",
        "421 4.3.0 mx1.example.net Server local data error", "421 4.3.0 Mail system error",
        "451 qq write error or disk full (#4.3.0)", "421 unable to fork (#4.3.0)",
        "451 4.3.2 Internal error reading data", "450 Onward transmission not accepted",
        "421 Unexpected failure, please try later", "451 Unable to process an email at this time",
        "421 4.3.0 Temporary Error", "421 4.3.0 Upstream error",
      ]),
  ]
}
