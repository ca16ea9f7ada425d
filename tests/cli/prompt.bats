#!/usr/bin/env bats
# The line editor by itself, without a network: tests/unit/prompt_demo.c in a terminal of 60
# columns and 20 rows. terminal.bats has the session around it.

load lib/common
load lib/terminal

DEMO=$WSX_BUILD/tests/unit/prompt_demo

# demo: starts it; what `comes` then is printed above the line being typed.
demo() {
    [ -x "$DEMO" ] || skip "not built: $DEMO"
    mkfifo "$T/net"
    : >"$T/log"
    terminal "$DEMO" "$T/net" "$T/log"
    shows_last '>'
}

# comes TEXT: with the escapes of printf %b, and a newline.
comes() {
    printf '%b\n' "$1" >"$T/net"
}

# sent TEXT [N]: until so many lines (1) were typed that are exactly this, \n for a newline.
sent() {
    local n end=$((SECONDS + PATIENCE))
    n=$(printf '%s' "$1" | sed 's/\\n/n/g' | wc -c)
    until [ "$(grep -cxF -e "line $n $1" "$T/log")" -eq "${2:-1}" ]; do
        [ "$SECONDS" -lt "$end" ] || fail "not sent: $1" "$(cat "$T/log")"
    done
}

# sends TEXT [N]: Enter sends it.
sends() {
    presses Enter
    sent "$@"
}

# sent_nothing: no line was typed yet.
sent_nothing() {
    [ ! -s "$T/log" ] || fail "sent: $(cat "$T/log")"
}

# pastes TEXT: as a terminal does, between marks where the program asked for them.
pastes() {
    printf '%b' "$1" >"$T/paste"
    tmux_ load-buffer paste
    tmux_ paste-buffer -p -t t
}

# once WORD: what the screen shows of it, over all rows, is one.
once() {
    [ "$(screen | tr -d '\n' | grep -o -e "$1" | wc -l)" -eq 1 ] ||
        fail "not once on the screen: $1" "$(screen | grep .)"
}

@test "what comes is shown above half a line, and the line is sent as typed" { # G19
    demo
    types 'half a li'
    comes 'one\ntwo'
    shows '^two$'
    shows_last '> half a li'
    types ne
    shows_last '> half a line'
    sends 'half a line'
    [ "$(screen | grep . | head -n 3)" = $'one\ntwo\n> half a line' ] || fail "$(screen | grep .)"
}

@test "the cursor stays inside the line" {
    demo
    types acd
    presses Left Left
    comes one
    shows '^one$'
    types b
    presses C-a
    comes two
    shows '^two$'
    types '<'
    shows_last '> <abcd'
    sends '<abcd'
}

@test "a line of several rows leaves no ghost" { # G19
    demo
    long=$(printf 'word%02d ' {1..40})
    types "begin $long"
    shows 'word40'
    comes one
    shows '^one$'
    once begin
    presses C-a
    comes two
    shows '^two$'
    once begin
    once word40
    presses C-e
    sends "begin $long"
}

@test "a row that is exactly full leaves no ghost" {
    demo
    full=$(printf 'x%.0s' {1..58})
    types "$full"
    shows_last "> $full"
    comes one
    shows '^one$'
    comes two
    shows '^two$'
    [ "$(screen | grep . | tr '\n' '|')" = "one|two|> $full|" ] || fail "$(screen | grep .)"
    sends "$full"
}

@test "wide characters, emoji and marks keep their places" {
    demo
    wide=$(printf '漢%.0s' {1..40})
    types "é😀${wide}"
    comes one
    shows '^one$'
    once 'é😀'
    types $'e\u0301!'
    comes two
    shows '^two$'
    once 'é😀'
    sends "é😀${wide}"$'e\u0301!'
}

@test "all characters of Latin-1 are text" {
    demo
    latin=$(for i in {161..255}; do printf "\\u$(printf '%04x' "$i")"; done)
    types "$latin"
    sends "$latin"
}

@test "tabs are text" {
    demo
    types $'\ta\tb'
    comes one
    shows '^one$'
    shows_last '>       a       b'
    sends $'\ta\tb'
}

@test "bytes that are no text are dropped and nothing else" {
    demo
    printf 'a\xffb\xe2\x82c\xc0\x9bd\xc2\x9be' >"$T/paste"
    tmux_ load-buffer paste
    tmux_ paste-buffer -t t
    shows_last '> abcde'
    sends abcde
}

