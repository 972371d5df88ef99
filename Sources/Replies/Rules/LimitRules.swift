// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

extension Rule {
  /// Connections and sessions: too many at once, too many in a while, too much in one.
  static let limits: [Rule] = [
    Rule(
      "session-messages", .rateLimit,
      [
        "messages|mails|emails|recipients|transactions|message limit|message count|mail transactions"
          + " .. this session|this connection|per session|per connection|one session|one connection"
          + "|single session|single connection|in session|in connection|the session|the connection",
        "session|connection .. exceed|limit|max|too many .. message|transfer quota|mails|recipients|bytes|data",
        "messages per connection|messages per session|message limit for this|too many messages for this",
        "too many messages .. session|connection",
      ], wait: .minutes(1, 15),
      "They accept only so many messages or recipients per connection. Lower the number per connection.",
      samples: [
        "421 too many messages in this connection", "421 #4.x.2 Too many messages for this session",
        "452 4.5.3 Service unavailable, recipients per connection limit reached",
        "452 4.7.28 mx.example.net Session exceeded transfer quota.",
      ]),
    Rule(
      "session-time", .timeout,
      [
        "exceeded|exceeds|max|maximum|limit .. connection time|session time|session duration|time for"
          + "|connect time|connection duration|session length|session lifetime",
        "session|connection .. too long|open too long|expired|time limit|time exceeded|lifetime|max time"
          + "|maximum time|too old",
      ], wait: .minutes(1, 15),
      "The connection stayed open longer than they allow; the next attempt uses a new one.",
      samples: [
        "421 Exceeded allowable connection time",
        "421 4.3.2 mx.example.net Session open for too long.",
      ]),
    Rule(
      "connections", .connectionLimit,
      [
        "all connections|connections .. used up|are used|taken|exhausted|none left",
        "too many|too much|to many|max|maximum|exceed|exceeds|limit|excessive|number of|no more|reached"
          + "|only|at most|more than|amount of|full|throttl|restrict"
          + " .. connect|session|conn.|conns|concurr|simultan|parallel|socket|thread|smtp client",
        "connect|session|concurr|simultan|parallel|conn.|client .. limit|exceed|too many|too high|maximum"
          + "|max.|reached|too frequent|too often|too fast|too quick|too rapid|throttl|rate|quota|slow down|restricted|excessive"
          + " + !refused .. message + !message rate + !mail rate + !sending rate + !retry timeout",
        "connections|sessions .. in use|open.|already|allowed|permitted",
        "already have|already has|already hold|already holds .. connect|session",
        "out of|no more|no free|no available|not enough|no .. connection slot|connection slots|session slot|smtp slot|free connection",
        "slots .. taken|in use|busy|full|exhaust|used|occupied|allocated",
        "concurren|simultaneous|parallel connection|parallel session|parallel smtp",
        "too frequent|too often|too fast|frequent|slow down|throttl .. connect|session",
        "zu viele|maximale anzahl|zuviele|anzahl|gleichzeitig .. verbindung|sitzung|connect",
        "trop de|nombre .. connexion|session|simultan",
        "demasiad|muitas|excesso|limite|numero maximo .. conexion|conexao|conexoes|sesion|sess|simult",
        "troppe|numero massimo|limite .. connession|sessioni",
        "te veel|teveel .. verbinding|sessie|connectie", "zbyt wiele|za duzo .. polacz|sesji",
        "接続数|同時接続|セッション数|连接数|連線數|连接过多|並列|слишком много соединений|слишком много подключений",
        "cok fazla .. baglanti|oturum",
        "prilis mnoho|for mange|liian monta|tul sok .. spojeni|forbindel|yhtey|kapcsolat",
        "connection rate|connection frequency|connect rate|rate of connection|connection count",
      ], wait: .minutes(15, 60),
      "We have too many connections open to them, or open new ones too often. Lower the concurrency for this destination.",
      samples: [
        "421 Too many concurrent SMTP connections; please try again later.",
        "421 4.4.5 Too many SMTP sessions for this host",
        "421 4.3.2 Connection rate limit exceeded.",
        "421 4.7.0 connection rate from your ip or network too high, slow down please",
        "450 too frequent connects from 192.0.2.135, please try again later.",
        "421 4.7.0 mx1 Error: too many connections from 192.0.2.1",
        "421 Zu viele gleichzeitige Verbindungen von Ihrer IP-Adresse",
        "421 Trop de connexions, veuillez reessayer plus tard",
        "421 Demasiadas conexiones desde su IP",
        "450 too many connections from your IP (rate controlled)",
      ]),
  ]
}
