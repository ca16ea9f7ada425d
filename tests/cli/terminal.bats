#!/usr/bin/env bats
# A session on a terminal, seen through tmux.

load lib/common
load lib/terminal

@test "a session begins with where it is connected to and a prompt" { # G07
    rig accept finish
    session "$URL"
    shows "^Connected to ws://127.0.0.1:$PORT/"
    shows_last '>'
}

@test "the subprotocol is named where one was agreed" {
    rig request "$(ok_101 'Sec-WebSocket-Protocol: chat')" finish
    session "$URL" -s chat
    shows '^Connected to .*subprotocol chat'
}

@test "a typed line is sent and a reply is shown with its mark" {
    rig accept echo
    session "$URL"
    types hello
    presses Enter
    shows '^< hello$'
    shows '^> hello$'
    peer_saw 'text "hello"'
}

@test "an empty line is an empty message" { # F33
    rig accept echo
    session "$URL"
    presses Enter
    peer_saw 'text ""'
}

@test "/status tells the state of the connection, and what compression made of it" {
    rig request "$(ok_101 'Sec-WebSocket-Extensions: permessage-deflate')" recv finish
    session "$URL"
    types "$(printf '%0100d' 1)"
    presses Enter
    peer_saw "text \"$(printf '%0100d' 1)\""
    types /status
    presses Enter
    shows "^url: ws://127.0.0.1:$PORT/$"
    shows '^readyState: 1 \(OPEN\)$'
    shows '^protocol: ""$'
    shows '^extensions: "permessage-deflate"$'
    shows '^bufferedAmount: 0$'
    shows '^binaryType: "arraybuffer"$'
    shows '^sent: 1 message of 100 bytes, [0-9]+ on the wire \([0-9]+%\)$'
    shows '^received: 0 messages of 0 bytes$'
}

@test "a line that begins with a slash is a command, with two it is text" {
    rig accept echo
    session "$URL"
    types /nope
    presses Enter
    shows 'no such command: /nope; /help lists them'
    types /help
    presses Enter
    shows '^/status '
    types //hello
    presses Enter
    shows '^< /hello$'
    peer_never 'text "/nope"'
    peer_never 'text "/help"'
}

@test "/status of a listener says that it has no connection of its own" {
    terminal "$WSX" -l 127.0.0.1:0
    shows 'listening on '
    types /status
    presses Enter
    shows '/status: there is no connection'
}

@test "a message appears above the line being typed, which stays as it is" { # G19
    rig accept "wait:$BATS_TEST_TMPDIR/go" text:incoming echo
    session "$URL"
    types 'half a li'
    shows_last '> half a li'
    touch "$T/go"
    shows '^< incoming$'
    shows_last '> half a li'
    types ne
    presses Enter
    peer_saw 'text "half a line"'
}

@test "with the cursor inside the line a message changes nothing" { # G19
    rig accept "wait:$BATS_TEST_TMPDIR/go" text:incoming echo
    session "$URL"
    types acd
    presses Left Left
    touch "$T/go"
    shows '^< incoming$'
    types b
    presses Enter
    peer_saw 'text "abcd"'
}

@test "half a line is intact after 1,000 messages and is sent as typed" { # G19
    rig accept "wait:$BATS_TEST_TMPDIR/go" messages:1000 echo
    session "$URL"
    types 'typed before, '
    shows_last '> typed before,'
    touch "$T/go"
    types 'typed meanwhile'
    shows '^< message 1000$'
    shows_last '> typed before, typed meanwhile'
    [ "$(screen | grep -c '^< message ')" -eq 1000 ]
    [ "$(screen | grep -c '^> ')" -eq 1 ]
    types ' and after'
    presses Enter
    peer_saw 'text "typed before, typed meanwhile and after"'
}

@test "a line over several rows leaves no ghost when a message comes" { # G19
    rig accept "wait:$BATS_TEST_TMPDIR/go" text:one text:two echo
    session "$URL"
    long=$(printf 'word%02d ' {1..25})
    types "${long% }"
    shows 'word25'
    touch "$T/go"
    shows '^< two$'
    shows 'word25'
    [ "$(screen | tr -d '\n' | grep -o word01 | wc -l)" -eq 1 ] || fail ghost "$(screen)"
    presses Enter
    peer_saw "text \"${long% }\""
}

@test "wide characters are typed, shown and sent" { # G19
    rig accept "wait:$BATS_TEST_TMPDIR/go" text:漢字 echo
    session "$URL"
    types 'é漢😀'
    touch "$T/go"
    shows '^< 漢字$'
    shows_last '> é漢😀'
    presses Enter
    peer_saw 'text "é漢😀"'
}

