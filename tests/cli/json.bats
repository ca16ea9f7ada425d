#!/usr/bin/env bats
# Events as JSON lines. Python reads them; the keys must be in order.

load lib/common

@test "a session is an open, its messages and a close" { # R07a R09a R10a G15
    rig accept:810178 text:two binary:00ff close:1000:bye
    wsx -j "$URL" </dev/null
    exits 0
    events 'assert [x["event"] for x in e] == ["open", "message", "message", "message", "close"], e'
}

@test "open has the url, the negotiated and the times, in order" { # W10 W12 R11a R12a R13a
    rig request "$(ok_101 'Sec-WebSocket-Protocol: chat')" close:1000
    wsx -j -s chat "WS://LOCALHOST:$PORT/a/../p?" </dev/null
    events "
o = e[0]
assert list(o) == ['event', 'url', 'protocol', 'extensions', 'readyState', 'time', 'timing'], o
assert o['url'] == 'ws://localhost:$PORT/p?', o
assert o['protocol'] == 'chat' and o['extensions'] == '' and o['readyState'] == 1, o
assert re.fullmatch(r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z', o['time']), o
assert list(o['timing']) == ['dns', 'connect', 'tls', 'upgrade'], o
assert all(0 <= v < 10000 for v in o['timing'].values()) and o['timing']['tls'] == 0, o"
}

@test "a text message and a binary one" { # F28 R09b W33
    rig accept text:hé binary:00ff10 close:1000
    wsx -j "$URL" </dev/null
    events "
assert list(e[1]) == ['event', 'type', 'data'] and e[1]['type'] == 'text', e
assert e[1]['data'] == 'hé', e
assert list(e[2]) == ['event', 'type', 'encoding', 'data'], e
assert e[2]['type'] == 'binary' and e[2]['encoding'] == 'base64', e
assert base64.b64decode(e[2]['data'], validate=True) == b'\x00\xff\x10', e"
}

@test "payload comes through as it was: quotes, newlines, controls, NUL, all of Unicode" {
    rig accept 'text:"\\\r\n\t\0\x01\x1f\x7f é€😀' close:1000
    wsx -j "$URL" </dev/null
    [ "$(wc -l <"$T/out")" -eq 3 ]
    events 'assert e[1]["data"] == "\"\\\r\n\t\0\x01\x1f\x7f é€😀", e'
}

@test "a number in a message keeps every digit" {
    rig accept 'text:9007199254740993' close:1000
    wsx -j "$URL" </dev/null
    events 'assert e[1]["data"] == "9007199254740993", e'
}

@test "a message of 1 MiB is one line" {
    rig accept message:1048576 close:1000
    wsx -j "$URL" </dev/null
    events 'assert len(base64.b64decode(e[1]["data"])) == 1048576'
}

@test "close has code, reason, wasClean and readyState 3, and comes last" { # C04 R07a W37
    rig accept 'close:4001:by "é"'
    wsx -j "$URL" </dev/null
    exits 9
    events "
assert list(e[-1]) == ['event', 'code', 'reason', 'wasClean', 'readyState'], e
assert e[-1] == dict(event='close', code=4001, reason='by \"é\"', wasClean=True, readyState=3), e"
}

@test "a Close without a code is 1005" { # C04
    rig accept close
    wsx -j "$URL" </dev/null
    exits 0
    events 'assert e[-1]["code"] == 1005 and e[-1]["wasClean"] is True and e[-1]["reason"] == "", e'
}

@test "a lost connection is a close 1006 that is not clean" { # C17
    rig accept drop
    wsx -j "$URL" </dev/null
    exits 8
    events 'assert e[-1]["code"] == 1006 and e[-1]["wasClean"] is False, e'
}

@test "a close has no error before it, whatever its code" { # R08b
    rig accept close:1011
    wsx -j "$URL" </dev/null
    exits 9
    events 'assert [x["event"] for x in e] == ["open", "close"], e'
}

@test "a failed connection is an error with its exit code, then a close 1006" { # W36 R07b R08a W38
    rig accept send:c100
    wsx -j "$URL" </dev/null
    exits 7
    [ "$(grep -c '^wsx: ' "$T/err")" -eq 1 ] # the same in words
    events "
assert [x['event'] for x in e] == ['open', 'error', 'close'], e
assert list(e[1]) == ['event', 'message', 'exit'] and e[1]['exit'] == 7 and e[1]['message'], e
assert e[2]['code'] == 1006 and e[2]['reason'] == '' and e[2]['wasClean'] is False, e"
}

@test "a connection that never opened has no open, an error and a close 1006" { # R07b R10b W38 W39
    rig request 'answer:HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n' hold
    refusing=$URL
    rig send:7265667573656421 hold # no TLS
    for case in "6 $refusing" '3 ws://no-such-host.invalid/' '4 ws://127.0.0.1:1/' "5 wss://127.0.0.1:$PORT/"; do
        wsx -j "${case#* }" </dev/null
        exits "${case% *}"
        events "
assert [x['event'] for x in e] == ['error', 'close'], e
assert e[0]['exit'] == ${case% *}, e
assert e[1] == dict(event='close', code=1006, reason='', wasClean=False, readyState=3), e"
    done
}

@test "the error line holds the same words as standard error" {
    wsx -j ws://no-such-host.invalid/ </dev/null
    events "assert 'wsx: ' + e[0]['message'] == open('$T/err').read().rstrip('\n'), e"
}

@test "pings and pongs are events with -P, and none without" { # W40
    rig accept ping:hi send:8902fffe recv-pong recv-pong pong:yo close:1000
    wsx -j -P "$URL" </dev/null
    events "
assert [x['event'] for x in e] == ['open', 'ping', 'ping', 'pong', 'close'], e
assert e[1]['data'] == 'hi' and e[3]['data'] == 'yo', e
assert e[2]['encoding'] == 'base64' and base64.b64decode(e[2]['data']) == b'\xff\xfe', e"
    rig accept ping:hi recv-pong close:1000
    wsx -j "$URL" </dev/null
    events 'assert [x["event"] for x in e] == ["open", "close"], e'
}

@test "userinfo is not in the url" { # R13b S16
    rig accept close:1000
    wsx -j "ws://u:p@127.0.0.1:$PORT/" </dev/null
    events "assert e[0]['url'] == 'ws://127.0.0.1:$PORT/', e"
}

@test "a wss session has a time for TLS" {
    tls_rig server accept close:1000
    wsx -j --ca "$CERTS/ca.crt" "$URL" </dev/null
    exits 0
    events "assert e[0]['url'] == '$URL' and e[0]['timing']['tls'] > 0, e"
}

@test "each event is written when it happens" { # G12
    rig accept recv close:1000
    start_wsx -j "$URL"
    await "$T/out" '"open"'
    say 'x\n'
    wait_wsx
    exits 0
}

@test "input stays lines of text under -j" {
    rig accept echo
    wsx -j -w 0.2 "$URL" < <(printf '{"send":"x"}\n')
    events 'assert e[1]["data"] == "{\"send\":\"x\"}", e'
}

@test "JSON goes out in one piece per line even when the reader is slow" { # S06
    rig accept messages:20000 close:1000
    status=0
    timeout 30 "$WSX" -j "$URL" </dev/null 2>"$T/err" | (read -r line; echo "$line"; cat) >"$T/out"
    [ "$(wc -l <"$T/out")" -eq 20002 ]
    events 'assert [x.get("data") for x in e[1:-1]] == [f"message {i + 1}" for i in range(20000)]'
}

@test "characters that could drive a terminal are escaped" { # T12
    rig accept "text:a\\xc2\\x9b31m\\x7f\\xe2\\x80\\xaeb" close:1000
    wsx "$URL" -j </dev/null
    exits 0
    grep -qF '"data":"a\u009b31m\u007f\u202eb"' "$T/out"
    lacks "$T/out" $'\xc2\x9b'
}
