#!/usr/bin/env bats
# permessage-deflate (RFC 7692) as a user and a peer see it.

load lib/common

agreed() { # agreed [PARAMETERS]: the answer that takes compression up
    ok_101 "Sec-WebSocket-Extensions: permessage-deflate$1"
}

# peer_got ERE: the rig noted a line that begins so (or will within the patience).
peer_got() {
    await "$RIG/events" "^$1" || fail "the peer did not see: $1" "$(report)"
}

# in_little_memory COMMAND...: with some 60 MB of address space; a sanitizer's build needs more.
in_little_memory() {
    (
        grep -qa __asan_init "$WSX" || ulimit -v 60000
        "$@"
    )
}

# frames_of KIND: the reserved bits of each frame of that kind that the rig got; 4 is RSV1.
frames_of() {
    awk -v kind="$1" '$3 == kind { print $2 }' "$RIG/frames" | tr '\n' ' '
}

hello='c1 07 f2 48 cd c9 c9 07 00' # compressed

# ---- negotiation

@test "compression is offered as browsers offer it" { # D01
    rig accept finish
    wsx "$URL" -E </dev/null
    exits 0
    asked '^Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits$'
}

@test "--window-bits and --no-context-takeover go into the offer" { # D05 D10 D13
    rig accept finish
    wsx "$URL" -E --window-bits 10 --no-context-takeover </dev/null
    asked 'server_no_context_takeover; client_no_context_takeover; server_max_window_bits=10; client_max_window_bits=10$'
}

@test "what the server grants is what extensions shows" { # D36
    rig request "$(agreed '; server_max_window_bits=10')" send:"$hello" finish
    wsx "$URL" -j -1 </dev/null
    exits 0
    grep -q '"extensions":"permessage-deflate; server_max_window_bits=10"' "$T/out"
    grep -q '"data":"Hello"' "$T/out"
}

@test "a server that does not take it up gets plain messages" { # D40 D22
    rig accept recv finish
    head -c 1000 /dev/zero | tr '\0' x >"$T/line"
    wsx "$URL" -E <"$T/line"
    exits 0
    [ "$(frames_of text)" = '0 ' ]
    rig accept send:"$hello" hold
    wsx "$URL" </dev/null
    exits 7
    peer_got 'close 1002 '
}

@test "an answer that was not offered is refused" { # D03 D04 D09 D13 B21
    for answer in '; foo' '; server_max_window_bits=7' '; server_max_window_bits=16' \
        '; server_max_window_bits' '; client_max_window_bits' '; server_no_context_takeover=1' \
        '; server_no_context_takeover; server_no_context_takeover' ', permessage-deflate'; do
        rig request "$(agreed "$answer")" hold
        wsx "$URL" </dev/null
        exits 6
        nothing_after_request
    done
}

@test "a window that the server does not grant is refused" { # D10
    rig request "$(agreed)" hold
    wsx "$URL" --window-bits 10 </dev/null
    exits 6
}

@test "values out of range are usage errors" {
    for args in '--compress-level 0' '--compress-level 10' '--compress-level x' '--window-bits 7' \
        '--window-bits 16' '--window-bits 0x9'; do
        wsx ws://127.0.0.1:1/ $args </dev/null
        exits 2
        tells "${args% *}: .* no number from"
    done
}

@test "a listener takes the first offer it can, or none" { # D02 D12 D15 D34
    listen --echo
    while read -r offer want; do
        new_rig
        rig_client "request:/\nSec-WebSocket-Extensions: ${offer//_/ }" close:1000 recv-close
        got=$(grep -i '^Sec-WebSocket-Extensions:' "$RIG/request" | tr -d '\r' | cut -d' ' -f2-)
        [ "${got:-none}" = "${want//_/ }" ] || fail "$offer got: $got"
    done <<'END'
permessage-deflate permessage-deflate
permessage-deflate;_foo none
permessage-deflate;_server_max_window_bits=8 none
bad,_permessage-deflate permessage-deflate
permessage-deflate;_foo,_permessage-deflate permessage-deflate
END
}

