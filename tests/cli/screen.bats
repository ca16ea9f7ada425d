#!/usr/bin/env bats
# What goes to a terminal, byte for byte, and the modes it is left in (peer/terminal.py).

load lib/common

# pty STEP... -- COMMAND...: runs them; the bytes are in $T/tty, the code in $T/tty.code.
pty() {
    timeout -k 5 $((3 * PATIENCE)) env -u TMUX -u STY -u TERM_PROGRAM -u LC_TERMINAL -u KITTY_WINDOW_ID HOME="$T" \
        TERM="${TERMINAL:-xterm-256color}" "$PYTHON" "$PEER/terminal.py" --size 200x50 "$T/tty" "$@" ||
        fail "the terminal did not show what it should"
}

# left CODE: what it ended with, and that nothing of ours was left on.
left() {
    [ "$(cat "$T/tty.code")" = "$1" ] || fail "ended with $(cat "$T/tty.code"), not $1"
    tail -c 200 "$T/tty" | grep -qaF $'\e[?2004l' || fail "pastes are still marked" "$(tail -c 200 "$T/tty" | cat -v)"
    ! sed 's/.*\x1b\[?2004l//' <(tail -n 1 "$T/tty") | grep -qaF $'\e[?2004h'
}

# left_screen: the pager's other screen was left.
left_screen() {
    local off on
    off=$(grep -aob $'\e\[?1049l' "$T/tty" | tail -n 1 | cut -d : -f 1)
    on=$(grep -aob $'\e\[?1049h' "$T/tty" | tail -n 1 | cut -d : -f 1)
    [ "$off" -gt "$on" ]
}

# answered COMMAND...: its keys are answered within 50 ms, in one of three runs: the machine may have
# been busy with others.
answered() {
    plain_build 'times of a slow build'
    local try
    for try in 1 2 3; do
        "$@"
        left 0
        [ "$(cat "$T/tty.keys")" -gt 50 ] || return 0
    done
    fail "a key took $(cat "$T/tty.keys") ms"
}

# job_script: $T/script runs a command as a job of a shell, and goes on with it once it was stopped.
job_script() {
    cat >"$T/script" <<'END'
set -m
"$@"
echo "status $?"
fg >/dev/null
echo "status again $?"
END
}

# a PNG of 1 by 1 pixels, and the start of others; hex
PNG=89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082
JPEG=ffd8ffe000104a46494600010100000100010000ffc0000b080010001001011100ffd9
GIF=474946383961010001000000002c00000000010001000002024401003b

@test "a flood of 100,000 messages leaves keys answered within 50 ms" {
    rig accept messages:100000 finish
    answered pty shows:Connected keys:100 'shows:message 100000' 'types:\x15\x04' ends -- "$WSX" "$URL"
}

# type_in_json: in a session that gets 2,000 messages of 50 KB of JSON, a hundred in what one read gives.
type_in_json() {
    : >"$T/listen.out"
    "$WSX" -l 127.0.0.1:0 --announce --compress-always -n <"$T/flood" >"$T/listen.out" 3>&- &
    CHILDREN+=($!)
    await "$T/listen.out" '^ws://'
    pty shows:Connected 'types:{"id":1,"method":"m"}\r' keys:100 'types:\x15\x04' ends -- \
        "$WSX" --pretty "$(cat "$T/listen.out")"
    grep -qa $'^|   \e\[[0-9;]*m1\e' "$T/tty" || fail "no JSON was laid out"
}

@test "a flood of large JSON, compressed, laid out, leaves keys answered within 50 ms" {
    json="[$(yes 1 | head -n 25000 | paste -sd ,)]"
    for i in {1..2000}; do echo "$json"; done >"$T/flood"
    answered type_in_json
}

@test "a line typed within a flood is sent as typed" {
    rig accept messages:20000 recv finish
    pty shows:Connected keys:40 'types:\r\x04' ends -- "$WSX" "$URL"
    peer_saw 'text "abcdefghijklmnopqrstuvwxyzabcdefghijklmn"'
}

