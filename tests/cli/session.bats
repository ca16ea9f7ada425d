#!/usr/bin/env bats
# What a session on a terminal has for those who keep it open all day, seen through tmux.

load lib/common
load lib/terminal

# enters LINE...: types each and presses Enter.
enters() {
    local line
    for line in "$@"; do
        types "$line"
        presses Enter
    done
}

# gone GROUP: until no program of that process group is left.
gone() {
    local end=$((SECONDS + PATIENCE))
    while pgrep -g "$1" >/dev/null; do
        [ "$SECONDS" -lt "$end" ] || fail "still there: $(pgrep -a -g "$1")"
    done
}

# repeat TEXT N
repeat() {
    printf "$1%.0s" $(seq "$2")
}

@test "JSON is typed over several rows, and sent as one message" {
    rig accept recv finish
    session "$URL"
    enters '{"a": [' '1,' '2]'
    shows '^brackets are open; an empty row sends it as it is$'
    enters '}'
    peer_saw 'text "{\"a\": [\n1,\n2]\n}"'
}

@test "several rows that begin with a slash are text, unless the first word is a command" {
    rig accept recv:4 finish
    session "$URL"
    for text in '/usr/bin\n/etc' '//comment\ncode' '/ping\nnow'; do
        printf "$text" >"$T/paste"
        tmux_ load-buffer paste
        tmux_ paste-buffer -p -t t
        presses Enter
    done
    enters '//one row'
    peer_saw_all 'text "/usr/bin\n/etc"' 'text "//comment\ncode"' 'text "/ping\nnow"' 'text "/one row"'
}

@test "commands say what they take" {
    rig accept finish
    session "$URL"
    enters '/status now' /hex '/file /'
    shows '^wsx: /status takes nothing$'
    shows '^wsx: /hex takes bytes as pairs'
    shows '^wsx: cannot read /: Is a directory$'
}

@test "~/ is the home folder, for commands and Tab" {
    mkdir "$T/there"
    printf 'ab' >"$T/there/file"
    rig accept recv finish
    session "$URL"
    types '/file ~/the'
    presses Tab
    shows_last '> /file ~/there/'
    types f
    presses Tab Enter
    peer_saw 'binary 6162'
}

@test "a long message is folded; /last shows it whole" {
    rig accept "text:$(repeat abcdefghi 1000)END" finish
    session "$URL"
    shows '^\(9003 bytes; /last shows all of it\)$'
    hides END
    [ "$(screen | grep -o abcdefghi | wc -l)" -eq 227 ] || fail "$(screen)"
    enters /last
    shows 'abcdefghiEND$'
}

@test "what would begin a row of the screen, behind many blanks, is marked as part of its message" {
    rig accept "text:hi$(repeat ' ' 56)< balance: 0" "text:$(repeat '\xe7\x95\x8c' 29)< balance: 0" \
        "text:a\t\t\t\t\t\t\t\t< balance: 0" "text:$(repeat x 58)" "text:$(repeat x 59)" "close:1000:$(repeat ' ' 28)< balance: 0" finish
    session --raw --no-color "$URL"
    rows | grep -q '^< balance: 0' || fail "nothing to be marked" "$(rows)"
    tmux_ kill-server
    session --no-color "$URL"
    ended 0
    [ "$(rows | grep -c '^< ')" -eq 5 ] || fail "$(rows)"
    [ "$(rows | grep -c '^| *< balance: 0')" -eq 3 ] || fail "$(rows)"
    [ "$(rows | grep -c '^| ')" -eq 5 ] || fail "$(rows)"
}

@test "a message of many rows is folded, each row marked" {
    rig accept "text:$(printf 'row %s\\n' $(seq 60))END" finish
    session "$URL"
    shows '^\([0-9]+ bytes; /last shows all of it\)$'
    shows '^\| row 20$'
    hides 'row 21'
    enters /last
    shows '^\| END$'
    shows '^\| row 60$'
}

