#!/usr/bin/env bats
# Frames, text, closing and limits as a client meets them.
# The vectors proper are in tests/unit; here is what a user of the tool sees of them.

load lib/common

# gets HEX TEXT: the frames HEX, then a Close, print TEXT. Whole and one byte a write.
gets() {
    for way in send drip; do
        rig accept "$way:$1" close:1000
        wsx "$URL" </dev/null
        exits 0
        prints "$2"
    done
}

# fails CODE HEX [TEXT]: on the frames HEX wsx closes with CODE and ends with 7, having printed TEXT.
fails() {
    for way in send drip; do
        rig accept "$way:$2" finish
        wsx "$URL" </dev/null
        exits 7
        prints "${3:-}"
        [ "$(grep -c '^wsx: ' "$T/err")" -eq 1 ] || fail "expected one error" "$(report)"
        peer_saw_end
        grep -qE "^close $1 " "$RIG/events" || fail "expected a Close $1 for $2" "$(report)"
    done
}

# ---- frames received

@test "a text frame is a message" { # F01
    gets 810548656c6c6f 'Hello\n'
}

@test "fragments are one message, delivered once" { # F15 F16 F32 B04 B05
    gets '010348656c 80026c6f' 'Hello\n'
    gets '0100 0000 8000' '\n'
    gets '010161 8000' 'a\n'
    gets '020161 000162 8000' 'ab'
}

@test "a message whose last fragment is empty is delivered without waiting for more" { # F16 B04
    rig accept send:0101618000 finish
    start_wsx "$URL"
    await "$T/out" '^a$'
}

@test "empty messages are real" { # F33
    gets '8100 8200 8101 61' '\na\n'
}

@test "lengths of 16 and 64 bits are in network order" { # F14
    gets "827e0100$(printf '%0512d' 0)" "$(printf '\\0000%.0s' {1..256})"
    rig accept message:65536 close:1000
    wsx "$URL" </dev/null
    [ "$(wc -c <"$T/out")" -eq 65536 ]
}

@test "10,000 frames in one write are all delivered at once" { # F35
    rig accept "send:$(printf '810161%.0s' {1..10000})" finish
    start_wsx "$URL" --count 10000
    wait_wsx
    exits 0
    [ "$(wc -l <"$T/out")" -eq 10000 ]
}

@test "a ping is answered with its own payload, masked, while input is idle" { # F02 F23 F24 T08
    rig accept send:890300fffe recv-pong send:8900 recv-pong close:1000
    start_wsx "$URL"
    wait_wsx
    exits 0
    prints_nothing
    [ "$(frames '^1 0 pong [0-9a-f]{8} 3$')" -eq 1 ]
    [ "$(frames '^1 0 pong [0-9a-f]{8} 0$')" -eq 1 ]
}

@test "ten pings get ten pongs in order" { # F25
    rig accept ping:1 ping:2 ping:3 ping:4 ping:5 ping:6 ping:7 ping:8 ping:9 ping:10 close:1000
    wsx "$URL" </dev/null
    exits 0
    [ "$(grep '^pong' "$RIG/events" | tr -dc '0-9\n' | xargs)" = '1 2 3 4 5 6 7 8 9 10' ]
}

@test "a ping of 125 bytes is answered, one of 126 is an error" { # F21
    rig accept "ping:$(printf 'x%.0s' {1..125})" recv-pong close:1000
    wsx "$URL" </dev/null
    exits 0
    [ "$(frames ' pong [0-9a-f]{8} 125$')" -eq 1 ]
    for first in 89 8a 88; do fails 1002 "${first}7e007e"; done
}

@test "no byte of a Pong or an echo comes from memory that was not written" { # B18 F23
    plain_build 'valgrind does not run it'
    need valgrind --version
    rig accept ping: ping:p "ping:$(printf 'x%.0s' {1..125})" text:a recv text: recv send:010161 \
        ping:q send:800162 recv close:1000
    PATIENCE=60
    status=0
    timeout 60 valgrind -q --error-exitcode=99 "$WSX" "$URL" mirror: </dev/null 2>"$T/err" || status=$?
    exits 0
    says_nothing
    peer_saw_all 'pong ""' 'pong "p"' 'text "a"' 'text ""' 'pong "q"' 'text "ab"'
}

@test "a ping between fragments is answered at once and the message is whole" { # F19
    rig accept send:010161890170 recv-pong send:800162 close:1000
    wsx "$URL" </dev/null
    exits 0
    prints 'ab\n'
}

