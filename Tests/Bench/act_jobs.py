# Tempfail: a terminal dashboard for deferred mail.
# SPDX-License-Identifier: Apache-2.0
"""Removing 1,000 of 20,000 messages of a real Exim and a real Postfix: in the dashboard, and with the MTA's own tool."""
import contextlib
import json
import os
import statistics
import subprocess
import tempfile
import time

import screen
from act_room import SENDERS, sender
from inputs import HERE, ROOT, SCALE, TEMPFAIL

LAB = ROOT / "Tests/Lab"
TOOLS = {"postfix": "postsuper -d -", "exim": "exim -Mrm"}
EACH = max(10, int(1_000 * SCALE))
TURNS = 3  # each takes the messages of one sender with the MTA's tool, and of another in the dashboard


def act_jobs(folder, report):
    if os.getuid() != 0:
        report.note("Left out: acts on many messages; the mail servers of the lab need root.")
        return
    os.environ["TEMPFAIL_LAB_NAME"] = "tempfail-bench"
    if subprocess.run([LAB / "start"], check=False).returncode != 0:
        report.note("Left out: acts on many messages; the lab does not start here.")
        return
    with tempfile.TemporaryDirectory(prefix="acts-", dir=folder) as place, contextlib.ExitStack() as cleanup:
        # Before the folder goes: what is mounted in the room goes with it.
        cleanup.callback(subprocess.run, [LAB / "stop"], check=True)
        ask("place", place)
        for mta in TOOLS:
            removal(report, place, mta)


def enter(*command, **options):
    return subprocess.run([LAB / "enter", *command], check=True, **options)


def ask(request, *arguments):
    """What the part of this in the lab's room says."""
    answer = enter("/usr/bin/python3", HERE / "act_room.py", request, *map(str, arguments), stdout=subprocess.PIPE)
    return json.loads(answer.stdout)


def removal(report, place, mta):
    ask("fill", mta, place, EACH)
    tool, copies, ours = [], [], []
    with screen.opened([str(LAB / "enter"), TEMPFAIL, "--mta", mta, "--refresh", "3600"]) as dashboard:
        dashboard.wait(b"queued")
        for turn in range(TURNS):
            bare = ask("remove", mta, sender(2 * turn), place)
            tool.append(bare["tool"])
            copies.append(bare["copies"])
            ours.append(press(dashboard, sender(2 * turn + 1)))
    left = ask("count", mta)
    if left != (SENDERS - 2 * TURNS) * EACH:
        raise SystemExit(f"{left} messages are left in the queue of {mta.title()}")
    tool, copies, ours = map(statistics.median, (tool, copies, ours))
    report.compare(f"{EACH:,} of {20 * EACH:,} messages of {mta.title()} copied and removed", f"`{TOOLS[mta]}` and the writing of copies",
                   tool + copies, ours, 2)
    report.note(f"`{TOOLS[mta]}` alone: {tool * 1000:.0f} ms; writing as many files of the same bytes, one after the other: {copies * 1000:.0f} ms.")


def press(dashboard, of):
    """Removes the messages of a sender as people do: the seconds from the confirmation to the outcome."""
    for keys, seconds in [(b"/", 0.3), (f"from:{of}\r".encode(), 1), (b"*", 0.5)]:
        dashboard.press(keys)
        dashboard.count(seconds)
    dashboard.press(b"d")
    dashboard.wait(b"Type ")
    # Keys of the first moment are taken for typed ahead.
    dashboard.count(0.5)
    for keys in [str(EACH).encode(), b"\x1b[Z"]:
        dashboard.press(keys)
        dashboard.count(0.3)
    began = time.perf_counter()
    dashboard.press(b"\r")
    seconds = dashboard.wait(b"Removed ", limit=600) - began
    for keys, pause in [(b"-", 0.3), (b"\x7f", 3)]:
        dashboard.press(keys)
        dashboard.count(pause)
    return seconds
