#!/usr/bin/env bats
# What can be seen of a connection: -v, -vv, --trace, -T, --record, and why a server refused.

load lib/common

STAMP='[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z'
TIME='[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}'

# has FILE ERE...: lines of it match, in this order.
has() {
    local file=$1 from=1 at
    for ere in "${@:2}"; do
        at=$(tail -n "+$from" "$file" | grep -nE -m 1 -e "$ere" | cut -d: -f1)
        [ -n "$at" ] || fail "${file#"$T/"} has not, in order: $ere" "$(cat -v "$file")"
        from=$((from + at))
    done
}

@test "-vv shows every frame with its time, direction, opcode, flags, length and start" {
    rig accept ping:p recv text:back finish
    wsx -vv -x hello "$URL"
    exits 0
    has "$T/err" "^$TIME < ping fin 1 byte \"p\"\$" "^$TIME > (pong|text)" \
        "^$TIME < text fin 4 bytes \"back\"\$" \
        "^$TIME > close fin masked 2 bytes 1000 \(normal\)\$" \
        "^$TIME < close fin 2 bytes 1000 \(normal\)\$"
    has "$T/err" "^$TIME > text fin masked 5 bytes \"hello\"\$"
    has "$T/err" "^$TIME > pong fin masked 1 byte \"p\"\$"
    prints 'back\n'
}

@test "-vv shows fragments, compressed frames and bytes as they are" { # F08 D01
    rig accept send:0103666f6f send:8002c3a9 binary:61 finish
    wsx -vv "$URL" -x "$(printf 'x%.0s' {1..1000})"
    exits 0
    has "$T/err" '< text 3 bytes "foo"$' '< continuation fin 2 bytes "é"$' '< binary fin 1 byte 61$'
    listen --echo
    wsx -vv -E "$URL" -x "$(printf 'x%.0s' {1..1000})"
    has "$T/err" '> text fin rsv1 masked [0-9]+ bytes( [0-9a-f]{2})+$'
}

@test "-vv shows all fragments of what is binary as bytes" {
    rig accept send:0203666f6f send:8903706f6e send:8003626172 finish
    wsx -vv "$URL" -x x
    has "$T/err" '< binary 3 bytes 66 6f 6f$' '< ping fin 3 bytes "pon"$' '< continuation fin 3 bytes 62 61 72$'
}

@test "a long frame is shown by its start, and whole characters of it" {
    rig accept text:"$(printf 'a%.0s' {1..63})éééé" finish
    wsx -vv "$URL" </dev/null -x y
    has "$T/err" '< text fin 71 bytes "a{63}" \.\.\.$'
}

@test "-vv lets no frame drive the terminal" { # T12
    rig accept text:'\x1b[2J' close:1000:'\x1b[2J'
    wsx -vv "$URL" </dev/null
    lacks "$T/err" $'\x1b'
    has "$T/err" '< text fin 4 bytes "\^\[\[2J"$'
}

@test "--trace writes heads and frames to a file with their times; --trace-hex as bytes" {
    rig accept echo
    wsx --trace "$T/trace" --trace-hex -E -x hi "$URL" -H 'Cookie: secret=1' -H 'X-Auth-Token: secret=1' -H 'x-api-key: secret=1'
    exits 0
    says_nothing
    prints 'hi\n'
    has "$T/trace" "^$STAMP > GET / HTTP/1.1\$" "^$STAMP > Cookie: \*\*\*\$" \
        "^$STAMP < HTTP/1.1 101 " "^$STAMP > text fin masked 2 bytes 68 69\$" \
        "^$STAMP > close fin masked 2 bytes 1000 \(normal\)\$"
    lacks "$T/trace" secret
    [ "$(stat -c %a "$T/trace")" = 600 ]
}

@test "a listener's trace tells the clients apart" {
    listen --echo --trace "$T/trace"
    rig_client request text:a recv close:1000
    kill "$LISTEN_PID"
    await "$T/trace" '> [0-9.:]+ close'
    has "$T/trace" '< 127\.0\.0\.1:[0-9]+ text fin masked 1 byte "a"'
}

@test "a trace that cannot be written is an error before anything is sent, and one that fills up is told" {
    rig accept echo
    wsx --trace "$T/no/where" -x hi "$URL"
    exits 1
    complains 'cannot write .*no/where: No such file'
    wsx --trace /dev/full -E -x hi "$URL"
    exits 1
    complains 'cannot write to /dev/full: No space left'
    prints 'hi\n'
    wsx --trace - "$URL" </dev/null
    exits 2
}

