# Tempfail: a terminal dashboard for deferred mail.
# SPDX-License-Identifier: Apache-2.0
"""The part of act_jobs.py that runs in the lab's room, so that the way into it costs nothing of what is measured.

    act_room.py place FOLDER               Tempfail's state on the disk, not in the memory that the room has for files
    act_room.py fill MTA FOLDER MESSAGES   a queue there, with so many messages of each sender
    act_room.py remove MTA SENDER FOLDER   with the MTA's tool, after as many files of the same bytes were written
    act_room.py count MTA                  how many are queued
"""
import json
import os
import pathlib
import subprocess
import sys
import threading
import time

SENDERS = 23  # 20,000 messages in the middle of the turns
BODY = ("x" * 70 + "\r\n") * 56
SPOOLS = {"exim": pathlib.Path("/var/spool/exim4"), "postfix": pathlib.Path("/var/spool/postfix")}


def sender(number):
    return f"s{number:02}@sender.test"


def shell(line):
    subprocess.run(["bash", "-ec", line], check=True, stdout=sys.stderr)


def place(folder):
    shell(f"mkdir -p {folder}/{{state,copies,exim,postfix}} /var/lib/tempfail; chmod 700 {folder}/state; chmod 755 {folder}")
    shell(f"mount --bind {folder}/state /var/lib/tempfail")


def fill(mta, folder, messages):
    """Messages that stay: nothing is tried, so that no delivery has one when it is to be removed."""
    messages = int(messages)
    {"exim": fill_exim, "postfix": fill_postfix}[mta](pathlib.Path(folder, mta), messages)
    end = time.monotonic() + 600
    while count(mta) < SENDERS * messages:
        if time.monotonic() > end:
            raise SystemExit(f"{count(mta)} messages came into the queue of {mta}")
        time.sleep(1)


def fill_exim(folder, messages):
    shell(f"pkill -x exim4; chown Debian-exim: {folder}; mount --bind {folder} {SPOOLS['exim']}")

    def send(numbers):
        text = "HELO bench\r\n" + "".join(
            f"MAIL FROM:<{sender(number)}>\r\nRCPT TO:<u@busy.test>\r\nDATA\r\nSubject: bench\r\n\r\n{BODY}.\r\n"
            for number in numbers for _ in range(messages))
        subprocess.run(["exim4", "-odq", "-bS"], input=text.encode(), check=True, stdout=subprocess.DEVNULL)

    threads = [threading.Thread(target=send, args=(range(first, SENDERS, 2),)) for first in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def fill_postfix(folder, messages):
    shell(f"postfix stop; mount --bind {folder} {SPOOLS['postfix']}; "
          "postconf defer_transports=smtp {minimal,maximal}_backoff_time=1h queue_run_delay=1h; "
          "postfix post-install create-missing; postfix start")
    for number in range(SENDERS):
        shell(f"smtp-source -s 4 -m {messages} -l {len(BODY)} -f {sender(number)} -t u@busy.test 127.0.0.3:25")


def listing(mta):
    """{ID: sender}"""
    if mta == "postfix":
        lines = subprocess.run(["postqueue", "-j"], check=True, stdout=subprocess.PIPE).stdout.splitlines()
        return {row["queue_id"]: row["sender"] for row in map(json.loads, lines) if row["queue_name"] == "deferred"}
    lines = subprocess.run(["exim4", "-bp"], check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines()
    return {line.split()[2]: line.split()[3].strip("<>") for line in lines if "<" in line}


def count(mta):
    return len(listing(mta))


def spooled(mta, message):
    """The bytes of a message's files."""
    names = [f"input/{message}-H", f"input/{message}-D"] if mta == "exim" else [f"deferred/{message[0]}/{message}"]
    return b"".join((SPOOLS[mta] / name).read_bytes() for name in names)


def remove(mta, of, folder):
    ids = [message for message, who in listing(mta).items() if who == of]
    messages = [spooled(mta, message) for message in ids]
    paths = [pathlib.Path(folder, "copies", message) for message in ids]
    began = time.perf_counter()
    for path, message in zip(paths, messages):
        with open(path, "xb") as copy:
            copy.write(message)
            copy.flush()
            os.fsync(copy.fileno())
    written = time.perf_counter()
    if mta == "exim":
        subprocess.run(["exim4", "-Mrm", *ids], check=True, stdout=subprocess.DEVNULL)
    else:
        subprocess.run(["postsuper", "-d", "-"], input="\n".join(ids).encode(), check=True, stderr=subprocess.DEVNULL)
    removed = time.perf_counter()
    for path in paths:
        path.unlink()
    return {"copies": written - began, "tool": removed - written}


if __name__ == "__main__":
    print(json.dumps({"place": place, "fill": fill, "remove": remove, "count": count}[sys.argv[1]](*sys.argv[2:])))