@test "a ping that comes during an upload is answered amid it" { # F24
    head -c 67108864 /dev/zero >"$T/file"
    rig accept ping:now recv-pong say:answered sink
    wsx -b -E "$URL" <"$T/file"
    exits 0
    peer_saw_end
    last=$(grep -n -E ' (binary|cont) ' "$RIG/frames" | tail -n 1 | cut -d: -f1)
    pong=$(grep -n ' pong ' "$RIG/frames" | cut -d: -f1)
    [ "$pong" -lt $((last / 2)) ] || fail "the Pong is frame $pong of $last"
}

@test "a thousand pings between two fragments do no harm" { # F20
    rig accept "send:010161$(printf '890170%.0s' {1..1000})800162" close:1000
    wsx "$URL" </dev/null
    exits 0
    prints 'ab\n'
}

@test "a pong nobody asked for is nothing" { # F27
    rig accept send:8a03616263 quiet:200 close:1000
    wsx "$URL" </dev/null
    exits 0
    prints_nothing
    peer_saw quiet
}

@test "a masked frame from a server is an error" { # F06
    fails 1002 8182000000006869
}

@test "reserved bits are an error" { # F09 B01 D22
    for first in c1 a1 91 f1 ca c0 c8 c9; do fails 1002 "${first}00"; done
}

@test "reserved opcodes are an error, from the header alone" { # F10
    for opcode in 3 4 5 6 7 b c d e f; do
        fails 1002 "8${opcode}7f000000007fffffff"
    done
}

@test "lengths that are not the shortest or have the top bit are an error" { # F12 F13 B07
    fails 1002 '817e0005 6161616161'
    fails 1002 817f000000000000007e
    fails 1002 827f000000000000ffff
    fails 1002 827f8000000000000001
}

@test "a continuation of nothing is an error" { # F17
    fails 1002 800161
    fails 1002 000161
    fails 1002 '810161 800162' 'a\n'
}

@test "a new message inside a fragmented one is an error" { # F18
    fails 1002 '010161 810162'
    fails 1002 '010161 020162'
    fails 1002 '010161 0100'
}

@test "a control frame in fragments is an error" { # F22
    for first in 09 0a 08; do fails 1002 "${first}00"; done
}

@test "what came before a bad frame is delivered, what comes after is not" { # F36 F37
    fails 1002 '810161 8300 810162 890170' 'a\n'
    peer_never '^pong'
}

# ---- text

@test "text that is not UTF-8 closes with 1007 and nothing of it is printed" { # T01 T06
    for bytes in c080 e08080 f0808080 eda080 edbfbf f4908080 f5 ff 80 e282; do
        fails 1007 "$(printf '81%02x%s' $((${#bytes} / 2)) "$bytes")"
    done
    fails 1007 '0101e2 800182 '
}

@test "a character may be split across fragments" { # T03
    gets '0101e2 000182 8001ac' '€\n'
}

@test "the borders of UTF-8 pass byte for byte, and so does a BOM" { # T02
    hex=007fc280dfbfe0a080ed9fbfee8080efbfbdefbfbeefbfbff0908080f48fbfbfefbbbf
    rig accept "send:81$(printf '%02x' $((${#hex} / 2)))$hex" close:1000
    wsx "$URL" </dev/null
    exits 0
    [ "$(xxd -p "$T/out" | tr -d '\n')" = "${hex}0a" ]
}

@test "bad text is noticed when the bad byte arrives, not at the end" { # T04 T05
    rig accept send:8114616161616161616161616161ff recv-close close:1007
    start_wsx "$URL"
    wait_wsx
    exits 7
    peer_saw_end
    grep -q '^close 1007 ' "$RIG/events"
}

@test "a binary message may hold anything" { # T07
    gets '8203c3 28ff' '\xc3\x28\xff'
}

# ---- closing

@test "a Close is answered with its code" { # C02 C03
    for code in 1000 1001 3000 4999; do
        rig accept "close:$code:x" finish
        wsx "$URL" </dev/null
        peer_saw_end
        grep -qE "^close $code " "$RIG/events"
    done
}

@test "an empty Close is answered with an empty one" { # C04
    rig accept close finish
    wsx "$URL" </dev/null
    exits 0
    peer_saw 'close none ""'
}

@test "codes that may not be on the wire are an error" { # C07 C08
    for code in 0 999 1004 1005 1006 1015 1016 1100 2000 2999 5000 65535; do
        fails 1002 "8802$(printf '%04x' "$code")"
    done
}

@test "a Close of one byte, or one whose reason is not UTF-8, is an error" { # C09 C10
    fails 1002 880103
    fails 1007 880403e8c328
    fails 1007 880403e8e282
}

@test "a reason of 123 bytes is taken and shown" { # C11
    rig accept "close:4000:$(printf 'r%.0s' {1..123})"
    wsx "$URL" </dev/null
    exits 9
    tells 'r{123}'
}

