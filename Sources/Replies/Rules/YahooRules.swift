// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

extension Rule {
  /// Yahoo and AOL: senders.yahooinc.com/smtp-error-codes.
  static let yahoo: [Rule] = [
    Rule(
      "yahoo-retry-useless", .policy, by: "yahoo",
      ["ts03.", "permanently deferred|retrying will not succeed"],
      "Yahoo will not accept a retry although the code is temporary. Stop, and contact them through the Sender Hub.",
      samples: [
        "421 4.7.1 [TS03] All messages from 192.0.2.209 will be permanently deferred; Retrying will NOT succeed. See https://help.yahoo.com/kb/postmaster/SLN3436.html"
      ]),
    Rule(
      "yahoo-greylisting", .greylisting, by: "yahoo", ["gl01."], wait: .minutes(15, 60),
      "Yahoo is greylisting this address: it waits for a retry.",
      samples: ["421 4.7.0 [GL01] Message from (192.0.2.73) temporarily deferred - 4.16.50."]),
    Rule(
      "yahoo-complaints", .policy, by: "yahoo",
      [
        "tss04.|tss05.|ipts04.|ipts05.|tss0|ipts0|tss1|ts01.|ts02.|ts04.|phish",
        "temporarily deferred + @4 @16|@yahoo|@yahooinc|@aol",
        "unexpected volume or user complaints",
      ], wait: .hours(2, 4),
      "Yahoo is throttling us: user complaints or unexpected volume. Pause for hours, do not flush, and clean the list.",
      samples: [
        "421 4.7.0 [TSS04] Messages from 192.0.2.7 temporarily deferred due to unexpected volume or user complaints - 4.16.55.1; see https://postmaster.yahooinc.com/error-codes",
        "421 [IPTS05] Messages from 192.0.2.163 temporarily deferred due to user complaints",
        "451 Message temporarily deferred - 4.16.50",
      ]),
    Rule(
      "yahoo-session", .rateLimit, by: "yahoo", ["max message per connection reached"],
      wait: .minutes(1, 15),
      "Yahoo accepts only so many messages per connection; the next connection carries the rest.",
      samples: ["421 Max message per connection reached, closing transmission channel"]),
    Rule(
      "aol-reverse-dns", .dns, on: .ours, by: "aol",
      ["dns nr.|dns b1.|dns b2.|dns ip.", "@421dnsnr|@554dnsnr"],
      wait: .hours(1, 4),
      "AOL could not look up the PTR record of our address. Check it, and the name servers of our reverse zone.",
      samples: ["421 4.2.1 :  (DNS:NR)  http://postmaster.info.aol.com/errors/421dnsnr.html"]),
    Rule(
      "aol-connections", .connectionLimit, by: "aol", ["con b1.|con b2.", "@421conb1"],
      wait: .minutes(15, 60),
      "AOL counts too many connections from our address.",
      samples: ["421 4.7.1 : (CON:B1) http://postmaster.info.aol.com/errors/421conb1.html"]),
    Rule(
      "aol-reputation", .policy, by: "aol",
      [
        "rtr du.|rtr bb.|rtr ge.|rtr bg.|rtr sc.|rtr bl.|rtr rd.|rtr ch.|rtr sp.|hvu b|rly |rly nw.|rly cs.|rly ni.",
        "@421rlynet|@554rtr",
      ],
      wait: .hours(1, 24),
      "AOL blocks this address for its reputation, or because it looks dynamic.",
      samples: ["421 4.7.1 : (RTR:GE) http://postmaster.info.aol.com/errors/554rtrge.html"]),
    Rule(
      "aol-dynamic", .rateLimit, by: "aol",
      ["dyn t1.|dyn t2.|rtr rl|rtr ra", "@421dynt1|@421rtrrl"],
      wait: .hours(1, 4),
      "AOL limits this address for a while: too much mail or too many complaints.",
      samples: ["421 4.7.1 : (DYN:T1) http://postmaster.info.aol.com/errors/421dynt1.html"]),
    Rule(
      "yahoo-resources", .resource, by: "yahoo", ["resources temporarily unavailable + @yahoo"],
      wait: .minutes(15, 30),
      "Yahoo's server is short of resources. This is temporary.",
      samples: [
        "451 mta1012.mail.gq1.yahoo.com Resources temporarily unavailable. Please try again later [#4.16.1]."
      ]),
  ]
}