@test "-T tells when each line came" { # wish 19
    rig accept text:a binary:62 text: finish
    wsx -T -x go "$URL"
    exits 0
    [ "$(head -n 1 "$T/out" | grep -cE "^$STAMP a\$")" -eq 1 ] || fail "no stamp" "$(report)"
    grep -qE "^b$STAMP \$" "$T/out" || fail "a binary message is changed" "$(report)"
    rig accept text:a finish
    wsx -T -0 -x go "$URL"
    tr '\0' '\n' <"$T/out" | grep -qE "^$STAMP a\$"
    wsx -T --output raw "$URL"
    exits 2
    complains 'timestamps is for output in lines or JSON'
}

@test "-T tells when each event came" {
    rig accept text:a ping:p binary:62 finish
    wsx -j -P -T -E "$URL" </dev/null
    exits 0
    events 'assert all("time" in x for x in e) and [list(x)[-1] for x in e[1:]] == ["time"] * 4, e'
}

@test "--record writes JSON lines of both directions, with times" { # wish 23
    listen --echo
    printf '{"send":"a\\u0000b"}\n{"send":"AAEC","encoding":"base64"}\n{"ping":"p"}\n' |
        "$WSX" -E --input json --record "$T/out" "$URL" >/dev/null
    events '
assert [x["event"] for x in e if x["event"] not in ("pong", "message")] == \
    ["open", "send", "send", "send", "send", "close"], e
assert [(x["type"], x.get("data")) for x in e if x["event"] == "send"] == \
    [("text", "a\0b"), ("binary", "AAEC"), ("ping", "p"), ("close", None)], e
assert [(x["type"], x["data"]) for x in e if x["event"] == "message"] == \
    [("text", "a\0b"), ("binary", "AAEC")], e
assert all("time" in x for x in e)'
    [ "$(stat -c %a "$T/out")" = 600 ]
}

@test "what is recorded is the bytes that were said, however they were cut" {
    listen --echo
    head -c 40000000 /dev/urandom | base64 -w 0 >"$T/long"
    "$WSX" -E --record "$T/out" "$URL" <"$T/long" >"$T/back"
    cmp "$T/back" <(cat "$T/long" <(echo))
    events '
want = open(sys.argv[1].replace("/out", "/long")).read()
for kind in "send", "message":
    parts = [x for x in e if x["event"] == kind and x["type"] == "text"]
    assert len(parts) == 2 and parts[0]["fin"] is False and "fin" not in parts[1], len(parts)
    assert "".join(x["data"] for x in parts) == want'
}

@test "a listener records its clients apart" {
    listen --echo --record "$T/out"
    rig_client request text:a recv close:1000
    rig_client request text:b recv close:1000
    await "$T/out" '"close"' 2
    kill "$LISTEN_PID"
    events '
assert len({x["client"] for x in e}) == 2 and all("client" in x for x in e), e'
    wsx --record x.har -l 0
    exits 2
    complains 'only JSON lines'
}

@test "--record FILE.har is an HTTP Archive that other tools read, without secrets" { # wish 23
    rig accept text:'h\x22i\n' binary:00ff recv:2 close:1000
    wsx --record "$T/r.HAR" -t -x sent -x '' -H 'Authorization: Basic c2VjcmV0' "${URL}a?b=c&d=&e"
    exits 0
    lacks "$T/r.HAR" c2VjcmV0
    "$PYTHON" - "$T/r.HAR" <<'END' || fail "$(cat "$T/r.HAR")"
import base64, json, sys
log = json.load(open(sys.argv[1]))["log"]
assert log["version"] == "1.2" and log["creator"]["name"] == "wsx"
[entry] = log["entries"]
assert entry["_resourceType"] == "websocket" and entry["time"] >= 0
request, response = entry["request"], entry["response"]
assert request["method"] == "GET" and request["url"].endswith("/a?b=c&d=&e"), request
assert [(q["name"], q["value"]) for q in request["queryString"]] == [("b", "c"), ("d", ""), ("e", "")]
assert {"name": "Authorization", "value": "***"} in request["headers"]
assert response["status"] == 101 and response["statusText"] == "Switching Protocols"
got = [(m["opcode"], m["data"]) for m in entry["_webSocketMessages"] if m["type"] == "receive"]
assert got == [(1, 'h"i\n'), (2, base64.b64encode(b"\0\xff").decode())], got
sent = [(m["opcode"], m["data"]) for m in entry["_webSocketMessages"] if m["type"] == "send"]
assert sent == [(1, "sent"), (1, "")], sent
assert all(isinstance(m["time"], float) for m in entry["_webSocketMessages"])
for part in ("blocked", "dns", "connect", "ssl", "send", "wait", "receive"):
    assert part in entry["timings"]
END
}

