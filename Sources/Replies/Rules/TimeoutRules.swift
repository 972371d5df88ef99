// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

extension Rule {
  /// Time ran out, or the line broke.
  static let timeouts: [Rule] = [
    Rule(
      "promise-timeout", .downstream,
      [
        "promise|request|submission|query|operation|task|backend|upstream|database|ldap|milter .. timed out|timeout"
      ],
      wait: .minutes(15, 30), "A system behind their front server did not answer in time.",
      samples: ["421 Promise timed out after 15000 milliseconds"]),
    Rule(
      "timeout", .timeout,
      [
        "timed out|time out|timeout|timeouts|time limit|timedout|idle|inactiv|no activity|no command|no data|nothing received|without activity|too slow|took too long"
          + "|taking too long|zeituberschreitung|zeitueberschreitung|tiempo|agotado"
          + "|tempo esgotado|tempo scaduto|verlopen|tempo limite|タイムアウト|超时|逾時|время|тайм"
          + "|scadut|waited too long|przekroczon|casovy limit|zeitlimit + !retry timeout"
      ], wait: .minutes(5, 30),
      "The SMTP session took too long. Check the path and its MTU, their greeting delay, and reused idle connections.",
      samples: ["421 4.4.2 mx.example.com Error: timeout exceeded", "451 timeout (#4.4.2)"]),
    Rule(
      "connection-lost", .timeout, on: .theirs,
      [
        "read|reading|receiv .. from client|from peer|from remote|from socket .. error|fail",
        "connection|session|time|timer|command .. expired", "delai|temps .. depass|ecoule|expire",
        "connect|connection|verbindung|connexion|conexion|link|session|socket .. lost|reset|dropped|abort|broken"
          + "|closed by|closed unexpected|abrupt|unexpectedly|terminated|interrupt|refused by|cut off"
          + " + !limit + !too many + !filter + !backend + !upstream + !back end",
        "connect|hosts|host|candidate|attempt .. connection refused",
        "connection refused .. socket|attempted|server name|errno",
        "no route|unreachable|broken pipe|network error|network is|premature"
          + "|disconnected|no answer|no response|not responding|does not respond|no reply|hang up"
          + "|hung up|unexpected eof|end of file|connection failed|connect failed"
          + " + !next hop + !nexthop + !mail store + !mailstore + !backend + !filter + !upstream",
        "unable to|could not|cannot|can t|couldn t|failed to|can not + unable to connect|not connect"
          + "|cannot connect|t connect|failed to connect|to contact|not contact|to reach|not reach"
          + "|cannot contact|cannot reach|to establish|not establish"
          + " + !database + !ldap + !sql + !backend + !milter + !filter + !policy + !directory",
        "lost .. connection|input|peer|link", "be reached",
        "winsock|socket error|socketerror",
      ], wait: .minutes(5, 30),
      "The connection failed or was lost. The message is queued and retried.",
      samples: [
        "421 4.4.1 Connection reset by mx.example.com.", "421 Lost incoming connection",
        "421 4.4.2 Connection dropped", "451 4.4.1 No answer from any hosts listed in MX",
        "421 dns.example.org Sorry, unable to contact destination SMTP daemon.",
        "421 4.4.0 [internal] no MXs for this domain could be reached at this time",
      ]),
  ]
}