@test "a line of 10,000 characters is pasted and sent whole" { # G19 B47
    rig accept sink
    session "$URL"
    head -c 10000 /dev/zero | tr '\0' x >"$T/long"
    tmux_ load-buffer long
    tmux_ paste-buffer -t t
    presses Enter
    presses C-d
    PATIENCE=60 peer_saw 'sunk 1 10000'
}

@test "the arrow brings an earlier line back" {
    rig accept echo
    session "$URL"
    types first
    presses Enter
    shows '^< first$'
    presses Up Enter
    await "$RIG/events" '^text "first"$' 2
}

@test "Ctrl-D on an empty line ends with a Close 1000 and code 0" {
    rig accept finish
    session "$URL"
    presses C-d
    ended 0
    peer_saw 'close 1000 ""'
    shows '^Disconnected \(code 1000.*clean\)$'
}

@test "after Ctrl-D what still comes is shown until the peer's Close" {
    rig accept recv-close text:late close:1000
    session "$URL"
    presses C-d
    ended 0
    shows '^< late$'
}

@test "Ctrl-C clears the line, and on an empty line ends with a Close 1001 and code 130" { # C23
    rig accept finish
    session "$URL"
    types 'never mind'
    shows_last '> never mind'
    presses C-c
    shows_last '>'
    types kept
    presses Enter
    peer_saw 'text "kept"'
    presses C-c
    ended 130
    peer_saw 'close 1001 ""'
    peer_never 'never mind'
}

@test "the server's Close ends the session, with code and reason shown" { # G09 C12
    rig accept "wait:$BATS_TEST_TMPDIR/go" 'close:1000:bye'
    session "$URL"
    types half
    touch "$T/go"
    ended 0
    shows '^Disconnected \(code 1000 "bye", clean\)$'
}

@test "a lost connection is shown as an error, and that it was not clean" { # G09
    rig accept "wait:$BATS_TEST_TMPDIR/go" drop
    session "$URL"
    touch "$T/go"
    shows '^(wsx|error): '
    shows '^Disconnected \(code 1006'
    hides 'code 1006.*, clean'
    shows '^/reconnect connects again, Ctrl-D ends$'
    presses C-d
    ended 8
}

@test "a connection that fails shows why and leaves no prompt" {
    terminal "$WSX" ws://no-such-host.invalid/
    ended 3
    shows 'no-such-host\.invalid'
    hides '^>'
}

@test "control characters of a peer are visible and drive nothing" { # T12
    rig accept 'text:a\x1b[2Jb\x07c\xc2\x9bd\xe2\x80\xaee\x7f' 'text:safe' finish
    session "$URL"
    shows '^< safe$'
    shows '^< a\^\[\[2Jb\^Gc\\u009bd\\u202ee\^\?$'
}

@test "a message of several lines cannot fake another" {
    rig accept 'text:one\n< two\r< three\n> four' text:end finish
    session "$URL"
    shows '^< end$'
    hides '^< two'
    hides '^< three'
    hides '^> four'
    shows '^< one$'
}

@test "the reason of a Close cannot drive the terminal" { # C12
    rig accept 'close:1000:\x1b]0;title\x07'
    terminal "$WSX" "$URL"
    ended 0
    shows '\^\[\]0;title\^G'
}

@test "a binary message is its size and a preview, not raw" { # G08
    rig accept binary:00ff1b5b326a text:end finish
    session "$URL"
    shows '^< end$'
    shows '6 bytes'
    shows '00 ?ff 1b ?5b|00 ff 1b 5b'
}

@test "-j on a terminal shows JSON lines with controls escaped" { # T12
    rig accept 'text:a\x1b\xc2\x9bb' text:end finish
    terminal "$WSX" "$URL" -j
    shows '"data":"end"'
    hides '\^\['
    tmux_ capture-pane -p -e -t t >"$T/raw"
    lacks "$T/raw" $'\xc2\x9b'
}

@test "the terminal is as it was afterwards" {
    rig accept finish
    cat >"$T/script" <<'END'
stty -a >before
"$@"
stty -a >after
echo compared
END
    for key in C-d C-c; do
        terminal bash -c 'cd "$0" && . ./script' "$T" "$WSX" "$URL"
        shows '^Connected to '
        types x
        shows_last '> x'
        presses BSpace
        shows_last '>'
        presses "$key"
        shows '^compared$'
        cmp "$T/before" "$T/after"
        tmux_ kill-server
    done
}

@test "the terminal is as it was after SIGTERM too" {
    rig accept finish
    cat >"$T/script" <<'END'
stty -a >before
sh -c 'echo $$ >pid; exec "$@"' sh "$@"
stty -a >after
echo compared
END
    terminal bash -c 'cd "$0" && . ./script' "$T" "$WSX" "$URL"
    shows '^Connected to '
    kill -TERM "$(cat "$T/pid")"
    shows '^compared$'
    cmp "$T/before" "$T/after"
}

