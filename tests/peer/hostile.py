#!/usr/bin/env python3
"""Sequences of frames no good peer sends, against the two ends of wsx that echo.

    hostile.py listener WSX [NAME]   `wsx -l --echo`, met by hostile clients
    hostile.py client WSX [NAME]     `wsx URL mirror:`, met by hostile servers

Each case is frames sent and what must come back for them: echoes and pongs in order, the code of
the Close, and nothing behind it. A case runs three times: all in one write with the head of the
handshake (glued), a frame a write (frames), and a byte a write (bytes). The last way ends where
the fault is seen, with the head of the frame if that tells it, so that a peer that waits for more
stalls here. It is also checked what wsx reports of the end. Besides the CASES there are all kinds
of frame with at most one thing wrong, alone and inside a message. hostile_cases.py has them.

With a NAME only the cases whose name holds it run. Prints a line for each that fails, the most
memory the listener took, and last `N runs, M failed`; the code is 0 if none failed.
"""

import collections
import concurrent.futures
import itertools
import os
import re
import select
import socket
import struct
import subprocess
import sys
import threading
import zlib

from hostile_cases import (
    CASES, CLOSE, CONT, LIMIT, PONG, TEXT, Await, Bytes, End, Frame, close, judge,
    one_wrong, show,
)
from rig import accept_value, mask

SLOW = float(os.environ.get("WSX_SLOW", "1"))
PATIENCE = 10 * SLOW
EXTENSIONS = b"Sec-WebSocket-Extensions: permessage-deflate\r\n"
KEY = b"dGhlIHNhbXBsZSBub25jZQ=="


# ---- the wire -----------------------------------------------------------------------------


class Wire:
    """A connection: a thread writes the pieces, the caller reads what comes back."""

    def __init__(self, sock, received, client, deflate):
        self.sock, self.client = sock, client
        self.inflater = zlib.decompressobj(-15) if deflate else None
        self.data = bytearray(received)
        self.at = 0
        self.full = threading.Event()
        self.out = []
        self.came = threading.Condition()
        self.said_close = False
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.settimeout(PATIENCE)

    def write(self, pieces, end):
        try:
            for piece in pieces:
                if isinstance(piece, Await):
                    with self.came:
                        self.came.wait_for(lambda: piece.line in self.out, PATIENCE)
                else:
                    self.write_piece(piece)
            if end is not None and end.reset:
                self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.sock.close()
            elif end is not None:
                self.sock.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # it has gone: what came back tells whether it might
        self.full.set()

    def write_piece(self, piece):
        view = memoryview(piece)
        while view:
            if not self.full.is_set() and not select.select([], [self.sock], [], 0.5)[1]:
                self.full.set()
            view = view[self.sock.send(view[:65536]) :]

    def need(self, n):
        while len(self.data) - self.at < n:
            if self.at > 1 << 16:
                del self.data[: self.at]
                self.at = 0
            block = self.sock.recv(1 << 16)
            if not block:
                raise EOFError
            self.data += block

    def take(self, n):
        self.need(n)
        self.at += n
        return bytes(self.data[self.at - n : self.at])

    def read_frame(self):
        first, second = self.take(2)
        length = second & 127
        if length >= 126:
            length = int.from_bytes(self.take(2 if length == 126 else 8), "big")
        packed = self.inflater is not None and first & 0x4F in (0x41, 0x42)
        assert first & (0x30 if packed else 0x70) == 0, "a reserved bit is set"
        assert bool(second & 0x80) != self.client, "masked by a server, or not by a client"
        key = self.take(4) if second & 0x80 else None
        data = self.take(length)
        return first >> 7, first & 15, packed, mask(key, data) if key else data

    def note(self, line):
        with self.came:
            self.out.append(line)
            self.came.notify_all()

    def answers(self):
        """Notes what comes back up to the end of the connection, a line each."""
        kind, message, inflates = None, b"", False
        while True:
            fin, opcode, packed, data = self.read_frame()
            assert not self.said_close, "a frame behind the Close"
            if opcode == CLOSE:
                self.said_close = True
                self.note(f"close {struct.unpack('!H', data[:2])[0] if data else 'none'}")
                self.answer_close(data)
            elif opcode == PONG:
                self.note(show("pong", data))
            else:
                assert opcode < 3 and (opcode == CONT) == (kind is not None), "out of turn"
                inflates = packed if kind is None else inflates
                kind = opcode if kind is None else kind
                message += data
                if fin and inflates:
                    message = self.inflater.decompress(message + b"\0\0\xff\xff")
                if fin:
                    self.note(show("text" if kind == TEXT else "binary", message))
                    kind, message = None, b""

    def answer_close(self, data):
        try:
            self.sock.sendall(Frame(CLOSE, data[:2]).encode(self.client))
            if not self.client:  # the server is the one to end the connection
                self.sock.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def talk(self, pieces, end, deaf):
        writer = threading.Thread(target=self.write, args=(pieces, end), daemon=True)
        writer.start()
        if deaf:
            self.full.wait(PATIENCE)
        try:
            self.answers()
        except (EOFError, OSError) as e:
            if isinstance(e, socket.timeout):
                self.out.append("stalled")
        except AssertionError as e:
            self.out.append(str(e))
        self.full.set()
        self.sock.close()
        writer.join(PATIENCE)
        return self.out


