#!/usr/bin/env bats
# SIGINT, SIGTERM, SIGPIPE and the rest (C22 C23 C32 W19 W41).

load lib/common

# signalled SIGNAL STEP...: the signal reaches wsx once it is connected to a rig of these steps.
signalled() {
    rig "${@:2}"
    start_wsx "$URL"
    await "$RIG/events" '^ready$'
    kill "-$1" "$WSX_PID"
}

@test "SIGINT tries a Close 1001 and ends with 130" { # C23
    rig accept text:ready finish
    start_wsx "$URL"
    await "$T/out" ready
    clock
    kill -INT "$WSX_PID"
    wait_wsx
    exits 130
    within 1
    peer_saw 'close 1001 ""'
}

@test "SIGTERM tries a Close 1001 and ends with 143" { # W41
    rig accept text:ready finish
    start_wsx "$URL"
    await "$T/out" ready
    kill -TERM "$WSX_PID"
    wait_wsx
    exits 143
    peer_saw 'close 1001 ""'
}

@test "a peer that does not answer is not waited for without end" { # C23
    rig accept text:ready hold
    start_wsx "$URL"
    await "$T/out" ready
    clock
    kill -INT "$WSX_PID"
    wait_wsx
    exits 130
    within 3
}

@test "a second SIGINT leaves at once" { # C23
    rig accept text:ready hold
    start_wsx "$URL"
    await "$T/out" ready
    clock
    kill -INT "$WSX_PID"
    peer_saw 'close 1001 ""'
    kill -INT "$WSX_PID"
    wait_wsx
    exits 130
    within 1
}

@test "SIGINT before the connection is open sends no Close" { # W19
    signalled INT request say:ready hold
    clock
    wait_wsx
    exits 130
    within 1
    nothing_after_request
}

@test "SIGTERM while the name or the connection is awaited ends at once" { # W41
    signalled TERM say:ready stall
    clock
    wait_wsx
    exits 143
    within 1
}

@test "SIGINT during the TLS handshake ends at once" {
    rig say:ready stall
    start_wsx "wss://127.0.0.1:$PORT/" -k
    await "$RIG/events" '^ready$'
    clock
    kill -INT "$WSX_PID"
    wait_wsx
    exits 130
    within 1
}

@test "SIGINT while a peer reads nothing ends in time" { # C14
    rig accept text:ready stall
    start_wsx "$URL"
    await "$T/out" ready
    (yes | head -c 30000000 >&"$IN") 3>&- 2>/dev/null &
    CHILDREN+=($!)
    clock
    kill -INT "$WSX_PID"
    wait_wsx
    exits 130
    within 3
}

@test "one Close goes out even when the end of input, SIGINT and the peer's Close meet" { # C01
    rig accept text:ready recv-close close:1000 hold
    start_wsx "$URL" -E
    await "$T/out" ready
    end_input
    kill -INT "$WSX_PID" || true
    wait_wsx
    peer_saw_end
    [ "$(frames ' close ')" -eq 1 ]
}

@test "an interrupted session with -j ends with a close event" { # R07a
    rig accept text:ready finish
    start_wsx -j "$URL"
    await "$T/out" ready
    kill -INT "$WSX_PID"
    wait_wsx
    exits 130
    tail -n 1 "$T/out" | grep -q '"event":"close"'
}

@test "a write to a reset connection kills nobody by SIGPIPE" { # C32
    rig accept text:ready rst
    start_wsx "$URL" -n
    await "$T/out" ready
    (say 'a\nb\nc\n') 2>/dev/null || true # the test is not to die by it either
    wait_wsx
    exits 8
}

@test "stopped and continued, the session goes on" {
    rig accept echo
    start_wsx "$URL"
    say 'before\n'
    await "$T/out" before
    kill -STOP "$WSX_PID"
    say 'after\n'
    kill -CONT "$WSX_PID"
    await "$T/out" after
    end_input
    wait_wsx
    exits 0
}

@test "an ignored SIGHUP stays ignored, as under nohup" {
    rig accept text:ready recv close:1000
    printf '#!/bin/sh\ntrap "" HUP\nexec "%s" "$@"\n' "$WSX" >"$T/nohup"
    chmod +x "$T/nohup"
    WSX=$T/nohup start_wsx "$URL"
    await "$T/out" ready
    kill -HUP "$WSX_PID"
    say 'still here\n'
    wait_wsx
    exits 0
    peer_saw 'text "still here"'
}

@test "closed standard descriptors are no danger" {
    rig accept text:x close:1000
    status=0
    timeout 20 "$WSX" "$URL" <&- >"$T/out" 2>"$T/err" || status=$?
    [ "$status" -le 1 ]
    rig accept text:x close:1000
    status=0
    timeout 20 "$WSX" "$URL" </dev/null >&- 2>"$T/err" || status=$?
    [ "$status" -le 1 ]
    peer_saw_end
    [ "$(frames '')" -eq "$(frames ' close ')" ] # the payload went into no socket
    rig accept text:x close:1000
    status=0
    timeout 20 "$WSX" "$URL" </dev/null >"$T/out" 2>&- || status=$?
    exits 0
    prints 'x\n'
}

@test "a terminal that takes no output holds up neither time nor signals" {
    rig accept flood
    run timeout 30 /usr/bin/python3 - "$WSX" "$URL" <<'END'
import os
import pty
import signal
import sys
import time

pid, fd = pty.fork()
if pid == 0:
    os.environ["TERM"] = "xterm"
    os.execv(sys.argv[1], [sys.argv[1], sys.argv[2]])
said = b""
while b"Connected" not in said:
    said += os.read(fd, 1000)
# nothing more is read
deadline = time.monotonic() + 15
while time.monotonic() < deadline:
    os.kill(pid, signal.SIGTERM)
    done, status = os.waitpid(pid, os.WNOHANG)
    if done:
        sys.exit(0 if os.waitstatus_to_exitcode(status) == 143 else 1)
    time.sleep(0.2)
sys.exit(2)
END
    [ "$status" -eq 0 ]
}

@test "standard error that nobody reads holds up nothing" {
    mkfifo "$T/errors"
    exec {R}<>"$T/errors"
    ( exec env "$WSX" -l 127.0.0.1:0 --announce --echo >"$T/out" 2>"$T/errors" ) &
    CHILDREN+=($!)
    await "$T/out" '^ws://'
    URL=$(cat "$T/out")
    head -c 70000 /dev/zero | timeout 1 dd bs=70000 of="$T/errors" oflag=nonblock 2>/dev/null || true
    local end=$((SECONDS + PATIENCE))
    for _ in 1 2 3; do
        until curl -s -o "$T/refused" "http${URL#ws}"; do # which was seen to end with 6
            [ "$SECONDS" -lt "$end" ] || fail "curl can not ask for it: $URL"
        done
    done
    wsx -1 -x hi "$URL"
    exits 0
    prints 'hi\n'
    exec {R}>&-
}
