"""The cases of hostile.py: frames, and what must come back for them."""

import collections
import itertools
import struct
import zlib

from rig import frame_head, mask

LIMIT = 100  # of a message, for the cases that pass it
CONT, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10


class Frame:
    """A frame, right unless told otherwise. width: of the length's long form, 0, 2 or 8."""

    def __init__(self, opcode, data=b"", fin=True, rsv=0, right_mask=True, width=None, length=None):
        self.opcode, self.data, self.fin, self.rsv = opcode, data, fin, rsv
        self.right_mask = right_mask
        self.length = len(data) if length is None else length
        least = 0 if self.length < 126 else 2 if self.length < 65536 else 8
        self.width = least if width is None else width
        self.shortest = self.width == least

    def head_fault(self):
        """Wrong by itself, whatever came before."""
        control = self.opcode >= 8
        return (
            self.rsv
            or self.opcode not in (CONT, TEXT, BINARY, CLOSE, PING, PONG)
            or not self.right_mask
            or not self.shortest
            or self.length >> 63
            or control and (not self.fin or self.length > 125)
        )

    def head(self, client):
        bits = 0x80 if client == self.right_mask else 0
        first = (0x80 if self.fin else 0) | self.rsv | self.opcode
        if self.width == 0:
            out = bytes([first, bits | self.length])
        elif self.width == 2:
            out = struct.pack("!BBH", first, bits | 126, self.length)
        else:
            out = struct.pack("!BBQ", first, bits | 127, self.length)
        return out + (self.key() if bits else b"")

    def key(self):
        return struct.pack("!I", (self.opcode + 1) * 0x9E3779B1 & 0xFFFFFFFF)

    def encode(self, client):
        masked = client == self.right_mask
        return self.head(client) + (mask(self.key(), self.data) if masked else self.data)


class Bytes:
    """Frames as their bytes, for floods, masked by the key 0; and a cut one."""

    def __init__(self, frames, times=1, cut=b""):
        self.frames, self.times, self.cut = frames, times, cut

    def encode(self, client):
        out = b""
        for f in self.frames:
            out += frame_head(f.opcode, len(f.data), client, f.fin)
            out += (bytes(4) if client else b"") + f.data
        return out * self.times + self.cut


class Await:
    """What follows is not sent before this came back."""

    def __init__(self, line):
        self.line = line

    def encode(self, client):
        del client
        return self


class End:
    """No Close: a FIN, or a reset."""

    def __init__(self, reset=False):
        self.reset = reset


def text(s, **how):
    return Frame(TEXT, s.encode("latin-1") if isinstance(s, str) else s, **how)


def part(s, **how):
    return text(s, fin=False, **how)


def binary(data, **how):
    return Frame(BINARY, data, **how)


def more(s=""):
    return Frame(CONT, s.encode("latin-1"), fin=False)


def last(s=""):
    return Frame(CONT, s.encode("latin-1"))


def ping(s=""):
    return Frame(PING, s.encode("latin-1"))


def pong(s=""):
    return Frame(PONG, s.encode("latin-1"))


def close(code=None, reason=b""):
    return Frame(CLOSE, (b"" if code is None else struct.pack("!H", code)) + reason)


def on_the_wire(code):
    return 1000 <= code <= 1003 or 1007 <= code <= 1014 or 3000 <= code <= 4999


def is_text(data):
    try:
        data.decode("utf-8")
        return True
    except UnicodeDecodeError:
        return False


def judge_close(data):
    if len(data) == 0:
        return "close none"
    if len(data) == 1 or not on_the_wire(struct.unpack("!H", data[:2])[0]):
        return "close 1002"
    if not is_text(data[2:]):
        return "close 1007"
    return f"close {struct.unpack('!H', data[:2])[0]}"


def judge(frames, limit=None):
    """What RFC 6455 has a peer answer that sends back every message, and after how many frames."""
    out, kind, message = [], None, b""
    for n, f in enumerate(frames, 1):
        if isinstance(f, Await):
            continue
        out_of_turn = f.opcode < 8 and (f.opcode == CONT) == (kind is None)
        if f.head_fault() or out_of_turn:
            return out + ["close 1002"], n
        if f.opcode == CLOSE:
            return out + [judge_close(f.data)], n
        if f.opcode == PING:
            out.append(show("pong", f.data))
        if f.opcode >= 8:
            continue
        if limit is not None and len(message) + f.length > limit:
            return out + ["close 1009"], n
        kind = f.opcode if f.opcode != CONT else kind
        message += f.data
        if kind == TEXT and not is_text(message) and (f.fin or not may_go_on(message)):
            return out + ["close 1007"], n
        if f.fin:
            out.append(show("text" if kind == TEXT else "binary", message))
            kind, message = None, b""
    return out, len(frames)