@test "what is not long is not folded, laid out or not" {
    rig accept "text:$(repeat x 4096)" "text:$(printf 'row %s\\n' $(seq 39))last" \
        'text:{"a":[1,2,3]}' finish
    session "$URL" --pretty
    shows '^\|   \]$'
    hides '/last shows'
}

@test "while a file goes to a slow peer the next line is typed, and sent behind it" {
    head -c 20000000 /dev/zero >"$T/file"
    rig accept "wait:$BATS_TEST_TMPDIR/go" recv:2 finish
    session "$URL"
    enters "/file $T/file"
    types 'the next'
    shows_last '> the next'
    presses Enter
    shows '^sent [0-9.]+ [KM]iB of 19.1 MiB'
    touch "$T/go"
    peer_saw 'binary 20000000 bytes 9e21c61969cd3e07'
    peer_saw 'text "the next"'
}

@test "a file goes on while and after a pager runs" {
    head -c 20000000 /dev/zero >"$T/file"
    rig accept text:one "wait:$BATS_TEST_TMPDIR/go" recv finish
    terminal env PAGER='cat; read -r line </dev/tty' "$WSX" "$URL"
    shows '^< one$'
    enters "/file $T/file" '/last pager'
    shows '^one$'
    touch "$T/go"
    peer_saw 'binary 20000000 bytes 9e21c61969cd3e07'
    enters done
    types half
    shows_last '> half'
}

@test "a file that the server's Close or a loss cuts off is told of, and is no success" {
    head -c 20000000 /dev/zero >"$T/file"
    local how code
    for how in close:1000 drop; do
        rig accept "wait:$BATS_TEST_TMPDIR/go" "$how"
        session --reconnect=1 --reconnect-delay 0 "$URL"
        enters "/file $T/file"
        types x
        shows_last '> x'
        touch "$T/go"
        shows 'the connection has ended; the message was not sent whole$'
        hides '100%'
        [[ $how == drop ]] || ended 8
        rm "$T/go"
        tmux_ kill-server
    done
}

@test "of a message whose only readers have gone the rest is given to nobody, and that is told" {
    head -c 20000000 /dev/zero >"$T/file"
    terminal "$WSX" -l 127.0.0.1:0
    shows '127\.0\.0\.1:[1-9][0-9]*'
    PORT=$(screen | grep -oE '127\.0\.0\.1:[0-9]+' | head -n 1 | cut -d: -f2)
    start_rig_client request:/a "wait:$BATS_TEST_TMPDIR/go" drop
    shows '^client 1 .* connected'
    enters "/file $T/file"
    start_rig_client request:/b recv recv-close
    shows '^client 2 .* connected'
    enters 'to all' '/kick 1'
    touch "$T/go"
    shows 'nobody who heard its beginning is there; the message was not sent whole$'
    peer_saw 'text "to all"'
    presses C-d
    ended 8
}

@test "/reconnect and /close do not wait for what a lost connection can not take" {
    rig accept recv drop
    local how
    for how in /reconnect /close; do
        session --reconnect --reconnect-delay 1000 "$URL"
        enters first
        shows 'again in'
        enters queued "$how"
        if [ "$how" = /reconnect ]; then
            peer_saw 'text "queued"'
        else
            ended 8
            shows '1 message was not sent$'
        fi
        tmux_ kill-server
    done
}

@test "what was never sent when the server closed makes the exit status that of a loss" {
    rig accept "wait:$BATS_TEST_TMPDIR/go" close:1000
    head -c 65536 /dev/zero >"$T/file"
    session "$URL"
    for i in {1..330}; do
        types "/file $T/file"
        presses Enter
    done
    enters last
    shows_last '>'
    touch "$T/go"
    ended 8
    shows 'not sent( whole)?$'
}

@test "a file that can not be read at all leaves the session as it is" {
    rig accept recv:2 finish
    session "$URL"
    enters '/file /proc/self/mem' after
    peer_saw 'text "after"'
    shows '(cannot|can not) read'
}

