#!/usr/bin/env python3
# Tempfail: a terminal dashboard for deferred mail.
# SPDX-License-Identifier: Apache-2.0
"""Lets a log grow: writes the lines of standard input to its end over and over, twenty times a second.

usage: append.py LOG LINES-PER-SECOND < LINES
"""
import sys
import time

lines = sys.stdin.buffer.readlines()
batch = int(sys.argv[2]) // 20
due, place = time.monotonic(), 0
with open(sys.argv[1], "ab", buffering=0) as log:
    while True:
        log.write(b"".join(lines[place:place + batch]))
        place = (place + batch) % max(1, len(lines) - batch)
        due += 0.05
        time.sleep(max(0, due - time.monotonic()))
