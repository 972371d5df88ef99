# Tempfail: a terminal dashboard for deferred mail.
# SPDX-License-Identifier: Apache-2.0
"""Commands against the tools that people use today: logs, queues, and how the cost grows."""
import os
import shutil
import sys

import timing
from inputs import LINES, MESSAGES, NOW, REPETITIONS, SCALE, TEMPFAIL, deferrals, listing, log_file, one_line, repeated, slice_of
from report import missing, show

JSON_LOADS = "import json, sys\nfor line in sys.stdin.buffer: json.loads(line)"


def log_jobs(folder, report):
    for mta, goal, rivals in [
        ("exim", 1.0, [["eximstats"], ["exigrep", "=="]]),
        ("postfix", 1.5, [["pflogsumm"]]),
    ]:
        log = log_file(folder, mta)
        size = log.stat().st_size / 1e6
        commands = {
            "tempfail": [TEMPFAIL, "log", "--all", "--summary", "--mta", mta, str(log)],
            "rg -c 421": ["rg", "-c", "421", str(log)],
            "grep -c 421": ["grep", "-c", "421", str(log)],
            "wc -l": ["wc", "-l", str(log)],
        }
        commands = {name: command for name, command in commands.items() if shutil.which(command[0])}
        times = timing.race(commands, REPETITIONS)
        ours = times.pop("tempfail")
        job = f"all deferrals of {mta.title()}'s log of {size:.0f} MB by cause"
        for name, theirs in times.items():
            if name != "wc -l":
                report.compare(job, f"`{name}`", theirs.median, ours.median, goal if name.startswith("rg") else 0.2)
            else:
                report.note(f"`wc -l` on that log: {show(theirs.median, 'ms')}; Tempfail took {ours.median / theirs.median:.2f} x of that.")
        report.limit(f"{job}: memory", ours.memory, 64, "MB")
        for rival in rivals:
            if missing(report, rival[0], f"statistics of {mta.title()}'s log"):
                continue
            part = slice_of(folder, log, int(20e6 * min(1, SCALE * 4)))
            name = " ".join(rival)
            theirs = timing.race({name: [*rival, str(part)]}, 1)[name].median / (part.stat().st_size / 1e9)
            report.compare(f"statistics of {mta.title()}'s log, for each GB", f"`{name}` on {part.stat().st_size / 1e6:.0f} MB",
                           theirs, ours.median / (size / 1000), 1 / 50)


def queue_command(mta, path):
    return [TEMPFAIL, "queue", "--mta", mta, "--by", "cause", "--now", str(NOW), "--from", str(path)]


def queue_jobs(folder, report):
    for mta, name, command, goal in [
        ("exim", "exiqsumm", ["exiqsumm"], 0.08),
        ("postfix", "Python json.loads", [sys.executable, "-I", "-S", "-c", JSON_LOADS], 0.35),
    ]:
        if missing(report, command[0], f"the queue of {mta.title()}"):
            continue
        path = listing(folder, mta, MESSAGES)
        times = timing.race({name: command, "tempfail": queue_command(mta, path)}, REPETITIONS, stdin=path)
        job = f"{MESSAGES:,} messages of {mta.title()} grouped by cause"
        report.compare(job, f"`{name}`", times[name].median, times["tempfail"].median, goal)
        beyond = times["tempfail"].memory - path.stat().st_size / (1 << 20)
        empty = timing.run(queue_command(mta, "/dev/null"))[1]
        report.limit(f"{job}: memory for each beyond the listing", max(0, beyond - empty) * (1 << 20) / MESSAGES, 150, "bytes")


def growth_jobs(folder, report):
    rows = []
    for messages in [MESSAGES // 100, MESSAGES // 10, MESSAGES, MESSAGES * 10]:
        row = [f"{messages:,}"]
        for mta in ["exim", "postfix"]:
            path = listing(folder, mta, messages)
            ours = timing.race({"tempfail": queue_command(mta, path)}, 3)["tempfail"]
            row += [f"{path.stat().st_size / 1e6:.1f} MB", show(ours.median, "ms"), f"{ours.memory:.0f} MB"]
        rows.append(row)
    report.table(["messages", "`exim -bp`", "time", "memory", "`postqueue -j`", "time", "memory"], rows)
    rows = []
    for share in [100, 10, 1] + ([1 / 8] if os.environ.get("BENCH_HUGE") else []):
        row = []
        for mta in ["exim", "postfix"]:
            log = log_file(folder, mta)
            path = log if share == 1 else slice_of(folder, log, log.stat().st_size // share) if share > 1 else repeated(log, round(1 / share))
            ours = timing.race({"tempfail": [TEMPFAIL, "log", "--all", "--summary", "--mta", mta, str(path)]}, 3)["tempfail"]
            row += [f"{path.stat().st_size / 1e6:.0f} MB", show(ours.median, "ms"), f"{ours.memory:.0f} MB"]
            if share < 1:
                path.unlink()
        rows.append(row)
    report.table(["Exim's log", "time", "memory", "Postfix's log", "time", "memory"], rows)


def work_jobs(folder, report):
    """Instructions for each line and each message: of a large input less those of a small one, so without the start."""
    if missing(report, "valgrind", "instruction counts"):
        return
    rows = []
    for mta in ["exim", "postfix"]:
        log = log_file(folder, mta)
        counts = {}
        for share in [1000, 100]:
            path = slice_of(folder, log, log.stat().st_size // share)
            with open(path, "rb") as source:
                lines = sum(block.count(b"\n") for block in iter(lambda: source.read(1 << 20), b""))
            counts[lines] = timing.instructions([TEMPFAIL, "log", "--all", "--summary", "--mta", mta, str(path)])
        row = [mta.title(), each(counts)]
        counts = {size: timing.instructions(queue_command(mta, listing(folder, mta, size))) for size in [MESSAGES // 100, MESSAGES // 10]}
        rows.append([*row, each(counts), *(explained(folder, mta, option, report) for option in [[], ["--json"]])])
    report.table(["instructions (callgrind)", "for each line of the log", "for each message of the listing",
                  "for each deferral that `explain` reads", "with `--json`"], rows)
    counts = {size: timing.instructions([TEMPFAIL, "explain"], one_line(folder, size)) for size in [1_000_000, 10_000_000]}
    report.note(f"`explain` on one line of 10 MB: {each(counts)} instructions for each byte.")


def explained(folder, mta, option, report):
    """The same for `explain`, where a line of many may cost no more than one of few."""
    few, many = [(lines, timing.instructions([TEMPFAIL, "explain", *option], deferrals(folder, log_file(folder, mta), lines)))
                 for lines in [200, 2000]]
    none = (0, timing.instructions([TEMPFAIL, "explain", *option]))
    first, rest = slope(none, few), slope(few, many)
    report.row(f"{' '.join(['`explain', *option])}` on {mta.title()}'s log: instructions for a line of many and of few", f"{first:,.0f}",
               f"{rest:,.0f}", f"{rest / first:.3f} x", "1.2 x", rest <= first * 1.2)
    return f"{rest:,.0f}"


def each(counts):
    return f"{slope(*sorted(counts.items())):,.0f}"


def slope(small, large):
    return (large[1] - small[1]) / (large[0] - small[0])