# ---- messages

@test "what pays is sent compressed, what does not is not" { # D32
    rig request "$(agreed)" recv:2 finish
    { echo short; head -c 2000 /dev/zero | tr '\0' x; echo; } >"$T/lines"
    wsx "$URL" -E <"$T/lines"
    exits 0
    [ "$(frames_of text)" = '0 4 ' ]
    peer_saw 'text "short"'
    peer_got 'text 2000 bytes '
    rig request "$(agreed)" recv finish
    head -c 5000 /dev/urandom >"$T/random"
    wsx "$URL" -b -E <"$T/random"
    [ "$(frames_of binary)" = '0 ' ]
}

@test "what is compressed by itself has to be longer to pay" { # D32
    printf '%0100d\n%0200d\n' 1 1 >"$T/lines"
    rig request "$(agreed)" recv:2 finish
    wsx "$URL" -E <"$T/lines"
    [ "$(frames_of text)" = '4 4 ' ]
    rig request "$(agreed '; client_no_context_takeover')" recv:2 finish
    wsx "$URL" -E <"$T/lines"
    [ "$(frames_of text)" = '0 4 ' ]
}

@test "--compress-always compresses what does not pay, too" { # D20 D32
    rig request "$(agreed)" recv:3 finish
    printf 'short\n\n%0100d\n' 1 >"$T/lines"
    wsx "$URL" -E --compress-always <"$T/lines"
    exits 0
    [ "$(frames_of text)" = '4 4 4 ' ]
    peer_saw 'text "short"'
    peer_saw 'text ""'
}

@test "-v tells what compression saved" {
    rig request "$(agreed)" send:"$hello" recv finish
    head -c 2000 /dev/zero | tr '\0' x >"$T/line"
    wsx "$URL" -v -E <"$T/line"
    exits 0
    tells '^\* sent 1 message of 2000 bytes, [0-9]+ on the wire \([0-9]%\)$'
    tells '^\* received 1 message of 5 bytes, 7 on the wire \(140%\)$'
}

@test "a window of 8 bits is obeyed by sending plain" { # D14 B27
    rig request "$(agreed '; client_max_window_bits=8')" recv finish
    head -c 4096 /dev/zero | tr '\0' x >"$T/line"
    wsx "$URL" -E <"$T/line"
    exits 0
    [ "$(frames_of text)" = '0 ' ]
    peer_got 'text 4096 bytes '
}

@test "control frames are never compressed" { # D19
    rig request "$(agreed)" ping:"$(printf '%0100d' 0)" recv-pong finish
    wsx "$URL" -E </dev/null
    [ "$(frames_of pong)$(frames_of close)" = '0 0 ' ]
    for frame in 'c9 00' 'ca 00' 'c8 00'; do
        rig request "$(agreed)" send:"$frame" hold
        wsx "$URL" </dev/null
        exits 7
        peer_got 'close 1002 '
    done
}

@test "data that does not inflate ends with 1007, nothing of it delivered" { # D29
    for data in 'c1 03 ff ff ff' 'c1 03 f2 48 cd'; do
        rig request "$(agreed)" send:"$hello $data" hold
        wsx "$URL" </dev/null
        exits 7
        prints 'Hello\n'
        peer_got 'close 1007 '
    done
}

@test "a bomb ends at the limit with 1009" { # D30 B19 B22 S07
    rig request "$(agreed)" bomb:1073741824 hold
    wsx "$URL" --max-message 1M </dev/null
    exits 7
    peer_got 'close 1009 '
    [ "$(wc -c <"$T/out")" -le 1048576 ]
    : >"$T/out"
    rig request "$(agreed)" bomb:1073741824 hold
    wsx "$URL" -j --max-message 1M </dev/null
    exits 7
    peer_got 'close 1009 '
    lacks "$T/out" '"event":"message"'
}