@test "an archive of a refusal, of nothing and of a lost connection is whole too" {
    rig request answer:'HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n'
    wsx --record "$T/a.har" -x x "$URL"
    exits 6
    wsx --record "$T/b.har" -x x ws://127.0.0.1:1/
    exits 4
    rig accept text:x rst
    wsx --record "$T/c.har" "$URL" </dev/null
    exits 8
    "$PYTHON" - "$T" <<'END'
import json, sys
a, b, c = (json.load(open(f"{sys.argv[1]}/{name}.har"))["log"]["entries"] for name in "abc")
assert [e["response"]["status"] for e in a] == [403] and b == []
assert len(c[0]["_webSocketMessages"]) <= 1
END
}

@test "--record FILE.wst is the conversation as a script" {
    rig accept text:'one\ntwo' binary:0001 recv close:4000:bye
    wsx --record "$T/r.wst" -x 'hi
there' "$URL"
    exits 9
    sed 1d "$T/r.wst" | sort >"$T/got"
    printf '%s\n' "@ $URL" '= open' '> hi' '  there' '< one' '  two' '<b 0001' '= close 4000 bye' |
        sort | cmp - "$T/got" || fail "$(cat "$T/r.wst")"
    rig request answer:'HTTP/1.1 418 Tea\r\nContent-Length: 0\r\n\r\n'
    wsx --record "$T/r.wst" -x x -s chat "$URL"
    has "$T/r.wst" "^@ $URL -s 'chat'\$" '^= refused 418$'
}

@test "a trace or recording that would be in the way of another file is refused, and nothing is lost" {
    printf 'precious' >"$T/file"
    ln "$T/file" "$T/link"
    for args in "--trace $T/file -f $T/file" "--record $T/link -f $T/file" "--trace $T/file --record $T/link" \
        "--trace $T/file --record $T/new --ca $T/none wss://h/"; do
        wsx $args ws://127.0.0.1:1/
        exits 2
    done
    wsx --trace "$T/file" 'ws://h:0x/'
    exits 2
    wsx --trace "$T/fresh" --record "$T/fresh" ws://127.0.0.1:1/
    exits 2
    complains 'the trace is written there'
    [ "$(cat "$T/file")" = precious ]
    wsx --trace "$T/file" ws://127.0.0.1:1/
    exits 4
    [ "$(cat "$T/file")" = '' ]
}

@test "with --expect-refused and a server that accepts, the open event comes before our Close" {
    rig accept finish
    wsx --record "$T/record.jsonl" --expect-refused 403 "$URL" </dev/null
    exits 10
    has "$T/record.jsonl" '"event":"open"' '"event":"send","type":"close"' '"event":"close"'
}

@test "a recording is no place where a disk fills up unseen" {
    listen --echo
    wsx --record /dev/full -E -x hi "$URL"
    exits 1
    complains 'cannot write to /dev/full: No space left'
    prints 'hi\n'
}

@test "a refusal tells its status and the first line of its body" { # wish 5
    rig request answer:'HTTP/1.1 403 Forbidden\r\nContent-Length: 30\r\n\r\ntoken expired\r\nmore of it 456' finish
    wsx -x hi "$URL"
    exits 6
    complains 'answered 403 Forbidden: token expired; -v shows its answer'
}

@test "-v shows headers and body of a refusal, made safe" { # wish 5 T12
    rig request answer:'HTTP/1.1 401 No\r\nWWW-Authenticate: Bearer\r\nX-A: b\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"er\x1b\r\n4\r\nr":1\r\n1\r\n}\r\n0\r\n\r\n' finish
    wsx -v -x hi "$URL"
    exits 6
    has "$T/err" '^< HTTP/1.1 401 No$' '^< X-A: b$' '^< \{"er\^\[r":1\}$'
    lacks "$T/err" $'\x1b'
}

@test "a page of markup or of bytes is not put into the error" {
    for body in '<!doctype html><h1>No</h1>' '\xff\xfe\x00\x01'; do
        rig request answer:"HTTP/1.1 500 Oops\\r\\n\\r\\n$body" drop
        wsx -x hi "$URL"
        exits 6
        complains 'answered 500 Oops; -v shows its answer$'
    done
}

@test "a body that does not end is waited for no longer than the close timeout" {
    rig request answer:'HTTP/1.1 500 Oops\r\nContent-Length: 100\r\n\r\npart of' stall
    clock
    wsx -x hi "$URL"
    within 4
    exits 6
    complains 'answered 500 Oops: part of'
}