@test "a paste of several lines is one message and is not sent by itself" {
    demo
    types 'json: '
    pastes '{\n  "a": 1\n}'
    shows_last '}'
    comes one
    shows '^one$'
    once json:
    sent_nothing
    sends 'json: {\n  "a": 1\n}'
}

@test "a paste that ends itself cannot press Enter" {
    demo
    printf '\033[200~good\033[201~\nevil\n\033[201~' >"$T/paste"
    tmux_ load-buffer paste
    tmux_ paste-buffer -t t
    types done
    shows_last done
    sent_nothing
    sends 'good\nevil\ndone'
}

@test "10,000 characters pasted come back whole" { # G19 B47
    demo
    seq -s ' ' 3000 | head -c 10000 >"$T/paste"
    tmux_ load-buffer paste
    tmux_ paste-buffer -p -t t
    shows ' 22[0-9][0-9] 22[0-9]*$'
    comes one
    sends "$(cat "$T/paste")"
}

@test "10,000 characters typed come back whole" { # G19 B47
    demo
    seq -s ' ' 3000 | head -c 10000 >"$T/paste"
    tmux_ load-buffer paste
    tmux_ paste-buffer -t t
    comes one
    sends "$(cat "$T/paste")"
}

@test "a line taller than the screen can be emptied and the next is as ever" {
    demo
    seq -s ' ' 3000 | head -c 5000 >"$T/paste"
    tmux_ load-buffer paste
    tmux_ paste-buffer -p -t t
    comes one
    presses C-a
    comes two
    presses C-u
    shows_last '>'
    types next
    comes three
    shows '^three$'
    shows_last '> next'
    sends next
}

@test "the line is intact after 1,000 messages that come while it is typed" { # G19
    demo
    types 'before '
    for i in {1..100}; do
        comes "$(printf "message $i %s\n" {0..9})"
    done &
    typed='before '
    for i in {1..40}; do
        types "$i "
        typed+="$i "
    done
    wait $!
    shows '^message 100 9$'
    [ "$(screen | grep -c '^message ')" -eq 1000 ]
    [ "$(screen | grep -c '^> ')" -eq 1 ] || fail "$(screen | grep '^> ')"
    sends "$typed"
}

# resizes COLUMNS: the window; tmux tells the program a moment later.
resizes() {
    local end=$((SECONDS + PATIENCE)) tty
    tty=$(tmux_ display -p -t t '#{pane_tty}')
    tmux_ resize-window -t t -x "$1" -y 20
    until [ "$(stty size <"$tty")" = "20 $1" ]; do
        [ "$SECONDS" -lt "$end" ] || fail "not resized: $1"
    done
}

@test "a window made narrower and wider leaves no ghost" {
    demo
    comes '1\n2\n3\n4\n5\n6' # rows that a terminal can push off when it wraps lines anew
    shows '^6$'
    long=$(printf 'word%02d-' {1..15})
    types "$long"
    shows word15
    for size in 40 30 50 90; do
        resizes "$size"
        comes "at $size"
        shows "^at $size\$"
        once word01
        once word15
    done
    sends "$long"
}

@test "Ctrl-C leaves the line to be seen and starts afresh" {
    demo
    types 'never mind'
    shows_last '> never mind'
    presses C-c
    shows '^> never mind\^C$'
    shows_last '>'
    types kept
    sends kept
    presses C-c
    await "$T/log" '^interrupt$'
}

@test "Ctrl-C ends a search, a paste without end, and an escape" {
    demo
    types earlier
    sends earlier
    presses C-r
    types ear
    shows '^bck:ear'
    presses C-c
    shows '\^C$'
    shows_last '>'
    types $'\e[200~lost\n'
    presses C-c
    types 'a '
    shows_last '> a'
    presses Escape C-c
    shows '^> a \^C$'
    types b
    sends b
}

@test "what comes while the history is searched is shown above" {
    demo
    types 'find me'
    sends 'find me'
    presses C-r
    types find
    shows '^bck:find'
    comes one
    shows '^one$'
    [ "$(screen | grep . | tail -n 3)" = $'one\n> find me\nbck:find' ] || fail "$(screen | grep .)"
    sends 'find me' 2
}

@test "a paste while the history is searched, or after Escape, is not lost" {
    demo
    types earlier
    sends earlier
    presses C-r
    pastes 'one\ntwo'
    shows_last two
    sends 'one\ntwo'
    presses Escape
    pastes 'three\nfour'
    shows_last four
    sends 'three\nfour'
}