@test "the limit on what inflates is exact" { # D30 B23
    rig request "$(agreed)" bomb:1000 close:1000
    wsx "$URL" --max-message 1000 </dev/null
    exits 0
    [ "$(wc -c <"$T/out")" -eq 1000 ]
    rig request "$(agreed)" bomb:1001 hold
    wsx "$URL" --max-message 1000 </dev/null
    exits 7
    prints_nothing
    peer_got 'close 1009 '
}

@test "a reader that is slow gets all that a few bytes inflate to" { # D31
    rig request "$(agreed)" bomb:100000000 text:end close:1000
    mkfifo "$T/slow"
    in_little_memory exec "$WSX" "$URL" </dev/null >"$T/slow" 2>"$T/err" 3>&- &
    CHILDREN+=($!)
    exec {SLOW}<"$T/slow"
    [ "$(dd bs=64 <&"$SLOW" 2>/dev/null | wc -c)" -eq 100000004 ]
    exec {SLOW}<&-
}

@test "an echo returns what a few bytes inflate to, in bounded memory" { # D30
    # with this answer what goes back is not compressed
    rig request "$(agreed '; client_max_window_bits=8')" bomb:20000000 recv text:end recv close:1000
    in_little_memory wsx "$URL" mirror:
    [ ! -s "$T/err" ] || fail 'the mirror failed' "$(report)"
    peer_got 'binary 20000000 bytes '
    peer_saw 'text "end"'
}

@test "a listener that echoes returns what a few bytes inflate to" {
    listen --echo
    rig_client 'request:/\nSec-WebSocket-Extensions: permessage-deflate' bomb:20000000 recv text:end recv close:1000 recv-close
    peer_got 'binary 20000000 bytes '
    peer_saw 'text "end"'
}

# ---- with others

mixed() { # lines short and long, alike and random, empty ones among them
    for i in $(seq 60); do
        echo "{\"id\":$i,\"method\":\"subscribe\",\"params\":[\"trades\",\"book\",$((i * 7919))]}"
        [ $((i % 10)) -ne 0 ] || echo
        [ $((i % 6)) -ne 0 ] || { head -c $((i * 997)) /dev/urandom | base64 -w 0; echo; }
        [ $((i % 9)) -ne 0 ] || { seq $((i * 200)) | tr '\n' ' '; echo; }
    done
}

# comes_back ARGS...: the lines come back exactly from the echo at $URL.
comes_back() {
    wsx "$@" -w 0.5 "$URL" <"$T/lines"
    exits 0
    cmp "$T/lines" "$T/out"
}

@test "every setting comes back exact through node ws" { # D37
    need node -e 'require("ws")'
    peer node "$PEER/ws_echo.mjs" --deflate
    mixed >"$T/lines"
    comes_back
    for args in '--window-bits 8' '--window-bits 9' '--window-bits 12' '--no-context-takeover' \
        '--compress-level 1' '--compress-level 9 --window-bits 15 --no-context-takeover'; do
        comes_back $args
    done
}

@test "every setting comes back exact through Python websockets" { # D37
    need "$PYTHON" -c 'import websockets'
    peer "$PYTHON" "$PEER/pywebsockets_echo.py"
    mixed >"$T/lines"
    comes_back
    for args in '--window-bits 9' '--window-bits 12' '--no-context-takeover' '--compress-level 1' \
        '--compress-level 9 --window-bits 15 --no-context-takeover'; do
        comes_back $args
    done
}

@test "every setting comes back exact through wsx -l" { # D37
    mixed >"$T/lines"
    for served in '' '--window-bits 9' '--no-context-takeover' '--no-compress'; do
        listen --echo $served
        for args in '' '--no-context-takeover' '--compress-level 1'; do
            comes_back $args
        done
    done
}
