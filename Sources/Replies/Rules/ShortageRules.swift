// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

extension Rule {
  /// The server itself is short of something, or is being stopped.
  static let shortages: [Rule] = [
    Rule(
      "overload", .resource,
      [
        "busy|overload|over loaded|too much load|high load|load average|load too|load is|heavy load|at capacity"
          + "|over capacity|capacity|ausgelastet|uberlast|ueberlast|surcharge|sobrecarg|sovraccaric"
          + "|overbelast|przeciaz|occupe|ocupado|occupato|beschaftigt|beschaeftigt|drukbezet|zajety"
          + "|混雑|繁忙|繁忙|перегруж|занят|meşgul|mesgul|pretizen|hogy load|server load|load on|loaded|load.",
        "too many processes|too many children|no free|all .. ports are busy|too many open files",
      ], wait: .minutes(15, 30),
      "Their server is too busy right now. Wait, and send less at once.",
      samples: [
        "421 4.3.2 Server busy, try again later",
        "421 mx.example.net: Too much load; please try again later",
        "421 4.3.2 filter is at capacity", "450 busy--Please try again later",
        "421 4.3.2 All server ports are busy", "421 Der Server ist derzeit überlastet",
      ]),
    Rule(
      "shutdown", .resource,
      [
        "read only|readonly|closing down|shutting down|shut down|shutdown|maintenance|sigterm|restart|reboot|starting up|wartung"
          + "|mantenimiento|manutenzione|manutencao|onderhoud|konserwacj|entretien|メンテナンス|维护|維護"
          + "|обслуживани|technical work|upgrade|upgrading|outage|going down|bakim|udrzb|stopped|stopping"
          + "|suspended for|scheduled"
      ], wait: .minutes(15, 60),
      "Their server is shutting down or under maintenance. This is temporary.",
      samples: [
        "421 Server shutting down", "421 4.3.2 mx.example.net Server shutting down for maintenance",
        "421 mx.example.net Service not available - SIGTERM or SIGINT received - closing connection.",
      ]),
    Rule(
      "disk-full", .resource,
      [
        "disk|space|storage|memory|resource|inode|swap|descriptor .. full|shortage|low|exhaust|insufficient"
          + "|exceed|limit|unavailable|temporarily",
        "insufficient|not enough|no|out of|low|lack of|short of|short on|shortage .. disk|space|storage|memory|resource"
          + "|swap|descriptor|buffer|system|inodes",
        "queue full|system full|messages in queue|messages in the queue|queue is full|disk full|filesystem full|speicherplatz|espace disque|espacio"
          + "|espaco em disco|spazio|schijfruimte|resources temporarily|no system resource|back pressure"
          + "|backpressure|queue limit|queue too|backlog|congest",
        "queued|queue .. limit|maximum|reached|exceed|full",
      ], wait: .minutes(15, 30),
      "Their server is short of disk space or memory.",
      samples: [
        "452 Space shortage, please try later", "452 #4.3.1 queue full",
        "452 4.3.1 Mail system full, try again later.",
        "452 Requested action not taken: insufficient system storage",
      ]),
    Rule(
      "service-unavailable", .resource,
      [
        "service|server|system|host|mail server|connection|smtp|mx. .. unavailable|not available|not accepted|not active"
          + "|not accepting|inactive|offline|down|not ready|refusing|disabled|stopp",
        "not accepting|unable to accept|cannot accept|can t accept|can not accept|not currently accepting|not able to accept"
          + "|no longer accepting|currently not accepting",
        "temporarily unavailable|currently unavailable|temporarily not available|currently not available|not available|unavailable"
          + "|temporarily out of service|temporarily offline|temporarily disabled|temporarily closed|temporarily suspended",
        "nicht verfugbar|nicht verfuegbar|nicht erreichbar|indisponible|no disponible|indisponivel|non disponibile"
          + "|niet beschikbaar|niedostepn|利用できません|不可用|недоступен|nedostupn|kullanilam|non attivo",
        "connection refused|refused connection|connection rejected",
      ], wait: .minutes(15, 30),
      "Their mail service is not available right now. The message is queued and retried.",
      samples: [
        "421 4.3.2 Service not available",
        "421 Service not available, closing transmission channel",
        "421 mtaig-mbe02.mx.aol.com Service unavailable - try again later",
        "421 Connection not accepted at this time", "421 4.3.2 Service not active",
        "451 4.7.1 Sorry, the service is currently unavailable. Please come back later. 8ohqT2RI-8ohqQZ6F",
      ]),
  ]
}
