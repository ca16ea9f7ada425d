#!/usr/bin/env bats
# A connection in silence, lost, or not there yet: --ping-interval, --idle-timeout, --wait-ready,
# --reconnect.

load lib/common

@test "--idle-timeout ends a silent connection with a Close and code 11" {
    rig accept finish
    wsx --idle-timeout 0.2 -n "$URL" </dev/null
    exits 11
    complains 'no message for 0.2 s \(--idle-timeout\)'
    peer_saw 'close 1001 ""'
}

@test "a message puts the end by silence off, a ping does not" {
    rig accept text:a delay:400 text:b delay:400 text:c close:1000
    wsx --idle-timeout 3 "$URL" </dev/null
    exits 0
    prints 'a\nb\nc\n'
    rig accept ping:a delay:200 ping:b delay:200 ping:c finish
    wsx --idle-timeout 0.5 "$URL" </dev/null
    exits 11
}

@test "--ping-interval sends pings; their answers are taken" { # wish 15
    listen --echo
    wsx --ping-interval 0.05 --ping-timeout 5 -P -n -m 1 "$URL" </dev/null
    exits 11
    tells 'time ran out after 1 s'
    [ "$(grep -c '^Received pong' "$T/err")" -ge 3 ] || fail "no pongs" "$(report)"
}

@test "--ping-timeout ends a connection whose peer does not answer" { # wish 25
    rig accept stall
    wsx --ping-interval 0.1 --ping-timeout 0.3 -n "$URL" </dev/null
    exits 11
    complains 'no Pong within 0.3 s \(--ping-timeout\)'
}

@test "--ping-timeout without an interval is a usage error" {
    wsx --ping-timeout 1 ws://h/ </dev/null
    exits 2
    complains 'ping-timeout needs --ping-interval'
}

@test "--no-pong leaves pings unanswered" {
    rig accept ping:x quiet:300 close:1000
    wsx --no-pong "$URL" </dev/null
    exits 0
    peer_saw 'quiet'
}

@test "a listener's clients are pinged, and dropped when they do not answer" {
    listen --ping-interval 0.1 --ping-timeout 0.3
    start_rig_client request stall
    await "$T/listen.err" 'no Pong within'
}

# free_port: $PORT is one that nobody listens on.
free_port() {
    PORT=$("$PYTHON" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
    URL=ws://127.0.0.1:$PORT/
}

@test "--wait-ready waits for a server that is started later" {
    free_port
    start_wsx -v --wait-ready 20 "$URL"
    await "$T/err" 'trying again' 2
    "$WSX" -l "127.0.0.1:$PORT" --echo </dev/null 2>/dev/null 3>&- {IN}>&- &
    CHILDREN+=($!)
    say 'a\n'
    end_input
    wait_wsx
    exits 0
    prints 'a\n'
    lacks "$T/err" '^wsx: '
}

@test "--wait-ready ends with what was wrong last, told once" {
    free_port
    wsx --wait-ready 0.5 "$URL" </dev/null
    exits 4
    complains 'connection refused'
}

@test "--wait-ready tells its own limit where a server does not answer" {
    rig request hold
    wsx --wait-ready 0.3 "$URL" </dev/null
    exits 11
    complains 'not ready within 0.3 s, in the opening handshake; --wait-ready sets the limit'
}

@test "--wait-ready waits for a 503 to pass, but not for a 404" {
    rig answer:'HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n' finish
    wsx --wait-ready 0.5 "$URL" </dev/null
    exits 6
    rig answer:'HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n' finish
    clock
    wsx --wait-ready 20 "$URL" </dev/null
    exits 6
    within 5
}

@test "--reconnect connects again after a loss, and says -x again" { # wish 9
    rig accept recv drop
    start_wsx --reconnect --reconnect-delay 0.1 -n -x hello "$URL" -
    await "$RIG/events" '^text "hello"$' 3
    tells 'connection lost'
    tells 'Connecting to ws://127.0.0.1:[0-9]+/ again in [0-9.]+ s \(attempt 2\)'
    kill -INT "$WSX_PID"
    wait_wsx
    exits 130
}

@test "--reconnect=N gives up after N failures in a row, with the code of the last" {
    rig accept drop
    wsx --reconnect=2 --reconnect-delay 0.05 "$URL" </dev/null
    exits 8
    [ "$(grep -c 'Connecting to .* again' "$T/err")" -eq 2 ]
    [ "$(grep -c '^connect$' "$RIG/events")" -eq 3 ]
}

@test "nothing is connected again after a clean close, a 4xx or a bad certificate" {
    rig accept close:1011
    wsx --reconnect --reconnect-delay 0.05 "$URL" </dev/null
    exits 9
    rig answer:'HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n' finish
    wsx --reconnect --wait-ready 20 --reconnect-delay 0.05 "$URL" </dev/null
    exits 6
}

@test "input that was not sent is kept over a loss" {
    rig accept recv:1 drop
    start_wsx --reconnect --reconnect-delay 0.1 -n "$URL"
    say 'one\n'
    await "$T/err" 'connection lost'
    say 'two\n'
    await "$RIG/events" '^text "two"$'
    end_input
    kill "$WSX_PID"
    wait_wsx
}

@test "delays grow, so that a server that drops all is not hammered" {
    rig accept drop
    wsx --reconnect --reconnect-delay 0.2 -m 2 "$URL" </dev/null
    exits 11
    n=$(grep -c '^connect$' "$RIG/events")
    [ "$n" -ge 2 ] && [ "$n" -le 9 ] || fail "$n connections" "$(report)"
}

@test "a listener takes neither" {
    wsx -l 0 --reconnect </dev/null
    exits 2
    complains 'are for a client, not for a listener'
}

@test "a connection lost twice within one message loses no more than that message" {
    mkfifo "$T/in"
    rig accept delay:200 drop
    "$WSX" -b --input whole --reconnect=9 --reconnect-delay 0.1 --no-compress "$URL" <"$T/in" \
        >"$T/out" 2>"$T/err" 3>&- &
    WSX_PID=$!
    CHILDREN+=("$WSX_PID")
    exec {IN}>"$T/in"
    for _ in 1 2 3; do head -c 300000 /dev/zero >&"$IN" || true; done
    await "$T/err" 'attempt 2'
    kill -INT "$WSX_PID" 2>/dev/null || true
    kill -TERM "$WSX_PID" 2>/dev/null || true
    exec {IN}>&-
    wait_wsx
    [ "$status" -lt 128 ] || [ "$status" -eq 143 ] || [ "$status" -eq 130 ] || fail "crashed" "$(report)"
}

@test "--reconnect-delay 0 hammers nobody either" {
    rig accept drop
    wsx --reconnect --reconnect-delay 0 -m 1 "$URL" </dev/null
    exits 11
    [ "$(grep -c '^connect$' "$RIG/events")" -le 8 ] || fail "too often" "$(report)"
}

@test "--wait-ready is kept by a server that is silent, too" {
    rig stall
    clock
    wsx --wait-ready 0.5 "$URL" </dev/null
    exits 11
    within 2
}

@test "a peer that is in the middle of a long frame is not taken for dead" {
    rig accept recv-ping send:827e0400 drip:"$(printf '00%.0s' {1..60})" hold
    wsx --ping-interval 0.1 --ping-timeout 5 -m 1 "$URL" </dev/null
    exits 11
    tells 'time ran out'
}
