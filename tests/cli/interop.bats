#!/usr/bin/env bats
# With implementations that are not ours: node ws and Python websockets, both ways, ws and wss.

load lib/common

# talks_to [ARGS...]: all sizes of text and binary come back from the echo at $URL.
talks_to() {
    { echo hello; echo; echo 'é€😀'; for n in 125 126 65535 65536 1048576; do
        head -c "$n" /dev/zero | tr '\0' x; echo; done; } >"$T/lines"
    wsx "$@" -w 0.5 "$URL" <"$T/lines"
    exits 0
    says_nothing
    cmp "$T/lines" "$T/out"
    head -c 1048577 /dev/urandom >"$T/binary"
    wsx "$@" -w 0.5 -b "$URL" <"$T/binary"
    exits 0
    cmp "$T/binary" "$T/out"
    wsx "$@" -s chat -j --close-code 4001 --close-reason 'that is all' -E "$URL" </dev/null
    exits 0
    grep -q '"protocol":"chat"' "$T/out"
    await "$T/peer$N.out" '^close 4001 that is all$'
}

node_ws() {
    need node -e 'require("ws")'
    peer node "$PEER/ws_echo.mjs" "$@"
}

python_websockets() {
    need "$PYTHON" -c 'import websockets'
    peer "$PYTHON" "$PEER/pywebsockets_echo.py" "$@"
}

# serves COMMAND...: a client that sends all sizes is content with `wsx -l --echo`.
serves() {
    run timeout 40 "$@"
    [ "$status" -eq 0 ] || fail "$output" "$(report)"
    [ "$output" = 'ok 12' ]
}

listen_tls() {
    certificates
    listen --echo --cert "$CERTS/server.crt" --key "$CERTS/server.key"
    URL=wss://localhost:$PORT/
}

@test "wsx talks to node ws" {
    node_ws
    talks_to
}

@test "wsx talks to node ws that would compress" {
    node_ws --deflate
    talks_to
    talks_to --no-compress
}

@test "wsx talks to node ws over wss" { # G01
    certificates
    node_ws --cert "$CERTS/server.crt" --key "$CERTS/server.key"
    URL=wss://localhost:$PORT/
    talks_to --ca "$CERTS/ca.crt"
}

@test "wsx talks to Python websockets" {
    python_websockets --no-deflate
    talks_to
}

@test "wsx talks to Python websockets that would compress" {
    python_websockets
    talks_to
    talks_to --no-compress
}

@test "wsx talks to Python websockets over wss" { # G01
    certificates
    python_websockets --cert "$CERTS/server.crt" --key "$CERTS/server.key"
    URL=wss://localhost:$PORT/
    talks_to --ca "$CERTS/ca.crt"
}

@test "node ws talks to wsx -l" {
    need node -e 'require("ws")'
    listen --echo
    serves node "$PEER/ws_client.mjs" "$URL" --no-deflate
    serves node "$PEER/ws_client.mjs" "$URL"
}

@test "node ws talks to wsx -l over wss" {
    need node -e 'require("ws")'
    listen_tls
    serves node "$PEER/ws_client.mjs" "$URL" --ca "$CERTS/ca.crt"
}

@test "Python websockets talks to wsx -l" {
    need "$PYTHON" -c 'import websockets'
    listen --echo
    serves "$PYTHON" "$PEER/pywebsockets_client.py" "$URL" --no-deflate
    serves "$PYTHON" "$PEER/pywebsockets_client.py" "$URL"
}

@test "Python websockets talks to wsx -l over wss" {
    need "$PYTHON" -c 'import websockets'
    listen_tls
    serves "$PYTHON" "$PEER/pywebsockets_client.py" "$URL" --ca "$CERTS/ca.crt"
}

@test "wsx talks to wsx -l" {
    listen --echo
    seq 1 10000 >"$T/lines"
    wsx -w 0.5 "$URL" <"$T/lines"
    exits 0
    cmp "$T/lines" "$T/out"
}

@test "wsx talks to wsx -l over wss" { # S21
    listen_tls
    seq 1 10000 >"$T/lines"
    wsx -w 0.5 --ca "$CERTS/ca.crt" "$URL" <"$T/lines"
    exits 0
    cmp "$T/lines" "$T/out"
}
