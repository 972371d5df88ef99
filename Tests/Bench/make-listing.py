#!/usr/bin/env python3
# Tempfail: a terminal dashboard for deferred mail.
# SPDX-License-Identifier: Apache-2.0
"""Writes a listing of a large queue for speed tests, the same for the same arguments.

usage: make-listing.py exim|postfix MESSAGES [SEED [NOW]] > FILE

As `exim -bp` (about 104 bytes a message) or `postqueue -j` (about 490 bytes) prints it. The messages arrived in
the four days and a half before NOW; 70 % have one recipient, the others two to four, in 400 domains of which eight have most; one in twenty is frozen (Exim).
Postfix gives one of four reasons a recipient, with the host and its address in it.
"""
import json
import random
import sys

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
POSTFIX_ALPHABET = "0123456789BCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz"
BIG = ["gmail.com", "yahoo.com", "outlook.com", "gmx.de", "orange.fr", "greylist.test", "busy.test", "slow.test"]
DOMAINS = BIG + [f"customer{number}.test" for number in range(392)]
REASONS = [
    "host mx1.{domain}[192.0.2.{ip}] refused to talk to me: 421 4.3.2 mx1.{domain} Service not available, server busy, try again later",
    "host mx2.{domain}[192.0.2.{ip}] said: 421 4.7.28 Our system has detected an unusual rate of unsolicited mail originating from your "
    "IP address (in reply to end of DATA command)",
    "connect to mx.{domain}[192.0.2.{ip}]:25: Connection timed out",
    "delivery temporarily suspended: lost connection with mx1.{domain}[192.0.2.{ip}] while receiving the initial server greeting",
]
# Seconds of queue time that the arrivals spread over.
SPAN = 400_000


def digits(number, width, alphabet):
    text = ""
    for _ in range(width):
        number, digit = divmod(number, len(alphabet))
        text = alphabet[digit] + text
    return text


def recipients(rng):
    count = 1 if rng.random() < 0.7 else rng.randint(2, 4)
    return [(f"{rng.choice(['anna', 'ben', 'carla', 'david'])}.{rng.randrange(10000)}",
             rng.choice(BIG if rng.random() < 0.6 else DOMAINS)) for _ in range(count)]


def sender(rng):
    return rng.choice(["newsletter@shop.test", "billing@corp.test", f"x{rng.randrange(3000)}@corp.test"])


def age(seconds):
    """As Exim rounds it (queue_list in queue.c)."""
    minutes = seconds // 60
    if minutes <= 90:
        return f"{minutes:2d}m"
    hours = (minutes + 30) // 60
    return f"{hours:2d}h" if hours <= 72 else f"{(hours + 12) // 24:2d}d"


def size(count):
    """As Exim rounds it (string_format_size in string.c)."""
    if count < 1024:
        return f"{count:5d}"
    return f"{count / 1024:4.1f}K" if count < 10240 else f"{count // 1024:4d}K"


def exim(rng, now, arrival):
    ident = (f"{digits(arrival, 6, ALPHABET)}-{digits(rng.randrange(100_000), 6, ALPHABET)}-"
             f"{digits(rng.randrange(62 * 62), 2, ALPHABET)}")
    frozen = " *** frozen ***" if rng.random() < 0.05 else ""
    lines = [f"{age(now - arrival)} {size(rng.randint(300, 90000))} {ident} <{sender(rng)}>{frozen}"]
    lines += [f"          {local}@{domain}" for local, domain in recipients(rng)]
    return "\n".join(lines) + "\n\n"


def postfix(rng, now, arrival):
    micro = digits(rng.randrange(1_000_000), 4, POSTFIX_ALPHABET)
    ident = f"{digits(arrival, 6, POSTFIX_ALPHABET)}{micro}z{digits(rng.randrange(1 << 28), 6, POSTFIX_ALPHABET[:51])}"
    return json.dumps({
        "queue_name": "deferred", "queue_id": ident, "arrival_time": arrival, "message_size": rng.randint(300, 90000),
        "forced_expire": False, "sender": sender(rng),
        "recipients": [{"address": f"{local}@{domain}",
                        "delay_reason": rng.choice(REASONS).format(domain=domain, ip=sum(map(ord, domain)) % 250)}
                       for local, domain in recipients(rng)]}) + "\n"


def main():
    if len(sys.argv) not in (3, 4, 5) or sys.argv[1] not in ("exim", "postfix"):
        sys.exit(__doc__)
    messages, seed, now = (int(text) for text in (sys.argv[2:] + ["421", "1780000000"][len(sys.argv) - 3:]))
    rng = random.Random(seed)
    message = {"exim": exim, "postfix": postfix}[sys.argv[1]]
    for arrival in sorted(now - rng.randrange(SPAN) for _ in range(messages)):
        sys.stdout.write(message(rng, now, arrival))


main()