@test "a change of the window's size keeps the line" { # G19
    rig accept "wait:$BATS_TEST_TMPDIR/go" text:incoming echo
    session "$URL"
    types 'a line that is longer than the narrow window is'
    shows 'narrow window is$'
    tmux_ resize-window -t t -x 30 -y 20
    touch "$T/go"
    shows '^< incoming$'
    [ "$(screen | tr -d '\n' | grep -o 'a line that' | wc -l)" -eq 1 ] || fail ghost "$(screen)"
    presses Enter
    peer_saw 'text "a line that is longer than the narrow window is"'
}

@test "Ctrl-Z stops, fg goes on with the line and the session" {
    rig accept echo
    terminal bash --norc -i
    types "PS1='shell: '; '$WSX' '$URL'"
    presses Enter
    shows '^Connected to '
    types half
    presses C-z
    shows '^shell:'
    types fg
    presses Enter
    presses C-e
    types ' and half'
    presses Enter
    peer_saw 'text "half and half"'
}

@test "with TERM=dumb lines are still typed and messages shown" {
    rig accept echo
    terminal env TERM=dumb "$WSX" "$URL"
    shows 'Connected to '
    types hello
    presses Enter
    shows '^< hello$'
    peer_saw 'text "hello"'
    presses C-d
    ended 0
}

@test "a terminal that is not known is told of, as commands are sent there" {
    rig accept recv close:1000 finish
    terminal env TERM=no-such-terminal "$WSX" "$URL"
    shows '^there is no prompt on this terminal \(TERM is "no-such-terminal"\)'
    types /help
    presses Enter
    ended 0
    peer_saw 'text "/help"'
}

@test "terminals that do what xterm does have a prompt where the system has not heard of them" {
    rig accept finish
    local term
    for term in alacritty foot wezterm st-256color xterm-new; do
        terminal env TERMINFO="$T/none" TERM="$term" "$WSX" "$URL"
        shows_last '>'
        tmux_ kill-server
    done
}

@test "what a Close says can not leave its quotation marks" {
    rig accept 'close:1000:a\x00b\x22, clean) c\\d' finish
    terminal "$WSX" "$URL"
    shows '^Disconnected \(code 1000 "a\\0b\\", clean\) c\\\\d", clean\)$'
}

@test "a server that does not answer is told of while it is waited for" {
    rig stall
    terminal "$WSX" "$URL"
    shows '^still connecting; what is typed waits for that, Ctrl-C ends$'
    presses C-c
    ended 130
}

@test "with TERM=dumb control characters are no less visible" { # T12
    rig accept 'text:a\x1bb' text:end finish
    terminal env TERM=dumb "$WSX" "$URL"
    shows 'end$'
    shows 'a\^\[b$'
}

@test "a pipe behind wsx gets payload alone though input is a terminal" {
    rig accept echo
    terminal bash -c '"$0" "$1" | cat -A' "$WSX" "$URL"
    await "$RIG/events" '^connect$'
    types hello
    presses Enter
    shows '^hello\$$'
    hides '^(<|>) '
}

@test "wsx -l joins a client to the terminal" {
    terminal "$WSX" -l 127.0.0.1:0
    shows '127\.0\.0\.1:[1-9][0-9]*'
    PORT=$(screen | grep -oE '127\.0\.0\.1:[0-9]+' | head -n 1 | cut -d: -f2)
    start_rig_client request text:hello recv finish
    shows '^1< hello$'
    types 'good day'
    presses Enter
    peer_saw 'text "good day"'
    presses C-d
    peer_saw_end
    grep -q '^close 100[01] ' "$RIG/events"
}

@test "-P shows pings and pongs" {
    rig accept ping:data text:end finish
    session "$URL" -P
    shows '^< end$'
    shows 'ping.*data'
}

@test "--color never writes no colour" {
    rig accept text:end finish
    session "$URL" --color never
    shows '^< end$'
    tmux_ capture-pane -p -e -t t >"$T/raw"
    lacks "$T/raw" $'\x1b\\[3[0-9]'
}

@test "a long file shows how far it got, on a line that makes way and goes" {
    head -c 60000000 /dev/zero >"$T/file"
    rig accept "wait:$T/message" text:hello "wait:$T/go" sink
    terminal "$WSX" -E --no-compress -f "$T/file" "$URL"
    shows '^sent [0-9.]+ MiB of 57\.2 MiB \([0-9]+%\), [0-9.]+ [KM]?i?B?(bytes)?/s'
    touch "$T/message"
    shows '^hello$'
    shows '^sent [0-9.]+ MiB of 57\.2 MiB'
    hides '^(.*hello.*sent|sent.*hello)'
    touch "$T/go"
    ended 0
    hides '^sent'
}

