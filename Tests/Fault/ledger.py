# Tempfail: a terminal dashboard for deferred mail.
# SPDX-License-Identifier: Apache-2.0
"""Where the messages of a run are, as the mail server and Tempfail's state folder tell it."""
import collections
import json
import pathlib
import re
import subprocess

STATE = pathlib.Path("/var/lib/tempfail")
LOGS = {"exim": pathlib.Path("/var/log/exim4/mainlog"), "postfix": pathlib.Path("/var/log/mail.log")}
TOKEN = re.compile(r"\bt\d+-\d+@full\.test")
ENVIRONMENT = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8"}


def ask(*command, **options):
    return subprocess.run(command, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False, **options).stdout


class Queue:
    """One look at the queue, by the MTA's own tool: how many messages there are for each token, and which are held."""

    def __init__(self, mta):
        self.count, self.ids, self.held = collections.Counter(), {}, set()
        self.listed = set()  # by their IDs, those too that are delivered and were not taken away: a strace kills Exim as well
        self.is_quiet = True
        (self.read_exim if mta == "exim" else self.read_postfix)()

    def add(self, token, message, is_held):
        self.count[token] += 1
        self.ids[token] = message
        if is_held:
            self.held.add(token)

    def read_exim(self):
        message, is_held = None, False
        for line in ask("exim4", "-bp").splitlines():
            if "<" in line and len(line.split()) >= 4:
                message, is_held = line.split()[2], "*** frozen ***" in line
                self.listed.add(message)
            elif line.strip() and not line.strip().startswith("D ") and (token := TOKEN.search(line)):
                self.add(token[0], message, is_held)
        # Without a daemon an exim that runs is at work.
        self.is_quiet = not any(name in ("exim4", "exim") for _, name, _ in processes())

    def read_postfix(self):
        for line in ask("postqueue", "-j").splitlines():
            row = json.loads(line)
            self.listed.add(row["queue_id"])
            for recipient in row["recipients"]:
                if TOKEN.fullmatch(recipient["address"]):
                    self.add(recipient["address"], row["queue_id"], row["queue_name"] == "hold")
            self.is_quiet = self.is_quiet and row["queue_name"] in ("deferred", "hold")