@test "what follows a Close is ignored" { # C24
    rig accept send:880203e8810161
    wsx "$URL" </dev/null
    exits 0
    prints_nothing
}

@test "a Close inside a fragmented message drops the message" { # C25
    rig accept 'send:010161 880203e8 800162'
    wsx "$URL" </dev/null
    exits 0
    prints_nothing
}

@test "--close-code and --close-reason go out as given" { # R02b W21
    rig accept finish
    wsx "$URL" -E --close-code 4000 --close-reason 'bye é' </dev/null
    exits 0
    peer_saw 'close 4000 "bye é"'
}

@test "a close reason without a code goes with 1000" { # W21
    rig accept finish
    wsx "$URL" -E --close-reason bye </dev/null
    peer_saw 'close 1000 "bye"'
}

@test "a ping that crosses our Close is still answered" { # F26
    rig accept recv-close send:890170 recv-pong close:1000
    wsx "$URL" -E </dev/null
    exits 0
    peer_saw_all 'close 1000 ""' 'pong "p"'
}

# ---- frames sent

@test "every frame is masked, with a key of its own" { # F02 F03 B02
    rig accept recv:1000 ping:p recv-pong finish
    wsx "$URL" -w 0.3 < <(yes same | head -n 1000)
    exits 0
    peer_saw_end
    [ "$(frames ' unmasked ')" -eq 0 ]
    [ "$(cut -d' ' -f4 "$RIG/frames" | sort -u | wc -l)" -ge 1001 ]
}

@test "lengths sent have the shortest form, and no reserved bit is set" { # F11 F39
    for n in 0 125 126 127 65535 65536; do
        rig accept sink
        wsx "$URL" -E < <(head -c "$n" /dev/zero | tr '\0' x; echo)
        exits 0
        peer_saw "sunk 1 $n"
        case $n in
        0 | 125) head=$(printf '81%02x' $((128 + n))) ;;
        126 | 127 | 65535) head=$(printf '81fe%04x' "$n") ;;
        65536) head=81ff0000000000010000 ;;
        esac
        [ "$(xxd -p -l $((${#head} / 2)) "$RIG/after")" = "$head" ] ||
            fail "length $n begins $(xxd -p -l 10 "$RIG/after")"
    done
}

# ---- limits

@test "--max-message is exact, and passing it closes with 1009" { # S01
    rig accept text:0123456789 close:1000
    wsx "$URL" --max-message 10 </dev/null
    exits 0
    prints '0123456789\n'
    rig accept text:0123456789x
    wsx "$URL" --max-message 10 </dev/null
    exits 7
    prints_nothing
    peer_saw_end
    grep -q '^close 1009 ' "$RIG/events"
}

@test "a message over the limit is refused from its header" { # S02
    rig accept send:827f0000010000000000
    wsx "$URL" --max-message 1M </dev/null
    exits 7
    peer_saw_end
    grep -q '^close 1009 ' "$RIG/events"
}

@test "the limit counts all fragments of a message" { # S03 B35
    rig accept "send:0106$(printf '61%.0s' {1..6})" send:8006
    wsx "$URL" --max-message 10 </dev/null
    exits 7
    peer_saw_end
    grep -q '^close 1009 ' "$RIG/events"
}

@test "a message of 1 GiB streams with no more memory than a small one" { # S06
    plain_build 'its memory says nothing'
    memory() { # memory BYTES: sets $kb, the most wsx used until it had printed a message so long
        rig accept "message:$1" "wait:$T/go$1" close:1000
        mkfifo "$T/pipe$1"
        "$WSX" "$URL" <"$T/idle" >"$T/pipe$1" 2>"$T/err" 3>&- &
        WSX_PID=$!
        CHILDREN+=("$WSX_PID")
        exec {OUT}<"$T/pipe$1"
        [ "$(head -c "$1" <&"$OUT" | wc -c)" -eq "$1" ]
        kb=$(sed -n 's/^VmHWM:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$WSX_PID/status")
        touch "$T/go$1"
        PATIENCE=60 wait_wsx
        exits 0
        exec {OUT}<&-
    }
    mkfifo "$T/idle"
    exec {IDLE}<>"$T/idle"
    memory 10
    small=$kb
    memory $((1 << 30))
    echo "small message $small KiB, 1 GiB $kb KiB"
    [ $((kb - small)) -le 1024 ]
}

@test "our Close arrives whole while the server is still sending" { # C15
    rig accept recv message:4000000 message:4000000 recv-close
    wsx "$URL" -E < <(printf 'go\n')
    peer_saw 'close 1000 ""'
    peer_never '^reset'
}

@test "there is no option to send frames without a mask" { # S11
    "$WSX" --help >"$T/help"
    lacks "$T/help" 'no-mask|unmasked'
}
