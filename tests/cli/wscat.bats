#!/usr/bin/env bats
# The usual commands of a wscat user work as they are, or the error says what to say instead
# (README.md has the table).

load lib/common
load lib/terminal

# hints ERE ARGS...: refused with that in the one line of the error, and nobody was connected to.
hints() {
    wsx "${@:2}" </dev/null
    exits 2
    [ "$(wc -l <"$T/err")" -eq 1 ]
    grep -qE -e "$1" "$T/err" || fail "no hint: $1" "$(cat "$T/err")"
}

@test "1: wscat -c ws://HOST, typing and reading" {
    rig accept echo
    session -c "$URL"
    types hello
    presses Enter
    shows '^< hello$'
    presses C-c
    ended 130
}

@test "2: wscat -l PORT, and a client of it" {
    terminal "$WSX" -l 127.0.0.1:0
    shows '^listening on'
    PORT=$(screen | grep -oE '127\.0\.0\.1:[0-9]+' | head -n 1 | cut -d: -f2)
    start_rig_client request text:hi recv finish
    shows '^1< hi$'
    types there
    presses Enter
    peer_saw 'text "there"'
}

@test "3: wscat -c HOST:PORT, without a scheme" {
    rig accept recv finish
    wsx -c "127.0.0.1:$PORT" -x hi
    exits 0
    peer_saw 'text "hi"'
}

@test "4: wscat -c URL -H NAME:VALUE -o ORIGIN -s PROTOCOL" {
    rig accept recv finish
    wsx -c "$URL" -H 'X-A: 1' -H 'X-B:2' -o http://o.example -s chat -x hi
    grep -qix 'x-a: 1.' "$RIG/request"
    grep -qix 'x-b: 2.' "$RIG/request"
    grep -qix 'origin: http://o.example.' "$RIG/request"
    grep -qix 'sec-websocket-protocol: chat.' "$RIG/request"
}

@test "5: wscat -c URL -x MESSAGE -w SECONDS; -w -1" {
    rig accept echo
    wsx -c "$URL" -x one -x two -w 0.2
    prints 'one\ntwo\n'
    hints 'to keep the connection open say -n' -c "$URL" -x a -w -1
}

@test "6: wscat -n, --no-check; --ca, --cert, --key, --passphrase" {
    tls_rig self accept recv finish
    wsx -c "$URL" --no-check -x hi
    exits 0
    wsx -c "$URL" -n -x hi
    exits 5
    grep -q -e '--insecure skips this check' "$T/err"
    hints 'openssl pkey' -c wss://h/ --passphrase x
}

@test "7: wscat --auth, --host, --proxy, -L, -p" {
    hints 'ws://USER:PASSWORD@HOST/' -c ws://h/ --auth user:secret
    hints "say -H 'Host: NAME'" -c ws://h/ --host x
    hints 'not supported by this version' -c ws://h/ --proxy http://p/
    hints 'redirects are not followed' -c ws://h/ -L
    hints 'redirects are not followed' -c ws://h/ --max-redirects 3
    hints 'the version of the protocol is 13' -c ws://h/ -p 13
    rig accept recv finish
    wsx "${URL/\/\//\/\/user:secret@}" -x hi
    grep -qx 'Authorization: Basic dXNlcjpzZWNyZXQ=.' "$RIG/request"
    wsx "$URL" -H 'Host: x' -x hi
    grep -qx 'Host: x.' "$RIG/request"
}

@test "8: wscat -P, --no-color" {
    rig accept ping:data finish
    session -c "$URL" -P --no-color
    shows '^Received ping \(data: "data"\)$'
    tmux_ capture-pane -p -e -t t >"$T/raw"
    lacks "$T/raw" $'\x1b\\[[0-9;]*m'
}

@test "9: echo MESSAGE | wscat -c URL, with the reply" {
    rig accept echo
    wsx -c "$URL" -w 0.2 < <(echo hello)
    prints 'hello\n'
}

@test "10: wscat --slash, /ping DATA, /pong DATA, /close CODE REASON" {
    hints '/help lists them' --slash -c ws://h/
    rig accept recv-ping finish
    session -c "$URL" -P
    types '/ping are you there'
    presses Enter
    shows '^Received pong \(data: "are you there"\)$'
    types '/pong here'
    presses Enter
    peer_saw 'pong "here"'
    types '/close 4000 bye bye'
    presses Enter
    peer_saw 'close 4000 "bye bye"'
    shows '^Disconnected \(code 4000 "bye bye", clean\)$'
}