@test "lines and commands are typed on while a file goes to a slow peer, and sent in their order" {
    head -c 20000000 /dev/zero >"$T/file"
    rig accept "wait:$BATS_TEST_TMPDIR/go" recv:4 finish
    session "$URL"
    enters "/file $T/file" one /status "/file $0" two
    shows '^readyState: 1'
    types three
    shows_last '> three'
    touch "$T/go"
    peer_saw_all 'binary 20000000 bytes 9e21c61969cd3e07' 'text "one"' 'text "two"'
    shows_last '> three'
}

@test "what is typed before the connection is open is sent once it is, and keys are answered meanwhile" {
    rig "wait:$BATS_TEST_TMPDIR/go" accept recv:2 finish
    terminal "$WSX" "$URL"
    shows '^Connecting'
    enters one /status two
    shows '^readyState: 0'
    shows '^still connecting; what is typed waits for that, Ctrl-C ends$'
    types half
    touch "$T/go"
    peer_saw_all 'text "one"' 'text "two"'
    shows_last '> half'
}

@test "what was never sent is told of, and not left to the shell" {
    rig stall
    cat >"$T/script" <<'END'
"$@"
echo "ended $?"
read -r -t 0.5 line && echo "the shell has: $line"
echo done
END
    terminal bash "$T/script" "$WSX" "$URL"
    shows '^Connecting'
    enters 'touch danger' another
    shows_last '>'
    presses C-c
    shows '2 messages were not sent$'
    shows '^ended 130$'
    shows '^done$'
    hides 'the shell has'
}

@test "Ctrl-C ends a session whose file the peer does not take" {
    head -c 20000000 /dev/zero >"$T/file"
    rig accept "wait:$BATS_TEST_TMPDIR/go" finish
    session "$URL"
    enters "/file $T/file" 'the next'
    shows '^sent [0-9.]+ [KM]iB of 19.1 MiB'
    presses C-c
    ended 130
}

@test "/last gives the message to PAGER, and what comes meanwhile is shown behind it" {
    cat >"$T/pager" <<'END'
#!/bin/sh
trap : INT
cat >"$0.saw"
echo 'the pager has the terminal'
touch "$0.runs"
until [ -e "$0.go" ]; do read -r line </dev/tty && echo "read $line" && touch "$0.go"; done
END
    chmod +x "$T/pager"
    rig accept 'text:one\x1b[31m\ntwo' "wait:$T/pager.runs" text:meanwhile echo
    terminal env PAGER="$T/pager" "$WSX" "$URL"
    shows '^\| two$'
    enters '/last pager'
    shows '^the pager has the terminal$'
    hides meanwhile
    presses C-c
    enters key
    shows '^read key$'
    shows '^< meanwhile$'
    printf 'one^[[31m\ntwo\n' | cmp - "$T/pager.saw"
    enters still
    shows '^< still$'
}

@test "a pager that is not there is told" {
    rig accept text:one finish
    terminal env PAGER=no-such-pager "$WSX" "$URL"
    shows '^< one$'
    enters '/last pager'
    shows 'the pager could not be run; PAGER is to be one that is here$'
    types half
    shows_last '> half'
}

@test "a pager that is less shows colours" {
    rig accept 'text:{\x22a\x22:1}' recv finish
    for less in '-u LESS' LESS=FX; do
        terminal env $less PAGER='cat -v; echo "LESS is $LESS"' "$WSX" --pretty --color always "$URL"
        shows '^\| \}$'
        enters '/last pager'
        shows "^LESS is $([ "$less" = "-u LESS" ] && echo R || echo FX)$"
        shows '\^\[\[34m"a"\^\[\[0m'
        tmux_ kill-server
    done
}

@test "Pings are answered while a pager has the terminal" {
    rig accept text:one "wait:$BATS_TEST_TMPDIR/go" ping:p text:two finish
    terminal env PAGER="touch $T/go; cat; read -r line </dev/tty" "$WSX" "$URL"
    shows '^< one$'
    enters '/last pager'
    peer_saw 'pong "p"'
    hides '^< two$'
    enters done
    shows '^< two$'
}

