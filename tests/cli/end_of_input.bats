#!/usr/bin/env bats
# What the end of standard input does.

load lib/common

@test "replies that come 500 ms after the end of input are printed" { # G13 B44
    rig accept echo:500
    wsx "$URL" < <(printf 'a\nb')
    exits 0
    prints 'a\nb\n'
}

@test "after the end of input wsx closes with 1000 once nothing comes for --wait seconds" {
    rig accept echo
    clock
    wsx "$URL" --wait 0.3 < <(printf 'a\n')
    exits 0
    within 1
    [ "$(elapsed_ms)" -ge 290 ]
    peer_saw 'close 1000 ""'
}

@test "the default of --wait is one second" {
    rig accept echo
    clock
    wsx "$URL" < <(printf 'a\n')
    exits 0
    [ "$(elapsed_ms)" -ge 950 ]
    within 2
}

@test "each message that comes starts the wait anew" {
    rig accept recv text:1 delay:300 text:2 delay:300 text:3 delay:300 text:4 finish
    wsx "$URL" -w 0.6 < <(printf 'go\n')
    exits 0
    prints '1\n2\n3\n4\n'
}

@test "what arrives between our Close and the peer's is still printed" {
    rig accept recv-close text:late close:1000
    wsx "$URL" -w 0.1 < <(printf 'x\n')
    exits 0
    prints 'late\n'
}

@test "-w 0 closes at the end of input, once what was read is sent" {
    rig accept sink
    clock
    wsx "$URL" -w 0 < <(printf 'a\nb\n')
    exits 0
    within 0.9
    peer_saw 'sunk 2 2'
}

@test "input that gave no message closes nothing: </dev/null keeps receiving" { # B44
    rig accept delay:1500 text:late close:1000
    wsx "$URL" -w 0.1 </dev/null
    exits 0
    prints 'late\n'
}

@test "-E closes at the end of input even if it gave no message" {
    rig accept finish
    clock
    wsx "$URL" -E </dev/null
    exits 0
    within 0.9
    peer_saw 'close 1000 ""'
}

@test "-E closes at once and still prints what comes before the peer's Close" {
    rig accept recv recv-close text:last close:1000
    clock
    wsx "$URL" -E < <(printf 'a\n')
    exits 0
    within 0.9
    prints 'last\n'
}

@test "-n: the end of input closes nothing" {
    rig accept recv delay:1500 text:late close:1000
    wsx "$URL" -n -w 0.1 < <(printf 'a\n')
    exits 0
    prints 'late\n'
    peer_saw 'close 1000 ""'
}

@test "-1 ends after one message, with code 0 and a Close 1000" {
    rig accept text:one text:two text:three finish
    start_wsx "$URL" -1
    wait_wsx
    exits 0
    prints 'one\n'
    peer_saw 'close 1000 ""'
}

@test "--count N ends after N messages" {
    rig accept messages:10 finish
    wsx "$URL" --count 3 </dev/null
    exits 0
    prints 'message 1\nmessage 2\nmessage 3\n'
}

@test "-1 after a line is a question with its answer" {
    rig accept echo:100
    clock
    wsx "$URL" -1 < <(printf 'question\n')
    exits 0
    within 0.9
    prints 'question\n'
}

@test "--count with fewer messages than asked ends by the rule of the input" {
    rig accept echo
    wsx "$URL" --count 5 -w 0.2 < <(printf 'a\n')
    exits 0
    prints 'a\n'
}

@test "-x sends the message, prints what comes until silence, and does not read input" {
    rig accept echo
    start_wsx "$URL" -w 0.3 -x '{"op":"ping"}'
    wait_wsx # its input is still open
    exits 0
    prints '{"op":"ping"}\n'
}

@test "-x may be given several times, in order" {
    rig accept sink
    wsx "$URL" -w 0 -x one -x two -x '' </dev/null
    exits 0
    peer_saw 'sunk 3 6'
}

@test "-x leaves lines on standard input unread" {
    rig accept echo
    wsx "$URL" -w 0.2 -x only < <(printf 'never\n')
    prints 'only\n'
}

@test "-x with - sends the lines of standard input after its messages" {
    rig accept echo
    wsx -w 0.2 -x first "$URL" - < <(printf 'second\n')
    exits 0
    prints 'first\nsecond\n'
}

@test "a server that closes first ends wsx at once while input stays open" { # B45
    rig accept text:bye close:1000
    clock
    start_wsx "$URL"
    wait_wsx
    exits 0
    within 1
    prints 'bye\n'
}

@test "a server that closes first ends wsx in every mode, with the right code" { # B45
    for mode in -n -E -1 '--count 3' '-w 60'; do
        rig accept close:4000:enough
        rm -f "$T/in"
        start_wsx "$URL" $mode
        wait_wsx
        exits 9
        end_input
    done
}

@test "a server that is lost ends wsx at once while input stays open" { # C17
    rig accept drop
    start_wsx "$URL"
    wait_wsx
    exits 8
}

@test "wsx reads no faster than it can send" { # R05b S06
    rig accept delay:1000 "wait:$BATS_TEST_TMPDIR/go" sink
    start_wsx "$URL" -w 0
    (head -c 50000000 /dev/zero | tr '\0' x | fold -w 9999 >&"$IN") 3>&- &
    writer=$!
    CHILDREN+=("$writer")
    await "$RIG/events" '^connect$'
    # The peer reads nothing for now, so the writer must still have most of its bytes.
    peer_is_idle=$(timeout 1 tail -s 0.05 --pid="$writer" -f /dev/null && echo no || echo yes)
    [ "$peer_is_idle" = yes ]
    touch "$T/go"
    end_input
    wait_wsx
    exits 0
    peer_saw "sunk 5001 50000000"
}

@test "pings do not keep the wait from passing" { # F23
    rig accept ping:1 delay:150 ping:2 delay:150 ping:3 delay:150 ping:4 delay:150 ping:5 delay:150 \
        ping:6 delay:150 ping:7 delay:150 ping:8 delay:150 ping:9 delay:150 finish
    wsx "$URL" -w 0.4 < <(printf 'go\n')
    exits 0
    peer_saw 'close 1000 ""'
    peer_never 'pong "9"'
}

@test "a server that answers no Close but goes on pinging is not waited for" { # C14
    rig accept recv ping:1 delay:500 ping:2 delay:500 ping:3 delay:500 ping:4 delay:500 ping:5 delay:500 \
        ping:6 delay:500 ping:7 delay:500 ping:8 delay:500 stall
    clock
    wsx "$URL" -E < <(printf 'go\n')
    exits 8
    within 2.7
}

@test "a server that said Close but leaves the connection open is not waited for" { # C14
    rig accept close:1000 stall
    clock
    wsx "$URL" -n </dev/null
    exits 0
    within 0.9
}

@test "a client that opens after the end of a listener's input is closed like the others" {
    listen -E -x hello
    start_rig_client delay:600 request:/ recv-close # still in its handshake when input ends
    await "$RIG/events" '^connect'
    rig_client request:/ recv recv-close
    wait_for "$LISTEN_PID"
    exits 0
}

@test "--count of a listener counts the messages of all clients" {
    listen --count 2
    start_rig_client request:/ text:one recv-close
    await "$T/listen.out" '^one$'
    start_rig_client request:/ text:two recv-close
    wait_for "$LISTEN_PID"
    exits 0
    [ "$(grep -c . "$T/listen.out")" -eq 3 ] # the URL and two messages
}
