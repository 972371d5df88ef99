# Tempfail: a terminal dashboard for deferred mail.
# SPDX-License-Identifier: Apache-2.0
"""A full-screen program on a pseudo-terminal of 200 x 60: when it draws, how much it sends, what it costs."""
import contextlib
import fcntl
import glob
import os
import pty
import select
import signal
import struct
import termios
import time

from picture import Picture

COLUMNS, ROWS = 200, 60


class Screen:
    def __init__(self, command, environment=None):
        self.began = time.perf_counter()
        self.process, self.terminal = pty.fork()
        if self.process == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
            os.execvpe(command[0], command, {
                **os.environ, "TERM": "xterm-256color", "LANG": "C.UTF-8", "TZ": "UTC", **(environment or {})})
        self.seen = b""
        self.picture, self.unseen = Picture(COLUMNS, ROWS), []

    def read(self, seconds):
        """What comes within that time, at once when something comes."""
        ready, _, _ = select.select([self.terminal], [], [], max(0, seconds))
        if not ready:
            return b""
        try:
            data = os.read(self.terminal, 1 << 16)
        except OSError:
            raise SystemExit(f"the program ended: {self.seen[-400:]!r}") from None
        self.unseen.append(data)
        return data

    def shown(self):
        """The lines on the screen, as of what was read."""
        self.picture.feed(b"".join(self.unseen))
        self.unseen.clear()
        return self.picture.lines()

    def wait(self, text, limit=60):
        """The moment at which the text was drawn; what came before is forgotten."""
        end = time.perf_counter() + limit
        self.seen = b""
        while time.perf_counter() < end:
            self.seen += self.read(end - time.perf_counter())
            if text in self.seen:
                return time.perf_counter()
        raise SystemExit(f"{text!r} was not drawn within {limit} s: {self.seen[-400:]!r}")

    def count(self, seconds):
        """The bytes that come in that time."""
        end, total = time.perf_counter() + seconds, 0
        while (left := end - time.perf_counter()) > 0:
            total += len(self.read(left))
        return total

    def reached(self, seconds, part):
        """The moment from which on a part of the screen shows what it shows after so many seconds; None where that is what it showed before.

        - part: picks what counts out of the lines.
        """
        before = part(self.shown())
        moments, end = [], time.perf_counter() + seconds
        while (left := end - time.perf_counter()) > 0:
            if self.read(left):
                # What comes in one go is one frame; it is looked at afterwards, or looking would delay what comes next.
                moments.append((time.perf_counter(), self.unseen))
                self.unseen = []
        shown = before
        steps = []
        for moment, self.unseen in moments:
            shown = part(self.shown())
            steps.append((moment, shown))
        if shown == before:
            return None
        late = [index for index, (_, step) in enumerate(steps) if step != shown]
        return steps[late[-1] + 1 if late else 0][0]

    def press(self, keys):
        os.write(self.terminal, keys)

    def processor_seconds(self):
        """Processor time of the threads, without children; finer than the ticks of /proc/PID/stat."""
        total = 0
        for path in glob.glob(f"/proc/{self.process}/task/*/schedstat"):
            with contextlib.suppress(OSError), open(path) as file:
                total += int(file.read().split()[0])
        return total / 1e9

    def resident_megabytes(self):
        with open(f"/proc/{self.process}/status") as file:
            return next(int(line.split()[1]) for line in file if line.startswith("VmRSS")) / 1024

    def close(self):
        os.kill(self.process, signal.SIGTERM)
        end = time.perf_counter() + 5
        while os.waitpid(self.process, os.WNOHANG) == (0, 0):
            if time.perf_counter() > end:
                os.kill(self.process, signal.SIGKILL)
            # What it still draws must go somewhere, or it waits for the terminal for ever.
            with contextlib.suppress(SystemExit):
                self.read(0.01)
        os.close(self.terminal)


@contextlib.contextmanager
def opened(command, environment=None):
    screen = Screen(command, environment)
    try:
        yield screen
    finally:
        screen.close()


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