@test "what a pager leaves behind is not waited for" {
    rig accept text:one echo
    terminal env PAGER='sleep 1000 & echo "left $!"' "$WSX" "$URL"
    shows '^< one$'
    enters '/last pager'
    shows '^left [0-9]+$'
    enters more
    shows '^< more$'
    kill "$(screen | sed -n 's/^left //p')"
}

@test "a pager that will not end is ended all the same" {
    rig accept text:one finish
    terminal env PAGER='trap "" TERM; echo "pager $$"; while :; do sleep 0.1; done' \
        sh -c 'echo $$ >"$0"; exec "$@"' "$T/pid" "$WSX" "$URL"
    shows '^< one$'
    enters '/last pager'
    shows '^pager [0-9]+$'
    kill -TERM "$(cat "$T/pid")"
    ended 143
}

@test "what is too long for the terminal is for a pager or a file" {
    rig accept message:1000000 finish
    session "$URL"
    shows '1000000 bytes'
    enters /last
    shows 'it is too long to be shown here: /last pager, or /save FILE$'
    enters "/save $T/file"
    shows '^1000000 bytes saved to '
    [ "$(stat -c %s "$T/file")" -eq 1000000 ]
}

@test "SIGTERM ends a pager, too" {
    rig accept text:one finish
    terminal env PAGER='echo "pager $$"; sleep 1000' sh -c 'echo $$ >"$0"; exec "$@"' "$T/pid" "$WSX" "$URL"
    shows '^< one$'
    enters '/last pager'
    shows '^pager [0-9]+$'
    pager=$(screen | sed -n 's/^pager //p')
    kill -TERM "$(cat "$T/pid")"
    ended 143
    gone "$pager"
}

@test "/save writes the last message in a new file, byte for byte" {
    rig accept text:first binary:00ff0a recv finish
    session "$URL"
    shows '3 bytes'
    enters "/save $T/file" "/save $T/file" "/save $T/no/such" /save
    shows "^3 bytes saved to $T/file$"
    shows "cannot save to $T/file: File exists$"
    shows 'No such file or directory$'
    shows '/save takes the path of a file that is not there yet$'
    printf '\x00\xff\x0a' | cmp - "$T/file"
}

@test "/last and /save before any message say so" {
    rig accept finish
    session "$URL"
    enters /last "/save $T/file"
    shows 'no message has come yet$'
    [ ! -e "$T/file" ]
}

@test "/last shows all bytes of a binary message" {
    rig accept "binary:$(repeat 41 20)ff" finish
    session "$URL"
    shows '21 bytes'
    enters /last
    shows '^00000000  41 41 41 41 41 41 41 41 41 41 41 41 41 41 41 41  A{16}$'
    shows '^00000010  41 41 41 41 ff +AAAA\.$'
}

@test "/headers shows both heads of the handshake, secrets masked" {
    rig request "$(ok_101 'Set-Cookie: id=1')" finish
    session "$URL" -H 'Authorization: Bearer abc'
    enters /headers
    shows '^> GET / HTTP/1\.1$'
    shows '^> Authorization: \*\*\*$'
    shows '^< HTTP/1\.1 101 Switching Protocols$'
    shows '^< Set-Cookie: \*\*\*$'
}

@test "the time between a JSON-RPC call and its reply is shown beside it, once" {
    rig accept recv 'text:{"id":"1","result":0}' 'text:{"id":1,"method":"other"}' \
        'text:{"jsonrpc":"2.0", "result":[{"id":2}],"id" : 1}' 'text:{"id":1}' 'text:[1]' finish
    session "$URL"
    enters '{"jsonrpc":"2.0","method":"m","id":1}'
    shows '"id" : 1\} \([0-9.]+ ms\)$'
    shows '^< \[1\]$'
    [ "$(screen | grep -c ' ms)$')" -eq 2 ] || fail "$(screen | grep .)" # and the Connected line
}

@test "/status tells the time of the last ping" {
    rig accept recv finish
    session "$URL"
    enters /status
    shows '^last ping: none was answered yet; /ping sends one$'
    enters /ping
    shows '^Pong after'
    enters /status
    shows '^last ping: [0-9.]+ ms$'
}

