# Tempfail: a terminal dashboard for deferred mail.
# SPDX-License-Identifier: Apache-2.0
"""The part of the fault test that works in a room of the lab: room.py TEMPFAIL FOLDER, a JSON object of Scenario's arguments on each line
of its input, a result on each line of its output."""
import contextlib
import fcntl
import json
import os
import pathlib
import shutil
import smtplib
import subprocess
import sys
import time
import traceback

import ledger
from pseudo_terminal import Hang, await_
from run_act import Act
from scenario import scenario

HERE = pathlib.Path(__file__).resolve().parent
FAULT = pathlib.Path("/run/tempfail-fault")
ANSWERS = pathlib.Path("/run/tempfail-lab/answers")
TOOLS = ("exim", "exim4", "postsuper", "postqueue", "sendmail")


def furnish():
    """Tools under the test's control come first in PATH; nothing is delivered but what is asked for."""
    for folder in (FAULT / "bin", FAULT / "real"):
        folder.mkdir(parents=True)
    for tool in TOOLS:
        shutil.copy(HERE / "tool", FAULT / "bin" / tool)
        (FAULT / "real" / tool).symlink_to(f"/usr/sbin/{tool}")
    for name in ("gate", "working"):
        (FAULT / name).touch()
    subprocess.run(["pkill", "-x", "exim4"], check=False)
    subprocess.run(["postconf", "minimal_backoff_time=10h", "maximal_backoff_time=10h", "queue_run_delay=10h"], check=True)
    subprocess.run(["postfix", "reload"], check=True, stdout=sys.stderr, stderr=sys.stderr)
    ledger.STATE.mkdir(parents=True, exist_ok=True)


