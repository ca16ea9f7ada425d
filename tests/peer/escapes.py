#!/usr/bin/env python3
"""What drives terminals, said to wsx in every way a peer or a file can.

    escapes.py list               the sequences, as steps for rig.py: text:...
    escapes.py CHANNEL WSX        runs wsx on a terminal with each of them in that place: message,
                                  reason, header, status, body, subprotocol, certificate, file

Fails if any byte of them reaches the terminal as it was: no control character but newlines may, and
no character that hides or turns others. Each is within marks, which must be printed.
"""

import base64
import hashlib
import os
import re
import socket
import ssl
import struct
import subprocess
import sys
import tempfile
import threading

ESC = b"\x1b"
SEQUENCES = [
    # the screen and the cursor
    b"\x1b[2J", b"\x1b[3J", b"\x1b[H", b"\x1b[1;1H", b"\x1b[10A", b"\x1b[K", b"\x1b[1K", b"\x1b[5L",
    b"\x1b[5M", b"\x1b[2S", b"\x1b[2T", b"\x1b[?25l", b"\x1b[?1049h", b"\x1b[?47h", b"\x1b[5;10r",
    b"\x1b[?6h", b"\x1b[?7l", b"\x1b[4h", b"\x1b[20h", b"\x1b7\x1b[1;1Hx\x1b8", b"\x1bM", b"\x1bD",
    b"\x1bE", b"\x1bc", b"\x1b#8", b"\x1b[!p", b"\x1b[?3h", b"\x1b[?5h", b"\x1b[1;5X", b"\x1b[9P",
    # colours and character sets
    b"\x1b[31m", b"\x1b[7m", b"\x1b[8m", b"\x1b[38;5;1m", b"\x1b(0", b"\x0e", b"\x0f", b"\x1bn",
    # title, clipboard, colours of the palette, links, notifications
    b"\x1b]0;title\x07", b"\x1b]2;title\x1b\\", b"\x1bktitle\x1b\\", b"\x1b[22;0t", b"\x1b[21t",
    b"\x1b]52;c;ZXZpbA==\x07", b"\x1b]52;c;?\x07", b"\x1b]4;1;rgb:ff/00/00\x07",
    b"\x1b]10;#ff0000\x07", b"\x1b]11;?\x07", b"\x1b]104\x07", b"\x1b]8;;http://evil/\x07x",
    b"\x1b]9;note\x07", b"\x1b]777;notify;a;b\x07", b"\x1b]1337;SetMark\x07", b"\x1b]7;file:///\x07",
    # what terminals answer, as if it had been typed
    b"\x1b[c", b"\x1b[>c", b"\x1b[5n", b"\x1b[6n", b"\x1bP$qm\x1b\\", b"\x1bP+q544e\x1b\\", b"\x05",
    b"\x1bZ", b"\x1b[?1$p",
    # modes of keys, mouse and pastes
    b"\x1b[?1000h", b"\x1b[?1003h", b"\x1b[?2004h", b"\x1b[?1h", b"\x1b=", b"\x1b[>4;2m", b"\x1b[?9h",
    b"\x1b[201~\r", b"\x1b[>1u",
    # strings without an end, images, programs of the terminal
    b"\x1b]0;open", b"\x1bPopen", b"\x1b_open", b"\x1b^open", b"\x1b_Ga=T,f=24,s=1,v=1;/wAA\x1b\\",
    b"\x1bPq#0;2;0;0;0~-\x1b\\", b"\x1b[5i", b"\x1b[0;65;\"x\"p",
    # C1 controls, as characters and as bytes; other controls
    b"\xc2\x9b2J", b"\xc2\x9d0;title\xc2\x9c", b"\xc2\x90q\xc2\x9c", b"\xc2\x85", b"\xc2\x84",
    b"\xc2\x8d", b"\x9b2J", b"\x9d0;t\x07", b"\x07", b"\x08\x08\x08", b"\x0b", b"\x0c", b"\x7f",
    b"\roverwritten", b"\x18", b"\x1a",
    # characters that turn or hide others
    b"\xe2\x80\xaeevil", b"\xe2\x80\xadx", b"\xe2\x81\xa6x\xe2\x81\xa9", b"\xe2\x80\x8b",
    b"\xe2\x80\x8f", b"\xef\xbb\xbf", b"\xf3\xa0\x81\x81", b"\xe2\x80\xa8< faked",
]

HIDDEN = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    "\U000e0000-\U000e007f]"
)

MARKS = (b"{[", b"]}")

# Where what is not UTF-8 can not stand, or no newline may.
UTF8_ONLY = {"message", "reason"}


def fits(channel, sequence):
    if channel in UTF8_ONLY:
        try:
            sequence.decode()
        except UnicodeDecodeError:
            return False
    return True


