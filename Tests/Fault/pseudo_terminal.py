# Tempfail: a terminal dashboard for deferred mail.
# SPDX-License-Identifier: Apache-2.0
"""A program on a pseudo-terminal, driven by what it shows."""
import fcntl
import os
import pathlib
import pty
import re
import select
import signal
import struct
import sys
import termios
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "Bench"))
from picture import Picture  # noqa: E402

COLUMNS, ROWS = 120, 36
LIMIT = 90  # seconds after which something hangs, on a busy machine too


class Hang(Exception):
    """Something that must happen did not."""


def await_(what, condition, meanwhile=None, limit=LIMIT):
    """The first value of `condition` that counts; meanwhile, other work is done.

    What is waited for is outside: a file, a process, a screen. It is looked at each 5 ms."""
    end = time.monotonic() + limit
    while not (value := condition()):
        if time.monotonic() > end:
            raise Hang(what)
        if meanwhile:
            meanwhile()
        else:
            time.sleep(0.005)
    return value


class PseudoTerminal:
    def __init__(self, command, environment):
        self.process, self.terminal = pty.fork()
        if self.process == 0:
            # As a login shell leaves them; Python ignores the one, a job in the background the others.
            for number in (signal.SIGPIPE, signal.SIGINT, signal.SIGQUIT, signal.SIGHUP, signal.SIGTERM):
                signal.signal(number, signal.SIG_DFL)
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
            os.execve(command[0], command, environment)
        self.picture = Picture(COLUMNS, ROWS)
        self.status = None
        self.text = ""

    def pump(self, seconds=0.005):
        """Takes what it draws, so that it never waits for its terminal."""
        if self.terminal is None:
            time.sleep(seconds)
            return
        ready, _, _ = select.select([self.terminal], [], [], seconds)
        if not ready:
            return
        try:
            data = os.read(self.terminal, 1 << 16)
        except OSError:  # the other end is closed
            data = b""
        if data:
            self.picture.feed(data)
            self.text = "\n".join(self.picture.lines())
        else:
            time.sleep(seconds)

    def shows(self, pattern):
        return re.search(pattern, self.text)

    def wait(self, pattern):
        def look():
            if self.ended():
                raise Hang(f"the program ended with {self.status} where {pattern!r} was awaited: {self.text[-300:]}")
            return self.shows(pattern)

        return await_(f"the screen never showed {pattern!r}", look, self.pump)

    def press(self, keys):
        if self.terminal is not None and not self.ended():
            os.write(self.terminal, keys)

    def close(self):
        if self.terminal is not None:
            os.close(self.terminal)
            self.terminal = None

    def signal(self, number):
        if not self.ended():
            os.kill(self.process, number)

    def ended(self):
        """Whether it has; its status then is that of waitpid(2)."""
        if self.status is None:
            pid, status = os.waitpid(self.process, os.WNOHANG)
            if pid:
                self.status = status
        return self.status is not None

    def wait_end(self, what, limit=LIMIT):
        await_(what, self.ended, self.pump, limit)


DIALOG = re.compile(r"\[\[ (.+?) \]\]|\[ Cancel \]")
REFUSED = re.compile(r"Nothing was|[Nn]ot restored|could not be")
NOTHING_HAPPENS = ("Cancel", "Stay")


def confirm(screen, is_begun, is_left=False):
    """Answers the question that a key brought, if it brought one; returns right after the answer.

    - is_left: the last key is left to the caller."""
    await_("neither a question nor an act", lambda: DIALOG.search(screen.text) or REFUSED.search(screen.text) or is_begun() or screen.ended(),
           screen.pump)
    typed = False
    end = time.monotonic() + LIMIT
    while time.monotonic() < end and DIALOG.search(screen.text) and not screen.ended():
        # Keys of the first moment of a question are taken for typed ahead.
        pause = time.monotonic() + 0.32
        while time.monotonic() < pause:
            screen.pump()
        focus = screen.shows(r"\[\[ (.+?) \]\]")
        number = screen.shows(r"Type (\d+)")
        if number and not typed:
            screen.press(number[1].encode())
            typed = True
        elif focus and focus[1].strip() not in NOTHING_HAPPENS:
            if not is_left:
                screen.press(b"\r")
            return
        else:
            before = screen.text
            screen.press(b"\x1b[Z")
            changed = time.monotonic() + 1
            while screen.text == before and time.monotonic() < changed:
                screen.pump()
