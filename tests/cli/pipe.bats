#!/usr/bin/env bats
# Standard input to messages, messages to standard output.

load lib/common

@test "a line on standard input becomes one text message" { # G13 F02 G03 G05
    rig accept sink
    wsx "$URL" -E < <(printf 'hello\n')
    exits 0
    peer_saw 'sunk 1 5'
    [ "$(frames '^1 0 text [0-9a-f]{8} 5$')" -eq 1 ]
}

@test "lines become messages in their order" { # R09a
    rig accept echo
    wsx "$URL" < <(seq 1 1000)
    exits 0
    cmp <(seq 1 1000) "$T/out"
}

@test "the last line needs no newline" { # G13
    rig accept echo
    wsx "$URL" < <(printf 'a\nb')
    exits 0
    prints 'a\nb\n'
}

@test "an empty line is an empty message and not the end" { # F33 W27
    rig accept echo
    wsx "$URL" < <(printf 'a\n\nb\n')
    exits 0
    prints 'a\n\nb\n'
    peer_saw_all 'text "a"' 'text ""' 'text "b"'
}

@test "a single newline sends one empty message" { # F33
    rig accept echo
    wsx "$URL" < <(printf '\n')
    exits 0
    prints '\n'
    [ "$(frames ' text ')" -eq 1 ]
}

@test "a carriage return stays part of its line" { # G13
    rig accept echo
    wsx "$URL" < <(printf 'a\r\nb\n')
    prints 'a\r\nb\n'
}

@test "a line may hold a NUL" {
    rig accept echo
    wsx "$URL" < <(printf 'a\0b\n')
    prints 'a\0000b\n'
    [ "$(frames ' text [0-9a-f]{8} 3$')" -eq 1 ]
}

@test "with -b standard input goes out as binary messages, byte for byte" { # T07 W26 G11 R03a
    head -c 300000 /dev/urandom >"$T/data"
    rig accept echo
    wsx "$URL" -b <"$T/data"
    exits 0
    cmp "$T/data" "$T/out"
    [ "$(frames ' text ')" -eq 0 ]
}

@test "with -b an invalid byte and a newline are as good as any" { # T07
    rig accept echo
    wsx "$URL" -b < <(printf '\xff\n\0\xfe')
    exits 0
    printf '\xff\n\0\xfe' | cmp - "$T/out"
    peer_saw 'binary ff0a00fe'
}

@test "-t sends lines as text, which is the default" {
    rig accept echo
    wsx -t "$URL" < <(printf 'a\n')
    peer_saw 'text "a"'
}

@test "a line of 100 MB is one message" { # T11 B46
    rig accept sink
    LIMIT=60 wsx "$URL" -E < <(head -c 100000000 /dev/zero | tr '\0' x)
    exits 0
    PATIENCE=60 peer_saw 'sunk 1 100000000'
}

@test "a long line is never cut inside a character" { # T11 B46
    yes 'aé€😀' | tr -d '\n' | head -c 3000000 >"$T/line"
    # Shifted by a byte at a time, some character lies across every border of a buffer.
    for pad in '' x xx xxx; do
        rig accept echo
        wsx "$URL" < <(printf '%s' "$pad"; cat "$T/line")
        exits 0
        cmp <(printf '%s' "$pad"; cat "$T/line"; echo) "$T/out"
    done
}

@test "a line that is not UTF-8 is refused with its number, and nothing is sent of it" { # T10
    rig accept echo
    wsx "$URL" < <(printf 'good\nbad \xff\xfe\nafter\n')
    exits 1
    complains 'line 2 .*UTF-8'
    prints 'good\nafter\n' # the session goes on, and its code tells in the end
    peer_saw_end
    peer_never 'bad'
    [ "$(frames ' (text|cont) ')" -eq 2 ]
}

@test "replies to the lines before a bad last one are printed" { # T10
    rig accept echo
    wsx "$URL" < <(printf 'good\n\xc3\x28\n')
    exits 1
    prints 'good\n'
    peer_saw 'close 1000 ""'
}