def frame(opcode, payload):
    if len(payload) < 126:
        return bytes([0x80 | opcode, len(payload)]) + payload
    return bytes([0x80 | opcode, 126]) + struct.pack("!H", len(payload)) + payload


class Server:
    """One connection after the other, each with what say() was told."""

    def __init__(self, channel):
        self.channel = channel
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.text = b""
        self.context = None
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        while True:
            connection, _ = self.socket.accept()
            try:
                if self.context is not None:
                    connection = self.context.wrap_socket(connection, server_side=True)
                self.serve(connection)
                connection.recv(4096) # its Close
            except OSError:
                pass
            connection.close()

    def serve(self, connection):
        head = b""
        while b"\r\n\r\n" not in head:
            head += connection.recv(4096)
        key = re.search(rb"(?i)sec-websocket-key: *(\S+)", head).group(1)
        accept = base64.b64encode(
            hashlib.sha1(key + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest()
        )
        text = self.text
        first = {"status": b"HTTP/1.1 403 " + text, "body": b"HTTP/1.1 403 No"}.get(
            self.channel, b"HTTP/1.1 101 Switching Protocols"
        )
        fields = [b"Upgrade: websocket", b"Connection: Upgrade", b"Sec-WebSocket-Accept: " + accept]
        if self.channel == "header":
            fields.append(b"X-Text: " + text)
        if self.channel == "subprotocol":
            fields.append(b"Sec-WebSocket-Protocol: " + text)
        if self.channel in ("status", "body"):
            fields = [b"Content-Length: %d" % (len(text) if self.channel == "body" else 0)]
        connection.sendall(b"\r\n".join([first] + fields) + b"\r\n\r\n")
        if self.channel == "body":
            connection.sendall(text)
            connection.shutdown(socket.SHUT_WR)
        elif self.channel == "message":
            connection.sendall(frame(1, text) + frame(8, struct.pack("!H", 1000)))
        elif self.channel == "reason":
            connection.sendall(frame(8, struct.pack("!H", 4000) + text))
        elif self.channel != "status":
            connection.sendall(frame(8, struct.pack("!H", 1000)))


def certificate(server, folder, text):
    """A certificate whose subject is the text."""
    key, cert = os.path.join(folder, "key"), os.path.join(folder, "cert")
    config = os.path.join(folder, "config")
    with open(config, "wb") as f:
        f.write(b"[req]\ndistinguished_name=dn\nprompt=no\nx509_extensions=ext\n[dn]\nCN=x\n[ext]\n")
    subprocess.run(
        [b"openssl", b"req", b"-x509", b"-newkey", b"ec", b"-pkeyopt", b"ec_paramgen_curve:P-256",
         b"-nodes", b"-keyout", key.encode(), b"-out", cert.encode(), b"-days", b"2", b"-config",
         config.encode(), b"-subj", b"/CN=" + re.sub(rb"([\\/+])", rb"\\\1", text)],
        check=True, stderr=subprocess.DEVNULL,
    )
    server.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.context.load_cert_chain(cert, key)


def on_terminal(command):
    """All it prints on a terminal of its own."""
    master, slave = os.openpty()
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=slave, stderr=slave) as child:
        os.close(slave)
        out = b""
        while True:
            try:
                data = os.read(master, 65536)
            except OSError:
                break
            if not data:
                break
            out += data
    os.close(master)
    return out.replace(b"\r\n", b"\n"), child.returncode


def run(channel, wsx):
    faults = shown = 0
    server = Server(channel)
    url = ("wss" if channel == "certificate" else "ws") + f"://127.0.0.1:{server.port}/"
    with tempfile.TemporaryDirectory() as folder:
        for sequence in SEQUENCES:
            if not fits(channel, sequence):
                continue
            server.text = MARKS[0] + sequence + MARKS[1]
            if channel == "certificate":
                certificate(server, folder, server.text)
            commands = [[wsx, "-v", "--color", "never", "-k", url]]
            if channel == "file":
                name = server.text
                commands = [
                    [wsx, "--no-color", *options, url]
                    for options in (["-f", name], ["--blob-dir", name, "--binary-type", "blob"],
                                    ["--record", name + b"/x"], ["-H", b"@" + name])
                ]
            for command in commands:
                out, code = on_terminal(command)
                text = out.decode("utf-8", "surrogateescape")
                bad = HIDDEN.search(text) or re.search("[\udc80-\udcff]", text)
                if bad or code < 0:
                    print(f"{channel} {sequence!r}: code {code}, {out!r}")
                    faults += 1
                shown += MARKS[0] in out
    print(f"{channel}: {len(SEQUENCES)} sequences, shown {shown} times")
    return 1 if faults or shown < 60 else 0


def main(args):
    if args == ["list"]:
        for sequence in SEQUENCES:
            if fits("message", sequence):
                print("text:{[" + "".join(f"\\x{b:02x}" for b in sequence) + "]}")
        return 0
    return run(args[0], args[1])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