@test "a lost connection offers /reconnect and keeps the line being typed" {
    rig accept text:hello "wait:$BATS_TEST_TMPDIR/go" drop
    session "$URL"
    shows '^< hello$'
    types 'half a li'
    touch "$T/go"
    shows '^/reconnect connects again, Ctrl-D ends$'
    shows_last '> half a li'
    types ne
    presses Enter
    shows '^wsx: not connected; the line stays'
    shows_last '> half a line'
    presses C-u C-u
    enters /status
    shows '^readyState: 3 \(CLOSED\)$'
    shows '^received: 1 message of 5 bytes'
    rm "$T/go"
    enters /reconnect
    shows '^< hello$'
    [ "$(screen | grep -c '^Connected to')" -eq 2 ]
    presses C-y
    shows_last '> half a line'
    touch "$T/go"
    presses C-u C-d
    ended 8
}

@test "/close and Ctrl-D end a session that was lost, with the exit status of that" {
    rig accept text:hello drop
    local options
    for options in '' '--reconnect --reconnect-delay 1000'; do
        session $options "$URL"
        shows 'connection lost'
        enters /close
        ended 8
        tmux_ kill-server
        session $options "$URL"
        shows 'connection lost'
        presses C-d
        ended 8
        tmux_ kill-server
    done
}

@test "/close and Ctrl-D end an attempt to connect again, with the exit status of the loss" {
    rig "wait:$BATS_TEST_TMPDIR/go" accept drop
    local how n=0
    for how in C-d /close; do
        touch "$T/go"
        session "$URL"
        shows '^/reconnect connects'
        rm "$T/go"
        enters /reconnect
        n=$((n + 2))
        await "$RIG/events" '^connect$' "$n"
        [[ $how == C-d ]] && presses C-d || enters "$how"
        ended 8
        hides 'handshake|before the connection was open'
        tmux_ kill-server
    done
}

@test "/close ends a session whose server does not answer it" {
    rig accept stall
    session "$URL"
    enters /close
    ended 8
    hides '/reconnect connects'
}

@test "a Pong on the next connection answers no Ping of the last" {
    rig accept pong:1 text:up "wait:$BATS_TEST_TMPDIR/go" text:end drop
    session "$URL"
    shows '^< up$'
    enters /ping
    touch "$T/go"
    shows '^/reconnect connects'
    enters /reconnect
    await "$RIG/events" '^connect$' 2
    local end=$((SECONDS + PATIENCE))
    until [ "$(screen | grep -c '^< end$')" -eq 2 ]; do
        [ "$SECONDS" -lt "$end" ] || fail "the second connection said nothing" "$(screen)"
    done
    hides '^Pong after'
}

@test "a peer that answers no Pings is a connection lost: the session stays, with the line" {
    rig accept stall
    session --ping-interval 0.1 --ping-timeout 0.3 "$URL"
    types 'half a line'
    shows 'no Pong within 0.3 s'
    shows '^/reconnect connects'
    shows_last '> half a line'
}

@test "a line that was being typed when the server closed is in the history" {
    rig accept text:hello "wait:$BATS_TEST_TMPDIR/go" close:1001 finish
    session "$URL"
    types 'half a line'
    shows_last '> half a line'
    touch "$T/go"
    ended 0
    rm "$T/go"
    tmux_ kill-server
    session "$URL"
    presses Up
    shows_last '> half a line'
}

@test "Ctrl-D after /reconnect ends" {
    rig accept recv-close "wait:$BATS_TEST_TMPDIR/go" close:1000 finish
    session "$URL"
    enters /reconnect
    presses C-d
    touch "$T/go"
    ended 0
    [ "$(grep -c '^connect$' "$RIG/events")" -eq 1 ]
}

@test "/last pager in a flood holds up nothing for good" {
    rig accept messages:100000 finish
    terminal env PAGER='cat >/dev/null' "$WSX" "$URL"
    for i in 1 2 3; do
        enters '/last pager'
    done
    shows '^< message 100000$'
}