@test "a line that ends inside a character is refused too" { # T10 T06
    rig accept sink
    wsx "$URL" < <(printf 'ok\n\xe2\x82\n')
    exits 1
    complains 'line 2'
    peer_saw 'sunk 1 2'
}

@test "of a long line that turns bad at its end nothing is sent" { # T10
    rig accept sink
    wsx "$URL" < <(head -c 5000000 /dev/zero | tr '\0' x; printf '\xff\n')
    exits 1
    complains 'line 1'
    peer_saw 'sunk 0 0'
    [ "$(frames ' (text|cont) ')" -eq 0 ]
}

@test "every text message gets a newline, a binary one nothing" { # F28
    rig accept text:one binary:00ff0a text:two close:1000
    wsx "$URL" </dev/null
    exits 0
    printf 'one\n\0\xff\ntwo\n' | cmp - "$T/out"
}

@test "a text that holds a newline is written as it is" {
    rig accept 'text:two\nlines' close:1000
    wsx "$URL" </dev/null
    prints 'two\nlines\n'
}

@test "a pipe gets control characters as they came" { # T12
    rig accept 'text:\x1b[31mred\x07' close:1000
    wsx "$URL" </dev/null
    prints '\x1b[31mred\x07\n'
}

@test "all 256 bytes arrive as they were sent" { # T07
    hex=$(for i in $(seq 0 255); do printf '%02x' "$i"; done)
    rig accept "binary:$hex" close:1000
    wsx "$URL" </dev/null
    [ "$(xxd -p "$T/out" | tr -d '\n')" = "$hex" ]
}

@test "a frame glued to the 101 is delivered" { # HC30 B11
    rig accept:81026869 close:1000
    wsx "$URL" </dev/null
    exits 0
    prints 'hi\n'
}

@test "a frame and a Close glued to the 101 are delivered" { # HC30
    rig accept:81026869880203e8
    wsx "$URL" </dev/null
    exits 0
    prints 'hi\n'
    peer_saw 'close 1000 ""'
}

@test "a file that is cut short while it is sent leaves no frame short" { # F40
    head -c 67108864 /dev/zero >"$T/file"
    rig accept say:open "wait:$T/go" sink
    "$WSX" -b -E "$URL" <"$T/file" >"$T/out" 2>"$T/err" 3>&- &
    WSX_PID=$!
    CHILDREN+=("$WSX_PID")
    peer_saw open
    : >"$T/file"
    touch "$T/go"
    wait_wsx
    exits 0
    peer_saw_end
    read -r _ messages bytes < <(grep '^sunk ' "$RIG/events")
    [ "$bytes" -lt 67108864 ]
    [ "$(awk '$3 != "close" { sum += $5 } END { print sum + 0 }' "$RIG/frames")" -eq "$bytes" ]
    echo "$messages messages, $bytes bytes"
}

@test "a message is printed when it arrives, while input stays open" { # G12 R01a
    rig accept "wait:$BATS_TEST_TMPDIR/go" text:first recv close:1000
    start_wsx "$URL"
    touch "$T/go"
    await "$T/out" '^first$'
    say 'answer\n'
    wait_wsx
    exits 0
    peer_saw 'text "answer"'
}

@test "lines go out when they are typed and not at the end of input" { # G12
    rig accept echo
    start_wsx "$URL"
    say 'one\n'
    await "$T/out" '^one$'
    say 'two\n'
    await "$T/out" '^two$'
    end_input
    wait_wsx
    exits 0
}

@test "both ways go on at once: receiving while sending is blocked" { # R01b S06
    rig accept messages:20000 "wait:$BATS_TEST_TMPDIR/go" sink
    start_wsx "$URL"
    (head -c 30000000 /dev/zero | tr '\0' x >&"$IN") 3>&- &
    CHILDREN+=($!)
    await "$T/out" '^message 20000$'
    touch "$T/go"
    end_input
    wait_wsx
    exits 0
    peer_saw 'sunk 1 30000000'
}