def pieces_of(frames, way, client, deflate):
    """The frames as the pieces they are written in, the first along with the handshake."""
    whole = [f.encode(client) for f in frames]
    if way == "glued":
        runs = itertools.groupby(whole, lambda piece: isinstance(piece, Await))
        pieces = [piece for waits, run in runs for piece in (run if waits else [b"".join(run)])]
        return (pieces or [b""])[0], pieces[1:]
    if way == "frames":
        return b"", whole
    if not deflate and frames and isinstance(frames[-1], Frame) and frames[-1].head_fault():
        whole[-1] = frames[-1].head(client)
    return b"", [
        single
        for piece in whole
        for single in ([piece] if isinstance(piece, Await) else [bytes([b]) for b in piece])
    ]


def plan(c, way):
    """The frames to send this way, how they end, and what must come back."""
    frames, end = list(c.frames), None
    if isinstance(frames[-1], End):
        end = frames.pop()
    want = c.want
    if not c.deflate and not any(isinstance(f, Bytes) for f in frames):
        judged, n = judge(frames, c.limit)
        assert want is None or want == judged, f"judged as {judged}"
        want = judged
        if way == "bytes" and want and want[-1].startswith("close"):
            frames = frames[:n]
    if end is None and not (want and want[-1].startswith("close")):
        frames.append(close(1000))
        want = want + ["close 1000"]
    return frames, end, want


def alike(got, want):
    """Equal, where "pongs" stands for one or more."""
    if "pongs" not in want:
        return got == want
    at = want.index("pongs")
    rest = [line for line in got if not line.startswith("pong ")]
    return rest == want[:at] + want[at + 1 :] and got[at].startswith("pong ")


# ---- the two ends of wsx ------------------------------------------------------------------


def connected(head, sock):
    """Reads a head of HTTP: what came behind it."""
    while b"\r\n\r\n" not in head:
        block = sock.recv(4096)
        if not block:
            raise EOFError("no head")
        head += block
    return head.split(b"\r\n\r\n", 1)


def reported_code(c, end, want):
    """The code of the close event: as received, and 1006 where none was or wsx failed."""
    if end is not None:
        return 1006
    sent = [f for f in c.frames if isinstance(f, Frame) and f.opcode == CLOSE and f.fin]
    if want[-1] == "close none":
        return 1005
    code = int(want[-1].split()[1])
    if not sent:
        return 1000 if code == 1000 else 1006
    first = struct.unpack("!H", sent[0].data[:2])[0] if len(sent[0].data) > 1 else 0
    return code if code == first or code == 1000 else 1006


