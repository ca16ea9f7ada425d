"""Who is measured, and the command line each is given.

A contender answers `ways(job, server)` with the flag sets to try, the fastest of which that passes
is kept, or with the reason why it has none. A job is what run makes of a measure.
"""

import dataclasses
import os
import re
import shutil
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))
LINE = "hello"


@dataclasses.dataclass
class Way:
    """One flag set: its command, and how it differs from what the measure asks for."""

    command: list
    stdin: str = ""  # "" as the measure has it; else hold, or line for one line from a file
    extra: str = ""  # the server's EXTRA


def version_of(command):
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    match = re.search(r"\d+\.\d[\w.-]*", run.stdout)
    return match.group() if match else "?"


class Wsx:
    name = "wsx"

    def __init__(self, path, options=(), name="wsx"):
        self.name = name
        self.program = [path, *options]
        self.version = version_of([path, "--version"])

    def ways(self, job, server):
        url = server.url(job)
        flags = {
            "out": ["-E"] if job.text else ["-b", "-E"],
            "in": [],
            "trips": ["-E"],
            "start": ["-1", "-x", LINE],
            "bomb": ["-n", "-j", "--max-message", str(job.limit)],
        }
        return [Way([*self.program, *flags[job.how], url])]


class Raw:
    """A plain copy of the same bytes, and the least WebSocket client for start to exit."""

    name = "raw"
    version = ""

    def __init__(self, tools):
        self.tools = tools

    def ways(self, job, server):
        if job.how == "bomb" or job.deflate:
            return "copies only"
        tool = os.path.join(self.tools, "raw-tls" if server.tls else "raw")
        if job.how == "start":
            return [Way([tool, str(server.port), server.path(job), LINE])]
        return [Way([tool, str(server.port), server.path(job, raw=True)])]


class Websocat1:
    name = "websocat 1"

    def __init__(self, path):
        self.path = path
        self.version = version_of([path, "--version"])

    def ways(self, job, server):
        if job.deflate:
            return "has no permessage-deflate"
        mode = ["-t"] if job.text else ["-b"]
        # a message of text ends with the newline of its line
        extra = "newline" if job.text and job.how == "out" else ""
        url = server.url(job, extra)
        if job.how == "start":
            return [Way([self.path, "-t1", url], "line")]
        waits = job.how == "in"
        flag, stdin = ("-U", "hold") if waits else ("-E", "")
        big = [flag, "-B", "1048576"]
        sets = [[*big, "--async-stdio"], big, [flag, "--async-stdio"], [flag]]
        if waits and job.count == 1:
            most = str(1 << 40)
            big += ["--max-ws-frame-length", most, "--max-ws-message-length", most]
            sets = [[*big, "--async-stdio"], big]
        if job.stdin == "file":  # epoll takes no file
            sets = [s for s in sets if "--async-stdio" not in s]
        return [Way([self.path, *mode, *s, url], stdin, extra) for s in sets]


class Websocat4:
    name = "websocat 4"

    def __init__(self, path):
        self.path = path
        self.version = version_of([path, "--version"])

    def ways(self, job, server):
        if job.deflate:
            return "has no permessage-deflate"
        mode = ["-t"] if job.text else ["-b"]
        url = server.url(job, "bare")  # it prints the body of a Close
        if job.how == "start":
            sets, stdin = [["-t", url]], "line"
        elif job.how == "trips":
            sets, stdin = [["-t", url], ["-t", "-E", url]], ""
        elif job.how == "out":
            force = ["--async-fd-force"] if job.stdin == "file" else []
            fd = [*mode, "-u", *force, "async-fd:0", url]
            quiet = ["--ws-no-flush"]
            big = ["-B", "1048576"]
            sets = [[*big, *quiet, *fd], [*quiet, *fd], fd, [*mode, "-u", "stdio:", url]]
            if not server.tls:  # by TLS it has a buffer of itself
                to = [f"ws-c:write_buffer:tcp:127.0.0.1:{server.port}", f"--ws-c-uri={url}"]
                sets.insert(0, [*big, *quiet, *fd[:-1], *to])
            stdin = ""
        else:
            fd = [*mode, "-u", url, "async-fd:1"]
            sets, stdin = [fd, ["-B", "1048576", *fd], [*mode, "-u", url]], ""
        return [Way([self.path, *s], stdin, "bare") for s in sets]


class Wscat:
    name = "wscat"

    def __init__(self, path):
        self.path = path
        self.version = version_of([path, "--version"])

    def ways(self, job, server):
        url = server.url(job)
        if job.how == "start":
            return [Way([self.path, "-c", url, "-x", LINE, "-w", "0"], "hold")]
        if job.how != "in":
            return "drops lines that come before the connection is open"
        if not job.text:
            return "prints a newline after binary messages"
        if job.size > 4096:
            return "loses the end of long output when it exits"
        return [Way([self.path, "-c", url], "hold")]


class Websockets:
    """Python's library, in pywebsockets.py."""

    name = "websockets"

    def __init__(self, python):
        self.python = python
        self.version = version_of([python, "-c", "import websockets.asyncio.client, websockets.version as v; print(v.version)"])

    def ways(self, job, server):
        script = [self.python, os.path.join(HERE, "pywebsockets.py")]
        url = server.url(job)
        if job.how == "start":
            return [Way([*script, "both", url], "line")]
        if job.how == "trips":
            return [Way([*script, "both", url])]
        how = job.how if job.text or job.how == "in" else "out-binary"
        return [Way([*script, how, url]), Way([*script, "async-" + how, url])]


def find(directory, name):
    """The program of that name in the directory, or else in PATH."""
    inside = os.path.join(directory, name) if directory else ""
    return inside if os.access(inside, os.X_OK) else shutil.which(name)


def find_peers(directory):
    """Those that are there, the ones in the directory first."""
    paths = {Websocat1: find(directory, "websocat1"), Websocat4: find(directory, "websocat4"),
        Wscat: find(directory, "wscat"), Websockets: find(directory, "python.d/bin/python3")}
    other = shutil.which("websocat")
    kind = Websocat4 if other and version_of([other, "--version"]).startswith("4") else Websocat1
    paths[kind] = paths[kind] or other
    paths[Websockets] = paths[Websockets] or shutil.which("python3")
    peers = [kind(path) for kind, path in paths.items() if path]
    return [p for p in peers if p.version != "?"]
