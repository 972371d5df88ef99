# Tempfail: a terminal dashboard for deferred mail.
# SPDX-License-Identifier: Apache-2.0
"""Results as rows, notes and tables; written into Docs/Benchmarks.md at the end."""
import os
import shutil
import time

from inputs import LINES, ROOT, SCALE


class Report:
    def __init__(self):
        self.rows, self.notes, self.tables = [], [], []

    def compare(self, job, rival, theirs, ours, goal, unit="ms"):
        ratio = ours / theirs
        self.row(job, f"{rival} {show(theirs, unit)}", show(ours, unit), f"{ratio:.3f} x", f"{goal:g} x", ratio <= goal)

    def limit(self, job, ours, goal, unit):
        self.row(job, "", show(ours, unit), "", f"{show(goal, unit)}", ours <= goal)

    def row(self, job, rival, ours, ratio, goal, reached):
        self.rows.append(f"| {job} | {rival} | {ours} | {ratio} | {goal} | {'yes' if reached else '**no**'} |")
        print(f"{job:58} {rival:28} {ours:>10} {ratio:>9}  goal {goal:>8}  {'reached' if reached else 'MISSED'}", flush=True)

    def note(self, text):
        self.notes.append(f"- {text}")
        print(f"  {text}", flush=True)

    def table(self, head, rows):
        self.tables.append("\n".join([f"| {' | '.join(head)} |", "|" + "---|" * len(head)] + [f"| {' | '.join(row)} |" for row in rows]))


def show(value, unit):
    if unit == "ms":
        return f"{value * 1000:.1f} ms" if value < 0.1 else f"{value * 1000:.0f} ms"
    return f"{value:.3g} {unit}"


def missing(report, tool, job):
    if shutil.which(tool):
        return False
    report.note(f"Left out: {job}; there is no `{tool}` here.")
    return True


def machine():
    def first(path, key):
        with open(path) as file:
            return next((line.split(":", 1)[1].strip() for line in file if line.startswith(key)), "?")

    kernel = os.uname()
    return (f"{first('/proc/cpuinfo', 'model name')}, {os.cpu_count()} cores, {int(first('/proc/meminfo', 'MemTotal').split()[0]) / (1 << 20):.0f} GB, "
            f"{kernel.sysname} {kernel.release.split('-')[0]} {kernel.machine}")


def write(report, loads):
    page = ROOT / "Docs/Benchmarks.md"
    head, _, rest = page.read_text().partition("<!-- results: written by make bench -->\n")
    _, _, tail = rest.partition("<!-- end of results -->\n")
    when = time.strftime("%Y-%m-%d", time.gmtime())
    results = "\n\n".join(filter(None, [
        f"Measured {when} on: {machine()}. Load average before and after: {loads[0]:.1f} and {loads[1]:.1f} "
        "(what runs beside makes all times longer; the ratios suffer less). "
        f"Inputs: scale {SCALE:g}, {LINES:,} log lines.",
        "\n".join(["| job | today | Tempfail | ratio | goal | reached |", "|---|---|---|---|---|---|"] + report.rows),
        "\n".join(report.notes),
        "How the cost grows:" if report.tables else "",
        *report.tables]))
    page.write_text(f"{head}<!-- results: written by make bench -->\n{results}\n<!-- end of results -->\n{tail}")