@test "history brings lines back exactly" {
    demo
    types 'ends in a space '
    sends 'ends in a space '
    presses Up
    sends 'ends in a space ' 2
    pastes 'line\n'
    sends 'line\n'
    presses Up
    sends 'line\n' 2
    types ' secret'
    sends ' secret'
    presses Up
    shows_last '> line'
}

@test "what is typed ahead is kept, and shown once" {
    demo
    types pause
    sends pause
    types 'first ahead'
    presses Enter
    types 'second ahead'
    comes awake
    shows_last '> second ahead'
    sent 'first ahead'
    sends 'second ahead'
    [ "$(screen | grep -c 'first ahead')" -eq 1 ] || fail "$(screen | grep .)"
}

@test "Ctrl-D ends on an empty line only" {
    demo
    types ab
    presses C-a C-d
    shows_last '> b'
    presses C-e C-d
    sends b
    presses C-d
    await "$T/log" '^end$'
    shows_last ended
    hides '^>$'
}

@test "the end of the session abandons the line on a row of its own" {
    demo
    types draft
    shows_last '> draft'
    comes '!end'
    await "$T/log" '^end$'
    [ "$(screen | grep .)" = $'> draft\nended' ] || fail "$(screen | grep .)"
}

@test "the end of the session during a search ends it too" {
    demo
    presses C-r
    shows '^bck:'
    comes '!end'
    await "$T/log" '^end$'
}

# stty before and after, around the demo and the keys given.
around() {
    mkfifo "$T/net"
    : >"$T/log"
    terminal sh -c 'stty -a >before; "$1" net log; stty -a >after; echo compared' - "$DEMO"
    shows_last '>'
}

@test "the terminal is as it was afterwards, killed or not" {
    [ -x "$DEMO" ] || skip "not built: $DEMO"
    cd "$T"
    around
    types x
    presses BSpace C-d
    shows '^compared$'
    cmp before after
    tmux_ kill-server
    rm net
    around
    types x
    kill -TERM "$(pgrep -f "^$DEMO net log")"
    shows '^compared$'
    cmp before after
}

@test "Ctrl-Z gives the terminal back, and fg goes on with the line" {
    [ -x "$DEMO" ] || skip "not built: $DEMO"
    mkfifo "$T/net"
    terminal bash --norc -i
    types "PS1='shell: '; '$DEMO' '$T/net' '$T/log'"
    presses Enter
    shows_last '>'
    types half
    presses C-z
    shows '^shell:'
    types 'stty -a | grep -o " icanon"; fg'
    presses Enter
    shows '^ icanon$'
    shows_last '> half'
    types ' done'
    comes one
    shows '^one$'
    sends 'half done'
}

@test "Enter goes on in another row while brackets of JSON are open" {
    demo
    types '{"a": ['
    presses Enter
    types '1, "]}"'
    presses Enter
    shows_last '1, "]}"'
    sent_nothing
    comes one
    shows '^one$'
    [ "$(screen | grep -c '"a": \[')" -eq 1 ] || fail ghost "$(screen | grep .)"
    types ']}'
    sends '{"a": [\n1, "]}"\n]}'
    types 'after'
    sends after
    [ "$(screen | grep . | tail -n 6)" = $'one\n> {"a": [\n1, "]}"\n]}\n> after\n>' ] ||
        fail "$(screen | grep .)"
}

@test "an empty row ends a line with open brackets, and goes" {
    demo
    types '["open'
    presses Enter Enter
    sent '["open'
    types '{hello [world'
    sends '{hello [world'
}

@test "Alt-Enter makes another row of any line, wherever the cursor is" {
    demo
    types onetwo
    presses Left Left Left M-Enter
    sent_nothing
    comes message
    shows '^message$'
    types '>'
    sends 'one\n>two'
    for key in '\033[13;2u' '\033[13;3u' '\033[27;2;13~'; do
        types a
        types "$(printf "$key")"
        types b
        presses Enter
    done
    sent 'a\nb' 3
}

@test "the arrows go from row to row, and beyond them through the history" {
    demo
    types before
    sends before
    types 'abcdef'
    presses M-Enter
    types 'xy'
    presses M-Enter
    types '12345'
    presses Up
    types '<'
    presses Up Left Left
    types '^'
    presses Down Down
    types '!'
    sends 'a^bcdef\nxy<\n12!345'
    presses Up Up Up Up
    shows_last '> before'
    sends before 2
}

