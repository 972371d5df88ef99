# Tempfail: a terminal dashboard for deferred mail.
# SPDX-License-Identifier: Apache-2.0
"""Wall time, memory and instructions of commands that take turns, so that a busy moment of the machine hits all of them."""
import os
import re
import statistics
import subprocess
import time
from dataclasses import dataclass, field


@dataclass
class Timing:
    seconds: list = field(default_factory=list)
    megabytes: list = field(default_factory=list)

    @property
    def median(self):
        return statistics.median(self.seconds)

    @property
    def memory(self):
        """The most that was resident at once, in MB; a mapped file counts."""
        return max(self.megabytes)


def run(command, stdin=None):
    """Runs a command once: (seconds, MB resident at most). Its output goes to a file: grep stops early on /dev/null."""
    with open(os.environ["BENCH_OUTPUT"], "wb") as output, open(stdin or os.devnull, "rb") as source:
        began = time.perf_counter()
        process = subprocess.Popen(command, stdin=source, stdout=output, stderr=subprocess.STDOUT)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        with open(os.environ["BENCH_OUTPUT"], "rb") as output:
            raise SystemExit(f"{' '.join(command)} ended with {process.returncode}: {output.read(400)!r}")
    return seconds, usage.ru_maxrss / 1024


def race(commands, repetitions, stdin=None):
    """Runs each of {name: command} that many times, in turns, after one that only warms the caches: {name: Timing}."""
    timings = {name: Timing() for name in commands}
    for turn in range(repetitions + 1):
        for name, command in commands.items():
            seconds, megabytes = run(command, stdin)
            if turn > 0:
                timings[name].seconds.append(seconds)
                timings[name].megabytes.append(megabytes)
    return timings


def instructions(command, stdin=os.devnull):
    """What callgrind counts, without caches: the same at any load of the machine."""
    with open(stdin, "rb") as source:
        process = subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", *command], stdin=source,
                                 stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=True)
    return int(re.search(r"refs:\s+([\d,]+)", process.stderr)[1].replace(",", ""))
