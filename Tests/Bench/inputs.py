# Tempfail: a terminal dashboard for deferred mail.
# SPDX-License-Identifier: Apache-2.0
"""What is measured on: logs and listings that are made once, stand-ins for the MTA's tools, the tools to compare with."""
import itertools
import os
import pathlib
import shutil
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
HERE = ROOT / "Tests/Bench"
TEMPFAIL = os.environ.get("TEMPFAIL", str(ROOT / ".build/release/tempfail"))
SCALE = float(os.environ.get("BENCH_SCALE", "1"))
LINES = int(7_500_000 * SCALE)
MESSAGES = int(100_000 * SCALE)
NOW = int(time.time())
REPETITIONS = 7


def made(folder, name, *command):
    """The file of that name, made by the command unless it is there."""
    path = folder / name
    if not path.exists():
        part = folder / f"{name}.part"
        with open(part, "wb") as output:
            subprocess.run([sys.executable, *map(str, command)], stdout=output, check=True)
        part.rename(path)
    return path


def log_file(folder, mta):
    """A log whose last line was written two hours ago."""
    return made(folder, f"{mta}-{LINES}.log", HERE / "make-logs.py", mta, LINES, 421, NOW - 7200 - LINES // 10)


def listing(folder, mta, messages):
    return made(folder, f"{mta}-{messages}.listing", HERE / "make-listing.py", mta, messages, 421, NOW)


def slice_of(folder, log, size):
    """The first bytes of a log, cut at a line."""
    path = folder / f"{log.stem}-{size}.slice"
    if not path.exists():
        with open(log, "rb") as source, open(path, "wb") as output:
            while size > 0 and (block := source.read(min(size, 1 << 20))):
                size -= len(block)
                output.write(block if size > 0 else block[:block.rfind(b"\n") + 1])
    return path


def deferrals(folder, log, lines):
    """The first lines of a log that tell of a deferral."""
    path = folder / f"{log.stem}-{lines}.deferrals"
    with open(log, "rb") as source, open(path, "wb") as output:
        output.writelines(itertools.islice((line for line in source if b" == " in line or b"status=deferred" in line), lines))
    return path


def one_line(folder, size):
    path = folder / f"{size}.line"
    path.write_bytes((b"421 4.7.0 Try again later " * (size // 26 + 1))[:size])
    return path


def repeated(log, times):
    """A log so many times over; its stamps begin again each time, which a summary does not mind."""
    path = log.with_suffix(".huge")
    with open(path, "wb") as output:
        for _ in range(times):
            with open(log, "rb") as source:
                shutil.copyfileobj(source, output, 1 << 20)
    return path


def live_log(folder):
    """Postfix's large log with an hour of lines at its end."""
    path = folder / "live.log"
    shutil.copyfile(log_file(folder, "postfix"), path)
    with open(path, "ab") as output:
        subprocess.run([sys.executable, str(HERE / "make-logs.py"), "postfix", "36000", "7", str(int(time.time()) - 3600)], stdout=output, check=True)
    return path


def still_log(folder):
    """A small log that nothing is added to; its last lines are of now."""
    path = folder / "still.log"
    with open(path, "wb") as output:
        subprocess.run([sys.executable, str(HERE / "make-logs.py"), "postfix", "8000", "7", str(int(time.time()) - 800)], stdout=output, check=True)
    return path


def fake_postfix(folder, path):
    """A folder with a postqueue that prints this listing; the environment in which it is found first."""
    tools = folder / f"postfix-of-{path.stem}"
    tools.mkdir(exist_ok=True)
    (tools / "postqueue").write_text(f"#!/bin/sh\nexec cat {path}\n")
    (tools / "postqueue").chmod(0o755)
    return {"PATH": f"{tools}:{os.environ['PATH']}"}


def install(folder):
    """The tools to compare with; Exim's and Postfix's scripts are unpacked, not installed, so that no mail server comes along."""
    if os.getuid() == 0 and shutil.which("apt-get"):
        missing = [package for tool, package in {"rg": "ripgrep", "htop": "htop", "perl": "perl"}.items() if not shutil.which(tool)]
        if missing:
            print("Installing by apt:", *missing)
            subprocess.run(["apt-get", "-qq", "update"], check=True)
            subprocess.run(["apt-get", "-qq", "-y", "install", "--no-install-recommends", *missing], check=True,
                           stdout=subprocess.DEVNULL, env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"})
    tools = folder / "tools"
    if not tools.exists() and shutil.which("apt-get"):
        tools.mkdir()
        for package in ["exim4-base", "pflogsumm"]:
            subprocess.run(["apt-get", "-qq", "download", package], cwd=tools, check=False, stderr=subprocess.DEVNULL)
        for archive in tools.glob("*.deb"):
            subprocess.run(["dpkg-deb", "-x", archive.name, "."], cwd=tools, check=True)
    os.environ["PATH"] += f":{tools}/usr/sbin:{tools}/usr/bin"