@test "Page Up searches the history for what was typed so far" {
    demo
    for line in 'say one' 'other' 'say two' 'last'; do
        types "$line"
        sends "$line"
    done
    types say
    presses PPage
    shows_last '> say two'
    presses PPage
    shows_last '> say one'
    presses NPage
    shows_last '> say two'
    sends 'say two' 2
}

@test "Ctrl-V takes the next key as it is, and what comes meanwhile is shown" {
    demo
    types a
    presses C-v
    comes one
    shows '^one$'
    presses C-i
    types b
    shows_last '> a     b'
    sends $'a\tb'
}

@test "keys that mean nothing here type nothing" {
    demo
    types a
    presses F1 F5 F12 IC C-S-Up M-F3
    types "$(printf '\033\033[A\033\033[D')"
    types b
    sends ba
}

@test "a lone Escape holds up nothing, and is forgotten with the next key" {
    demo
    types 'one two'
    presses Escape
    comes incoming
    shows '^incoming$'
    shows_last '> one two'
    presses b # Escape and b: a word back
    types '>'
    sends 'one >two'
}

@test "a line taller than the screen takes messages and is sent whole" {
    demo
    pastes "$(seq 1 40)"
    shows_last 40
    comes one
    comes two
    types x
    shows_last 40x
    sends "$(seq -s '\n' 1 40)x"
}

@test "in a line taller than the screen the cursor is where keys go, and all of it is left to be seen" {
    demo
    pastes "$(printf 'word%s ' $(seq 1 400))"
    shows 'word400$'
    presses C-a
    shows '^> word1 word2'
    types '<'
    shows '^> <word1 word2'
    [ "$(tmux_ display-message -p -t t '#{cursor_x},#{cursor_y}')" = 3,0 ]
    presses C-e
    types '>'
    shows 'word400 >$'
    comes incoming
    shows '^incoming$'
    shows 'word400 >$'
    presses Enter
    sent "<$(printf 'word%s ' $(seq 1 400))>"
    [ "$(screen | tr -d '\n' | grep -o '> <word1 word2 .*word399 word400 >' | tr -cd 'd' | wc -c)" -eq 400 ] ||
        fail "$(screen)"
    types next
    shows_last '> next'
    sends next
}

@test "a line grows taller than the screen, shrinks, and is emptied, without a ghost" {
    demo
    for i in $(seq 1 30); do
        types "row$i"
        presses M-Enter
    done
    types end
    shows_last end
    [ "$(tmux_ capture-pane -p -t t | grep -c row)" -eq 18 ] || fail "$(screen)"
    presses Up Up Up
    types '!'
    comes one
    shows '^one$'
    shows '^row28!|^row2!8|^row!28|^r!ow28'
    presses C-u
    shows_last '>'
    [ "$(tmux_ capture-pane -p -t t | grep -c row)" -eq 0 ] || fail "$(screen)"
    pastes "$(seq 101 150)"
    shows_last 150
    presses C-c
    shows '^150\^C$'
    shows_last '>'
    [ "$(screen | grep -cE '^(> )?1[0-9]{2}(\^C)?$')" -eq 50 ] || fail "$(screen)"
    types x
    sends x
}

@test "a line taller than the screen survives a window made smaller and larger" {
    demo
    pastes "$(printf 'word%s ' $(seq 1 300))"
    shows 'word300$'
    for size in '30 10' '80 30' '20 5' '60 20'; do
        tmux_ resize-window -t t -x "${size% *}" -y "${size#* }"
        comes "size $size"
        shows "^size $size$"
        shows 'word300$'
    done
    types x
    sends "$(printf 'word%s ' $(seq 1 300))x"
}

@test "a terminal that cannot edit lines is refused" {
    [ -x "$DEMO" ] || skip "not built: $DEMO"
    mkfifo "$T/net"
    for term in dumb '' no-such-terminal; do
        : >"$T/log"
        terminal env TERM="$term" "$DEMO" "$T/net" "$T/log"
        shows '^ended$'
        hides '^>'
        grep -q '^error -3$' "$T/log"
        tmux_ kill-server
    done
    "$DEMO" "$T/net" "$T/log" </dev/null
    grep -q '^error -3$' "$T/log"
}
