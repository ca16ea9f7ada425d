#!/usr/bin/env bats
# How messages lie in standard input and output: --input, --output and what goes with them.

load lib/common

@test "NUL ends messages that hold newlines, in and out" { # mixed lines: a boundary is kept
    rig accept echo
    wsx -E -0 "$URL" < <(printf 'a\nb\0\0c')
    exits 0
    prints 'a\nb\0000\0000c\0000'
    peer_saw_all 'text "a\nb"' 'text ""' 'text "c"'
}

@test "--input nul leaves the output with newlines" {
    rig accept echo
    wsx -E --input nul "$URL" < <(printf 'a\0b\0')
    prints 'a\nb\n'
}

@test "--separator takes any byte" {
    rig accept echo
    wsx -E --separator 59 "$URL" < <(printf 'a;b\nc;')
    prints 'a;b\nc;'
    rig accept echo
    wsx -E --separator 169 "$URL" < <(printf 'a\251b\251')
    prints 'a\251b\251'
}

@test "all of standard input is one message with --input whole" {
    rig accept echo
    wsx -E --input whole --output whole "$URL" < <(printf 'a\nb\n')
    prints 'a\nb\n'
    peer_saw 'text "a\nb\n"'
    [ "$(frames ' text ')" -eq 1 ]
}

@test "bytes of --input whole go out while they come, as fragments of one message" {
    rig accept sink
    start_wsx -b --input whole "$URL"
    head -c 200000 /dev/zero >&"$IN"
    await "$RIG/frames" '^0 0 (binary|cont)' 2 # before the end of input is there
    end_input
    wait_wsx
    exits 0
    peer_saw 'sunk 1 200000'
}

@test "--chunk-size makes messages of that size, the last one shorter" {
    rig accept echo
    wsx -E -b --chunk-size 4 --output hex "$URL" < <(printf 'abcdefghij')
    prints '61626364\n65666768\n696a\n'
}

@test "a chunk longer than a read is one message" {
    head -c 1000000 /dev/urandom >"$T/data"
    listen --count 1 --output length --max-message 2M
    wsx -bE --chunk-size 1000000 "$URL" <"$T/data"
    wait_for "$LISTEN_PID"
    [ "$(tail -n +2 "$T/listen.out" | head -c 5 | xxd -p)" = 000f424002 ]
    cmp <(tail -n +2 "$T/listen.out" | tail -c +6) "$T/data"
}

@test "chunks of text end with a character" {
    rig accept echo
    wsx -E -t --input raw --chunk-size 4 "$URL" < <(printf 'abcédef')
    prints 'abc\néde\nf\n'
}

@test "length framing carries text, bytes and nothing at all" {
    rig accept echo
    printf '\0\0\0\003\001a\nb\0\0\0\0\002\0\0\0\002\002\377\0\0\0\0\0\001' >"$T/data"
    wsx -E --input length --output length "$URL" <"$T/data"
    exits 0
    cmp "$T/data" "$T/out"
}

@test "a length that is cut off, or of no type, is an error with code 1" {
    rig accept echo
    wsx -E --input length "$URL" < <(printf '\0\0\0\003\001ab')
    exits 1
    complains 'message 1 of standard input is cut off: it was not sent'
    rig accept echo
    wsx -E --input length "$URL" < <(printf 'hello, world')
    exits 1
    complains 'message 1 of standard input is of neither type, 1 or 2: it was not sent, nor what follows'
}

@test "bytes cut off within their message are told" {
    rig accept sink
    wsx -E --input length "$URL" < <(printf '\0\0\0\005\002ab')
    exits 1
    complains 'standard input ended within a message: its end was not sent'
}

@test "lines of hex and of Base64 are binary messages" {
    rig accept echo
    wsx -E --input hex --output hex "$URL" < <(printf 'FF 00\r\n\n61\n')
    prints 'ff00\n\n61\n'
    rig accept echo
    wsx -E --input base64 --output base64 "$URL" < <(printf '/wA=\nYQ==')
    prints '/wA=\nYQ==\n'
    rig accept echo
    wsx -E -t --input hex "$URL" < <(printf '68c3a9\n')
    prints 'hé\n'
}

@test "a line that is no hex or Base64 is left out and told, and the code is 1" {
    rig accept echo
    wsx -E --input hex "$URL" < <(printf 'zz\n61\n')
    exits 1
    complains 'line 1 of standard input is not hex: it was not sent'
    prints 'a'
    rig accept echo
    wsx -E --input base64 "$URL" < <(printf 'YQ==\n!\n')
    exits 1
    complains 'line 2 of standard input is not Base64: it was not sent'
}

@test "prefixes mix text and binary on one connection" { # wish 12
    rig accept echo
    wsx -E --text-prefix 't ' --binary-prefix 'b ' "$URL" < <(printf 't one\nb \377\nplain\n')
    prints 't one\nb \377\nt plain\n'
    peer_saw_all 'text "one"' 'binary ff' 'text "plain"'
}

@test "with --base64 binary messages are lines of it, as in websocat" { # wish 11
    rig accept binary:00ff text:a echo
    wsx -E --base64 --binary-prefix 'b:' "$URL" < <(printf 'b:/w==\nx\n')
    prints 'b:AP8=\na\nb:/w==\nx\n'
    rig accept text:a close:1000
    wsx --base64-text "$URL" </dev/null
    prints 'YQ==\n'
}

