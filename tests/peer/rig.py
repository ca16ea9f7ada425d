#!/usr/bin/env python3
r"""A scripted WebSocket peer that can misbehave, for the tests of wsx.

    rig.py serve DIR [OPTIONS] STEP...          a server; every connection runs the steps
    rig.py connect DIR PORT [OPTIONS] STEP...   a client of `wsx -l`

Only the standard library is used, and nothing of a WebSocket library: what goes over the wire is
what the steps say. DIR gets what happened:

    events   one line each, in the order seen: port N, connect, request LINE, text "..",
             binary HEX, ping "..", close 1000 "..", what `say` said, and for the end of the connection
             eof or reset (the peer's doing), dropped or ended (the rig's)
    frames   one line a frame received: FIN RSV OPCODE MASKKEY LENGTH
    request  the heads received (server) or the answers received (client), as they came
    after    the bytes received behind the first head
    tap      both directions in hex: < received, > sent (the first 4 KiB of a piece)

Steps that write (text in steps knows \r \n \t \0 \xHH \\):
    accept[:HEX]      server: read the request, answer a right 101, HEX glued to it
    accept-drip[:HEX] the same, one byte a write
    request           server: read the request
    request[:PATH[\nFIELD...]]  client: send a right request, read the answer
    ask:TEXT          client: send TEXT as the request, read no answer
    answer:TEXT       server: send TEXT with {accept} put in
    answer            client: read the head of the answer
    send:HEX  drip:HEX   bytes as they are, at once or one a write
    text:TEXT binary:HEX ping:TEXT pong:TEXT close[:CODE[:TEXT]]   a frame, masked by a client
    message:N         one binary message of N zero bytes in one frame
    messages:N        N texts "message 1" to "message N"
    bomb:N            one binary message of N zero bytes, compressed to a thousandth
    flood             binary messages of 64 KiB until the peer is gone
Steps that read:
    recv[:N]          N data messages (1)
    recv-close        everything up to the peer's Close
    recv-ping         up to the next Ping; recv-pong likewise
    quiet:MS          notes `quiet` if nothing comes in so many milliseconds, else `noise HEX`
    echo[:MS]         send messages back, each after so many milliseconds, until Close
    sink              read messages until Close, notes only their number and sum of bytes
    hold              read until the peer ends the connection, answer nothing
    finish            read until Close, answer it, end the connection: what follows the last step
Other steps:
    say:TEXT          this line in events
    delay:MS
    wait:PATH         until the file is there (this is how a test gives a sign)
    half              no more writing: a FIN, still reading
    drop              end the connection with no Close, and under TLS with no close_notify
    rst               the same by a reset
    stall             neither read nor write nor close
"""

import argparse
import asyncio
import base64
import hashlib
import json
import os
import socket
import ssl
import struct
import sys
import zlib

GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
NAMES = {0: "cont", 1: "text", 2: "binary", 8: "close", 9: "ping", 10: "pong"}
SHOWN = 4096


class Gone(Exception):
    """The connection ended."""


def unescape(text):
    """The bytes of a step's text: \\r \\n \\t \\0 \\xHH and \\\\, all else as UTF-8."""
    out = bytearray()
    raw = text.encode("utf-8", "surrogateescape")
    i = 0
    simple = {ord("r"): 13, ord("n"): 10, ord("t"): 9, ord("0"): 0, ord("\\"): 92}
    while i < len(raw):
        if raw[i] == 92 and i + 1 < len(raw):
            if raw[i + 1] in simple:
                out.append(simple[raw[i + 1]])
                i += 2
                continue
            if raw[i + 1] == ord("x"):
                out.append(int(raw[i + 2 : i + 4], 16))
                i += 4
                continue
        out.append(raw[i])
        i += 1
    return bytes(out)


def unhex(text):
    return bytes.fromhex(text.replace(" ", ""))