def processes():
    """(PID, name, command line) of the room's processes, apart from those that have ended."""
    for path in pathlib.Path("/proc").iterdir():
        if not path.name.isdigit():
            continue
        try:
            stat = (path / "stat").read_text()
            command = (path / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
        except OSError:
            continue
        name, state = stat[stat.index("(") + 1:stat.rindex(")")], stat[stat.rindex(")") + 2]
        if state != "Z":
            yield int(path.name), name, command


class Log:
    """What the MTA's log says since the run began."""

    def __init__(self, mta):
        self.mta, self.path = mta, LOGS[mta]
        self.tokens = {}  # by the queue IDs of the first messages: `exim -Mg` logs nothing else
        self.begin = self.path.stat().st_size if self.path.exists() else 0

    def text(self):
        if not self.path.exists():
            return ""
        with open(self.path, "rb") as file:
            file.seek(self.begin)
            return file.read().decode("utf-8", "replace")

    def ends(self):
        """How often each token was delivered, and how often given back to its sender."""
        delivered, bounced = collections.Counter(), collections.Counter()
        for line in self.text().splitlines():
            if match := re.search(r"(\S+) cancelled by ", line):
                bounced[self.tokens.get(match[1])] += 1
            if not (token := TOKEN.search(line)):
                continue
            if self.mta == "exim":
                delivered[token[0]] += " => " in line or " -> " in line
                bounced[token[0]] += " ** " in line
            elif f"to=<{token[0]}>" in line:
                delivered[token[0]] += "status=sent" in line
                bounced[token[0]] += "status=bounced" in line or "status=expired" in line
        return delivered, bounced


def audit():
    """The audit trail: its intents and outcomes, by entry."""
    intents, outcomes = {}, collections.defaultdict(list)
    try:
        lines = (STATE / "audit.jsonl").read_bytes().split(b"\n")
    except OSError:
        return intents, outcomes
    for line in lines:
        try:
            record = json.loads(line)
        except ValueError:
            continue  # half a line, of a full disk
        if record.get("kind") == "intent":
            intents[record["entry"]] = record
        elif record.get("kind") == "outcome":
            outcomes[record["entry"]].append(record)
    return intents, outcomes


def unfinished():
    intents, outcomes = audit()
    return [entry for entry in intents if entry not in outcomes]


def copies():
    """{token: [name of the file]} of what is in the folder of the copies, whatever Tempfail calls it."""
    found = collections.defaultdict(list)
    folder = STATE / "removed"
    for path in sorted(folder.iterdir()) if folder.exists() else []:
        if path.is_file():
            for token in sorted(set(TOKEN.findall(path.read_bytes().split(b"\n", 1)[0].decode("utf-8", "replace")))):
                found[token].append(path.name)
    return found


def problems_before(tokens, queue, log, kept, asked):
    """What is wrong with where the messages are, before anything is brought back."""
    delivered, bounced = log.ends()
    for token in tokens:
        places = queue.count[token] + delivered[token] + bounced[token]
        if places > 1:
            yield (f"TWICE {token}: {queue.count[token]} in the queue, {delivered[token]} delivered, {bounced[token]} bounced")
        # A copy of that name says that the message is back.
        if places == 0 and all(name.endswith(".back") for name in kept[token]):
            yield f"LOST {token}: not in the queue, no copy, not delivered, not bounced"
        if bounced[token] and "bounce" not in asked:
            yield f"BOUNCED {token}: nobody asked for it"


def in_doubt(names):
    """Whether one of a message's copies is kept because nobody can tell whether it is back."""
    return any(name.endswith(".submitted") for name in names)


def problems_after(tokens, queue, log, kept, tried):
    """The same after every copy was brought back that lets itself be brought back: a message that was given back to its sender
    may be in the queue once more, since its copy is kept for that."""
    delivered, bounced = log.ends()
    for token in tokens:
        if token in tried and queue.count[token] + delivered[token] + bounced[token] == 0 and not in_doubt(kept[token]):
            yield f"LOST {token}: nowhere, and its copies cannot be brought back: {kept[token]}"
        if queue.count[token] + delivered[token] > 1:
            yield f"TWICE {token}: brought back beside itself: {queue.count[token]} in the queue, {delivered[token]} delivered"


def audit_problems(mta, queue, log, kept):
    """What the trail says that is not so."""
    intents, outcomes = audit()
    delivered, bounced = log.ends()
    last = {}
    for entry, intent in intents.items():
        count = len(outcomes[entry])
        if count != 1:
            yield f"AUDIT {intent['act']} {entry}: {count} outcomes"
        for outcome in outcomes[entry]:
            results = {result["id"]: result for result in outcome["results"]}
            for message in intent["messages"]:
                result = results.get(message["id"])
                if result is None:
                    yield f"AUDIT {intent['act']} {entry}: nothing about {message['id']}"
                    continue
                for token in message["recipients"]:
                    last[token] = (message["id"], intent["act"], result["result"], result.get("note") or "")
    for token, (message, act, result, note) in last.items():
        queued, place = queue.count[token], delivered[token] + bounced[token]
        said = f"AUDIT {token}: {act} {result} {note!r}, but "
        in_queue = re.search(r"still in the queue|in the queue as before", note)
        gone = re.search(r"not in the queue|left the queue", note)
        if result == "done":
            if act == "remove" and queued:
                yield said + "it is in the queue"
            elif act == "bounce" and mta == "exim" and queued:
                yield said + "it is in the queue"
            elif act == "hold" and queued and token not in queue.held:
                yield said + "it is not held"
            elif act == "release" and token in queue.held:
                yield said + "it is held"
            elif act in ("restore", "hold", "release", "requeue", "retry") and not queued + place:
                yield said + "it is nowhere"
        elif result == "interrupted" and act == "restore":
            if note == "restored" and not queued + place:
                yield said + "it is nowhere"
            if note == "not restored" and not kept[token]:
                yield said + "there is no copy"
        elif result == "unchanged" and act == "restore" and not queued + place:
            yield said + "it is nowhere"
        elif result == "gone" and queued:
            yield said + "it is in the queue"
        elif result != "restored" and act != "restore":
            # What is tried anew may have been delivered since.
            may_be_gone = act in ("release", "requeue", "retry") and delivered[token]
            if in_queue and not gone and not queued and message not in queue.listed and not may_be_gone:
                yield said + "it is not in the queue"
            if gone and queued:
                yield said + "it is in the queue"
        if "copy is kept" in note and not kept[token]:
            yield said + "there is no copy"