@test "--max-time ends a pager, too" {
    rig accept text:one finish
    terminal env PAGER='echo "pager $$"; sleep 1000' "$WSX" -m 2 "$URL"
    shows '^< one$'
    enters '/last pager'
    shows '^pager [0-9]+$'
    pager=$(screen | sed -n 's/^pager //p')
    ended 11
    gone "$pager"
}

@test "Tab types nothing that hides" {
    rig accept 'text:{\x22pa\xe2\x80\xaegnol\x22:1}' text:end recv finish
    session "$URL"
    shows '^< end$'
    types '{"pa'
    presses Tab BSpace
    types 'a":1}'
    presses Enter
    await "$RIG/events" '^text'
    ! grep -q 202e "$RIG/events"
}

@test "/reconnect closes what is open first" {
    rig accept text:hello finish
    session "$URL"
    shows '^< hello$'
    enters /reconnect
    await "$RIG/events" '^connect' 2
    shows '^Disconnected \(code 1000, clean\)$'
    enters again
    await "$RIG/events" 'text "again"'
    presses C-d
    ended 0
}

@test "/reconnect that fails says why, and can be tried again" {
    rig accept recv drop
    session "$URL"
    enters x
    shows '^/reconnect connects'
    kill -KILL "${CHILDREN[-1]}"
    enters /reconnect
    shows 'connection refused$'
    enters /status
    shows '^readyState: 3 \(CLOSED\)$'
    [ "$(screen | grep -c '^/reconnect connects')" -eq 2 ] || fail "$(screen)"
    presses C-c
    ended 130
}

@test "a session that was closed by the peer with an error code is kept, too" {
    rig accept recv close:1011:broken
    session "$URL"
    enters x
    shows 'code 1011'
    shows '^/reconnect connects'
    presses C-d
    ended 9
}

@test "Tab completes messages sent before, and names of JSON that was seen" {
    rig accept 'text:{"method":"x","params":{"message":1}}' echo
    session "$URL"
    shows '^< \{'
    enters 'a long message' 'a longer one' 'subscribe to it'
    shows '^< subscribe to it$'
    types sub
    presses Tab
    shows_last '> subscribe to it'
    presses C-c
    types 'a l'
    presses Tab
    shows_last '> a long'
    presses Tab
    shows '^a longer one  a long message$'
    presses C-c
    types '{"pa'
    presses Tab
    shows_last '> {"params":'
    types '1, "me'
    presses Tab
    shows '^method  message$'
    types th
    presses Tab
    types '2}'
    presses Enter
    peer_saw 'text "{\"params\": 1, \"method\": 2}"'
}

@test "Tab completes the arguments of commands" {
    rig accept finish
    session "$URL"
    types '/last p'
    presses Tab
    shows_last '> /last pager'
    presses C-c
    types '/help rec'
    presses Tab
    shows_last '> /help reconnect'
    presses Enter
    shows '^/reconnect +connect again$'
}

@test "/help has a line for each command" {
    rig accept finish
    session "$URL"
    enters /help
    shows '^//text '
    for command in ping pong close reconnect file hex text binary pretty last save status headers help; do
        screen | grep -qE "^/$command( |$)" || fail "no help for /$command"
    done
    hides '^/kick'
    hides '.{60}'
    enters '/kick 1'
    shows '^wsx: that is for a session with clients: wsx -l PORT$'
    enters '/help nope'
    shows 'no such command; /help lists them'
}

@test "a binary message tells its kind, where that is known" {
    rig accept binary:89504e470d0a1a0a00 binary:0001 finish
    session "$URL"
    shows '^< binary, 9 bytes, PNG image: 89 50 4e'
    shows '^< binary, 2 bytes: 00 01 \|\.\.\|$'
}

@test "--raw shows text as it came" {
    rig accept 'text:\x1b[1mbold\x1b[0m' text:end finish
    session --raw "$URL"
    shows '^< end$'
    shows '^< bold$'
    tmux_ capture-pane -p -e -t t | grep -q $'\x1b\\[1mbold' || fail "$(tmux_ capture-pane -p -e -t t)"
}

