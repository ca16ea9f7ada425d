#!/usr/bin/env bats
# Every way of ending has its own code, and standard error says why in one line.

load lib/common

ends_with() { # ends_with CODE STEP...: the code of a session with a rig of these steps
    rig "${@:2}"
    wsx "$URL" </dev/null
    exits "$1"
}

@test "0: closed normally with 1000, 1001 or no code" { # C30 C04 G03 G04
    ends_with 0 accept close:1000
    ends_with 0 accept close:1001:going
    ends_with 0 accept close
    says_nothing
}

@test "0: a Close that only answers ours, whatever its code" { # C18
    rig accept recv-close close:4001:bye
    wsx "$URL" -E < <(printf 'x\n')
    exits 0
}

@test "0: both sides close at once" { # C16
    rig accept recv close:1000 recv-close
    wsx "$URL" -E < <(printf 'x\n')
    exits 0
}

@test "1: an address to listen on is taken" { # HS29
    listen --echo
    wsx -l "127.0.0.1:$PORT" --echo </dev/null
    exits 1
    complains "127\.0\.0\.1.*$PORT.*in use"
}

@test "1: standard output that can take no more" {
    rig accept text:x finish
    status=0
    timeout 20 "$WSX" "$URL" </dev/null >/dev/full 2>"$T/err" || status=$?
    exits 1
}

@test "2: an option that is not one" {
    wsx --no-such-option ws://127.0.0.1:1/ </dev/null
    exits 2
    complains 'no-such-option'
}

@test "2: a URL that is not one" {
    wsx 'ws://[::1' </dev/null
    exits 2
    complains 'ws://\[::1'
}

@test "3: a name that cannot be resolved" { # N07
    wsx ws://no-such-host.invalid/ </dev/null
    exits 3
    complains 'no-such-host.invalid'
}

@test "4: refused" { # HC32 N07
    rig accept
    gone=$PORT
    kill -KILL "${CHILDREN[0]}"
    wait "${CHILDREN[0]}" || true
    wsx "ws://127.0.0.1:$gone/" </dev/null
    exits 4
    complains "127.0.0.1:$gone.*refused"
}

@test "5: a certificate nobody vouches for" { # S12
    tls_rig self accept
    wsx "$URL" </dev/null
    exits 5
    complains 'certificate'
}

@test "6: an answer other than 101" { # HC12
    ends_with 6 request 'answer:HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n'
    complains '403'
}

@test "7: the peer broke the protocol" {
    ends_with 7 accept send:83006869
    complains "127.0.0.1:$PORT"
}

@test "7: a limit was passed" { # S01
    rig accept text:0123456789 finish
    wsx "$URL" --max-message 9 </dev/null
    exits 7
    complains 'message'
    peer_saw_end
    grep -q '^close 1009 ' "$RIG/events"
}

@test "8: a connection that was idle when it ended says so" { # B49
    rig accept text:x delay:1100 drop
    wsx "$URL" </dev/null
    exits 8
    tells '^wsx: .*: connection lost: it ended without a Close after 1 s without a message$'
}

@test "8: the connection ended without a Close" { # C17
    ends_with 8 accept drop
    complains 'without'
    ends_with 8 accept rst
    ends_with 8 accept send:810548 drop
    ends_with 8 accept send:810548 rst
}

@test "8: what came before the connection was lost is printed" { # C17
    ends_with 8 accept text:whole send:8105 drop
    prints 'whole\n'
}

@test "8: a peer that resets instead of answering our Close" {
    rig accept recv-close rst
    wsx "$URL" -E < <(printf 'x\n')
    exits 8
}

@test "9: closed by the peer with another code" { # C30 C06
    for code in 1002 1003 1007 1008 1009 1010 1011 1012 1013 1014 3000 3999 4000 4999; do
        ends_with 9 accept "close:$code:why"
        complains "$code"
    done
    complains 'why'
}

@test "11: connecting took longer than --connect-timeout" { # HC33
    rig request hold
    clock
    wsx "$URL" --connect-timeout 0.5 </dev/null
    exits 11
    within 1
    complains '0\.5|time'
}

@test "11: an answer that drips in does not move the deadline" { # HC33
    rig request 'answer:HTTP/1.1 101 ' delay:200 answer:S delay:200 answer:w delay:200 \
        answer:i delay:200 answer:t hold
    clock
    wsx "$URL" --connect-timeout 0.5 </dev/null
    exits 11
    within 1
}

@test "11: a TLS handshake that is never answered" { # HC33
    rig stall
    wsx "wss://127.0.0.1:$PORT/" -k --connect-timeout 0.5 </dev/null
    exits 11
    tells 'TLS'
}

@test "11: the session took longer than --max-time" {
    rig accept messages:3 finish
    clock
    wsx "$URL" -n --max-time 0.7 </dev/null
    exits 11
    [ "$(elapsed_ms)" -ge 690 ]
    within 2
    prints 'message 1\nmessage 2\nmessage 3\n'
    peer_saw_end
    grep -q '^close 100[01] ' "$RIG/events"
}

@test "130: SIGINT" { # C23
    rig accept text:ready finish
    start_wsx "$URL"
    await "$T/out" ready
    kill -INT "$WSX_PID"
    wait_wsx
    exits 130
    peer_saw 'close 1001 ""'
}

@test "143: SIGTERM" { # W41
    rig accept text:ready finish
    start_wsx "$URL"
    await "$T/out" ready
    kill -TERM "$WSX_PID"
    wait_wsx
    exits 143
    peer_saw 'close 1001 ""'
}

@test "a peer that never ends the connection after the Closes is left after --close-timeout" { # C14
    rig accept close:1000 hold
    clock
    wsx "$URL" </dev/null
    exits 0
    within 3
    peer_saw 'close 1000 ""'
}

@test "a peer that does not answer our Close is left, and that is no clean end" { # C14 C19
    rig accept hold
    clock
    wsx "$URL" -E </dev/null
    exits 8
    within 3
    peer_saw 'close 1000 ""'
}

@test "0: -1 had its message, whatever the peer does then" {
    rig accept text:one hold
    wsx "$URL" -1 </dev/null
    exits 0
    prints 'one\n'
}

@test "a peer that failed is not waited for without end" { # C19
    rig accept send:c100 hold
    clock
    wsx "$URL" </dev/null
    exits 7
    within 3
}

@test "half of a connection: our Close still reaches a peer that sent its own and a FIN" { # C31
    rig accept close:1000 half recv-close
    wsx "$URL" </dev/null
    exits 0
    peer_saw 'close 1000 ""'
}