def mask(key, data):
    """XOR as one big number: fast enough for hundreds of megabytes."""
    n = len(data)
    if n == 0:
        return b""
    pad = (key * (n // 4 + 1))[:n]
    return (int.from_bytes(data, "big") ^ int.from_bytes(pad, "big")).to_bytes(n, "big")


def frame_head(opcode, length, masked, fin=True):
    head = bytes([(0x80 if fin else 0) | opcode])
    bit = 0x80 if masked else 0
    if length < 126:
        return head + bytes([bit | length])
    if length < 65536:
        return head + struct.pack("!BH", bit | 126, length)
    return head + struct.pack("!BQ", bit | 127, length)


def accept_value(key):
    return base64.b64encode(hashlib.sha1(key + GUID).digest())


class Log:
    """The files of DIR."""

    def __init__(self, folder):
        os.makedirs(folder, exist_ok=True)
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
        self.fds = {
            name: os.open(os.path.join(folder, name), flags, 0o600)
            for name in ("events", "frames", "request", "after", "tap")
        }

    def line(self, name, text):
        os.write(self.fds[name], text.encode("utf-8", "surrogateescape") + b"\n")

    def event(self, text):
        self.line("events", text)

    def raw(self, name, data):
        os.write(self.fds[name], data)


class Peer:
    """One connection that runs the steps."""

    def __init__(self, log, reader, writer, client):
        self.log = log
        self.reader = reader
        self.writer = writer
        self.client = client
        self.key = b""
        self.sent_close = False
        self.got_close = None
        self.data_type = None
        self.data = bytearray()
        self.saw_end = False
        self.compressed = False
        self.inflater = None
        sock = writer.get_extra_info("socket")
        if sock is not None and sock.family != socket.AF_UNIX:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    # Writing.

    async def write(self, data):
        self.log.line("tap", "> " + data[:SHOWN].hex())
        try:
            self.writer.write(data)
            await self.writer.drain()
        except (OSError, RuntimeError) as e:
            self.end("reset")
            raise Gone from e

    async def drip(self, data):
        for byte in data:
            await self.write(bytes([byte]))
            await asyncio.sleep(0.001)

    async def frame(self, opcode, data):
        head = frame_head(opcode, len(data), self.client)
        if self.client:
            key = os.urandom(4)
            head += key
            data = mask(key, data)
        await self.write(head + data)

    async def close_frame(self, body):
        self.sent_close = True
        await self.frame(8, body)

    # Reading.

    def end(self, how):
        if not self.saw_end:
            self.saw_end = True
            self.log.event(how)

    async def read(self, n, where="after"):
        """n bytes; Gone at the end of the connection, what came before it noted."""
        try:
            data = await self.reader.readexactly(n)
        except asyncio.IncompleteReadError as e:
            self.note(e.partial, where)
            self.end("eof")
            raise Gone from e
        except (OSError, ssl.SSLError) as e:
            self.end("reset")
            raise Gone from e
        self.note(data, where)
        return data

    def note(self, data, where):
        if data:
            self.log.line("tap", "< " + data[:SHOWN].hex())
            self.log.raw(where, data[: 1 << 20])

    async def read_head(self):
        """A head of HTTP up to its empty line; what is behind it stays unread."""
        try:
            head = await self.reader.readuntil(b"\r\n\r\n")
        except asyncio.IncompleteReadError as e:
            self.note(e.partial, "request")
            self.end("eof")
            raise Gone from e
        except asyncio.LimitOverrunError as e:
            self.log.event("head too long")
            raise Gone from e
        except (OSError, ssl.SSLError) as e:
            self.end("reset")
            raise Gone from e
        self.note(head, "request")
        return head

    async def read_frame(self):
        first, second = await self.read(2)
        self.rsv = first >> 4 & 7
        opcode, length, key = first & 15, second & 127, None
        if length == 126:
            (length,) = struct.unpack("!H", await self.read(2))
        elif length == 127:
            (length,) = struct.unpack("!Q", await self.read(8))
        if second & 0x80:
            key = await self.read(4)
        self.log.line(
            "frames",
            f"{first >> 7} {first >> 4 & 7} {NAMES.get(opcode, opcode)} "
            f"{key.hex() if key else 'unmasked'} {length}",
        )
        data = await self.read(length) if length else b""
        if key:
            data = mask(key, data)
        return first >> 7, opcode, data

    def inflate(self, data):
        """A message that came with RSV1 (RFC 7692 7.2.2); what it refers to came before."""
        if self.inflater is None:
            self.inflater = zlib.decompressobj(-15)
        return self.inflater.decompress(data + b"\0\0\xff\xff")

    def show(self, data):
        if len(data) > 200:
            return f"{len(data)} bytes {hashlib.sha256(data).hexdigest()[:16]}"
        return json.dumps(data.decode("utf-8", "surrogateescape"), ensure_ascii=False)

    async def next(self, noting=True):
        """The next message or control frame as (name, data); pings are answered."""
        while True:
            fin, opcode, data = await self.read_frame()
            if opcode in (1, 2):
                self.data_type = opcode
                self.data = bytearray(data)
                self.compressed = bool(self.rsv & 4)
            elif opcode == 0:
                self.data += data
            if opcode < 8:
                if not fin:
                    continue
                kind, data = self.data_type, bytes(self.data)
                self.data = bytearray()
                if self.compressed:
                    data = self.inflate(data)
                name = NAMES.get(kind, "cont")
                if noting and kind == 2 and len(data) <= 200:
                    self.log.event(f"binary {data.hex()}")
                elif noting:
                    self.log.event(f"{name} {self.show(data)}")
                return name, data
            name = NAMES.get(opcode, str(opcode))
            if opcode == 8:
                self.got_close = data
                code = f"{int.from_bytes(data[:2], 'big')}" if len(data) >= 2 else "none"
                self.log.event(f"close {code} {self.show(data[2:])}")
            else:
                self.log.event(f"{name} {self.show(data)}")
            if opcode == 9 and not self.sent_close:
                await self.frame(10, data)
            return name, data

    async def until(self, *names, noting=True):
        while True:
            name, data = await self.next(noting)
            if name in names:
                return name, data

    # The opening handshake.

    async def take_request(self):
        head = await self.read_head()
        lines = head.split(b"\r\n")
        self.log.event("request " + lines[0].decode("latin-1"))
        for line in lines[1:]:
            name, _, value = line.partition(b":")
            if name.lower() == b"sec-websocket-key":
                self.key = value.strip()

    def right_101(self):
        return (
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Accept: " + accept_value(self.key) + b"\r\n\r\n"
        )

    async def step_accept(self, arg):
        await self.take_request()
        await self.write(self.right_101() + unhex(arg))

    async def step_accept_drip(self, arg):
        await self.take_request()
        await self.drip(self.right_101() + unhex(arg))

    async def step_request(self, arg):
        if not self.client:
            await self.take_request()
            return
        path, *fields = arg.replace("\\n", "\n").split("\n")
        self.key = base64.b64encode(os.urandom(16))
        lines = [f"GET {path or '/'} HTTP/1.1", "Upgrade: websocket", "Connection: Upgrade"]
        lines += ["Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: " + self.key.decode()]
        if not any(f.lower().startswith("host:") for f in fields):
            lines.insert(1, "Host: localhost")
        await self.write("\r\n".join(lines + fields + ["", ""]).encode())
        await self.step_answer("")

    async def step_ask(self, arg):
        data = unescape(arg)
        for line in data.split(b"\r\n"):
            name, _, value = line.partition(b":")
            if name.lower() == b"sec-websocket-key":
                self.key = value.strip()
        await self.write(data)

    async def step_answer(self, arg):
        if not self.client:
            accept = accept_value(self.key)
            await self.write(unescape(arg).replace(b"{accept}", accept))
            return
        head = await self.read_head()
        words = head.split(b"\r\n")[0].split()
        self.log.event("status " + (words[1].decode("latin-1") if len(words) > 1 else "?"))
        if b"Sec-WebSocket-Accept: " + accept_value(self.key) + b"\r\n" in head:
            self.log.event("accept right")

    # Frames.

    async def step_send(self, arg):
        await self.write(unhex(arg))

    async def step_drip(self, arg):
        await self.drip(unhex(arg))

    async def step_text(self, arg):
        await self.frame(1, unescape(arg))

    async def step_binary(self, arg):
        await self.frame(2, unhex(arg))

    async def step_ping(self, arg):
        await self.frame(9, unescape(arg))

    async def step_pong(self, arg):
        await self.frame(10, unescape(arg))

    async def step_close(self, arg):
        code, _, reason = arg.partition(":")
        body = struct.pack("!H", int(code)) + unescape(reason) if code else b""
        await self.close_frame(body)

    async def step_message(self, arg):
        left = int(arg)
        self.writer.write(frame_head(2, left, False))
        block = bytes(1 << 18)
        while left:
            n = min(left, len(block))
            self.writer.write(block[:n])
            await self.writer.drain()
            left -= n

    async def step_messages(self, arg):
        for i in range(int(arg)):
            self.writer.write(frame_head(1, len(f"message {i + 1}"), False))
            self.writer.write(f"message {i + 1}".encode())
            if i % 100 == 99:
                await self.writer.drain()
        await self.writer.drain()

    async def step_bomb(self, arg):
        deflater = zlib.compressobj(9, zlib.DEFLATED, -15)
        data, left, block = bytearray(), int(arg), bytes(1 << 20)
        while left:
            n = min(left, len(block))
            data += deflater.compress(block[:n])
            left -= n
        data = bytes(data + deflater.flush(zlib.Z_SYNC_FLUSH))[:-4]
        head = bytearray(frame_head(2, len(data), self.client))
        head[0] |= 0x40
        if self.client:
            key = os.urandom(4)
            head += key
            data = mask(key, data)
        await self.write(bytes(head) + data)

    async def step_flood(self, _):
        while True:
            await self.frame(2, bytes(65536))

    async def step_recv(self, arg):
        for _ in range(int(arg or 1)):
            await self.until("text", "binary")

    async def step_recv_close(self, _):
        await self.until("close")

    async def step_recv_ping(self, _):
        await self.until("ping")

    async def step_recv_pong(self, _):
        await self.until("pong")

    async def step_quiet(self, arg):
        try:
            data = await asyncio.wait_for(self.reader.read(4096), int(arg) / 1000)
        except asyncio.TimeoutError:
            self.log.event("quiet")
            return
        self.note(data, "after")
        self.log.event("noise " + data.hex() if data else "noise eof")

    async def step_echo(self, arg):
        delay = int(arg or 0) / 1000
        late = set()
        while True:
            name, data = await self.until("text", "binary", "close")
            if name == "close":
                for task in late:
                    task.cancel()
                await self.step_finish("")
                return
            opcode = 1 if name == "text" else 2
            if delay:
                task = asyncio.create_task(self.later(delay, opcode, data))
                late.add(task)
                task.add_done_callback(late.discard)
            else:
                await self.frame(opcode, data)

    async def later(self, delay, opcode, data):
        await asyncio.sleep(delay)
        try:
            await self.frame(opcode, data)
        except Gone:
            pass

    async def step_sink(self, _):
        count = total = 0
        while True:
            name, data = await self.until("text", "binary", "close", noting=False)
            if name == "close":
                self.log.event(f"sunk {count} {total}")
                await self.step_finish("")
                return
            count += 1
            total += len(data)

    # The ends.

    async def step_finish(self, _):
        if self.got_close is None:
            await self.until("close")
        if not self.sent_close:
            await self.close_frame(self.got_close[:125])
        if self.client:  # the server is the one to end the connection
            await self.step_hold("")
        raise Gone

    async def step_hold(self, _):
        while True:
            await self.next()

    async def step_half(self, _):
        self.writer.write_eof()

    async def step_drop(self, _):
        self.end("dropped")
        self.writer.transport.abort()
        raise Gone

    async def step_rst(self, _):
        sock = self.writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        await self.step_drop("")

    async def step_stall(self, _):
        await asyncio.Event().wait()

    # Others.

    async def step_say(self, arg):
        self.log.event(arg)

    async def step_delay(self, arg):
        await asyncio.sleep(int(arg) / 1000)

    async def step_wait(self, arg):
        while not os.path.exists(arg):
            await asyncio.sleep(0.005)

    async def run(self, steps):
        try:
            for step in steps:
                name, _, arg = step.partition(":")
                await getattr(self, "step_" + name.replace("-", "_"))(arg)
            await self.step_finish("")
        except Gone:
            pass
        except (OSError, ssl.SSLError):
            self.end("reset")
        finally:
            self.end("ended")
            if not self.writer.transport.is_closing():
                self.writer.close()
            # A server whose socket is closed with input unread would reset the connection.
            try:
                await asyncio.wait_for(self.writer.wait_closed(), 5)
            except (OSError, ssl.SSLError, asyncio.TimeoutError):
                pass


def check_steps(steps):
    for step in steps:
        name = step.partition(":")[0].replace("-", "_")
        if not hasattr(Peer, "step_" + name):
            sys.exit(f"rig.py: no such step: {step}")


def server_tls(args, log):
    if not args.cert:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(args.cert, args.key)
    if args.tls_max == "1.1":
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    elif args.tls_max == "1.2":
        context.maximum_version = ssl.TLSVersion.TLSv1_2
    if args.client_ca:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(args.client_ca)
    if args.alpn:
        context.set_alpn_protocols(args.alpn.split(","))
    context.sni_callback = lambda sock, name, ctx: log.event(f"sni {name or 'none'}")
    return context


async def serve(args, log):
    tls = server_tls(args, log)
    tasks = set()

    async def connected(reader, writer):
        log.event("connect")
        if tls:
            made = writer.get_extra_info("ssl_object")
            log.event(f"tls {made.version()} alpn {made.selected_alpn_protocol()}")
        await Peer(log, reader, writer, False).run(args.steps)

    def task_of(reader, writer):
        task = asyncio.create_task(connected(reader, writer))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    server = await asyncio.start_server(
        task_of, args.host, 0, ssl=tls, limit=1 << 21, backlog=1024
    )
    log.event(f"port {server.sockets[0].getsockname()[1]}")
    await server.serve_forever()


async def connect_one(args, log):
    tls = None
    if args.tls:
        tls = ssl.create_default_context(cafile=args.tls)
        if args.alpn:
            tls.set_alpn_protocols(args.alpn.split(","))
    try:
        reader, writer = await asyncio.open_connection(
            args.host, args.port, ssl=tls, limit=1 << 21,
            server_hostname=args.host if tls else None,
        )
    except OSError as e:  # ssl.SSLError is one
        log.event(f"failed {e}")
        return
    log.event("connect")
    await Peer(log, reader, writer, True).run(args.steps)


async def connect(args, log):
    await asyncio.gather(*(connect_one(args, log) for _ in range(args.times)))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    sub = parser.add_subparsers(dest="mode", required=True)
    for mode in ("serve", "connect"):
        p = sub.add_parser(mode)
        p.add_argument("dir")
        if mode == "connect":
            p.add_argument("port", type=int)
            p.add_argument("--tls", metavar="CA", help="over TLS, trusting this file")
            p.add_argument("--times", type=int, default=1, help="so many connections at once")
        else:
            p.add_argument("--cert", help="over TLS with this certificate")
            p.add_argument("--key")
            p.add_argument("--client-ca", help="ask for a client certificate")
            p.add_argument("--tls-max", choices=("1.1", "1.2", "1.3"), default="1.3")
        p.add_argument("--host", default="127.0.0.1")
        p.add_argument("--alpn", help="protocols, with commas")
        p.add_argument("--timeout", type=float, default=120, help="seconds the rig lives")
    args, steps = parser.parse_known_args()
    args.steps = steps
    check_steps(steps)
    log = Log(args.dir)
    work = serve(args, log) if args.mode == "serve" else connect(args, log)
    try:
        asyncio.run(asyncio.wait_for(work, args.timeout))
    except asyncio.TimeoutError:
        log.event("timeout")
        sys.exit(1)


if __name__ == "__main__":
    main()
