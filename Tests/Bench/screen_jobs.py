# Tempfail: a terminal dashboard for deferred mail.
# SPDX-License-Identifier: Apache-2.0
"""The dashboard on a terminal: its first frame, idle, keys, and the first results of a filter, an order or a view."""
import itertools
import os
import re
import shutil
import statistics
import subprocess
import sys
import time

import screen
from inputs import HERE, MESSAGES, REPETITIONS, TEMPFAIL, fake_postfix, listing, live_log, slice_of, still_log
from report import missing, show


def dashboard(log, *options):
    return [TEMPFAIL, "watch", "--mta", "postfix", "--log", str(log), *options]


def first_frames(report, log, empty_queue):
    """From exec to the first text of the screen, in turns; then to the first reply out of the log's last hour."""
    frames = {"tempfail": [], "htop": []}
    backfills = []
    for _ in range(REPETITIONS + 1):
        with screen.opened(dashboard(log), empty_queue) as ours:
            drawn = ours.wait(b"Queue")
            frames["tempfail"].append(drawn - ours.began)
            backfills.append(ours.wait(b"421 4.") - drawn)
        if shutil.which("htop"):
            with screen.opened(["htop"]) as theirs:
                frames["htop"].append(theirs.wait(b"PID") - theirs.began)
    ours, htop = (statistics.median(values[1:]) if values else None for values in frames.values())
    if htop:
        report.compare("first frame", "`htop`", htop, ours, 0.3)
    report.limit(f"last hour of a log of {log.stat().st_size / 1e6:.0f} MB on the screen, after that", statistics.median(backfills[1:]), 0.1, "ms")


def idle(report, still, queue, listing_megabytes):
    def observe(command, environment=None):
        with screen.opened(command, environment) as program:
            program.count(5)
            before = program.processor_seconds()
            sent = program.count(10)
            return (program.processor_seconds() - before) * 10, sent / 10, program.resident_megabytes()

    share, rate, resident = observe(dashboard(still, "--refresh", "3600"), queue)
    report.limit(f"idle between refreshes, {MESSAGES:,} queued: share of a core", share, 0.5, "%")
    report.limit("idle: to the terminal", rate, 200, "bytes/s")
    report.limit("idle: resident", resident, 60 + listing_megabytes, "MB")
    share, rate, _ = observe(dashboard(still), queue)
    report.note(f"With the default refresh, so with the reading of the queue: {share:.2f} % of a core, {rate:.0f} bytes/s.")
    if not missing(report, "htop", "htop idle"):
        share, rate, resident = observe(["htop"])
        report.note(f"`htop` idle on the same terminal: {share:.2f} % of a core, {rate:.0f} bytes/s, {resident:.0f} MB resident.")


def key_to_frame(report, log, queue, messages, goal):
    """Letters typed into the filter, each once and of an alphabet that nothing else uses, until each is drawn."""
    block = slice_of(log.parent, log, 5_000_000)
    with open(block, "rb") as lines, screen.opened(dashboard(log, "--refresh", "0.5"), queue) as ours:
        ours.wait(b"queued")
        ours.press(b"/test")
        ours.count(1)
        burst = subprocess.Popen([sys.executable, str(HERE / "append.py"), str(log), "50000"], stdin=lines)
        try:
            ours.count(1)
            delays = []
            for number in range(300):
                letter = chr(0x410 + number % 64).encode()
                began = time.perf_counter()
                ours.press(letter)
                delays.append(ours.wait(letter) - began)
                ours.press(b"\x7f")
                ours.count(0.04)
        finally:
            burst.kill()
            burst.wait()
    report.limit(f"key to frame, {messages:,} queued, filtered, refreshes, 50,000 log lines/s: p99", screen.percentile(delays, 0.99), goal, "ms")
    report.note(f"Of these keys the median is {show(statistics.median(delays), 'ms')}, the longest {show(max(delays), 'ms')}.")


# A letter that nearly all have, a word, a field, a pattern, a number: each takes some messages out.
FILTERS = ["g", "gmx", "dest:gmail.com", "/gm(x|ail)/", "!dest:gmx.de", "age>2d"]


