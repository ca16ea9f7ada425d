#!/usr/bin/env python3
"""A terminal that does what it is told, for what tmux does not show: the bytes themselves.

    terminal.py [--size COLUMNSxROWS] LOG STEP... -- COMMAND...

Runs the command in a terminal of its own and writes all it prints to LOG. Steps:

    shows:ERE        until what was printed since the last step matches
    types:TEXT       the keys of TEXT, with the escapes of Python strings
    insists:TEXT ERE types until it matches: less(1) can miss what comes before it waits for keys
    signal:NAME      a signal to the command
    signals:NAME     one after the other until it ends, whatever it has to say unread
    stops:NAME[:SIG] SIGSTOP, or another signal, to the one program of that name in this terminal
    fills            until the command has nothing more to print that this terminal has room for
    leaves           until the command has ended, unread
    touches:FILE     makes that file
    sees:FILE:ERE    until a file holds that; nothing of the terminal is read meanwhile
    resize:CxR       the window's size changes
    keys:N           N keys, one after the other; each is waited for at the end of the line being
                     typed. The longest wait, in milliseconds, goes to LOG.keys
    holds:KIB        the command had never more memory than that
    same_modes       the modes of the terminal are those it had before the command
    ends             until the command ends

At the end the exit code (or minus the signal) goes to LOG.code. Fails with 1 and a reason.
"""

import fcntl
import os
import re
import select
import signal
import struct
import sys
import termios
import time

PATIENCE = float(os.environ.get("PATIENCE", "20"))


class Failure(Exception):
    pass


class Terminal:
    def __init__(self, log, size, command):
        self.log = open(log, "wb")
        self.seen = b""
        self.ended = False
        self.fd, slave = os.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, pack(size))
        self.before = termios.tcgetattr(slave)
        self.pid = os.fork()
        if self.pid == 0:
            try:
                os.setsid()
                fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
                for fd in range(3):
                    os.dup2(slave, fd)
                os.closerange(3, 256)
                os.execvp(command[0], command)
            finally:
                os._exit(127)
        os.close(slave)

    def read(self, timeout):
        """What is printed within that time: False if it ended, or nothing came."""
        if self.ended or not select.select([self.fd], [], [], timeout)[0]:
            return False
        try:
            data = os.read(self.fd, 1 << 16)
        except OSError:
            data = b""
        if not data:
            self.ended = True
            return False
        self.log.write(data)
        self.seen += data
        return True

    def until(self, done, what):
        end = time.monotonic() + PATIENCE
        while not done():
            left = end - time.monotonic()
            if left <= 0 or (not self.read(min(left, 0.5)) and self.ended and not done()):
                raise Failure(f"{what}\nsince the last step: {self.seen[-2000:]!r}")

    def shows(self, ere):
        found = re.compile(ere.encode(), re.S)
        self.until(lambda: found.search(self.seen), f"does not show {ere}")
        self.seen = self.seen[found.search(self.seen).end():]

    def types(self, text):
        os.write(self.fd, unescape(text))

    def insists(self, value):
        text, ere = value.split(" ", 1)
        found = re.compile(ere.encode(), re.S)
        end = time.monotonic() + PATIENCE
        while not found.search(self.seen):
            if time.monotonic() > end:
                raise Failure(f"does not show it\nsince the last step: {self.seen[-2000:]!r}")
            self.types(text)
            again = time.monotonic() + 1
            while time.monotonic() < again and not found.search(self.seen):
                self.read(0.1)
        self.seen = self.seen[found.search(self.seen).end():]

    def signal(self, name):
        os.kill(self.pid, getattr(signal, "SIG" + name))

    def signals(self, name):
        end = time.monotonic() + PATIENCE
        while os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
            if time.monotonic() > end:
                raise Failure("still running")
            self.signal(name)
            time.sleep(0.05)

    def fills(self):
        """Nothing is read, until what could be is the same for a while."""
        end = time.monotonic() + PATIENCE
        before = -1
        while time.monotonic() < end:
            now = struct.unpack("i", fcntl.ioctl(self.fd, termios.FIONREAD, b"1234"))[0]
            if now == before and now > 0:
                return
            before = now
            time.sleep(0.3)
        raise Failure("is not full")

    def leaves(self):
        end = time.monotonic() + PATIENCE
        while os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
            if time.monotonic() > end:
                raise Failure("still running")
            time.sleep(0.05)

    def stops(self, name):
        name, _, what = name.partition(":")
        found = [int(pid) for pid in os.listdir("/proc") if pid.isdigit() and is_of(pid, name, self.pid)]
        if len(found) != 1:
            raise Failure(f"{len(found)} programs")
        os.kill(found[0], getattr(signal, "SIG" + (what or "STOP")))

    def touches(self, path):
        with open(path, "w", encoding="utf-8"):
            pass

    def sees(self, value):
        path, ere = value.split(":", 1)
        end = time.monotonic() + PATIENCE
        while True:
            with open(path, encoding="utf-8") as file:
                if re.search(ere, file.read()):
                    return
            if time.monotonic() > end:
                raise Failure("is not there")
            time.sleep(0.02)

    def resize(self, size):
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, pack(size))

    def keys(self, count):
        worst = 0
        line = b""
        for i in range(int(count)):
            key = bytes([ord("a") + i % 26])
            self.seen = b""
            start = time.monotonic()
            os.write(self.fd, key)
            line += key
            # drawn whole behind a message, or the key alone where none came meanwhile
            self.until(
                lambda: b"> " + line in self.seen or self.seen.endswith(key), f"key {i} is lost"
            )
            worst = max(worst, time.monotonic() - start)
            pause = time.monotonic() + 0.005
            while time.monotonic() < pause:
                self.read(0.001)
        with open(self.log.name + ".keys", "w", encoding="utf-8") as f:
            f.write(f"{worst * 1000:.0f}\n")

    def holds(self, most):
        with open(f"/proc/{self.pid}/status", encoding="utf-8") as status:
            peak = int(re.search(r"VmHWM:\s*(\d+)", status.read())[1])
        if peak > int(most):
            raise Failure(f"{peak} KiB")

    def same_modes(self):
        def same():
            self.now = termios.tcgetattr(self.fd)
            return self.now == self.before

        try:
            self.until(same, "the modes are not as they were")
        except Failure as failure:
            raise Failure(f"{failure}\nbefore {self.before}\nnow {self.now}") from None

    def ends(self):
        self.until(lambda: self.ended, "still running")

    def finish(self):
        if not self.ended:
            os.kill(self.pid, signal.SIGKILL)
        _, status = os.waitpid(self.pid, 0)
        self.log.close()
        with open(self.log.name + ".code", "w", encoding="utf-8") as f:
            f.write(f"{os.waitstatus_to_exitcode(status)}\n")


def is_of(pid, name, session):
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
            stat = file.read()
    except OSError:
        return False
    return f"({name})" in stat and int(stat.rsplit(")", 1)[1].split()[3]) == session


def pack(size):
    columns, rows = size.split("x")
    return struct.pack("HHHH", int(rows), int(columns), 0, 0)


def unescape(text):
    return text.encode("latin-1", "backslashreplace").decode("unicode_escape").encode("latin-1")


def main(args):
    size = "60x20"
    if args[0] == "--size":
        size = args[1]
        args = args[2:]
    split = args.index("--")
    terminal = Terminal(args[0], size, args[split + 1:])
    try:
        for step in args[1:split]:
            name, _, value = step.partition(":")
            getattr(terminal, name)(*([value] if value else []))
    except Failure as failure:
        print(f"{step}: {failure}", file=sys.stderr)
        return 1
    finally:
        terminal.finish()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