@test "a listener shows who comes, speaks and goes; /clients lists them" {
    terminal "$WSX" -l 127.0.0.1:0
    shows '127\.0\.0\.1:[1-9][0-9]*'
    PORT=$(screen | grep -oE '127\.0\.0\.1:[0-9]+' | head -n 1 | cut -d: -f2)
    enters /clients
    shows '^no client is connected$'
    start_rig_client request:/a 'text:from a\nnot b' recv-close
    local a=$RIG
    shows '^client 1 at 127\.0\.0\.1:[0-9]+ connected to ws://.*/a$'
    shows '^1< from a$'
    shows '^1\| not b$'
    start_rig_client request:/b 'text:from b' recv:2 close:1000:bye
    local b=$RIG
    shows '^2< from b$'
    enters 'to all' '/to 2 to b alone' '/to 3 nobody' '/to all x' '/to 1'
    shows '/to takes a message, too$'
    RIG=$b peer_saw 'text "to b alone"'
    shows 'there is no client 3; /clients lists those there are$'
    shows '/to takes the number of a client and a message; /clients lists them$'
    enters '/to 1 last'
    RIG=$a peer_saw 'text "last"'
    shows '^client 2 at .* disconnected \(code 1000 "bye"\)$'
    [ "$(grep -c '^text' "$a/events")" -eq 2 ] || fail "$(cat "$a/events")"
    grep -qx 'text "to all"' "$a/events"
    enters /clients
    shows '^client 1 at .* on ws://.*/a; received 1 message of 12 bytes; sent 2 messages of 10 bytes'
}

@test "a client that is lost is gone" {
    terminal "$WSX" -l 127.0.0.1:0
    shows '127\.0\.0\.1:[1-9][0-9]*'
    PORT=$(screen | grep -oE '127\.0\.0\.1:[0-9]+' | head -n 1 | cut -d: -f2)
    start_rig_client request text:hi drop
    shows '^client 1 at .* disconnected \(code 1006\)$'
    enters /clients '/to 1 x' /help
    shows '^no client is connected$'
    shows '^/kick N '
    shows 'there is no client 1; /clients lists those there are$'
}

@test "two sessions at once lose no line of the history" {
    rig accept finish
    session "$URL"
    enters 'from one'
    HOME=$T TERM=xterm-256color "$PYTHON" "$PEER/terminal.py" "$T/tty" shows:Connected \
        'shows:> ' 'types:from two\r' 'shows:> ' 'types:\x04' ends -- "$WSX" "$URL"
    enters 'and from one again'
    await "$RIG/events" 'and from one again'
    [ "$(sed 's/^[^ ]* //' "$T/.local/state/wsx/history")" = $'from one\nfrom two\nand from one again' ] ||
        fail "$(cat "$T/.local/state/wsx/history")"
}

@test "/kick closes one client, with a code and a reason; /ping and /close are for all" {
    terminal "$WSX" -l 127.0.0.1:0
    shows '127\.0\.0\.1:[1-9][0-9]*'
    PORT=$(screen | grep -oE '127\.0\.0\.1:[0-9]+' | head -n 1 | cut -d: -f2)
    start_rig_client request finish
    local a=$RIG
    shows '^client 1 '
    start_rig_client request finish
    local b=$RIG
    shows '^client 2 at .* connected'
    enters /ping
    RIG=$a peer_saw 'ping "1"'
    RIG=$b peer_saw 'ping "1"'
    shows '^Pong of client 1 after [0-9.]+ ms$'
    shows '^Pong of client 2 after [0-9.]+ ms$'
    types '/kick '
    presses Tab
    shows '^1  2$'
    enters '1 3001 enough'
    RIG=$a peer_saw 'close 3001 "enough"'
    shows '^client 1 .* disconnected'
    enters '/kick 2 7' /close
    shows '/kick takes the code 1000'
    RIG=$b peer_saw 'close 1000 ""'
}
