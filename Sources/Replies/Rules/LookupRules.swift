// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

extension Rule {
  /// DNS lookups that failed at their side, apart from lookups in their own tables.
  static let lookups: [Rule] = [
    Rule(
      "table-lookup", .downstream,
      [
        "key lookup",
        "temporary lookup failure + !of. + !dns + !host + !mx. + !name + !at.",
        "user|address|recipient|alias|directory|database|ldap|sql|map|table|account|mysql|virtual|local"
          + "|recipients|addressbook .. lookup|look up + !dns + !mx. + !host + !domain + !sender",
        "lookup|look up .. user|directory|database|ldap|recipient|table|map. + !dns + !mx. + !host",
      ], wait: .minutes(15, 60),
      "A lookup in their own tables (users, aliases, LDAP) failed. Their administrator must fix it if it lasts.",
      samples: [
        "451 4.3.0 <bounces@example.org.au>: Temporary lookup failure",
        "451 4.3.0 LDAP lookup failed, try again",
      ]),
    Rule(
      "dns-domain", .dns, on: .senderDomain,
      [
        "dead domain|expired domain|parked domain",
        "domena nadawcy|domena odosilatele|домен отправителя|发件人域|送信元ドメイン|gonderen alan adi",
        "domain .. not found|not exist|doesn t exist|does not exist|unknown|no such|not resolv|invalid|cannot be resolved|not valid"
          + " + !recipient + !rcpt + !destination + !mx. + !host + !ip. + !lookup + !dns + !mail exchanger + !server"
          + " + !relay + !sender address rejected + !client",
        "absenderdomain|absender domain|dominio del remitente|dominio remitente|domaine de l expediteur|domaine expediteur"
          + "|dominio do remetente|dominio del mittente|afzenderdomein",
        "unknown|invalid|no such|nonexistent|non existent .. domain + !recipient + !rcpt + !destination + !mx. + !host"
          + " + !ip. + !lookup + !dns + !server + !relay + !client",
      ], wait: .minutes(15, 60),
      "A domain does not resolve for them, usually the sender's. Check that every name server returns an MX or A record for it.",
      samples: ["451 domain not found"]),
    Rule(
      "dns-ours", .dns, on: .ours,
      [
        "your ip|your address|your host|client ip|client host|client address|ip name|ptr.|reverse|connecting ip|dns look up|your hostname"
          + " .. not resolv|lookup|look up|dns.|resolve|dns name",
        "dns|lookup|look up|resolve .. your ip|your address|your host|client ip|client host|ip address|ip name|connecting ip + !mx. + !domain",
        "failure in dns",
      ], wait: .minutes(15, 60),
      "They could not look up our address or host name. Check its A and PTR records, and the name servers of our zones.",
      samples: [
        "421 DNS lookup of your IP failed, try later",
        "451 4.1.8 Client IP address 192.0.2.2 does not resolve",
      ]),
    Rule(
      "dns", .dns, on: .theirs,
      [
        "mx points to|mx points at|points to localhost|points to 127|mx .. localhost|private address",
        "dns.|dnssec|nameserver|name server|nxdomain|servfail|name service",
        "resolve|resolving|unresolv|resolvable|resolution",
        "lookup|look up|look it up",
        "domain|host|sender domain|mx.|hostname|mx record|a record .. not found|not exist|doesn t exist"
          + "|invalid|unknown|no such|unable to find|cannot find|misconfig|verify|no mx|nonexist|non exist"
          + "|not valid|cannot be|could not be|can t be|unverif|inexist|introuvable|unbekannt"
          + "|nicht gefunden|no existe|nao existe|non esiste",
        "unable|cannot|can t|could not|couldn t|fail|invalid|unknown .. sender domain|sender s domain"
          + "|domain of sender|your domain|mx record|mx for|valid mx|mail exchanger|verify domain"
          + "|find domain|domain name|sender host|verify sender",
        "mx record|no mx.|bad mx|domain name system",
        "absenderdomain|dominio|domaine|domane|domaene|domein|domena|domeny|домен|域名|ドメイン .. no exist|nao exist|non esist"
          + "|introuvable|inexist|nicht|unbekannt|niet|nie ist|не|不存在|存在しない|invalid|desconoc|incon",
      ], wait: .minutes(15, 60),
      "A DNS lookup failed on their side. Check that every name server returns an MX or A record for that domain.",
      samples: [
        "450 4.1.2 MX lookup failure for example.com",
        "451 Cannot resolve <user@example.com> at this time",
        "451 Temporary lookup failure of 192.0.2.2 at zen.spamhaus.org",
        "451 4.4.4 MX didn't resolve to any hosts", "450 Lookup Failed",
        "421 4.4.0 Unable to lookup DNS for example.com",
      ]),
  ]
}
