#!/usr/bin/env python3
# Tempfail: a terminal dashboard for deferred mail.
# SPDX-License-Identifier: Apache-2.0
"""Writes a large mail log for speed tests, the same for the same arguments.

usage: make-logs.py exim|postfix LINES [SEED [START]] > FILE

Ten lines a second are logged, beginning with START (seconds since 1970), in UTC.

Exim: arrivals, deliveries and completions as Exim 4.97 logs them by default, about 180 bytes a line; 1.5 % of
the lines are deferrals of a recipient (half of them after a line about the host), one in a thousand is a refused
client. "421" stands in the message ID of every third message, so a search for the number alone finds much else.

Postfix: the lines of smtpd, cleanup, qmgr and smtp for each message, about 140 bytes a line, BSD syslog stamps;
1.5 % of the lines have status=deferred, one in a thousand is a refused client.

7,500,000 lines make 1.3 GB (Exim) and 1.0 GB (Postfix).
"""
import functools
import random
import sys
import time

DOMAINS = ["gmail.com", "yahoo.com", "outlook.com", "gmx.de", "example.com", "example.org", "orange.fr", "mail.test"]
HOSTS = ["gmail-smtp-in.l.google.com", "mta7.am0.yahoodns.net", "example-com.mail.protection.outlook.com",
         "mx00.emig.gmx.net", "mx.example.com", "mx1.example.org", "smtp-in.orange.fr", "mx.mail.test"]
# (stage, reply); {ip}, {id} and {to} are different each time, as in life.
REPLIES = [
    ("end of data", "421 4.7.28 Our system has detected an unusual rate of unsolicited mail. {id} - gsmtp"),
    ("MAIL FROM", "421 4.7.0 [TSS04] Messages from {ip} temporarily deferred due to unexpected volume or user complaints"),
    ("RCPT TO", "451 4.7.1 <{to}>: Recipient address rejected: Greylisted, please come back later"),
    ("initial connection", "421 4.4.5 Too many connections from your host."),
    ("RCPT TO", "452 4.2.2 <{to}>: Recipient address rejected: Recipient mailbox quota exceeded"),
    ("RCPT TO", "450 4.2.1 The user you are trying to contact is receiving mail too quickly. {id} - gsmtp"),
    ("end of data", "451 4.3.0 Temporary system problem. Try again later."),
    ("MAIL FROM", "421 4.3.2 Service not active"),
]
ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


POOL = "".join(random.Random(421).choices(ALPHABET, k=1 << 20))


def word(rng, length):
    """Random letters and digits: a piece of a pool, since drawing each of them would take most of the time."""
    start = int(rng.random() * (len(POOL) - length))
    return POOL[start:start + length]


def draw(rng, limit):
    """A number below the limit; randrange would be exact and three times slower."""
    return int(rng.random() * limit)


@functools.lru_cache(maxsize=4)
def exim_stamp(second):
    return time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(second))


@functools.lru_cache(maxsize=4)
def postfix_stamp(second):
    moment = time.gmtime(second)
    return time.strftime("%b ", moment) + f"{moment.tm_mday:2d}" + time.strftime(" %H:%M:%S mail", moment)


def reply(rng, to):
    stage, text = rng.choice(REPLIES)
    address = f"198.51.100.{draw(rng, 256)}"
    return stage, text.format(ip=address, id=word(rng, 24).lower() + f".{draw(rng, 1000)}", to=to)