@test "what was read is sent before the Close" { # C26 W22
    head -c 10000000 /dev/urandom >"$T/data"
    rig accept delay:300 sink
    wsx "$URL" -b -E <"$T/data"
    exits 0
    peer_saw_end
    grep -qE '^sunk [0-9]+ 10000000$' "$RIG/events"
}

@test "no message follows our Close" { # F29
    rig accept recv:3 sink
    wsx "$URL" -E < <(seq 1 500)
    peer_saw_end
    [ "$(awk 'closed { n++ } $3 == "close" { closed = 1 } END { print n + 0 }' "$RIG/frames")" -eq 0 ]
    [ "$(frames ' close ')" -eq 1 ] # C01
}

@test "standard output that is closed early ends wsx quietly with a Close 1001" { # C32
    rig accept flood
    run bash -c 'timeout 20 "$0" "$1" </dev/null 2>"$2" | head -c 1 >/dev/null; exit "${PIPESTATUS[0]}"' \
        "$WSX" "$URL" "$T/err"
    exits 0
    says_nothing
}

@test "head -1 takes one line, and the peer is told that we go" { # C32 W41
    rig accept text:one "wait:$BATS_TEST_TMPDIR/go" text:two text:three finish
    mkfifo "$T/pipe"
    (head -n 1 <"$T/pipe" >"$T/first"; : >"$T/go") 3>&- &
    CHILDREN+=($!)
    status=0
    timeout 20 "$WSX" "$URL" </dev/null >"$T/pipe" 2>"$T/err" || status=$?
    exits 0
    says_nothing
    [ "$(cat "$T/first")" = one ]
    peer_saw 'close 1001 ""'
}

@test "a full disk is a failure with code 1" {
    rig accept text:lost finish
    status=0
    timeout 20 "$WSX" "$URL" </dev/null >/dev/full 2>"$T/err" || status=$?
    : >"$T/out"
    exits 1
    complains 'no space'
}

@test "standard input that cannot be read is a failure with code 1" {
    rig accept finish
    wsx "$URL" <"$T"
    exits 1
    complains 'input'
}

@test "input waits for the connection: nothing of it goes before the 101" { # HC11 B44
    rig request quiet:300 "$(ok_101)" sink
    wsx "$URL" -E < <(seq 1 100)
    exits 0
    peer_saw quiet
    peer_saw 'sunk 100 192'
}

@test "nothing but payload is on standard output, and no colour anywhere" { # G18
    rig accept 'text:{"a":1}' close:1000:bye
    wsx "$URL" -v --color auto </dev/null
    prints '{"a":1}\n'
    lacks "$T/err" $'\x1b'
}

@test "a session without trouble says nothing on standard error" {
    rig accept echo
    wsx "$URL" < <(printf 'a\n')
    exits 0
    says_nothing
}

@test "output that cannot be written is an error also with -E" {
    rig accept echo
    for _ in 1 2 3 4 5 6 7 8; do
        status=0
        printf 'hi\n' | timeout 10 "$WSX" -E "$URL" >/dev/full 2>"$T/err" || status=$?
        exits 1
    done
}

@test "output that was closed is an error and not silence" {
    rig accept echo
    status=0
    timeout 10 "$WSX" -1 -x hi "$URL" >&- 2>"$T/err" || status=$?
    exits 1
    tells 'cannot write to standard output'
}

@test "a reader on a socket that goes away ends wsx" {
    rig accept text:hello hold
    run timeout 10 /usr/bin/python3 - "$WSX" "$URL" <<'END'
import socket
import subprocess
import sys

ours, theirs = socket.socketpair()
tool = subprocess.Popen([sys.argv[1], "-n", sys.argv[2]], stdin=subprocess.DEVNULL, stdout=theirs)
theirs.close()
assert ours.recv(100) == b"hello\n"
ours.close()
sys.exit(tool.wait(5))
END
    [ "$status" -eq 0 ]
}
