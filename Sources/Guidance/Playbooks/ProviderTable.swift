// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

extension ProviderNote {
  /// Facts from the providers' own pages where they have one, else from operators' practice.
  package static let table: [ProviderNote] = [
    ProviderNote(
      name: "Gmail", keys: ["gmail", "google"],
      hosts: ["google.com", "googlemail.com", "gmail.com"],
      codes: [
        Code(text: "4.7.28", meaning: "too much mail from our address, network or domain."),
        Code(text: "4.7.23", meaning: "our address has no matching PTR record."),
        Code(text: "4.7.24", meaning: "SPF looks suspicious for this mail."),
        Code(text: "4.7.26", meaning: "neither SPF nor DKIM passes."),
        Code(text: "4.7.27", meaning: "SPF does not pass."),
        Code(text: "4.7.29", meaning: "they require TLS, and we sent without it."),
        Code(text: "4.7.30", meaning: "DKIM does not pass."),
        Code(text: "4.7.32", meaning: "the From domain does not align with SPF or DKIM."),
        Code(text: "very low reputation", meaning: "stop bulk mail and check what was sent."),
        Code(text: "4.2.1", meaning: "one recipient gets mail too fast. Not a reputation problem."),
        Code(text: "(EHLO)", meaning: "fix the HELO name, or the allow-list of their relay host."),
      ],
      page: "support.google.com/mail/answer/81126",
      advice: "Check Postmaster Tools. Keep the spam rate below 0.10% and never reach 0.30%. TLS is"
        + " required.", connections: 5, messagesPerConnection: 50),
    ProviderNote(
      name: "Yahoo and AOL", keys: ["yahoo", "aol"],
      hosts: ["yahoodns.net", "yahoo.com", "yahoo.co.jp", "aol.com"],
      codes: [
        Code(
          text: "TSS04", meaning: "volume or complaints; also for missing SPF or DKIM. Pause 2 h."),
        Code(text: "IPTS04", meaning: "volume or complaints of our address. Pause 2 hours."),
        Code(text: "TSS05", meaning: "complaints. Pause 4 hours."),
        Code(text: "IPTS05", meaning: "complaints about our address. Pause 4 hours."),
        Code(text: "[TS01]", meaning: "too much at once. Slow down."),
        Code(text: "[TS02]", meaning: "complaints. One message per minute, or pause 4 hours."),
        Code(
          text: "[TS03]", meaning: "retrying will not succeed. Stop, fix the cause, write to them."),
        Code(text: "DYN:T1", meaning: "unusual volume or complaints; temporary."),
        Code(text: "Max message per connection", meaning: "send fewer messages per connection."),
      ],
      page: "senders.yahooinc.com/smtp-error-codes",
      advice: "Wait 4 hours between attempts. Write to them after 48 hours. Join their complaint"
        + " feedback loop. Do not flush again and again.", connections: nil,
      messagesPerConnection: 20),
    ProviderNote(
      name: "Microsoft 365", keys: ["microsoft365", "exchange-online"],
      hosts: ["mail.protection.outlook.com", "mx.microsoft"],
      codes: [
        Code(text: "4.7.500", meaning: "\"Server busy\" here means suspicious traffic, not load."),
        Code(text: "4.7.650", meaning: "rate limited because of our address's reputation."),
        Code(text: "4.7.651", meaning: "rate limited because of our address's reputation."),
        Code(text: "S777", meaning: "throttled: they do not know our address yet, or distrust it."),
      ],
      page: "sender.office.com",
      advice: "Raise the volume of a new address slowly. Ask for delisting on that page.",
      connections: 5, messagesPerConnection: 50),
    ProviderNote(
      name: "Outlook.com and Hotmail", keys: ["microsoft", "outlook", "hotmail"],
      hosts: ["outlook.com", "hotmail.com", "live.com", "msn.com"],
      codes: [
        Code(text: "RP-001", meaning: "reputation of our address, not load."),
        Code(text: "RP-002", meaning: "reputation of our address, not load."),
        Code(text: "RP-003", meaning: "reputation of our address, not load."),
        Code(text: "4.7.650", meaning: "rate limited because of our address's reputation."),
        Code(text: "4.7.651", meaning: "rate limited because of our address's reputation."),
      ],
      page: "sendersupport.olc.protection.outlook.com/pm",
      advice: "Check our address in SNDS, and join the Junk Mail Reporting Program (JMRP).",
      connections: 5, messagesPerConnection: 50),
    ProviderNote(
      name: "Apple iCloud", keys: ["apple", "icloud"],
      hosts: ["icloud.com", "apple.com", "me.com", "mac.com"],
      codes: [
        Code(text: "[HCM1]", meaning: "too much mail. Pause 15 minutes, then slower."),
        Code(text: "[BS02]", meaning: "too much mail. Pause 15 minutes, then slower."),
      ],
      page: "support.apple.com/102322",
      advice: "There is no feedback loop and no allow-list. Write to icloudadmin@apple.com with"
        + " company, domain, addresses, replies and start time.", connections: 10,
      messagesPerConnection: 5),
    ProviderNote(
      name: "Comcast", keys: ["comcast"], hosts: ["comcast.net", "xfinity.com"],
      codes: [
        Code(text: "RL000003", meaning: "volume. A retry after some minutes is fine."),
        Code(text: "RL000010", meaning: "volume of this domain. Wait 5 minutes."),
        Code(text: "RL0000", meaning: "a rate limit."),
      ],
      page: "spa.xfinity.com/help/postmaster",
      advice: "25 connections at once from one address. TLS is required.", connections: 25,
      messagesPerConnection: 1000),
    ProviderNote(
      name: "Cox", keys: ["cox"], hosts: ["cox.net"],
      codes: [
        Code(text: "CXCNCT", meaning: "more than 10 connections at once."),
        Code(text: "CDRBL", meaning: "listed by reputation; it clears within a day."),
      ],
      page: "postmaster.cox.net",
      advice: "After many bad commands they block for 3 hours.", connections: 10,
      messagesPerConnection: 100),
    ProviderNote(
      name: "Spectrum", keys: ["spectrum", "charter"],
      hosts: ["charter.net", "rr.com", "spectrum.com"],
      codes: [
        Code(text: "AUP#I-13", meaning: "a time-out of minutes up to a day, even when sent as 550.")
      ],
      page: nil, advice: "There is no postmaster page any more. Wait and send less.",
      connections: nil, messagesPerConnection: nil),
    ProviderNote(
      name: "AT&T", keys: ["att"], hosts: ["att.net", "sbcglobal.net", "bellsouth.net"],
      codes: [], page: "att.net/blocks", advice: "Request removal of a block on that page.",
      connections: nil, messagesPerConnection: nil),
    ProviderNote(
      name: "Orange", keys: ["orange", "wanadoo"], hosts: ["orange.fr", "wanadoo.fr"],
      codes: [
        Code(text: "OFR_", meaning: "one of Orange's own codes; their page explains them."),
        Code(text: "Trop de connexions", meaning: "too many connections. Use one for an hour."),
        Code(text: "essayer plus tard", meaning: "come back later: in 30 minutes."),
      ],
      page: "messagerie.orange.fr/postmaster.html", advice: "TLS is required.", connections: 2,
      messagesPerConnection: 100),
    ProviderNote(
      name: "GMX and WEB.DE", keys: ["gmx", "web.de"],
      hosts: ["gmx.net", "gmx.com", "gmx.de", "web.de"],
      codes: [
        Code(text: "too many connections", meaning: "use one connection for half an hour."),
        Code(text: "try again in", meaning: "the reply names the next allowed time."),
      ],
      page: "postmaster.gmx.net", advice: "TLS is required.", connections: 4,
      messagesPerConnection: 20),
    ProviderNote(
      name: "Mimecast", keys: ["mimecast"], hosts: ["mimecast.com", "mimecast.co.za"],
      codes: [
        Code(
          text: "Internal resource temporarily unavailable",
          meaning: "greylisting. A retry between 1 minute and 12 hours gets in.")
      ],
      page: "community.mimecast.com",
      advice: "20 connections and 100 recipients at once. Blocks expire in 5 minutes.",
      connections: 10, messagesPerConnection: 100),
    ProviderNote(
      name: "Proofpoint", keys: ["proofpoint", "cloudmark"],
      hosts: ["pphosted.com", "ppe-hosted.com"], codes: [], page: "ipcheck.proofpoint.com",
      advice: "\"Delayed\" lifts within minutes; \"blocked\" only after the spam has stopped.",
      connections: nil, messagesPerConnection: nil),
    ProviderNote(
      name: "Meta", keys: ["facebook", "meta"], hosts: ["facebook.com", "meta.com"],
      codes: [
        Code(text: "POL-T1", meaning: "policy: wait 1 to 2 hours."),
        Code(text: "POL-T2", meaning: "policy: wait 4 to 8 hours."),
        Code(text: "POL-T3", meaning: "policy: wait 24 to 48 hours."),
        Code(text: "INT-T", meaning: "a problem of their own: nothing to do."),
        Code(text: "CON-T", meaning: "too many connections or recipients at once."),
        Code(text: "DNS-T1", meaning: "the sender's domain does not resolve right now."),
        Code(text: "DNS-T2", meaning: "our PTR record does not resolve right now."),
        Code(text: "RCP-T1", meaning: "a problem of their own with the recipient."),
      ],
      page: "postmaster.facebook.com/response_codes",
      advice: "Each code has its own wait.", connections: nil, messagesPerConnection: nil),
    ProviderNote(
      name: "NetEase (163, 126)", keys: ["netease"],
      hosts: ["163.com", "126.com", "netease.com", "yeah.net"],
      codes: [
        Code(text: "DT:SPM", meaning: "looks like spam to them. Wait 15 minutes."),
        Code(text: "HL:ICC", meaning: "too many connections."),
        Code(text: "HL:IFC", meaning: "too much mail from our address."),
        Code(text: "HL:REP", meaning: "reputation of our address."),
        Code(text: "HL:MEP", meaning: "reputation."),
        Code(text: "SFQ", meaning: "too much in 15 minutes."),
      ],
      page: "help.163.com", advice: "Their help pages list every code.", connections: 4,
      messagesPerConnection: 7),
    ProviderNote(
      name: "QQ", keys: ["qq"], hosts: ["qq.com"],
      codes: [
        Code(text: "frequency limited", meaning: "too fast, even when sent as 550. Wait an hour.")
      ],
      page: nil, advice: "Use few connections, with few messages each.", connections: 4,
      messagesPerConnection: 8),
    ProviderNote(
      name: "Cisco IronPort", keys: ["ironport", "cisco"], hosts: ["iphmx.com"],
      codes: [Code(text: "4.4.5", meaning: "too many connections from our address.")],
      page: "talosintelligence.com", advice: "Each customer sets its own limits.",
      connections: 1, messagesPerConnection: nil),
    ProviderNote(
      name: "GoDaddy", keys: ["godaddy", "secureserver"], hosts: ["secureserver.net"],
      codes: [
        Code(text: "IB007", meaning: "too many sessions from our address."),
        Code(text: "IB101", meaning: "their server is not available."),
        Code(text: "IB108", meaning: "our address has no valid PTR record."),
      ],
      page: nil, advice: "Fix the PTR record first if they name it.", connections: nil,
      messagesPerConnection: nil),
    ProviderNote(
      name: "ContactLab", keys: ["contactlab"], hosts: ["contactlab.it"], codes: [], page: nil,
      advice: "8 connections at once.", connections: 8, messagesPerConnection: nil),
    ProviderNote(
      name: "Amazon SES", keys: ["amazon-ses"], hosts: ["amazonaws.com", "amazonses.com"],
      codes: [], page: nil,
      advice: "As a sender it gives up after 14 hours and then quotes the last 421 in a 554.",
      connections: nil, messagesPerConnection: nil),
  ]
}