@test "-q shows no progress" {
    head -c 60000000 /dev/zero >"$T/file"
    rig accept quiet:0 "wait:$T/go" sink
    terminal "$WSX" -q -E -m 1.5 --no-compress -f "$T/file" "$URL"
    ended 11
    hides '^sent'
}

@test "-T tells the time of each message in a session" {
    rig accept text:hello finish
    session -T "$URL"
    shows '^[0-9]{4}-[0-9-]{5}T[0-9:]{8}\.[0-9]{3}Z < hello$'
}

@test "a binary message that is saved is shown as its file, size and kind" {
    rig accept binary:89504e470d0a1a0a00 finish
    session --blob-dir "$T" "$URL"
    shows '^< .*/message-0001\.png \(PNG image, 9 bytes\)$'
    [ -s "$T/message-0001.png" ]
}

@test "/ping tells how long the answer took; /pong sends one" {
    rig accept recv:2 finish
    session "$URL"
    types '/ping are you there'
    presses Enter
    shows '^Pong after [0-9.]+ ms$'
    types /pong
    presses Enter
    peer_saw_all 'ping "are you there"' 'pong ""'
    types "/ping $(printf 'x%.0s' {1..126})"
    presses Enter
    shows 'a ping has at most 125 bytes'
}

@test "/close closes with a code and a reason" {
    rig accept finish
    session "$URL"
    types '/close 12'
    presses Enter
    shows '/close takes the code 1000 or one from 3000 to 4999'
    types '/close 3001 good night'
    presses Enter
    peer_saw 'close 3001 "good night"'
    ended 0
}

@test "/hex, /binary and /file send binary messages, /text text again" {
    printf 'in the file' >"$T/a file"
    rig accept recv:5 finish
    session "$URL"
    for line in '/hex 00 ffAB' '/hex 0' /binary bin /text text "/file $T/a file" "/file $T/none" /file; do
        types "$line"
        presses Enter
    done
    peer_saw_all 'binary 00ffab' 'binary 62696e' 'text "text"' 'binary 696e207468652066696c65'
    shows '/hex takes bytes as pairs'
    shows 'cannot read .*none: No such file'
    shows '/file takes the path of a file'
}

@test "Tab completes commands and paths, and lists the choices; elsewhere it is a tab" {
    mkdir "$T/folder"
    printf 'ab' >"$T/folder/a-file"
    rig accept recv finish
    session "$URL"
    types /p
    presses Tab
    shows '^ping  pong  pretty$'
    types i
    presses Tab
    shows_last '> /ping'
    presses C-c
    types /fi
    presses Tab
    types "$T/fol"
    presses Tab
    types a
    presses Tab Enter
    peer_saw 'binary 6162'
    types 'a'
    presses Tab
    types b
    presses Enter
    peer_saw 'text "a\tb"'
}

@test "lines of earlier sessions are recalled, for the same host; secrets are not kept" {
    rig accept finish
    session "$URL"
    for line in first ' spaced' 'my PASSWORD is x' 'with \ backslash' last; do
        types "$line"
        presses Enter
    done
    peer_saw 'text "last"'
    presses C-d
    ended 0
    tmux_ kill-server
    [ "$(stat -c %a "$T/.local/state/wsx/history")" = 600 ]
    [ "$(stat -c %a "$T/.local/state/wsx")" = 700 ]
    lacks "$T/.local/state/wsx/history" 'spaced|PASSWORD'
    printf 'other.example:80 elsewhere\nno host\n\xff\n' >>"$T/.local/state/wsx/history"
    session "$URL"
    presses Up
    shows_last '> last'
    presses Up
    shows_last '> with \ backslash'
    presses Up
    shows_last '> first'
    presses Up Enter
    await "$RIG/events" 'text "first"' 2
}

@test "--pretty lays out JSON, marks its rows and keeps its numbers; /pretty ends that" {
    rig accept text:'{\x22b\x22:1.0E+2,\x22a\x22:[]}' recv text:'{\x22b\x22:1}' recv text:'not {json' finish
    session --pretty --no-color "$URL"
    shows '^< \{$'
    shows '^\|   "b": 1\.0E\+2,$'
    shows '^\|   "a": \[\]$'
    shows '^\| \}$'
    types x
    presses Enter
    shows '^\|   "b": 1$'
    types /pretty
    presses Enter
    types x
    presses Enter
    shows '^< not \{json$'
}
