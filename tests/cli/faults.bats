#!/usr/bin/env bats
# Servers and surroundings that misbehave: the right code, a message, nothing lost that came, and
# memory that stays as it is.

load lib/common

@test "a server that never reads, while input has no end: memory stays flat" { # R05b
    plain_build "memory is measured"
    rig accept stall
    status=0
    yes "a line of input" | "$PYTHON" -c '
import resource, subprocess, sys
code = subprocess.run(sys.argv[1:]).returncode
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
sys.exit(code)' "$WSX" -m 1.5 "$URL" >"$T/out" 2>"$T/err" 3>&- || status=$?
    exits 11
    complains 'time ran out after 1.5 s'
    [ "$(cat "$T/out")" -lt 16000 ] || fail "$(cat "$T/out") KiB"
}

@test "a server that never answers the handshake" {
    rig request stall
    wsx --connect-timeout 0.3 -x a "$URL"
    exits 11
    complains 'timed out after 0.3 s, in the opening handshake'
}

@test "a server that resets: what came before it is printed" { # C17
    rig accept text:one text:two delay:200 rst
    wsx "$URL" </dev/null
    exits 8
    prints 'one\ntwo\n'
    complains 'connection lost'
}

@test "a server that drips a message without end" { # B48
    rig accept text:first drip:"827e2710$(printf '00%.0s' {1..40})" stall
    clock
    wsx --idle-timeout 1 "$URL" </dev/null
    exits 11
    prints 'first\n'
    within 4
}

@test "output that is full, closed, or gone, with each framing" {
    for framing in line json hex length raw; do
        rig accept messages:1000 finish
        status=0
        timeout 20 "$WSX" --output "$framing" "$URL" </dev/null >/dev/full 2>"$T/err" || status=$?
        exits 1
        tells 'cannot write to standard output: No space left'
        rig accept messages:1000 finish
        status=0
        timeout 20 "$WSX" --output "$framing" "$URL" </dev/null 2>"$T/err" | head -c 1 >/dev/null ||
            status=$?
        exits 0
        says_nothing
    done
}

@test "few descriptors are a clear error, or enough" {
    rig accept echo
    for n in 4 5 6 8 12; do
        status=0
        (
            ulimit -n "$n"
            exec timeout 20 "$WSX" -x a -E "$URL"
        ) </dev/null >"$T/out" 2>"$T/err" 3>&- || status=$?
        case $status in
        0) prints 'a\n' ;;
        1 | 4) tells '^wsx: ' ;;
        *) fail "ulimit -n $n: code $status" "$(report)" ;;
        esac
    done
}