class Listener:
    """`wsx -l --echo`; one serves all the cases of a limit."""

    def __init__(self, tool):
        self.tool = tool
        self.arrived = threading.Condition()
        self.running = {}
        for limit in (None, LIMIT):
            args = [tool, "-l", "127.0.0.1:0", "--announce", "--echo"]
            args += ["--max-message", str(limit)] if limit else []
            process = subprocess.Popen(
                args, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            url = process.stdout.readline().decode()
            said = collections.defaultdict(list)
            reader = threading.Thread(target=self.listen, args=(process, said), daemon=True)
            reader.start()
            self.running[limit] = process, int(url.split(":")[2].rstrip("/\n")), said, reader

    def listen(self, process, said):
        for line in process.stderr:
            port = re.search(rb"127\.0\.0\.1:(\d+)", line)
            with self.arrived:
                said[int(port[1]) if port else 0].append(line.decode().strip())
                self.arrived.notify_all()

    def run(self, c, way):
        frames, end, want = plan(c, way)
        first, rest = pieces_of(frames, way, True, c.deflate)
        _, port, said, _ = self.running[c.limit]
        sock = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        name = sock.getsockname()[1]
        sock.sendall(
            b"GET / HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " + KEY + b"\r\n"
            + (EXTENSIONS if c.deflate else b"") + b"\r\n" + first[:16384])
        head, received = connected(b"", sock)
        if b" 101 " not in head or accept_value(KEY) not in head:
            return "no 101: " + head.decode("latin-1")
        if c.deflate and b"permessage-deflate" not in head:
            return "permessage-deflate was declined"
        got = Wire(sock, received, True, c.deflate).talk([first[16384:]] + rest, end, c.deaf)
        if not alike(got, want):
            return f"got {brief(got)}, not {brief(want)}"
        code = reported_code(c, end, want)
        if code in (1000, 1001, 1005):
            return ""  # a line all the same is found by end()
        with self.arrived:
            self.arrived.wait_for(lambda: said[name], PATIENCE)
            lines = said.pop(name)
        if len(lines) != 1 or code != 1006 and f" code {code}" not in lines[0]:
            return f"code {code} is told as {lines}"
        return ""

    def end(self):
        worst = 0
        for process, _, said, reader in self.running.values():
            if process.poll() is not None:
                print(f"the listener ended with {process.returncode}")
                return False
            worst = max(worst, memory(process.pid))
            process.terminate()
            process.wait(PATIENCE)
            reader.join(PATIENCE)
            left = [line for lines in said.values() for line in lines]
            if left:
                print(f"the listener also said {left}")
                return False
        print(f"memory {worst} KiB")
        return True


def memory(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        return int(re.search(r"VmHWM:\s*(\d+)", status.read())[1])


class Client:
    """`wsx URL mirror:`, a process for each case."""

    def __init__(self, tool):
        self.tool = tool

    def run(self, c, way):
        frames, end, want = plan(c, way)
        first, rest = pieces_of(frames, way, False, c.deflate)
        with socket.create_server(("127.0.0.1", 0)) as server:
            server.settimeout(PATIENCE)
            args = [self.tool, f"ws://127.0.0.1:{server.getsockname()[1]}/", "mirror:"]
            args += ["--max-message", str(c.limit)] if c.limit else []
            process = subprocess.Popen(
                args, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            sock, _ = server.accept()
        head, received = connected(b"", sock)
        key = re.search(rb"Sec-WebSocket-Key: (\S+)", head)[1]
        sock.sendall(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Accept: " + accept_value(key) + b"\r\n"
            + (EXTENSIONS if c.deflate else b"") + b"\r\n" + first[:16384])
        got = Wire(sock, received, False, c.deflate).talk([first[16384:]] + rest, end, c.deaf)
        try:
            out, err = process.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            return f"does not end; got {brief(got)}"
        if not alike(got, want):
            return f"got {brief(got)}, not {brief(want)}"
        return self.check_report(c, end, want, process.returncode, out + err)

    @staticmethod
    def check_report(c, end, want, status, said):
        code = reported_code(c, end, want)
        expected = 0 if code in (1000, 1001, 1005) else 9
        if code == 1006:
            expected = 8 if end is not None else 7
        lines = said.decode("latin-1").splitlines()
        if status != expected or len(lines) != (expected != 0):
            return f"ended with {status} and {lines}, not with {expected}"
        if expected == 9 and f" code {code}" not in lines[0]:
            return f"code {code} is not in {lines}"
        return ""


def brief(lines):
    """Lines, those that are equal to the next counted."""
    groups = [(line, len(list(group))) for line, group in itertools.groupby(lines)]
    shown = [line if n == 1 else f"{line!r} {n} times" for line, n in groups]
    return shown if len(shown) <= 12 else shown[:5] + ["..."] + shown[-5:]


def main():
    if len(sys.argv) not in (3, 4) or sys.argv[1] not in ("listener", "client"):
        sys.exit(__doc__)
    peer = {"listener": Listener, "client": Client}[sys.argv[1]](sys.argv[2])
    chosen = sys.argv[3] if len(sys.argv) > 3 else ""
    runs = [
        (c, way)
        for c in CASES + list(one_wrong())
        for way in ("glued", "frames", "bytes")
        if chosen in c.name and not (way == "bytes" and c.flood)
    ]

    def attempt(run):
        try:
            return peer.run(*run)
        except Exception as e:  # pylint: disable=broad-except
            return f"{type(e).__name__}: {e}"

    failed = 0
    with concurrent.futures.ThreadPoolExecutor(3) as pool:
        for (c, way), why in zip(runs, pool.map(attempt, runs)):
            if why:
                failed += 1
                print(f"{c.name}, {way}: {why}")
    if isinstance(peer, Listener) and not peer.end():
        failed += 1
    print(f"{len(runs)} runs, {failed} failed")
    sys.exit(1 if failed or not runs else 0)


if __name__ == "__main__":
    main()