class Gate:
    """Where a slow tool waits; and the lock that every tool holds while it, or what it started, works."""

    def __init__(self):
        self.file = open(FAULT / "gate", "w")
        self.is_open = True

    def shut(self):
        fcntl.flock(self.file, fcntl.LOCK_EX)
        self.is_open = False

    def open(self):
        fcntl.flock(self.file, fcntl.LOCK_UN)
        self.is_open = True

    @staticmethod
    def tools_ended():
        with open(FAULT / "working", "w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            return True


@contextlib.contextmanager
def state_folder(sc):
    """A file system of its own, so that nothing of another run is there, and so that it can be full."""
    subprocess.run(["mount", "-t", "tmpfs", "-o", "mode=700,size=64m", "tempfail-fault", ledger.STATE], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", ledger.STATE], check=True)


def inject(sc):
    tokens = [f"t{sc.seed}-{number}@full.test" for number in range(sc.messages)]
    subject = "Grüße" if sc.eight_bit else "fault"
    texts = [(token, f"From: <ann@sender.test>\r\nDate: Mon, 01 Jan 2024 00:00:00 +0000\r\nMessage-ID: <{token}>\r\n"
                     f"Subject: {subject}\r\n\r\n{'x' * 70}\r\n".encode()) for token in tokens]
    if sc.mta == "exim":
        batch = b"HELO client.lab\r\n" + b"".join(
            b"MAIL FROM:<ann@sender.test>\r\nRCPT TO:<%b>\r\nDATA\r\n%b.\r\n" % (token.encode(), text) for token, text in texts)
        subprocess.run(["exim4", "-odq", "-bS"], input=batch, check=True, stdout=subprocess.DEVNULL)
    else:
        with smtplib.SMTP("127.0.0.3", 25, "client.lab", source_address=("127.0.0.9", 0)) as smtp:
            for token, text in texts:
                smtp.sendmail("ann@sender.test", [token], text)
    await_("the messages did not come into the queue", lambda: all_queued(sc, tokens))
    return tokens


def all_queued(sc, tokens):
    queue = ledger.Queue(sc.mta)
    return queue.is_quiet and all(queue.count[token] == 1 for token in tokens)


def empty(mta):
    if mta == "postfix":
        subprocess.run(["postsuper", "-d", "ALL"], check=False, stderr=subprocess.DEVNULL)
        return
    if ids := [words[2] for line in ledger.ask("exim4", "-bp").splitlines() if len(words := line.split()) >= 4 and "<" in line]:
        subprocess.run(["exim4", "-Mrm", *ids], check=False, stdout=subprocess.DEVNULL)


def settle(mta):
    """Waits until the mail server has nothing under way."""
    return await_("the mail server does not come to rest", lambda: queue if (queue := ledger.Queue(mta)).is_quiet else None)


def leftovers(tempfail):
    return [f"{pid} {command.strip()}" for pid, _, command in ledger.processes()
            if command.startswith((tempfail + " ", f"/usr/bin/strace ")) or f"{FAULT}/bin/" in command]


def check(sc, tempfail, tokens, log):
    queue = settle(sc.mta)
    kept = ledger.copies()
    problems = [f"LEFT RUNNING {line}" for line in leftovers(tempfail)]
    problems += ledger.problems_before(tokens, queue, log, kept, sc.asked)
    problems += ledger.audit_problems(sc.mta, queue, log, kept)
    problems += [f"COPY that is not listed: {name}" for name in unlisted(tempfail, kept)]
    places = log.ends()
    doubtful = [token for token in tokens if kept[token] and queue.count[token] + places[0][token]]
    # Of many: those in doubt first, and a few of the others.
    others = [token for token in tokens if kept[token] and token not in doubtful]
    tried = (doubtful + others)[:len(tokens) if len(tokens) < 10 else 6]
    for token in tried:
        for name in [name.rpartition(".")[0] for name in kept[token]] * 2:
            subprocess.run([tempfail, "restore", "--mta", sc.mta, name], env=ENVIRONMENT, check=False,
                           stdout=sys.stderr, stderr=sys.stderr, timeout=60)
    queue = settle(sc.mta)
    after = ledger.copies()
    problems += ledger.problems_after(tokens, queue, log, after, tried)
    delivered, bounced = log.ends()
    refused = sum(1 for token in tried if ledger.in_doubt(after[token])
                  and not queue.count[token] + delivered[token] + bounced[token])
    return problems, {"doubtful": len(doubtful), "refused": refused, "copies": sum(map(bool, kept.values()))}


ENVIRONMENT = {"PATH": f"{FAULT}/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8", "TERM": "xterm-256color", "HOME": "/root",
               "SWIFT_BACKTRACE": "enable=no"}


def unlisted(tempfail, kept):
    listing = subprocess.run([tempfail, "removed", "--json"], env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                             text=True, check=False).stdout
    for names in kept.values():
        for name in names:
            if name.endswith(".copy") and f'"{name.removesuffix(".copy")}"' not in listing:
                yield name


def one(sc, tempfail, gate, folder):
    began = time.monotonic()
    log = ledger.Log(sc.mta)
    for name in ("events", "condition"):
        (FAULT / name).write_text("normal\n" if name == "condition" else "")
    result = {"seed": sc.seed, "words": sc.words, "act": sc.act, "mta": sc.mta, "condition": sc.condition,
              "disturbance": sc.disturbance, "midway": False, "problems": [], "doubtful": 0, "refused": 0, "copies": 0}
    with state_folder(sc):
        act = Act(sc, tempfail, ENVIRONMENT, gate, FAULT, ANSWERS)
        try:
            tokens = inject(sc)
            log.tokens = {message: token for token, message in ledger.Queue(sc.mta).ids.items()}
            act.perform(tokens)
            result["problems"], counts = check(sc, tempfail, tokens, log)
            result |= counts
        except Hang as hang:
            result["problems"].append(f"HANG {hang}")
        except (OSError, subprocess.SubprocessError, ValueError, KeyError):
            result["problems"].append("TEST " + traceback.format_exc())
        result["midway"] = act.midway
        if not gate.is_open:
            gate.open()
        act.end()
        if result["problems"]:
            keep(sc, folder / f"run-{sc.seed}", result, log, act)
        with contextlib.suppress(Hang):
            await_("the tools go on", Gate.tools_ended, limit=30)
        ANSWERS.write_text("")
        empty(sc.mta)
    result["seconds"] = time.monotonic() - began
    return result


def keep(sc, folder, result, log, act):
    """What is needed to understand a failure."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    shutil.copytree(ledger.STATE, folder / "state", ignore=shutil.ignore_patterns("ballast"))
    (folder / "mta.log").write_text(log.text())
    (folder / "tools").write_text((FAULT / "events").read_text())
    (folder / "screens").write_text(act.screens())
    (folder / "queue").write_text(ledger.ask("exim4", "-bp") if sc.mta == "exim" else ledger.ask("postqueue", "-p"))
    (folder / "result").write_text(f"{sc}\n\n" + "\n".join(result["problems"]) + "\n")


def main(tempfail, folder):
    furnish()
    gate = Gate()
    print("ready", flush=True)
    for line in sys.stdin:
        print(json.dumps(one(scenario(**json.loads(line)), tempfail, gate, pathlib.Path(folder))), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
