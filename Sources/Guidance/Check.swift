// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

package import MailServer

/// A question about the world that Tempfail can answer itself, read-only.
///
/// Names come from the queue as they are: `DomainName` decides whether one becomes an argument.
package enum CheckRequest: Hashable, Sendable {
  /// The mail exchangers of a domain, and their addresses.
  case mailExchangers(domain: String)
  /// Whether port 25 of each mail exchanger answers, and what it says.
  case port25(domain: String)
  /// Whether the relay or the service that the mail was handed to answers.
  case service(Endpoint)
  /// The network path to a host.
  case path(host: String)
  /// Our source address, its PTR, the PTR's address, and the HELO name.
  case identity
  /// SPF, DKIM and DMARC of a sender's domain; the header of a queued message names the DKIM selector.
  case authentication(domain: String, message: QueueID? = nil)
  /// An SMTP conversation up to the recipient, without sending anything.
  case conversation(domain: String)
  /// The encryption that the first mail exchanger agrees on, and its certificate.
  case handshake(domain: String)
  /// Our own limits beside what is used of them now.
  case limits
  /// Whether the MTA runs, when it last looked at the queue, and room on the spool's disk.
  case queueRunner
  /// When the MTA tries again, and when it gives up.
  case retryPolicy(domain: String)
  /// Whether a block list names our address; asked only where lists are configured.
  case blockLists
  /// How much we send to a destination, now and when it began to defer us.
  case rate(domain: String)
  /// Whether deferrals come with the load of this server.
  case load
  /// Whether a message is too large, or has too many recipients, for a destination.
  case message(QueueID, domain: String)
  /// Whether mail to a destination was delivered after its last deferral.
  case recovered(domain: String)
  /// Whether one destination, one provider or all mail is deferred.
  case scope(domain: String)
  /// Which senders make most of what waits.
  case senders

  /// The name that is asked about, or nil where it is about this server.
  package var domain: String? {
    switch self {
    case .mailExchangers(let domain), .port25(let domain), .authentication(let domain, _),
      .conversation(let domain), .handshake(let domain), .retryPolicy(let domain),
      .path(let domain), .rate(let domain), .message(_, let domain), .recovered(let domain),
      .scope(let domain):
      domain
    case .service, .identity, .limits, .queueRunner, .blockLists, .load, .senders: nil
    }
  }

  /// What is asked, in a few words.
  package var title: String {
    switch self {
    case .mailExchangers(let domain): "Mail exchangers of \(domain)"
    case .port25(let domain): "Port 25 of \(domain)"
    case .service(let end): "Does \(end.words) answer"
    case .path(let host): "Network path to \(host)"
    case .identity: "Our address, its PTR and our HELO name"
    case .authentication(let domain, _): "SPF, DKIM and DMARC of \(domain)"
    case .conversation(let domain): "SMTP conversation with \(domain), nothing sent"
    case .handshake(let domain): "Encryption and certificate of \(domain)"
    case .limits: "Our own limits and their use"
    case .queueRunner: "Queue runner, disk and memory"
    case .retryPolicy(let domain): "Retry schedule for \(domain)"
    case .blockLists: "Block lists that name our address"
    case .rate(let domain): "Our rate to \(domain)"
    case .load: "Deferrals and the load of this server"
    case .message(let id, _): "Size and recipients of \(id.text)"
    case .scope(let domain): "Who is deferred besides \(domain)"
    case .senders: "Senders of what waits"
    case .recovered(let domain): "Deliveries to \(domain) since the last deferral"
    }
  }

  /// The commands that show the same by hand; for people to read and copy, never run from here.
  ///
  /// A name that is none is replaced, since it is read and copied into a shell.
  package func byHand(_ mta: MTA) -> [String] {
    let domain = domain.flatMap { DomainName(validating: $0)?.text } ?? "DOMAIN"
    return switch self {
    case .mailExchangers: ["dig +short MX \(domain)"]
    case .port25:
      ["nc -v -w 10 \"$(dig +short MX \(domain) | awk '{print $2; exit}')\" 25"]
    case .service(let end): Self.service(end)
    case .path: ["ping -c 4 \(domain)", "traceroute -T -p 25 \(domain)"]
    case .identity:
      switch mta {
      case .exim: ["exim -bP primary_hostname", "dig -x OUR-ADDRESS +short"]
      case .postfix:
        ["postconf myhostname smtp_helo_name smtp_bind_address", "dig -x OUR-ADDRESS +short"]
      }
    case .authentication:
      [
        "dig +short TXT \(domain)", "dig +short TXT SELECTOR._domainkey.\(domain)",
        "dig +short TXT _dmarc.\(domain)",
      ]
    case .conversation:
      ["swaks --quit-after RCPT --to postmaster@\(domain)", "telnet MX-OF-\(domain) 25"]
    case .handshake: ["openssl s_client -starttls smtp -connect MX-OF-\(domain):25 </dev/null"]
    case .limits:
      switch mta {
      case .exim:
        [
          "exim -bP smtp_accept_max smtp_accept_max_per_host smtp_accept_reserve",
          "exim -bP remote_max_parallel queue_run_max", "ss -tn '( sport = :25 or dport = :25 )'",
        ]
      case .postfix:
        [
          "postconf default_process_limit smtpd_client_connection_count_limit",
          "postconf default_destination_concurrency_limit default_destination_rate_delay",
          "ss -tn '( sport = :25 or dport = :25 )'",
        ]
      }
    case .queueRunner:
      switch mta {
      case .exim: ["pgrep -a exim", "df -h /var/spool", "df -i /var/spool", "free -m"]
      case .postfix: ["postfix status", "df -h /var/spool", "df -i /var/spool", "free -m"]
      }
    case .retryPolicy:
      switch mta {
      case .exim: ["exim -brt \(domain)", "exinext \(domain)"]
      case .postfix:
        [
          "postconf minimal_backoff_time maximal_backoff_time queue_run_delay",
          "postconf maximal_queue_lifetime bounce_queue_lifetime",
        ]
      }
    case .blockLists: ["dig +short REVERSED-ADDRESS.zen.spamhaus.org"]
    case .rate, .recovered:
      switch mta {
      case .exim: ["exigrep \(domain) /var/log/exim4/mainlog | grep -E ' (=>|==) '"]
      case .postfix: ["grep -E 'to=<[^>]*@\(domain)>.*status=' /var/log/mail.log"]
      }
    case .load: ["uptime", "sar -q"]
    case .scope:
      switch mta {
      case .exim: ["exim -bp | exiqsumm"]
      case .postfix: ["qshape deferred"]
      }
    case .senders:
      switch mta {
      case .exim: ["exim -bp | awk '$4 ~ /^</ {print $4}' | sort | uniq -c | sort -n | tail"]
      case .postfix: ["qshape -s deferred"]
      }
    case .message(let id, _):
      switch mta {
      case .exim: ["exim -Mvh \(id.text)", "exim -bP message_size_limit"]
      case .postfix: ["postcat -qeh \(id.text)", "postconf message_size_limit"]
      }
    }
  }
}