@test "whatever ends the session, the terminal is as it was" {
    rig accept finish
    local name
    for name in TERM:143 HUP:143 QUIT:-3 SEGV:-11 BUS:-7 ABRT:-6 FPE:-8 ILL:-4 USR1:-10 USR2:-12 ALRM:-14 TRAP:-5 \
        SYS:-31 XCPU:-24 VTALRM:-26 PROF:-27 IO:-29; do
        [[ $name != *:-* ]] || plain_build 'its own handlers' || continue
        pty shows:Connected 'types:half a line' 'shows:half a line' \
            "signal:${name%:*}" ends same_modes -- "$WSX" "$URL" || fail "SIG$name"
        left "${name#*:}"
    done
}

@test "a recording that may not grow is an error, not the end of the terminal" {
    rig accept messages:1000 finish
    pty 'shows:cannot write.*File too large' 'shows:message 1000' 'types:\x15\x04' ends same_modes -- \
        bash -c 'ulimit -f 1; trap - XFSZ; exec "$@"' - "$WSX" --record "$T/record" "$URL"
    left 1
}

@test "Ctrl-D, Ctrl-C, the server's Close and a failure leave the terminal as it was" {
    rig accept finish
    pty shows:Connected 'shows:> ' 'types:\x04' ends same_modes -- "$WSX" "$URL"
    left 0
    pty shows:Connected 'shows:> ' 'types:\x03' ends same_modes -- "$WSX" "$URL"
    left 130
    rig accept recv close:1000 finish
    pty shows:Connected 'shows:> ' 'types:x\r' ends same_modes -- "$WSX" "$URL"
    left 0
    pty shows:no-such-host.invalid/: ends same_modes -- "$WSX" ws://no-such-host.invalid/
    left 3
}

@test "Ctrl-Z gives the terminal back as it was, and fg takes it again" {
    rig accept echo
    cat >"$T/script" <<'END'
set -m
"$@"
echo "status $?"
stty -a | grep -ow -e '-icanon' -e icanon
read -r line
fg >/dev/null
END
    pty shows:Connected 'shows:> ' 'types:half' shows:half 'types:\x1a' 'shows:status 1[0-9]+' \
        'shows:icanon' same_modes 'types:go\r' 'shows:> half' 'types: done\r' 'shows:< half done' \
        'types:\x04' ends same_modes -- bash "$T/script" "$WSX" "$URL"
    left 0
    [ "$(grep -aoc -F -e '-icanon' "$T/tty")" -eq 0 ]
}

@test "a session that was stopped can be ended, in the background, and leaves the terminal alone" {
    rig accept echo
    cat >"$T/script" <<'END'
set -m
"$@"
echo "status $?"
bg %1
until jobs -s | grep -q .; do :; done
echo stopped again
pid=$(jobs -p)
kill %1
while kill -0 "$pid" 2>/dev/null; do :; done
wait "$pid"
echo "ended $?"
END
    pty shows:Connected 'shows:> ' 'types:half' shows:half 'types:\x1a' 'shows:status 1[0-9]+' \
        'shows:stopped again' 'shows:ended 143' same_modes ends -- bash "$T/script" "$WSX" "$URL"
    left 0
}

@test "SIGSTOP and fg: the modes are set again and the line is drawn" {
    rig accept echo
    cat >"$T/script" <<'END'
set -m
"$@" &
fg %1 >/dev/null
echo "status $?"
stty echo icanon isig
fg %1 >/dev/null
END
    pty shows:Connected 'shows:> ' 'types:half' shows:half stops:wsx 'shows:status 1[0-9]+' \
        'shows:> half' 'types:\x03' 'shows:\^C' 'types:whole\r' 'shows:< whole' 'types:\x04' ends same_modes -- \
        bash "$T/script" "$WSX" "$URL"
}