def queue_lines(lines):
    """The queue's title without the filters, and what tells its rows apart: no age, no chart and no other pane, which change by themselves."""
    width = 60 if " · by " in lines[1] else 19
    rows = itertools.takewhile(lambda line: not line.startswith(("─", "━")), lines[3:])
    return [re.sub(r" \[.*\]|[━─]+", "", lines[1]), *(line[:width] for line in rows)]


def first_results(report, queue, log, messages):
    """How long until the result of a filter, an order or a view of all messages is on the screen, and how fast a key is meanwhile.

    What counts is the moment from which on the rows and their number are those that are there two seconds later.
    """
    delays, keys, marks = {"filtered": [], "sorted": [], "regrouped": []}, [], []
    with screen.opened(dashboard(log, "--refresh", "3600"), queue) as ours:
        ours.wait(b"queued")
        ours.count(8)

        def measure(job, typed):
            began = time.perf_counter()
            ours.press(typed)
            if drawn := ours.reached(2, queue_lines):
                delays[job].append(drawn - began)

        # All views, until it is all messages again.
        measure("regrouped", b"g")
        while " · by " in ours.shown()[1]:
            measure("regrouped", b"g")
        # All orders; some show the same rows as the one before.
        for _ in range(10):
            measure("sorted", b"s")
        for number, words in enumerate(FILTERS):
            ours.press(b"/")
            ours.count(0.5)
            measure("filtered", words.encode())
            for letter in range(8):
                letter = chr(0x410 + (number * 8 + letter) % 64).encode()
                began = time.perf_counter()
                ours.press(letter)
                keys.append(ours.wait(letter) - began)
            ours.press(b"\x1b")
            ours.count(1)
        # Marks for all, then the next key.
        for _ in range(6):
            ours.press(b"*/")
            began = time.perf_counter()
            ours.press("Ж".encode())
            marks.append(ours.wait("Ж".encode()) - began)
            ours.press(b"\x1b-")
            ours.count(0.5)
    for job, seconds in delays.items():
        if not seconds:
            raise SystemExit(f"nothing was {job} within 2 s: {ours.shown()}")
        report.limit(f"{messages:,} messages {job}: the result is on the screen", statistics.median(seconds), 0.1, "ms")
        report.note(f"The slowest of {len(seconds)} times {job}: {show(max(seconds), 'ms')}.")
    report.limit(f"key to frame while {messages:,} messages are filtered: p99", screen.percentile(keys, 0.99), 0.016, "ms")
    report.limit(f"key to frame right after {messages:,} messages were marked: the slowest", max(marks), 0.016, "ms")


def arrows(report, log, queue):
    """The arrow keys, in a quiet moment: until the first bytes come back."""
    medians = {}
    for name, command, environment in [("Tempfail", dashboard(log, "--refresh", "3600"), queue), ("`htop`", ["htop"], None)]:
        if not shutil.which(command[0]):
            continue
        with screen.opened(command, environment) as program:
            program.count(5)
            delays = []
            for number in range(100):
                program.count(0.03)
                began = time.perf_counter()
                program.press(b"\x1b[B" if number % 10 < 5 else b"\x1b[A")
                program.read(1)
                delays.append(time.perf_counter() - began)
        medians[name] = f"{name} {show(statistics.median(delays), 'ms')} (p99 {show(screen.percentile(delays, 0.99), 'ms')})"
    report.note(f"An arrow key until the first bytes come, {MESSAGES:,} queued: {', '.join(medians.values())}.")


def screen_jobs(folder, report):
    log = live_log(folder)
    nothing = folder / "nothing.listing"
    nothing.write_bytes(b"")
    first_frames(report, log, fake_postfix(folder, nothing))
    queue = listing(folder, "postfix", MESSAGES)
    idle(report, still_log(folder), fake_postfix(folder, queue), queue.stat().st_size / (1 << 20))
    key_to_frame(report, log, fake_postfix(folder, queue), MESSAGES, 0.008)
    arrows(report, log.with_name("still.log"), fake_postfix(folder, queue))
    large = listing(folder, "postfix", MESSAGES * 10)
    key_to_frame(report, log, fake_postfix(folder, large), MESSAGES * 10, 0.016)
    log.unlink()


def result_jobs(folder, report):
    messages = MESSAGES * 10
    first_results(report, fake_postfix(folder, listing(folder, "postfix", messages)), still_log(folder), messages)