def may_go_on(data):
    """Whether bytes that are no UTF-8 may become it by more bytes."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as e:
        return e.reason == "unexpected end of data"
    return True


def show(name, data):
    if len(data) > 200:
        return f"{name} of {len(data)}"
    return f"{name} {data.decode('latin-1')}"


# ---- the cases ----------------------------------------------------------------------------

Case = collections.namedtuple("Case", "name frames want limit deaf flood deflate")
CASES = []


def case(name, frames, want, limit=None, deaf=False, flood=False, deflate=False):
    """deaf: the peer reads nothing until it can write no more. flood: too long for bytes.
    deflate: permessage-deflate is agreed on."""
    CASES.append(Case(name, frames, want, limit, deaf, flood, deflate))


AFTER = [text("after"), ping("after"), close(1000)]  # no word of it is answered

case("a right sequence (F37)",
     [text("a"), ping("p"), binary(b"\0\xff"), text("")],
     ["text a", "pong p", "binary \0\xff", "text "])
case("fragments with control frames between (F15 F19 F20)",
     [part("a"), ping("1"), more("b"), pong("x"), ping("2"), last("c"), ping("3")],
     ["pong 1", "pong 2", "text abc", "pong 3"])
case("empty fragments anywhere (F16 B04)",
     [part(""), more(""), last(""), part("a"), more(""), last(""), part(""), last("b")],
     ["text ", "text a", "text b"])
case("pongs nobody asked for, between all (F27 B50)",
     [pong(), text("a"), pong("x" * 125), part("b"), pong(), last("c")],
     ["text a", "text bc"])
case("a ping of 125 bytes and of any byte (F21 F23 T08)",
     [ping("x" * 125), ping("\0\xff\xc3"), ping("")],
     ["pong " + "x" * 125, "pong \0\xff\xc3", "pong "])
case("a character in three fragments, a ping in its middle (T03)",
     [part(b"\xe2"), ping("p"), more("\x82"), last("\xac")],
     ["pong p", "text \xe2\x82\xac"])
case("fragments, pings and messages one at a time, each waiting for its answer (F16 F19)",
     [part("a"), ping("1"), Await("pong 1"), last(""), Await("text a"), ping("2"), Await("pong 2"),
      text(""), Await("text "), part(""), more(""), ping("3"), Await("pong 3"), last("b")],
     ["pong 1", "text a", "pong 2", "text ", "pong 3", "text b"])
case("lengths around what a buffer may hold (B48)",
     [text("x" * n) for n in (125, 126, 127, 527, 528, 529, 1023, 1025, 4095, 4096, 4097)],
     ["text " + "x" * n for n in (125, 126, 127)]
     + [f"text of {n}" for n in (527, 528, 529, 1023, 1025, 4095, 4096, 4097)], flood=True)
case("large messages around 16 KiB and 64 KiB (B31 B48)",
     [binary(bytes(n)) for n in (16383, 16384, 16385, 65535, 65536, 65537, 300000)],
     [f"binary of {n}" for n in (16383, 16384, 16385, 65535, 65536, 65537, 300000)], flood=True)
case("pings inside a large message come back before its end (F24)",
     [part("x" * 100000), ping("1"), Await("pong 1"), more("y" * 100000), ping("2"),
      Await("pong 2"), last("z")],
     ["pong 1", "pong 2", "text of 200001"], flood=True)

case("a bad frame behind good ones (F36 F37)",
     [text("a"), ping("p"), part("b"), last("c"), Frame(3)] + AFTER,
     ["text a", "pong p", "text bc", "close 1002"])
case("a bad frame inside a message (F36)",
     [text("a"), part("lost"), ping("p"), Frame(PING, rsv=0x40)] + AFTER,
     ["text a", "pong p", "close 1002"])
case("a continuation of nothing, and after a message (F17)",
     [part("a"), last("b"), last("c")] + AFTER, ["text ab", "close 1002"])
case("a message inside a message (F18)", [part("a"), part("b")] + AFTER, ["close 1002"])
case("another kind inside a message (F18)",
     [part("a"), binary(b"b")] + AFTER, ["close 1002"])
case("an opcode of the future with a length beyond all (F10)",
     [text("a"), Frame(7, length=(1 << 63) - 1)], ["text a", "close 1002"])
case("a length with its top bit set (F13 B07 B38)",
     [binary(b"", length=1 << 63 | 1)], ["close 1002"])
case("a Close of one byte (C09)",
     [text("a"), Frame(CLOSE, b"\3")] + AFTER, ["text a", "close 1002"])
case("a Close too long (C11 F21)", [close(1000, b"x" * 124)] + AFTER, ["close 1002"])
case("a Close in pieces (F22)", [Frame(CLOSE, b"\3\xe8", fin=False)] + AFTER, ["close 1002"])
case("a reason that is not UTF-8 (C10)", [close(1000, b"\xc3\x28")] + AFTER, ["close 1007"])
case("a reason cut in a character (C10)", [close(1000, b"\xe2\x82")] + AFTER, ["close 1007"])

for bad in (b"\xc0\x80", b"\xe0\x80\x80", b"\xf0\x80\x80\x80", b"\xed\xa0\x80", b"\xed\xbf\xbf",
            b"\xf4\x90\x80\x80", b"\xf5", b"\xff", b"\x80"):
    case(f"text with {bad.hex()} (T01)", [text("a"), text(b"b" + bad)] + AFTER,
         ["text a", "close 1007"])
case("text that ends in a character (T06)", [text(b"\xe2\x82")] + AFTER, ["close 1007"])
case("fragments that end in a character (T06)",
     [part(b"\xe2"), last("\x82")] + AFTER, ["close 1007"])
case("the fragment that makes it bad is the last word (T04)",
     [part(b"\xf4"), more("\x90")] + AFTER, ["close 1007"])
case("a reserved bit behind bad text is too late (F36)",
     [text(b"\xff"), Frame(TEXT, rsv=0x40)] + AFTER, ["close 1007"])

case("a Close in the middle of a message (C25 B50)",
     [part("lost"), close(1000), last("too")] + AFTER, ["close 1000"])
case("data after a Close (C24 F26)", [text("a"), close(4000)] + AFTER, ["text a", "close 4000"])
case("faults after a Close (C24)", [close(), Frame(3), Frame(PING, rsv=0x70)], ["close none"])
case("two Closes (C01)", [close(1001), close(1002)], ["close 1001"])
case("a Close with the longest reason (C11)", [close(4999, b"x" * 123)], ["close 4999"])
for number in (1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999,
               4000, 4999):
    # A server that is told 1010 repeats it no more than any other code it may not begin with (C21).
    case(f"a Close {number} (C03 C06 C18)",
         [text("a"), close(number)], ["text a", f"close {number}"])
for number in (0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535):
    case(f"a Close {number} (C05 C07 C08)", [text("a"), close(number)] + AFTER,
         ["text a", "close 1002"])

case("the end without a Close (C17)", [text("a"), End()], ["text a"])
case("the end inside a head (C17)", [text("a"), Bytes([]), End()], ["text a"])
case("the end inside a message (C17 C25)", [text("a"), part("lost"), End()], ["text a"])
case("a reset (C17 C32)", [End(reset=True)], [])

case("a message at the limit and one past it (S01 C20)",
     [text("x" * 100), binary(b"y" * 101)] + AFTER, ["text " + "x" * 100, "close 1009"],
     limit=LIMIT)
case("fragments past the limit, seen in the head (S03 B35)",
     [part("x" * 60), ping("p"), Frame(CONT, b"", length=41)], ["pong p", "close 1009"],
     limit=LIMIT)
case("a length no memory has (S02 B36 B39)",
     [text("a"), binary(b"", length=(1 << 63) - 1)], ["text a", "close 1009"], limit=LIMIT)
case("the limit is of messages, not of control frames (S01)",
     [part("x" * 50), ping("p" * 125), last("y" * 50), ping("q" * 125)],
     ["pong " + "p" * 125, "text " + "x" * 50 + "y" * 50, "pong " + "q" * 125], limit=LIMIT)
case("bad text past the limit is past the limit (S01)",
     [binary(b"\xff" * 101)] + AFTER, ["close 1009"], limit=LIMIT)

case("a flood of empty messages (F35 S05)",
     [Bytes([text("")], 100000), text("end")], ["text "] * 100000 + ["text end"], flood=True)
case("a flood of empty continuations (S05 B20)",
     [part("a"), Bytes([more("")], 1000000), last("b")], ["text ab"], flood=True)
case("a message in fragments of one byte (S05 B20)",
     [part(""), Bytes([more("x")], 300000), last("")], ["text of 300000"], flood=True)
case("a flood of pings inside a message (F20 F25 S07 B10)",
     [part("a"), Bytes([ping("p")], 200000), last("b")], ["pongs", "text ab"], flood=True)
case("a flood of pings unread (F25 S07 B10)",
     [Bytes([ping("p" * 125)], 100000), text("end")], ["pongs", "text end"], deaf=True, flood=True)
case("a flood of pongs (F27 B50)", [Bytes([pong("p" * 125)], 100000), text("end")],
     ["text end"], flood=True)
case("a flood of messages unread (S06)",
     [Bytes([binary(bytes(65536))], 300), text("end")],
     ["binary of 65536"] * 300 + ["text end"], deaf=True, flood=True)
case("a flood of messages and a bad frame (F37)",
     [Bytes([text("x")], 50000), Frame(3), Bytes([text("after")], 1000)],
     ["text x"] * 50000 + ["close 1002"], flood=True)

HELLO = bytes.fromhex("f248cdc9c90700")
AGAIN = bytes.fromhex("f200110000")  # the same by a reference to the message before


def packed(data, opcode=TEXT, fin=True, **how):
    return Frame(opcode, data, fin, rsv=0x40, **how)


def squeeze(data):
    z = zlib.compressobj(9, zlib.DEFLATED, -15)
    return (z.compress(data) + z.flush(zlib.Z_SYNC_FLUSH))[:-4]


def deflate_case(name, frames, want, **how):
    case(name, frames, want, deflate=True, **how)


deflate_case("compressed, plain and compressed with a history (D08 D21 B32)",
             [packed(HELLO), text("plain"), packed(AGAIN), ping("p"), packed(AGAIN)],
             ["text Hello", "text plain", "text Hello", "pong p", "text Hello"])
deflate_case("compressed fragments, empty ones and pings among them (D28 D35)",
             [packed(b"", fin=False), Frame(CONT, HELLO[:3], False), ping("1"), more(""),
              Frame(CONT, HELLO[3:]), packed(AGAIN, fin=False), ping("2"), last("")],
             ["pong 1", "text Hello", "pong 2", "text Hello"])
deflate_case("known encodings: stored, two blocks, final blocks, nothing (D25 D26 D27)",
             [packed(bytes.fromhex(h)) for h in (
                 "000500faff48656c6c6f00", "f248050000 00ffffcac9c90700",
                 "f348cdc9c9070000", "f348cdc9c9070000", "f200110000", "00")],
             ["text Hello"] * 5 + ["text "])
deflate_case("RSV1 on a continuation (D18)",
             [packed(HELLO), packed(HELLO[:3], fin=False), packed(HELLO[3:], CONT)] + AFTER,
             ["text Hello", "close 1002"])
for number in (CLOSE, PING, PONG):
    deflate_case(f"RSV1 on opcode {number:x} (D19)",
                 [packed(HELLO), packed(b"", number)] + AFTER, ["text Hello", "close 1002"])
for rsv in (0x20, 0x10, 0x60):
    deflate_case(f"reserved bits {rsv:x} beside compression (D20)",
                 [packed(HELLO), Frame(TEXT, HELLO, rsv=rsv)] + AFTER, ["text Hello", "close 1002"])
for name, payload in (("a reserved kind of block", b"\xff\xff\xff"), ("a cut stream", HELLO[:3]),
                      ("a reference to before the first byte", AGAIN)):
    deflate_case(f"{name} (D29)", [text("a"), packed(payload)] + AFTER, ["text a", "close 1007"])
deflate_case("bytes that inflate to no text (T09)",
             [packed(HELLO), packed(bytes.fromhex("000300fcffeda08000"))] + AFTER,
             ["text Hello", "close 1007"])
deflate_case("a message at the limit once inflated, and one past it (D30 B22 B23)",
             [packed(squeeze(b"x" * 100)), packed(squeeze(b"y" * 101)), text("after"), close(1000)],
             ["text " + "x" * 100, "close 1009"], limit=LIMIT)
deflate_case("bombs (D30 B19)",
             [packed(squeeze(bytes(1 << 24)), BINARY), text("after")], ["close 1009"],
             limit=LIMIT, flood=True)
deflate_case("a large message that was small on the wire, and another glued to it (D31 B31 B32)",
             [packed(squeeze(b"z" * 1000000)), packed(squeeze(b"z" * 300000)), text("end")],
             ["text of 1000000", "text of 300000", "text end"], flood=True)


def one_wrong():
    """Every opcode, final or not, alone and inside a message, with at most one thing wrong."""
    wrongs = [{}, {"n": 126}, {"rsv": 0x40}, {"rsv": 0x20}, {"rsv": 0x10}, {"right_mask": False},
              {"width": 2}, {"width": 8}, {"n": 126, "width": 8}]
    for opcode, fin, inside, wrong in itertools.product(range(16), (1, 0), (0, 1), wrongs):
        how = dict(wrong)
        n = how.pop("n", 2)
        data = b"\x03\xe8" + b"x" * (n - 2) if opcode == CLOSE else b"x" * n
        frames = [text("a")] + [part("b")] * inside + [Frame(opcode, data, bool(fin), **how)]
        if (opcode >= 8 and inside) or (opcode < 3 and not fin):
            frames.append(last("c"))
        frames += AFTER
        name = f"opcode {opcode:x} fin {fin} " + ("inside " if inside else "") + str(wrong)
        name += " (F05 F06 F09 F10 F12 F17 F18 F21 F22 B01)"
        yield Case(name, frames, None, None, False, False, False)
