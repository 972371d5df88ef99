# Tempfail: a terminal dashboard for deferred mail.
# SPDX-License-Identifier: Apache-2.0
"""An act as an admin does it, what disturbs it, and the start of Tempfail that has to make sense of it."""
import contextlib
import os
import pathlib
import signal
import subprocess
import time

import ledger
from pseudo_terminal import LIMIT, Hang, PseudoTerminal, await_, confirm

KEYS = {"remove": b"d", "group": b"d", "bounce": b"b", "hold": b"H", "release": b"R", "retry": b"r", "requeue": b"Q", "undo": b"u"}
SIGNALS = {"kill": signal.SIGKILL, "term": signal.SIGTERM, "hup": signal.SIGHUP}
PAGE = 4096


class Act:
    def __init__(self, sc, tempfail, environment, gate, fault, answers):
        self.sc, self.tempfail, self.environment = sc, tempfail, environment
        self.gate, self.fault, self.answers = gate, fault, answers
        self.opened, self.tracers, self.midway, self.known = [], [], False, set()

    # MARK: programs

    def start(self, *arguments, by=()):
        screen = PseudoTerminal([*by, self.tempfail, *arguments, "--mta", self.sc.mta], self.environment)
        self.opened.append(screen)
        return screen

    def dashboard(self, by=()):
        return self.start("--refresh", "3600", by=by)

    def quit(self, screen):
        """Ends it by its key. A question whether to quit is answered; anything else that lies over the panes takes the first key."""
        limit = time.monotonic() + LIMIT
        while not screen.ended():
            if time.monotonic() > limit:
                raise Hang("Tempfail does not end after q")
            screen.press(b"q")
            end = time.monotonic() + 2
            while not screen.ended() and time.monotonic() < end:
                screen.pump()
                if screen.shows(r"─ Quit\? ─"):
                    confirm(screen, screen.ended)

    def screens(self):
        return "\n".join(f"--- {number}, status {screen.status}\n{screen.text}" for number, screen in enumerate(self.opened))

    def end(self):
        """Ends what a run that failed left open."""
        for screen in self.opened:
            screen.close()
            with contextlib.suppress(ProcessLookupError):
                screen.signal(signal.SIGKILL)
            if screen.status is None:
                os.waitpid(screen.process, 0)
                screen.status = -1
        for tracer in self.tracers:
            tracer.kill()
            tracer.wait()

    # MARK: what is to be seen

    @property
    def is_restore(self):
        return self.sc.act in ("restore", "undo")

    def tool(self, word):
        return any(line.startswith(word) for line in (self.fault / "events").read_text().splitlines())

    def begun(self):
        """Whether the act that is disturbed has begun: its intent is written, or its tool runs."""
        return bool(set(ledger.audit()[0]) - self.known) or self.tool("begun")

    def concluded(self):
        intents, outcomes = ledger.audit()
        new = set(intents) - self.known
        return bool(new) and all(entry in outcomes for entry in new)

    # MARK: the act

    def perform(self, tokens):
        if self.sc.act == "release":
            ids = list(ledger.Queue(self.sc.mta).ids.values())
            tool = ["exim4", "-Mf", *ids] if self.sc.mta == "exim" else ["postsuper", "-h", "-"]
            subprocess.run(tool, input="\n".join(ids), text=True, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        name = None
        if self.sc.act == "restore":
            first = self.dashboard()
            self.press_act(first, b"d")
            await_("the removal before the restore", self.concluded, first.pump)
            self.quit(first)
            name = self.a_copy()
        if self.sc.open_peer:
            self.answers.write_text("full.test ok.test\n")
        if self.sc.act == "restore":
            self.prepare()
            program = self.start("restore", name, by=self.tracer("--"))
        else:
            if self.sc.act == "undo":
                program = self.dashboard()
                self.press_act(program, b"d")
                program.wait(r"Removed ")
                self.prepare()
                self.trace(program)
                program.press(KEYS["undo"])
                confirm(program, self.begun)
            else:
                program = self.dashboard()
                self.select(program)
                rival = self.rival() if self.sc.disturbance == "rival" else None
                self.prepare()
                self.trace(program)
                program.press(KEYS[self.sc.act])
                confirm(program, self.begun, is_left=rival is not None)
                if rival:
                    rival.press(b"\r")
                    program.press(b"\r")
                    self.opposed = rival
        self.disturb(program, name)
        self.recover(program)

    def rival(self):
        """Another dashboard, in which only the answer is missing that the same messages are to go."""
        other = self.dashboard()
        self.select(other)
        other.press(KEYS[self.sc.rival_act])
        confirm(other, lambda: False, is_left=True)
        return other

    def a_copy(self):
        names = [name for names in ledger.copies().values() for name in names]
        return min(names).removesuffix(".copy")

    def select(self, screen):
        screen.wait(rf"\b{self.sc.messages} queued")
        screen.wait(r"@full\.test|full\.test")
        screen.press(b"*" if self.sc.messages > 1 else b"<")
        if self.sc.messages > 1:
            screen.wait(rf"{self.sc.messages} marked|marked {self.sc.messages}|{self.sc.messages} of {self.sc.messages}")

    def press_act(self, screen, key):
        self.select(screen)
        screen.press(key)
        confirm(screen, self.begun)

    def prepare(self):
        """From now on the tool is as the scenario says."""
        self.known = set(ledger.audit()[0])
        (self.fault / "events").write_text("")
        (self.fault / "condition").write_text(self.sc.condition + "\n")
        self.gate.shut()
        if self.sc.disturbance == "full":
            self.fill_disk()

    def fill_disk(self):
        with open(ledger.STATE / "ballast", "wb") as ballast:
            free = os.statvfs(ledger.STATE)
            os.posix_fallocate(ballast.fileno(), 0, max(1, free.f_bavail * free.f_frsize - self.sc.room * PAGE))

    def tracer(self, *what):
        """The command that lets a system call fail or end Tempfail; nothing where the scenario has none."""
        calls, error, count = self.sc.call
        if self.sc.disturbance not in ("error", "kill-at-call"):
            return ()
        fault = f"error={error}" if self.sc.disturbance == "error" else "signal=SIGKILL"
        # Everything draws by write(2) and locks by fcntl(2): there only what goes to the trail and the copies counts.
        paths = ("-P", f"{ledger.STATE}/audit.jsonl", "-P", f"{ledger.STATE}/removed") if calls in ("write", "flock,fcntl") else ()
        # It is Tempfail that meets the fault, not the MTA's tool that it starts.
        return ("/usr/bin/strace", "-f", "-b", "execve", "-qq", "-o", "/dev/null", *paths, "-e", f"trace={calls}",
                "-e", f"inject={calls}:{fault}:when={count}", *what)

    def trace(self, program):
        """The same of a program that runs."""
        if not (command := self.tracer("-p", str(program.process))):
            return
        self.tracers.append(subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
        threads = pathlib.Path(f"/proc/{program.process}/task")

        def is_traced(thread):
            try:
                return "TracerPid:\t0\n" not in (thread / "status").read_text()
            except OSError:
                return True  # it has ended

        await_("strace does not begin", lambda: all(is_traced(thread) for thread in threads.iterdir()), program.pump)

    # MARK: the disturbance

    def disturb(self, program, name):
        how = self.sc.disturbance
        if self.sc.moment != "key":
            await_("the act did not begin", lambda: self.tool("begun") or self.concluded() or program.ended()
                   or self.is_restore and self.begun() or how in ("full", "error", "kill-at-call"),
                   # A restore takes a few milliseconds.
                   (lambda: program.pump(0)) if self.is_restore else program.pump)
        pause = time.monotonic() + self.sc.delay / (25 if self.is_restore else 1 if self.sc.moment == "later" else 8)
        while (left := pause - time.monotonic()) > 0:
            program.pump(min(left, 0.005))
        open_before = set(ledger.unfinished()) - self.known
        match how:
            case "kill" | "term" | "hup":
                program.signal(SIGNALS[how])
            case "interrupts":
                self.interrupt(program)
            case "closed":
                program.close()
            case "quit":
                self.ask_to_quit(program)
            case "second":
                self.second()
            case "parallel":
                self.parallel(name)
            case "rival":
                self.gate.open()
                await_("neither of two admins gets done", self.concluded, self.opposed.pump)
                self.quit(self.opposed)
            case _:
                open_before = set()
        if how == "kill":
            program.wait_end("Tempfail survives SIGKILL")
            open_before = set(ledger.unfinished()) - self.known
        self.midway = bool(open_before)
        if how in ("kill", "interrupts") and self.sc.early:
            # A command may wait for its tool, which is no hang.
            end = time.monotonic() + 2
            while not program.ended() and time.monotonic() < end:
                program.pump()
            if program.ended():
                return
        # It waits for its tool, which may go on now.
        end = time.monotonic() + 0.1
        while not program.ended() and time.monotonic() < end:
            program.pump()
        self.gate.open()
        if self.sc.act != "restore" and how in ("none", "second", "rival", "full", "error"):
            began = time.monotonic()
            # Where nothing could be written down, nothing is concluded.
            limit = 90 if how in ("none", "second", "rival") else 3
            while not (self.concluded() or program.ended()) and time.monotonic() < began + limit:
                program.pump()
            self.midway = self.midway or how in ("full", "error") and bool(set(ledger.unfinished()) - self.known)
            if not program.ended():
                self.quit(program)
        elif how == "kill-at-call" and self.sc.act != "restore":
            began = time.monotonic()
            while not (self.concluded() or program.ended()) and time.monotonic() < began + 5:
                program.pump()
            self.midway = program.ended() and bool(set(ledger.unfinished()) - self.known)
            if not program.ended():
                self.quit(program)
        else:
            program.wait_end("Tempfail does not end")
            if how in ("full", "error", "kill-at-call"):
                self.midway = bool(set(ledger.unfinished()) - self.known)

    @staticmethod
    def interrupt(program):
        """Ctrl-C, and once more where it says that it waits: as often as someone does who wants out."""
        for _ in range(20):
            program.press(b"\x03")
            end = time.monotonic() + 0.2
            while not program.ended() and time.monotonic() < end:
                program.pump()

    def ask_to_quit(self, program):
        program.press(b"q")
        await_("q does nothing", lambda: program.ended() or program.shows(r"─ Quit\? ─|waiting for the mail server"), program.pump)
        if program.shows(r"─ Quit\? ─"):
            confirm(program, program.ended)

    def second(self):
        """Another Tempfail, which sees no process of the first: as in a container on the same state folder."""
        other = self.dashboard(by=("/usr/bin/unshare", "--pid", "--fork", "--kill-child", "--mount-proc"))
        other.wait(r"queued")
        # What it finds unfinished it looks up right after its start.
        end = time.monotonic() + 0.3
        while time.monotonic() < end:
            other.pump()
        self.quit(other)

    def parallel(self, name):
        others = [self.start("restore", name) for _ in range(1 + self.sc.seed % 3)]
        end = time.monotonic() + 0.05
        while time.monotonic() < end:
            others[0].pump()
        self.gate.open()
        for other in others:
            other.wait_end("a restore beside another one does not end")

    # MARK: the start after it

    def recover(self, program):
        program.close()
        (self.fault / "condition").write_text("normal\n")
        with contextlib.suppress(FileNotFoundError):
            (ledger.STATE / "ballast").unlink()
        if not self.gate.is_open:
            # While the tool still works, and again when it has ended.
            between = self.dashboard()
            between.wait(r"queued")
            end = time.monotonic() + 0.3
            while time.monotonic() < end:
                between.pump()
            self.gate.open()
            await_("the tool does not end", self.gate.tools_ended, between.pump)
            self.quit(between)
        await_("the tool does not end", self.gate.tools_ended)
        await_("strace does not end", lambda: all(tracer.poll() is not None for tracer in self.tracers))
        if not ledger.unfinished():
            return
        after = self.dashboard()
        after.wait(r"queued")
        await_("what was cut short is not concluded", lambda: not ledger.unfinished(), after.pump)
        self.quit(after)