@test "a paste is sent with its newlines, whichever the terminal has for them" {
    rig accept recv:5 finish
    local text
    for text in 'a\nb' 'a\rb' 'a\r\nb' 'a\n\nb'; do
        pty shows:Connected 'shows:> ' "types:\x1b[200~$text\x1b[201~" 'shows:b' 'types:\r' 'shows:> ' \
            'types:\x04' ends -- "$WSX" "$URL"
    done
    [ "$(grep '^text' "$RIG/events")" = 'text "a\nb"
text "a\nb"
text "a\nb"
text "a\n\nb"' ] || fail "$(cat "$RIG/events")"
}

@test "what would be a signal is text in a paste, and behind Ctrl-V" {
    rig accept recv:2 finish
    pty shows:Connected 'shows:> ' 'types:\x1b[200~a\x03b\x1ac\x1cd\x1b[201~\r' 'shows:> ' 'types:e\x16\x03f\r' 'shows:> ' \
        'types:\x04' ends same_modes -- "$WSX" "$URL"
    left 0
    [ "$(grep '^text' "$RIG/events")" = 'text "a\u0003b\u001ac\u001cd"
text "e\u0003f"' ] || fail "$(cat "$RIG/events")"
}

@test "what is typed before and after a key that is a signal counts, in one burst" {
    rig accept echo
    pty shows:Connected 'shows:> ' 'types:one\x03two\r' 'shows:< two' 'types:a\x1ab\r' 'shows:< ab' 'types:\x04' ends -- "$WSX" "$URL"
    [ "$(grep '^text' "$RIG/events")" = 'text "two"
text "ab"' ] || fail "$(cat "$RIG/events")"
}

@test "however much is typed ahead, Ctrl-C is heard, in any state" {
    rig stall
    long=$(printf 'x%.0s' {1..4000})
    pty shows:Connecting "types:$long" "types:$long" 'types:\x03' 'shows:\^C' 'types:\x03' ends same_modes -- "$WSX" "$URL"
    left 130
    head -c 20000000 /dev/zero >"$T/file"
    rig accept stall
    pty shows:Connected "types:/file $T/file\r" 'types:one\r' "types:$long" "types:$long" 'types:\x03' 'shows:\^C' 'types:\x03' \
        ends same_modes -- "$WSX" "$URL"
    left 130
}

@test "a long paste that holds the mark of an end does not press keys" {
    rig accept recv finish
    long=$(printf 'x%.0s' {1..9000})
    pty shows:Connected 'shows:> ' "types:\x1b[200~one\x1b[201~$long\n/close 1000\n\x1b[201~" 'shows:/close 1000' 'types:\r' \
        'types:\x04' ends -- "$WSX" "$URL"
    [[ $(grep '^text' "$RIG/events") == "text $((3 + 9000 + 13)) bytes"* ]] || fail "$(cut -c 1-200 "$RIG/events")"
}

@test "a terminal that is stopped holds up no end: a signal, --max-time, the server's Close" {
    rig accept 'text:before' "wait:$BATS_TEST_TMPDIR/go" text:last close:1000 finish
    pty shows:before 'types:\x13' 'types:abc' signal:TERM ends same_modes -- "$WSX" "$URL"
    left 143
    pty shows:before 'types:\x13' 'types:abc' ends same_modes -- "$WSX" -m 1 "$URL"
    left 11
    pty shows:before 'types:\x13' 'types:abc' "touches:$T/go" shows:last ends same_modes -- "$WSX" "$URL"
    left 0
}

@test "Pings are answered while the terminal is stopped" {
    rig accept 'text:before' "wait:$BATS_TEST_TMPDIR/go" messages:10000 ping:p finish
    pty shows:before 'types:\x13' 'types:abc' "touches:$T/go" "sees:$RIG/events:pong \"p\"" 'types:\x11' \
        'shows:message 10000' 'types:\x15\x04' ends same_modes -- "$WSX" "$URL"
    left 0
}

@test "a pager that is less leaves the screen as it was, whatever ends it" {
    rig accept 'text:one\ntwo' echo
    pty 'shows:\| two' 'types:/last pager\r' 'shows:\x1b\[\?1049h.*two' signal:TERM ends same_modes -- \
        env PAGER=less "$WSX" "$URL"
    left 143
    left_screen
    pty 'shows:\| two' 'types:/last pager\r' 'shows:\x1b\[\?1049h.*two.*END' 'types:\x03' 'insists:q \?1049l.*> ' 'types:\x15still\r' \
        'shows:< still' 'types:\x04' ends same_modes -- env PAGER=less "$WSX" "$URL"
    left 0
}

@test "a pager is stopped with the session, and goes on with it" {
    rig accept 'text:one\ntwo' echo
    job_script
    pty 'shows:\| two' 'types:/last pager\r' 'shows:\x1b\[\?1049h.*two.*END' 'insists:\x1a status 1[0-9]+' \
        'shows:\x1b\[\?1049h.*two.*END' 'insists:q > ' 'types:\x15still\r' 'shows:< still' 'types:\x04' ends same_modes -- \
        env PAGER=less bash "$T/script" "$WSX" "$URL"
    left 0
    pty 'shows:\| two' 'types:/last pager\r' 'shows:\x1b\[\?1049h.*two.*END' \
        'insists:\x1a \?1049h.*END' 'insists:q > ' 'types:\x15still\r' \
        'shows:< still' 'types:\x04' ends same_modes -- env PAGER=less "$WSX" "$URL"
}

@test "a session that is stopped from outside while a pager runs goes on with it" {
    rig accept 'text:one\ntwo' echo
    job_script
    pty 'shows:\| two' 'types:/last pager\r' 'shows:\x1b\[\?1049h.*two.*END' stops:wsx:TSTP 'shows:status 1[0-9]+' \
        'insists:q > ' 'types:\x15still\r' 'shows:< still' 'types:\x04' \
        'shows:status again 0' ends same_modes -- env PAGER=less bash "$T/script" "$WSX" "$URL"
}

@test "a signal that ends the session at once ends a pager, too" {
    plain_build 'its own handlers'
    rig accept 'text:one\ntwo' echo
    pty 'shows:\| two' 'types:/last pager\r' 'shows:\x1b\[\?1049h.*two.*END' signal:SEGV ends same_modes -- \
        env PAGER=less "$WSX" "$URL"
    left_screen
}

@test "a terminal that takes nothing is left, with pastes no longer marked" {
    rig accept flood
    pty shows:Connected fills signal:TERM leaves ends same_modes -- "$WSX" "$URL"
    left 143
}

@test "a terminal that is stopped, by Ctrl-S, can be left, and is as it was" {
    rig accept echo
    for name in TERM INT HUP; do
        pty shows:Connected 'shows:> ' 'types:\x13' 'types:abc' "signals:$name" same_modes -- "$WSX" "$URL" ||
            fail "SIG$name"
    done
}

@test "Ctrl-Z stops nobody whom nobody could have go on" {
    rig accept echo
    pty shows:Connected 'shows:> ' 'types:\x1a' 'types:still here\r' 'shows:< still here' 'types:\x04' ends \
        same_modes -- "$WSX" "$URL"
    left 0
}

@test "windows of any size, pastes and lines of any height get along" {
    rig accept echo
    local steps=() size rows
    rows=$(printf 'row%s\\n' $(seq 30))
    for size in 60x5 1x1 200x50 60x20 5x3 20x2 2x20 80x24; do
        steps+=("types:\x1b[200~${rows}\x1b[201~" "resize:$size" "types:\x1b[200~a\x1b[201~\x01b\x05\x1b[Ac")
        steps+=("resize:60x20" "types:\x15" "types:short" "resize:$size" "types:\x1b[200~${rows}${rows}\x1b[201~\x15")
    done
    pty shows:Connected 'shows:> ' "${steps[@]}" resize:60x20 'types:\x15still here\r' 'shows:< still here' \
        'types:\x04' ends same_modes -- "$WSX" "$URL"
    left 0
}

@test "a window that claims to be vast takes no memory for it" {
    rig accept echo
    pty shows:Connected 'shows:> ' 'types:one' shows:one resize:20000x20000 'types: two' 'shows:one two' \
        'types:\r' 'shows:< one two' 'types:three' shows:three resize:60x20 'types:\x01\x05 four' 'shows:four' \
        'types:\r' 'shows:< three four' "holds:$((50000 * ${WSX_SLOW:-1}))" 'types:\x04' ends same_modes -- "$WSX" "$URL"
    left 0
}

@test "keys by the thousand that take long, searches of the history, hold up no signal" {
    rig accept finish
    mkdir -p "$T/.local/state/wsx"
    "$PYTHON" -c 'import sys
for i in range(1000):
    print(sys.argv[1], f"{i:06}" * 50)' "${URL#ws://}" | tr -d / >"$T/.local/state/wsx/history"
    pty shows:Connected 'shows:> ' "types:\x12$(printf '%.0s1\\x12' {1..1500})" signal:TERM ends same_modes -- "$WSX" "$URL"
    left 143
}

@test "PNG is drawn by kitty's graphics, in parts, and nothing else is" {
    rig accept "binary:$PNG" "binary:$JPEG" "binary:89504e470d0a1a0a$(printf '00%.0s' {1..4000})" text:end finish
    TERMINAL=xterm-kitty pty shows:Connected 'shows:< end' 'types:\x04' ends -- "$WSX" "$URL"
    grep -qaF "$(printf '\e_Ga=T,f=100,q=2,m=0;%s\e\\' "$(xxd -r -p <<<"$PNG" | base64 -w0)")" "$T/tty" ||
        fail "$(cat -v "$T/tty")"
    [ "$(grep -aoF $'\e_G' "$T/tty" | wc -l)" -eq 3 ]
    [ "$(grep -aoF $'\e_Gq=2,m=0;' "$T/tty" | wc -l)" -eq 1 ]
    grep -qa '< binary, 35 bytes, JPEG image' "$T/tty"
}

@test "PNG, JPEG and GIF are drawn by iTerm2's inline images" {
    rig accept "binary:$PNG" "binary:$JPEG" "binary:$GIF" binary:0001 text:end finish
    pty shows:Connected 'shows:< end' 'types:\x04' ends -- env TERM_PROGRAM=iTerm.app "$WSX" "$URL"
    for image in "$PNG" "$JPEG" "$GIF"; do
        grep -qaF "$(printf '\e]1337;File=inline=1;size=%d:%s\a' $((${#image} / 2)) \
            "$(xxd -r -p <<<"$image" | base64 -w0)")" "$T/tty" || fail "$image" "$(cat -v "$T/tty")"
    done
    [ "$(grep -aoF $'\e]1337' "$T/tty" | wc -l)" -eq 3 ]
}

@test "a large image is made to fit" {
    wide=89504e470d0a1a0a0000000d494844520000400000000010
    high=ffd8ffc0000b08400000100101110000
    rig accept "binary:${wide}0806000000" "binary:$high" text:end finish
    pty shows:Connected 'shows:< end' 'types:\x04' ends -- env LC_TERMINAL=iTerm2 "$WSX" "$URL"
    grep -qaF 'size=29;width=200:' "$T/tty" || fail "$(cat -v "$T/tty")"
    grep -qaF 'size=16;height=24:' "$T/tty"
}

@test "images are drawn nowhere else, unless asked for" {
    rig accept "binary:$PNG" text:end finish
    for with in TERM_PROGRAM=Apple_Terminal TMUX=x,1,2 'TERM_PROGRAM=iTerm.app TMUX=/tmp/t' \
        'KITTY_WINDOW_ID=1 STY=1' 'TERM=screen-256color KITTY_WINDOW_ID=1' TERM=tmux-256color; do
        pty shows:Connected 'shows:< end' 'types:\x04' ends -- env $with "$WSX" "$URL"
        ! grep -qa $'\e[]_][G1]' "$T/tty" || fail "$with" "$(cat -v "$T/tty")"
    done
    TERMINAL=xterm-kitty pty shows:Connected 'shows:< end' 'types:\x04' ends -- "$WSX" --images never "$URL"
    lacks "$T/tty" $'\e_G'
    pty shows:Connected 'shows:< end' 'types:\x04' ends -- "$WSX" --images always "$URL"
    grep -qaF $'\e_G' "$T/tty"
    wsx --images always -w 0.1 "$URL" -x x
    ! grep -qaF $'\e' "$T/out"
}

@test "the marks and colours of messages, and none where they are not wanted" {
    rig accept 'text:{"a":1}' text:end finish
    local steps=(shows:Connected 'shows:< end' 'types:\x04' ends)
    pty "${steps[@]}" -- "$WSX" --pretty "$URL"
    grep -qaF $'\e[36m< \e[0m{' "$T/tty"
    grep -qaF $'\e[34m"a"\e[0m: \e[36m1\e[0m' "$T/tty"
    for with in '--color never' '--no-color'; do
        pty "${steps[@]}" -- "$WSX" --pretty $with "$URL"
        ! grep -qa $'\e\\[[0-9;]*m' "$T/tty" || fail "$with"
    done
    pty "${steps[@]}" -- env NO_COLOR=1 "$WSX" --pretty "$URL"
    lacks "$T/tty" $'\e\\[[0-9;]*m'
    TERMINAL=dumb pty shows:Connected 'shows:end' 'types:\x04' ends -- "$WSX" --pretty "$URL"
    ! grep -qaF $'\e' "$T/tty" || fail "$(cat -v "$T/tty")"
}
