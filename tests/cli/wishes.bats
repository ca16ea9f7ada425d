#!/usr/bin/env bats
# What users of other tools ask for and do not get, one test a wish.

load lib/common

@test "piped input waits for the reply and then ends" { # wish 1
    rig accept echo:300
    wsx "$URL" < <(echo x)
    exits 0
    prints 'x\n'
    rig accept echo:300
    wsx -1 "$URL" < <(echo x)
    exits 0
    prints 'x\n'
}

@test "several messages, in order, each with its reply awaited" { # wish 2
    rig accept recv text:welcome recv text:subscribed finish
    start_wsx "$URL"
    say 'auth\n'
    await "$T/out" welcome
    say 'subscribe\n'
    await "$T/out" subscribed
    exec {IN}>&-
    wait_wsx
    exits 0
    peer_saw_all 'text "auth"' 'text "subscribe"'
    rig accept recv:2 text:both finish
    wsx -x auth -x subscribe -1 "$URL"
    peer_saw_all 'text "auth"' 'text "subscribe"'
}

@test "the connection stays open after the first message" { # wish 3
    rig accept recv text:a quiet:1500 text:b close:1000
    wsx -n "$URL" < <(echo x)
    exits 0
    prints 'a\nb\n'
    rig accept recv text:a close:1000
    wsx -x first "$URL" - < <(echo second)
    peer_saw_all 'text "first"'
}

@test "each way to fail has an exit status of its own" { # wish 4
    wsx -x a ws://127.0.0.1:1/
    exits 4
    wsx -x a ws://no-such-host.invalid/
    exits 3
    rig request answer:'HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n'
    wsx -x a "$URL"
    exits 6
    rig accept drop
    wsx "$URL" </dev/null
    exits 8
    rig accept close:1011
    wsx "$URL" </dev/null
    exits 9
}

@test "a refusal says why: status, headers and body" { # wish 5
    rig request answer:'HTTP/1.1 403 Forbidden\r\nX-Reason: quota\r\nContent-Length: 14\r\n\r\nquota exceeded'
    wsx -v -x a "$URL"
    exits 6
    tells '^wsx: .*403 Forbidden: quota exceeded'
    tells '^< X-Reason: quota$'
}

@test "the close code is set, and the peer's is shown in words" { # wish 6
    rig accept finish
    wsx -x a -E --close-code 3001 --close-reason done "$URL"
    exits 0
    peer_saw 'close 3001 "done"'
    rig accept close:1012:soon
    wsx "$URL" </dev/null
    exits 9
    complains 'closed by the server with code 1012 \(service restart\): soon'
}

@test "client certificates and a CA in PEM" { # wish 7
    wsx --cert "$T/none.pem" -x a wss://127.0.0.1:1/
    exits 2
    complains 'none.pem'
    wsx --ca "$T/none.pem" -x a wss://127.0.0.1:1/
    exits 2 # what they do when they are there is in tls.bats
}

@test "a lost connection is made again, with a greeting and without a busy loop" { # wish 9
    rig accept recv drop
    clock
    wsx --reconnect=3 --reconnect-delay 0.2 -x hello "$URL" </dev/null
    exits 8
    [ "$(grep -c '^text "hello"$' "$RIG/events")" -eq 4 ] || fail "not said again" "$(report)"
    [ "$(elapsed_ms)" -ge 500 ] || fail "a busy loop: $(elapsed_ms) ms"
}

@test "permessage-deflate" { # wish 10
    listen --echo
    wsx -v -E -x "$(printf 'x%.0s' {1..2000})" "$URL"
    exits 0
    tells '^< Sec-WebSocket-Extensions: permessage-deflate'
    tells '^\* sent 1 message of 2000 bytes, [0-9]{1,2} on the wire'
}

@test "binary is sent, and received safe and without an extra newline" { # wish 11
    listen --echo
    printf 'a\n\0\377\r\n' >"$T/in"
    wsx -b -E "$URL" <"$T/in"
    exits 0
    cmp "$T/in" "$T/out"
}

@test "text and binary mixed on one connection" { # wish 12
    rig accept recv:2 text:t binary:00 finish
    wsx -J -w 0.2 "$URL" < <(printf '{"send":"t"}\n{"send":"00","encoding":"hex"}\n')
    exits 0
    peer_saw_all 'text "t"' 'binary 00'
    events 'assert [x["type"] for x in e if x["event"] == "message"] == ["text", "binary"], e'
}

@test "message boundaries are kept: nothing is split at 64 KiB" { # wish 13
    listen --echo
    head -c 300000 /dev/zero | tr '\0' a >"$T/in"
    wsx -E -j "$URL" <"$T/in"
    events 'assert [len(x["data"]) for x in e if x["event"] == "message"] == [300000], e'
}
