// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

extension Rule {
  /// Codes of other providers, each known to one of them only.
  static let providers: [Rule] = [
    Rule(
      "apple-volume", .rateLimit, by: "apple",
      ["hcm1.|hcm2.|hc02.", "deferred due to excessive volume|excessive volume"],
      wait: .minutes(15, 60),
      "Apple accepts less mail from us right now. Send fewer messages per connection, after a pause.",
      samples: ["421 4.7.1 [HCM1] Messages from 192.0.2.4 deferred due to excessive volume"]),
    Rule(
      "apple-system", .downstream, by: "apple", ["bs02."], wait: .minutes(15, 30),
      "An internal error in Apple's mail service. This is temporary.",
      samples: ["451 [BS02] Temporary server error. Please try again later."]),
    Rule(
      "apple-local-policy", .policy, by: "apple", ["cs01.|hm08.|@102322|@ht204137"],
      wait: .hours(1, 4),
      "Apple rejects this for now by local policy: reputation or content. Write to icloudadmin@apple.com if it lasts.",
      samples: [
        "451 4.7.1 [CS01] Message rejected due to local policy. Please visit https://support.apple.com/en-us/102322"
      ]),
    Rule(
      "comcast-volume", .rateLimit, by: "comcast",
      ["rl0000|rl000010.", "throttled try again", "too many recent messages"],
      wait: .minutes(5, 60),
      "Comcast limits the volume for this sender. The limit expires within minutes to an hour.",
      samples: [
        "421 4.1.0 2001:db8::7 Throttled - try again later. Please see https://postmaster.comcast.net/smtp-error-codes.php#RL000010",
        "452 4.1.1 <user@comcast.net> too many recent messages; Try again later",
      ]),
    Rule(
      "cox-connections", .connectionLimit, by: "cox", ["aup cxcnct"], wait: .minutes(15, 60),
      "Cox accepts ten connections at once from one address.",
      samples: [
        "421 cmsmtp 192.0.2.44 blocked. Refer to Error Codes section at https://www.cox.com/residential/support/email-error-codes.html for more information. AUP#CXCNCT"
      ]),
    Rule(
      "acceptable-use", .policy, ["aup"], wait: .hours(1, 24),
      "The provider's acceptable-use filter (Cloudmark) is blocking us; most of these blocks expire within a day.",
      samples: ["421 cmsmtp 192.0.2.44 blocked. AUP#CXSNDR", "421 4.7.1 AUP#I-1310 blocked"]),
    Rule(
      "orange-connections", .connectionLimit, by: "orange",
      ["ofr|ofr0|lpn + connexion|connect", "ofr 004|ofr004"], wait: .minutes(30, 60),
      "We have too many connections open to Orange. Two are safe.",
      samples: [
        "421 mwinf5c12 ME Trop de connexions, veuillez verifier votre configuration. OFR_004"
      ]),
    Rule(
      "orange-rate", .rateLimit, by: "orange",
      ["ofr|ofr0|lpn + trop de mess|trop de mail|too many mess|too many mail|slow down|ralent"],
      wait: .minutes(30, 60),
      "Orange accepts less mail from us right now. Send fewer messages per minute.",
      samples: ["421 mwinf5c12 ME Trop de messages, too many messages, slow down. OFR_005"]),
    Rule(
      "orange-reputation", .policy, by: "orange", ["ofr|ofr0|lpn"], wait: .hours(1, 4),
      "The provider is deferring us for reputation or authentication; look up the number in its list.",
      samples: ["421 4.7.0 Service refuse, veuillez essayer plus tard. OFR_108"]),
    Rule(
      "t-online-reputation", .policy, by: "t-online",
      ["a problem occurred|tosa + @rx|tosa|@t @online"],
      "T-Online does not know or does not trust our address. Write to tosa@rx.t-online.de.",
      samples: [
        "421 IP=192.0.2.1 - A problem occurred. (Ask your postmaster for help or to contact tosa@rx.t-online.de to clarify.)"
      ]),
    Rule(
      "symantec-aborted", .policy, by: "messagelabs",
      ["requested action aborted + @symanteccloud|@messagelabs|@broadcom|techs"],
      wait: .hours(1, 4),
      "Symantec's filter is deferring this mail; the number in brackets is the reason.",
      samples: [
        "450 Requested action aborted [9] #-#, please visit https://knowledge.broadcom.com/external/article?legacyId=TECH246726 for more details about this error message."
      ]),
    Rule(
      "godaddy-reverse-dns", .policy, by: "godaddy", ["ib108.|ib103.|ib104."],
      "GoDaddy finds no reverse DNS for our address. Set a PTR record that resolves back.",
      samples: ["421 Temporarily rejected. Reverse DNS for this IP failed. IB108"]),
    Rule(
      "godaddy-connections", .connectionLimit, by: "godaddy", ["ib007."], wait: .minutes(15, 60),
      "We have too many sessions open to GoDaddy.",
      samples: [
        "421 Connection refused, too many sessions from This IP. Lower the number of concurrent sessions. IB007"
      ]),
    Rule(
      "godaddy-unavailable", .resource, by: "godaddy", ["ib101."], wait: .minutes(15, 30),
      "GoDaddy's server is not available now.",
      samples: ["421 Server temporarily unavailable. Try again later. IB101"]),
    Rule(
      "godaddy-recipients", .other, by: "godaddy", ["ib605."], wait: .minutes(5, 15),
      "Too many recipients in one message for GoDaddy; the MTA sends the rest next time.",
      samples: [
        "452 This message contains too many recipients. Reduce the number of recipients and retry. IB605"
      ]),
    Rule(
      "netease-connections", .connectionLimit, by: "netease", ["hl icc.|hl ic|ra c"],
      wait: .minutes(15, 60), "We have too many connections open to NetEase.",
      samples: ["421 HL:ICC 163 mx7,PsCowACnt"]),
    Rule(
      "netease-volume", .rateLimit, by: "netease",
      ["hl ifc.|mi dmc.|mi sfq.|mi stc.|rp drc.|rp qrc.|rp dmc.|rp sfq."],
      wait: .minutes(15, 60),
      "NetEase limits how many messages it accepts from a sender per period.",
      samples: ["450 MI:DMC", "450 RP:DRC", "451 MI:SFQ"]),
    Rule(
      "netease-command", .other, on: .ours, by: "netease",
      ["mi cel.|mi ccl.|rp cel.|rp ccl.|mi nhd."],
      wait: .minutes(15, 60),
      "Too many bad commands or recipients in this session for NetEase.",
      samples: ["450 MI:CEL"]),
    Rule(
      "netease-reputation", .policy, by: "netease",
      [
        "hl rep.|hl mep.|hl ipb.|hl ihu.|dt spm.|dt rbl.|dt sum.|dt spf.|dt spb.|mi spf.|mi spb.|mi ipb.|mi rbl.|mi mbl.|mi blk."
          + "|wm bli.|wm blu.|rp ipb.|bad ip."
      ],
      wait: .minutes(15, 60), "NetEase does not trust our address or this content.",
      samples: ["421 HL:REP", "451 DT:SPM ,please try again", "450 MI:IPB"]),
    Rule(
      "daum-reputation", .policy, by: "daum",
      ["ccrt.|ccrt1.|crcp1.|ccsb.|ccbl.|xrbl."], wait: .hours(1, 4),
      "Daum's real-time filter defers our address.",
      samples: ["421 4.4.5 ccrt 192.0.2.44: connection refused. server is busy(rt)"]),
    Rule(
      "daum-dns", .dns, on: .theirs, by: "daum", ["dxns|xdns"], wait: .minutes(15, 60),
      "Daum could not look up the sender's domain.",
      samples: ["451 4.4.1 dxns1 192.0.2.44: network is busy(xdns)"]),
    Rule(
      "qq-frequency", .rateLimit, by: "qq",
      ["frequency limit + @qq|mail content + !connection frequency"],
      wait: .hours(1, 2), "The provider limits how often this sender may send. Slow down.",
      samples: ["450 Mail content denied, frequency limited. http://service.mail.qq.com/"]),
    Rule(
      "facebook-connections", .connectionLimit, by: "facebook", ["con t1.|con t2.|con t3."],
      wait: .minutes(15, 60),
      "Too many connections or recipients for Facebook.",
      samples: ["421 4.7.1 CON-T1 http://postmaster.facebook.com/response_codes"]),
    Rule(
      "facebook-dns", .dns, on: .senderDomain, by: "facebook", ["dns t1.|dns t2.|dns t3."],
      wait: .minutes(15, 60),
      "Facebook could not look up our domain or reverse name. Check our name servers.",
      samples: ["421 4.7.1 DNS-T1 http://postmaster.facebook.com/response_codes"]),
    Rule(
      "facebook-internal", .downstream, by: "facebook", ["int t1.|int t2.|int t3.|rcp t1."],
      wait: .minutes(15, 60),
      "An internal error at Facebook. This is temporary.",
      samples: ["421 4.3.0 INT-T1 http://postmaster.facebook.com/response_codes"]),
    Rule(
      "facebook-recipient", .mailbox, by: "facebook", ["rcp t2.|rcp t3.|rcp t4."],
      wait: .hours(1, 4),
      "The recipient's account accepts no mail for now.",
      samples: ["421 4.7.1 RCP-T4 Recipient account is unavailable"]),
    Rule(
      "facebook-policy", .policy, by: "facebook", ["pol t1.|pol t2.|pol t3."], wait: .hours(1, 8),
      "Facebook is deferring us by policy; T1 expires in hours, T3 in days.",
      samples: ["421 4.7.1 POL-T2 http://postmaster.facebook.com/response_codes"]),
    Rule(
      "mimecast-greylisting", .greylisting, by: "mimecast",
      ["internal resource temporarily unavailable|internal resources are temporarily unavailable"],
      wait: .minutes(15, 60),
      "This is Mimecast's greylisting: it accepts a retry after a minute or more.",
      samples: [
        "451 Internal resource temporarily unavailable - https://community.mimecast.com/docs/DOC-1369#451 [x1]"
      ]),
    Rule(
      "mimecast-account-limit", .connectionLimit, by: "mimecast",
      ["account service is temporarily unavailable"], wait: .minutes(5, 30),
      "Too many connections for this Mimecast account; the block expires after five minutes.",
      samples: ["451 Account service is temporarily unavailable"]),
    Rule(
      "mimecast-load", .resource, by: "mimecast", ["unable to process connection"],
      wait: .minutes(15, 30), "Mimecast's server is under full load.",
      samples: ["451 Unable to process connection at this time"]),
    Rule(
      "mimecast-account", .other, on: .theirs, by: "mimecast",
      ["account inbounds|account outbounds|open relay not allowed"],
      wait: .hours(1, 4),
      "The recipient's Mimecast account is not set up for this mail. Tell their administrator.",
      samples: ["451 Account inbounds disabled", "451 Open relay not allowed"]),
    Rule(
      "korea-filtered", .policy, by: "korea-isp", ["register your ip"], wait: .hours(1, 24),
      "This provider filters addresses that are not registered with it.",
      samples: [
        "421 4.3.2 Your IP(192.0.2.45) is filtered and this connection will be closed. You must register your IP to spammaster at example.kr"
      ]),
    Rule(
      "postscreen-test", .greylisting,
      ["service currently unavailable"], enhanced: ["4.3.2"], wait: .minutes(5, 30),
      "Their postscreen tests unknown clients and accepts them when they retry.",
      samples: ["450 4.3.2 Service currently unavailable"]),
    Rule(
      "apple-unavailable", .resource, by: "apple", ["service unavailable try again later"],
      hosts: ["icloud.com", "apple.com"], wait: .minutes(15, 30),
      "Apple's server accepts no mail right now.",
      samples: ["451 4.7.1 Service unavailable - try again later"]),
  ]
}