@test "-b with lines asked for sends each as bytes" {
    rig accept echo
    wsx -E -b --input line --output hex "$URL" < <(printf '\377\na\n')
    prints 'ff\n61\n'
}

@test "a framing that is not one, and options without theirs, are usage errors" {
    wsx --input words ws://h/ </dev/null
    exits 2
    complains "words' is none of line, nul, whole, raw, length, hex, base64, json"
    wsx --chunk-size 4 ws://h/ </dev/null
    exits 2
    complains 'chunk-size is for raw input; say --input raw or -b'
    wsx --chunk-size 0 -b ws://h/ </dev/null
    exits 2
    wsx --separator x ws://h/ </dev/null
    exits 2
    complains "'x' is no byte; give its value from 0 to 255, such as 10 for a newline"
    wsx --input hex --output hex --base64 ws://h/ </dev/null
    exits 2
    complains 'are for lines'
}

@test "-f sends each file as one binary message" {
    head -c 300000 /dev/urandom >"$T/a"
    : >"$T/b"
    listen --count 3 --output length
    wsx -E -x text -f "$T/a" -f "$T/b" "$URL"
    exits 0
    wait_for "$LISTEN_PID"
    cmp <(printf '\0\0\0\004\001text\0\004\223\340\002'; cat "$T/a"; printf '\0\0\0\0\002') \
        <(tail -n +2 "$T/listen.out")
}

@test "a file that can not be read is a usage error, and nothing is sent" {
    wsx -f "$T/none" ws://127.0.0.1:1/
    exits 2
    complains "file: cannot read $T/none: No such file or directory"
    wsx -f "$T" ws://127.0.0.1:1/
    exits 2
    complains "cannot read $T: Is a directory"
    mkfifo "$T/fifo"
    wsx -f "$T/fifo" ws://127.0.0.1:1/
    exits 2
    complains 'it is no regular file; pipe it in with -b --input whole'
}

@test "a long file is not held in memory" {
    plain_build "it needs more addresses"
    truncate -s 300M "$T/long"
    listen null:
    ulimit -v 100000 # KiB
    wsx --no-compress -E -f "$T/long" "$URL"
    exits 0
}

# sequence SEED: writes random messages to $T/sent in length framing: every kind of text, empty
# ones, NULs, newlines, carriage returns, broken JSON, bytes, one of 16 MiB; their number is $COUNT.
sequence() {
    COUNT=$("$PYTHON" - "$T/sent" "$1" <<'END'
import random, struct, sys
r = random.Random(int(sys.argv[2]))
texts = ["", "\0", "\r", "\n", "a\r\nb", '{"send":', "\\u0000", '"', "é€😀", "\x1b[2J", "\u2028"]
messages = [(2, r.randbytes(16 << 20)), (1, b""), (2, b""), (1, b"{\0}")]
for _ in range(200):
    kind = r.randrange(4)
    if kind == 0:
        messages.append((2, r.randbytes(r.choice([0, 1, 125, 126, 4096, 65535, 65536, 70000]))))
    elif kind == 1:
        messages.append((1, "".join(r.choices(texts, k=r.randrange(6))).encode()))
    elif kind == 2:
        messages.append((1, ("x" * r.choice([0, 125, 126, 65536, 200000])).encode()))
    else:
        messages.append((1, "".join(chr(r.randrange(0x20, 0xd7ff)) for _ in range(r.randrange(50))).encode()))
r.shuffle(messages)
with open(sys.argv[1], "wb") as f:
    for opcode, payload in messages:
        f.write(struct.pack(">IB", len(payload), opcode) + payload)
print(len(messages))
END
)
}

@test "any sequence of messages passes two wsx in length framing, bytes and types" { # property
    for seed in 1 2 3; do
        sequence $seed
        listen --count "$COUNT" --output length --max-message 20M
        wsx -E --input length --max-message 20M "$URL" <"$T/sent"
        exits 0
        wait_for "$LISTEN_PID"
        cmp "$T/sent" <(tail -n +2 "$T/listen.out") || fail "seed $seed"
    done
}

@test "any sequence of messages passes two wsx as JSON lines, bytes and types" { # property
    for seed in 4 5; do
        sequence $seed
        "$PYTHON" - "$T/sent" >"$T/commands" <<'END'
import base64, json, struct, sys
data = open(sys.argv[1], "rb").read()
while data:
    n, opcode = struct.unpack(">IB", data[:5])
    payload, data = data[5:5 + n], data[5 + n:]
    if opcode == 1:
        print(json.dumps({"send": payload.decode()}, ensure_ascii=n % 2 == 0))
    else:
        print(json.dumps({"send": base64.b64encode(payload).decode(), "encoding": "base64"}))
END
        listen --count "$COUNT" -j --max-message 20M
        wsx -E -J --max-message 20M "$URL" <"$T/commands"
        exits 0
        wait_for "$LISTEN_PID"
        "$PYTHON" - "$T/listen.out" >"$T/got" <<'END'
import base64, json, struct, sys
for line in open(sys.argv[1], encoding="utf-8", newline="\n").read().split("\n")[1:-1]:
    e = json.loads(line)
    if e["event"] == "message":
        p = e["data"].encode() if e["type"] == "text" else base64.b64decode(e["data"])
        sys.stdout.buffer.write(struct.pack(">IB", len(p), 1 if e["type"] == "text" else 2) + p)
END
        cmp "$T/sent" "$T/got" || fail "seed $seed"
    done
}