def exim(rng, lines, begin, write):
    count, number = 0, 0
    while count < lines:
        stamp = exim_stamp(begin + count // 10)
        middle = "00000" + ("421" if number % 3 == 0 else word(rng, 3)) + word(rng, 3)
        ident = f"1{word(rng, 5)}-{middle}-{word(rng, 4)}"
        domain = draw(rng, len(DOMAINS))
        to = f"user{draw(rng, 100000)}@{DOMAINS[domain]}"
        host = f"{HOSTS[domain]} [198.51.100.{draw(rng, 256)}]"
        sender = f"news{draw(rng, 1000)}@sender.example"
        out = [f"{stamp} {ident} <= {sender} H=app{draw(rng, 9)}.sender.example [192.0.2.{draw(rng, 256)}] P=esmtps "
               f"X=TLS1.3:TLS_AES_256_GCM_SHA384:256 CV=no S={900 + draw(rng, 89100)} id={word(rng, 20)}@sender.example"]
        kind = rng.random()
        if kind < 0.045:
            stage, text = reply(rng, to)
            after = {"MAIL FROM": f"MAIL FROM:<{sender}>", "RCPT TO": f"RCPT TO:<{to}>"}.get(stage, stage)
            error = f"SMTP error from remote mail server after {after}: {text}"
            if kind < 0.0225:
                out.append(f"{stamp} {ident} H={host}: {error}")
            out.append(f"{stamp} {ident} == {to} R=dnslookup T=remote_smtp defer (-45) H={host}: {error}")
        else:
            out.append(f"{stamp} {ident} => {to} R=dnslookup T=remote_smtp H={host} X=TLS1.3:TLS_AES_256_GCM_SHA384:256 CV=yes "
                       f"C=\"250 2.0.0 OK {begin + count} {word(rng, 24).lower()} - gsmtp\"")
            out.append(f"{stamp} {ident} Completed")
        if kind > 0.997:
            out.append(f"{stamp} Connection from [192.0.2.{draw(rng, 256)}] refused: too many connections")
        write("\n".join(out) + "\n")
        count, number = count + len(out), number + 1


def postfix(rng, lines, begin, write):
    count = 0
    while count < lines:
        stamp = postfix_stamp(begin + count // 10)
        ident = f"{rng.randrange(1 << 40, 1 << 44):X}"
        domain = draw(rng, len(DOMAINS))
        to = f"user{draw(rng, 100000)}@{DOMAINS[domain]}"
        host = f"{HOSTS[domain]}[198.51.100.{draw(rng, 256)}]"
        client = f"app{draw(rng, 9)}.sender.example[192.0.2.{draw(rng, 256)}]"
        pid = 1000 + draw(rng, 98999)
        out = [f"{stamp} postfix/smtpd[{pid}]: connect from {client}",
               f"{stamp} postfix/smtpd[{pid}]: {ident}: client={client}",
               f"{stamp} postfix/cleanup[{pid + 1}]: {ident}: message-id=<{word(rng, 40)}@sender.example>",
               f"{stamp} postfix/qmgr[812]: {ident}: from=<news{draw(rng, 1000)}@sender.example>, "
               f"size={900 + draw(rng, 89100)}, nrcpt=1 (queue active)"]
        kind = rng.random()
        head = f"{stamp} postfix/smtp[{pid + 2}]: {ident}: to=<{to}>, relay={host}:25, delay=2.1, delays=0.1/0/1.2/0.8"
        if kind < 0.09:
            stage, text = reply(rng, to)
            verb = "refused to talk to me:" if stage == "initial connection" else "said:"
            tail = "" if stage == "initial connection" else f" (in reply to {stage.replace('end of data', 'end of DATA')} command)"
            out.append(f"{head}, dsn={text.split()[1]}, status=deferred (host {host} {verb} {text}{tail})")
        else:
            out.append(f"{head}, dsn=2.0.0, status=sent (250 2.0.0 OK {begin + count} {word(rng, 24).lower()} - gsmtp)")
            out.append(f"{stamp} postfix/qmgr[812]: {ident}: removed")
        if kind > 0.994:
            out.append(f"{stamp} postfix/smtpd[{pid}]: warning: Connection concurrency limit exceeded: 51 from {client} for service smtp")
        out.append(f"{stamp} postfix/smtpd[{pid}]: disconnect from {client} ehlo=2 starttls=1 mail=1 rcpt=1 data=1 quit=1 commands=7")
        write("\n".join(out) + "\n")
        count += len(out)


def main():
    if len(sys.argv) not in (3, 4, 5) or sys.argv[1] not in ("exim", "postfix"):
        sys.exit(__doc__)
    lines, seed, begin = (int(text) for text in (sys.argv[2:] + ["421", "1780000000"][len(sys.argv) - 3:]))
    {"exim": exim, "postfix": postfix}[sys.argv[1]](random.Random(seed), lines, begin, sys.stdout.write)


main()
