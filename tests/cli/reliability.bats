#!/usr/bin/env bats
# No reply is cut off at the end of input, however often it is tried.

load lib/common

# runs TIMES AT_ONCE COMMAND: a shell command so often, some at once; the failures are in $T/bad.
runs() {
    seq 1 "$1" | xargs -P "$2" -I{} bash -c "$3" {} 3>&- >"$T/bad" 2>&1 || true
}

@test "two lines to an echo that answers after 500 ms come back, in every run of 1,000" { # G13 B44
    rig accept echo:500
    export WSX URL
    runs "${WSX_REPEAT:-1000}" 100 '
        out=$(printf "a\nb" | timeout 30 "$WSX" "$URL" 2>&1)
        code=$?
        [ "$code" -eq 0 ] && [ "$out" = "a
b" ] || echo "run $0: code $code: $out"'
    [ ! -s "$T/bad" ] || fail "$(wc -l <"$T/bad") lines of failures" "$(head "$T/bad")"
    [ "$(grep -c '^text "b"$' "$RIG/events")" -eq "${WSX_REPEAT:-1000}" ]
}

@test "a server that closes first gives its code, in every one of 200 runs" { # B45
    rig accept text:x close:4000:y
    export WSX URL
    runs 200 8 '
        out=$(timeout 30 "$WSX" "$URL" 2>/dev/null < <(sleep 0.2))
        code=$?
        [ "$code" -eq 9 ] && [ "$out" = x ] || echo "run $0: code $code: $out"'
    [ ! -s "$T/bad" ] || fail "$(wc -l <"$T/bad") lines of failures" "$(head "$T/bad")"
}

@test "a message and an end in one flight are both seen, in every one of 200 runs" { # HC30 C17
    export WSX URL
    rig accept:810178 drop
    runs 200 8 '
        out=$(timeout 30 "$WSX" "$URL" 2>/dev/null </dev/null)
        code=$?
        [ "$code" -eq 8 ] && [ "$out" = x ] || echo "run $0: code $code: $out"'
    [ ! -s "$T/bad" ] || fail "$(wc -l <"$T/bad") lines of failures" "$(head "$T/bad")"
}

# ticks PID: what it has computed so far, in hundredths of a second.
ticks() {
    awk '{ print $14 + $15 }' "/proc/$1/stat"
}

@test "a session and a listener with nothing to do do nothing" { # G14
    listen --echo
    start_rig_client request text:x recv say:idle wait:"$T/go" close:1000
    await "$RIG/events" '^idle$'
    rig accept text:ready say:idle quiet:3000 close:1000
    start_wsx "$URL"
    await "$T/out" ready
    before=$(($(ticks "$WSX_PID") + $(ticks "$LISTEN_PID")))
    peer_saw quiet
    after=$(($(ticks "$WSX_PID") + $(ticks "$LISTEN_PID")))
    touch "$T/go"
    [ $((after - before)) -le 1 ] || fail "used $((after - before)) hundredths of a second"
}

@test "a flood from a server holds up neither a line nor SIGINT" { # G14
    rig accept "wait:$T/go" flood
    mkfifo "$T/in"
    env --default-signal=INT "$WSX" "$URL" <"$T/in" >/dev/null 2>"$T/err" 3>&- &
    WSX_PID=$!
    CHILDREN+=("$WSX_PID")
    exec {IN}>"$T/in"
    touch "$T/go"
    peer_saw connect
    head -c 1000000 /dev/zero | tr '\0' '\n' >&"$IN" # it is read on while the flood comes
    clock
    kill -INT "$WSX_PID"
    wait_wsx
    exits 130
    within 3
}

@test "a flood from one client keeps no other waiting" { # G14 B50
    listen --echo
    start_rig_client request flood
    await "$RIG/events" '^status 101'
    clock
    for _ in 1 2 3 4 5; do rig_client request text:x recv close:1000; done
    within 5
    peer_saw 'text "x"'
}