extension CheckRequest {
  /// The commands that show whether an end answers.
  private static func service(_ end: Endpoint) -> [String] {
    guard end.socket == nil else { return ["ss -lxp", "systemctl --failed"] }
    let host = DomainName(validating: end.host)?.text ?? IPAddress(end.host)?.text ?? "HOST"
    let port = end.port ?? 25
    let speak =
      switch port {
      case 465: ["openssl s_client -connect \(host):465 </dev/null"]
      case 587: ["openssl s_client -starttls smtp -connect \(host):587 </dev/null"]
      default: [String]()
      }
    return ["nc -v -w 10 \(host) \(port)"] + speak + (end.isLoopback ? ["ss -ltnp"] : [])
  }
}

extension Endpoint {
  /// Whether it is this server itself.
  var isLoopback: Bool { (IPAddress(address ?? host)?.isLoopback ?? false) || host == "localhost" }
}

/// The answer to a check.
package struct CheckResult: Hashable, Sendable {
  package enum Verdict: String, Hashable, Sendable {
    case passed
    case warns
    case failed
    /// It could not be asked: a tool is missing, or a right.
    case unavailable
  }

  package var request: CheckRequest
  package var verdict: Verdict
  /// The fact found, in one line.
  package var summary: String
  /// More lines, most important first.
  package var details: [String]
  /// Seconds since 1970 when it ended.
  package var time: Int64

  package init(
    request: CheckRequest, verdict: Verdict, summary: String, details: [String], time: Int64
  ) {
    self.request = request
    self.verdict = verdict
    self.summary = summary
    self.details = details
    self.time = time
  }

  /// The summary without the domain that was asked about: what stands beside names it already.
  ///
  /// "SPF of example.net covers this server." is "SPF covers this server." then.
  package var fact: String {
    guard let domain = request.domain else { return summary }
    var words: [Substring] = []
    var begins = false
    for word in summary.split(separator: " ", omittingEmptySubsequences: false) {
      let mark = word.hasPrefix(domain) ? word.dropFirst(domain.count) : "-"
      guard mark.isEmpty || [".", ",", ":", ";"].contains(mark) else {
        words.append(begins ? Substring(word.prefix(1).uppercased() + word.dropFirst()) : word)
        begins = false
        continue
      }
      switch words.last {
      case nil: begins = true
      case "of"?, "to"?, "at"?:
        words.removeLast()
        if let last = words.popLast() { words.append(last + mark) }
      default: words.append(word)
      }
    }
    return words.joined(separator: " ")
  }

  /// A check that cannot be run here, with the commands that show the same.
  ///
  /// - Parameter reason: in words: `dig is not installed; it looks up … Install it: …`
  package static func byHand(
    _ request: CheckRequest, mta: MTA, reason: String, time: Int64
  ) -> CheckResult {
    CheckResult(
      request: request, verdict: .unavailable, summary: reason, details: request.byHand(mta),
      time: time)
  }
}
