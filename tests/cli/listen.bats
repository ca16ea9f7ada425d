#!/usr/bin/env bats
# wsx -l: the server's side, met by scripted clients.

load lib/common

key='Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='
fields="Host: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n$key\r\n"

# answers STATUS REQUEST: a listener answers this request so and then ends the connection, and
# goes on to serve others.
answers() {
    [ -n "${LISTEN_PID:-}" ] || listen --echo
    case $1 in 101) rig_client "ask:$2" answer close:1000 ;; *) rig_client "ask:$2" answer hold ;; esac
    grep -qxE "status $1" "$RIG/events" || fail "expected $1 for $2" "$(report)"
    case $1 in
    101) ;;
    *)
        peer_saw_end
        # HS26 HS30 P: a refusal has a length, says close and is dated.
        grep -qi '^connection:.*close' "$RIG/request"
        grep -qi '^content-length: ' "$RIG/request"
        [ "$(grep -ci '^date: .* GMT' "$RIG/request")" -eq 1 ]
        ;;
    esac
    kill -0 "$LISTEN_PID"
}

# drops CODE STEP...: a listener closes with CODE what a client sends in these steps, and says so
# in one line; the next client is served.
drops() { # C33
    [ -n "${LISTEN_PID:-}" ] || listen --echo
    : >"$T/listen.err"
    rig_client request "${@:2}" finish
    grep -qE "^close $1 " "$RIG/events" || fail "expected a Close $1" "$(report)"
    [ "$(grep -c '127\.0\.0\.1' "$T/listen.err")" -eq 1 ] || fail "expected one line" "$(report)"
    rig_client request text:alive recv close:1000
    peer_saw 'text "alive"'
}

# ---- listening

@test "--announce prints the bound address on standard output, and nothing else is there" { # HS29
    listen --echo
    [ "$(cat "$T/listen.out")" = "ws://127.0.0.1:$PORT/" ]
    rig_client request text:x recv close:1000
    [ "$(wc -l <"$T/listen.out")" -eq 1 ]
}

@test "without --announce the address is told on standard error" { # HS29
    start_wsx -l 127.0.0.1:0 --echo
    await "$T/err" '127\.0\.0\.1:[1-9][0-9]*'
    prints_nothing
}

@test "a port alone listens on the loopback only" { # S09 B42
    start_wsx -l 0 --echo --announce
    await "$T/out" '^ws://'
    PORT=$(sed -n '1s/.*:\([0-9]*\)\/$/\1/p' "$T/out")
    hex=$(printf '%04X' "$PORT")
    awk -v port=":$hex" '$4 == "0A" && index($2, port) { print $2 }' /proc/net/tcp /proc/net/tcp6 >"$T/sockets"
    [ -s "$T/sockets" ]
    lacks "$T/sockets" '^0+:'
}

@test "an address that is taken is an error" { # HS29
    listen --echo
    wsx -l "127.0.0.1:$PORT" --echo </dev/null
    exits 1
    complains 'in use'
    rig_client request text:x recv close:1000 # the first one still serves
    peer_saw 'text "x"'
}

@test "ws-listen: with mirror: is -l with --echo in other words" {
    start_wsx --announce ws-listen:127.0.0.1:0 mirror:
    await "$T/out" '^ws://127\.0\.0\.1:[0-9]+/$'
}

@test "--echo sends text and binary back as they came" { # F28 G16
    listen --echo
    rig_client request text:hé binary:00ff text: recv:3 close:1000:bye
    peer_saw_all 'text "hé"' 'binary 00ff' 'text ""'
    grep -q '^close 1000 ' "$RIG/events"
    [ "$(frames ' unmasked ')" -eq "$(frames '')" ] # F07
}

@test "--echo serves many clients at once" { # G17
    listen --echo
    rig_client --times 100 request text:mine recv delay:200 text:again recv close:1000
    [ "$(grep -c '^status 101$' "$RIG/events")" -eq 100 ]
    [ "$(grep -c '^text "again"$' "$RIG/events")" -eq 100 ]
    [ "$(grep -c '^close 1000 ""$' "$RIG/events")" -eq 100 ]
}

@test "a client that stalls holds up no other" { # HS23 S08
    listen --echo
    start_rig_client ask:GET stall
    await "$RIG/events" '^connect$'
    rig_client request text:x recv close:1000
    peer_saw 'text "x"'
}

@test "half of a hundred clients vanish and the others are served on" { # G17
    listen --echo
    start_rig_client --times 50 request text:before recv "wait:$T/go" text:after recv close:1000
    staying=$RIG
    await "$staying/events" '^text "before"$' 50
    rig_client --times 50 request text:x recv rst
    touch "$T/go"
    await "$staying/events" '^close 1000' 50
    [ "$(grep -c '^text "after"$' "$staying/events")" -eq 50 ]
}

@test "clients past the most it takes wait, those it has are served, and one that leaves makes room" { # S08
    ulimit -n 4096 || skip 'not so many descriptors here'
    listen --echo
    "$PYTHON" - "$PORT" >"$T/clients" 2>&1 <<'END' || fail "$(cat "$T/clients")"
import resource
import socket
import sys

resource.setrlimit(resource.RLIMIT_NOFILE, (4096, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
REQUEST = (b"GET / HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
           b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")


def client():
    s = socket.create_connection(("127.0.0.1", int(sys.argv[1])), timeout=20)
    s.sendall(REQUEST)
    return s


def head(s):
    data = b""
    while not data.endswith(b"\r\n\r\n"):
        data += s.recv(1)
    assert b" 101 " in data


served = [client() for _ in range(1024)]
for s in served:
    head(s)
waiting = client()
for s in served:
    s.sendall(b"\x81\x81\0\0\0\0x")
    assert s.recv(3) == b"\x81\x01x"
waiting.settimeout(0.2)
try:
    sys.exit(f"one more than it takes was told {waiting.recv(1)}")
except socket.timeout:
    waiting.settimeout(20)
served[7].close()
head(waiting)
waiting.sendall(b"\x81\x81\0\0\0\0y")
assert waiting.recv(3) == b"\x81\x01y"
END
}

@test "a client that sends no request is left at the deadline, others are served meanwhile" { # HS23 B40
    listen --echo
    clock
    start_rig_client hold
    silent=$RIG
    start_rig_client ask:GET hold
    half=$RIG
    await "$silent/events" '^connect$'
    await "$half/events" '^connect$'
    rig_client request text:x recv close:1000
    peer_saw 'text "x"'
    await "$silent/events" '^(eof|reset)'
    await "$half/events" '^(eof|reset)'
    within 12
    [ "$(grep -c 'within 10 s' "$T/listen.err")" -eq 2 ] || fail "$(report)"
}

@test "an Origin that is let in is no pass: its target and its frames are judged as ever" { # S17 HS16
    start_wsx ws-listen:127.0.0.1:0/echo mirror: --announce --allow-origin https://a.example
    await "$T/out" '^ws://'
    PORT=$(sed -n '1s/.*:\([0-9]*\)\/.*/\1/p' "$T/out")
    rig_client 'request:/other\nOrigin: https://a.example' hold
    peer_saw 'status 404'
    rig_client 'request:/echo\nOrigin: https://b.example' hold
    peer_saw 'status 403'
    rig_client 'request:/echo\nOrigin: https://a.example' send:810161 finish
    peer_saw 'status 101'
    grep -q '^close 1002 ' "$RIG/events"
    peer_never '^text'
}

@test "one client that breaks the protocol leaves the others alone" { # G17 C33
    listen --echo
    start_rig_client request text:before recv "wait:$T/go" text:after recv close:1000
    steady=$RIG
    await "$RIG/events" '^text "before"'
    rig_client request send:8300 finish
    touch "$T/go"
    await "$steady/events" '^text "after"'
}

@test "a large message is echoed whole" {
    listen --echo
    rig_client request "text:$(head -c 100000 /dev/zero | tr '\0' x)" recv close:1000
    grep -q '^text 100000 bytes' "$RIG/events"
}

@test "SIGTERM sends 1001 to every client and ends with 143" { # C22
    listen --echo
    start_rig_client --times 3 request text:x recv finish
    await "$RIG/events" '^text' 3
    kill -TERM "$LISTEN_PID"
    wait_for "$LISTEN_PID"
    exits 143
    [ "$(grep -c '^close 1001 ' "$RIG/events")" -eq 3 ]
}

@test "SIGINT ends a listener with 130" { # C22
    listen --echo
    kill -INT "$LISTEN_PID"
    wait_for "$LISTEN_PID"
    exits 130
}

@test "a listener is not ended by the end of its input" {
    listen --echo # its input is /dev/null
    rig_client request text:x recv close:1000
    rig_client request text:y recv close:1000
    peer_saw 'text "y"'
    kill -0 "$LISTEN_PID"
}

@test "ws-listen: joined to a pipe: what a client sends is printed, lines go to it" {
    start_wsx -l 127.0.0.1:0
    await "$T/err" '127\.0\.0\.1:[0-9]+'
    PORT=$(grep -oE '127\.0\.0\.1:[0-9]+' "$T/err" | head -n 1 | cut -d: -f2)
    start_rig_client request text:hello recv close:1000
    await "$T/out" '^hello$'
    say 'answer\n'
    peer_saw 'text "answer"'
}

# ---- the handshake

@test "a right request gets a right 101" { # HS01 HS32 HC16
    listen --echo
    rig_client "ask:GET / HTTP/1.1\r\n$fields\r\n" answer close:1000
    peer_saw 'accept right'
    grep -q 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=' "$RIG/request"
    grep -qi '^upgrade: websocket' "$RIG/request"
    grep -qi '^connection: upgrade' "$RIG/request"
    lacks "$RIG/request" '^([Cc]ontent-[Ll]ength|[Tt]ransfer-[Ee]ncoding|Sec-WebSocket-Protocol|Sec-WebSocket-Extensions):'
}

@test "other methods and versions of HTTP are refused" { # HS02 HS03
    answers '40[05]' "POST / HTTP/1.1\r\n$fields\r\n"
    answers '40[05]' "HEAD / HTTP/1.1\r\n$fields\r\n"
    answers '(501|40[05])' "get / HTTP/1.1\r\n$fields\r\n"
    answers '(400|426)' "GET / HTTP/1.0\r\n$fields\r\n"
    answers 505 "GET / HTTP/2.0\r\n$fields\r\n"
    answers 101 "GET / HTTP/1.2\r\n$fields\r\n"
}

@test "there is one Host" { # HS04
    local rest=${fields#*\\r\\n}
    answers 400 "GET / HTTP/1.1\r\n$rest\r\n"
    answers 400 "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n$rest\r\n"
    answers 400 "GET / HTTP/1.1\r\nHost: a b\r\n$rest\r\n"
}

@test "Upgrade and Connection are read as lists, without case" { # HS05 HS28
    local rest="Host: h\r\nSec-WebSocket-Version: 13\r\n$key\r\n"
    answers 101 "GET / HTTP/1.1\r\nConnection: keep-alive, Upgrade\r\nupgrade: WebSocket\r\n$rest\r\n"
    answers 101 "GET / HTTP/1.1\r\nConnection: a\r\nconnection: UPGRADE\r\nUpgrade: x, websocket\r\n$rest\r\n"
    answers '(400|426)' "GET / HTTP/1.1\r\nConnection: keep-alive\r\nUpgrade: websocket\r\n$rest\r\n"
    answers '(400|426)' "GET / HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocketX\r\n$rest\r\n"
    answers '(400|426)' "GET / HTTP/1.1\r\nHost: h\r\n\r\n"
}

@test "the key is there once and has 16 bytes" { # HS06 HS07 HS25
    local rest="Host: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    local name=Sec-WebSocket-Key:
    answers 400 "GET / HTTP/1.1\r\n$rest\r\n"
    for value in '' 'AQIDBAUGBwgJCgsMDQ4P' 'AQIDBAUGBwgJCgsMDQ4PEBE=' 'AQIDBAUGBwg!CgsMDQ4PEC==' 'a\rb'; do
        answers 400 "GET / HTTP/1.1\r\n$rest$name $value\r\n\r\n"
    done
    answers 400 "GET / HTTP/1.1\r\n$rest$key\r\n$key\r\n\r\n"
    answers 101 "GET / HTTP/1.1\r\n$rest$name AQIDBAUGBwgJCgsMDQ4PEC==\r\n\r\n"
    peer_saw 'accept right'
}

@test "other versions are told that it is 13" { # HS08
    local rest="Host: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n$key\r\n"
    local name=Sec-WebSocket-Version
    for lines in "$name: 8\r\n" "$name: 12\r\n" "$name: 14\r\n" "$name: 013\r\n" "$name: abc\r\n" '' \
        "$name: 13, 8\r\n" "$name: 13\r\n$name: 13\r\n"; do
        answers '(426|400)' "GET / HTTP/1.1\r\n$rest$lines\r\n"
        grep -qi '^sec-websocket-version: 13' "$RIG/request"
    done
}

@test "unknown fields and extensions change nothing" { # HS09 HS13
    answers 101 "GET / HTTP/1.1\r\nX-A: b\r\nSec-WebSocket-Foo: 1\r\nSec-WebSocket-Extensions: x-a\r\n$fields\r\n"
    lacks "$RIG/request" '^[Ss]ec-[Ww]eb[Ss]ocket-[Ee]xtensions'
}

@test "a subprotocol is chosen among those offered, and none is invented" { # HS10 HS33
    listen --echo -s b -s c
    rig_client 'request:/\nSec-WebSocket-Protocol: a, b' close:1000
    grep -qi '^sec-websocket-protocol: b' "$RIG/request"
    rig_client 'request:/\nSec-WebSocket-Protocol: a\nSec-WebSocket-Protocol: b' close:1000
    grep -qi '^sec-websocket-protocol: b' "$RIG/request"
    rig_client 'request:/\nSec-WebSocket-Protocol: a' close:1000
    peer_saw 'status 101'
    lacks "$RIG/request" '^[Ss]ec-[Ww]eb[Ss]ocket-[Pp]rotocol'
}

@test "a subprotocol list off the grammar is refused" { # HS12
    for list in 'a a' 'a/b' ','; do
        answers 400 "GET / HTTP/1.1\r\nSec-WebSocket-Protocol: $list\r\n$fields\r\n"
    done
}

@test "a page of another origin is refused, a program without an Origin is not" { # S10 HS16 B42
    listen --echo
    rig_client 'request:/\nOrigin: https://evil.example' finish
    peer_saw 'status 403'
    rig_client 'request:/' close:1000
    peer_saw 'status 101'
}

@test "requests with errors of syntax are refused" { # HS19 P06 P07
    for line in 'X : y' ' X: y' 'no colon' 'X: a\0b' 'X: a\rb' 'X: a\r\n folded'; do
        answers 400 "GET / HTTP/1.1\r\n$line\r\n$fields\r\n"
    done
}

@test "one empty line before the request is let through" { # HS20
    answers 101 "\r\nGET / HTTP/1.1\r\n$fields\r\n"
}

@test "a request with a body is refused" { # HS21
    answers 400 "GET / HTTP/1.1\r\nContent-Length: 5\r\n$fields\r\n12345"
    answers 400 "GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n$fields\r\n"
    answers 400 "GET / HTTP/1.1\r\nContent-Length: x\r\n$fields\r\n"
}

@test "a long line and a long head are refused, an ordinary one is not" { # HS22 B17
    listen --echo
    rig_client "request:/$(head -c 7900 /dev/zero | tr '\0' a)" close:1000
    peer_saw 'status 101'
    answers '(414|431)' "GET /$(head -c 100000 /dev/zero | tr '\0' a) HTTP/1.1\r\n$fields\r\n"
    answers 431 "GET / HTTP/1.1\r\n$(printf 'X-%d: y\\r\\n' {1..3000})$fields\r\n"
}

@test "a target in absolute form is as good" { # HS27
    answers 101 "GET http://h/echo HTTP/1.1\r\n$fields\r\n"
}

@test "frames glued to the request wait for the 101 and are served once" { # HS24 B33
    listen --echo
    rig_client "ask:GET / HTTP/1.1\r\n$fields\r\n\x81\x82\x00\x00\x00\x00hi" answer recv close:1000
    [ "$(grep -c '^text "hi"$' "$RIG/events")" -eq 1 ]
}

@test "the answer to a plain HTTP client can be read by it" { # HS26 HS28
    need curl --version
    listen --echo
    run curl -sS -i -m 10 "http://127.0.0.1:$PORT/"
    [ "$status" -eq 0 ]
    [[ $output == 'HTTP/1.1 426 '* ]]
}

# ---- frames

@test "a frame that is not masked is refused" { # F05
    drops 1002 send:81026869
    drops 1002 send:8900
    drops 1002 send:880203e8
}

@test "bad frames and bad text are refused as by a client" { # F09 F10 T01
    drops 1002 send:c18000000000
    drops 1002 send:838000000000
    drops 1007 send:818100000000ff
}

@test "valid messages before a bad frame are echoed first" { # F37
    listen --echo
    rig_client request 'send:81810000000061 838000000000' finish
    peer_saw_all 'text "a"' 'close 1002 ""' || grep -q '^close 1002' "$RIG/events"
    grep -qx 'text "a"' "$RIG/events"
}

@test "a ping is answered" { # F23
    listen --echo
    rig_client request ping:data recv-pong close:1000
    peer_saw 'pong "data"'
}

@test "the server ends the connection after the Closes, at once" { # C13
    listen --echo
    clock
    rig_client request close:1000 hold
    within 1
    peer_saw_all 'close 1000 ""' eof
}

@test "a client that vanishes is no trouble" {
    listen --echo
    rig_client request text:x rst
    rig_client request send:8185 drop
    rig_client drop
    rig_client request text:alive recv close:1000
    peer_saw 'text "alive"'
}

# ---- TLS

@test "with --cert and --key it listens for wss" { # S21 HS34
    certificates
    listen --echo --cert "$CERTS/server.crt" --key "$CERTS/server.key"
    [ "$(cat "$T/listen.out")" = "wss://127.0.0.1:$PORT/" ]
    rig_client --tls "$CERTS/ca.crt" request text:x recv close:1000
    peer_saw 'text "x"'
    wsx "$URL" --ca "$CERTS/ca.crt" -w 0.2 < <(printf 'hello\n')
    exits 0
    prints 'hello\n'
}

@test "a client without TLS gets no answer in clear, and the next one is served" { # HS34
    certificates
    listen --echo --cert "$CERTS/server.crt" --key "$CERTS/server.key"
    rig_client "ask:GET / HTTP/1.1\r\n$fields\r\n" hold
    lacks "$RIG/after" 'HTTP'
    rig_client --tls "$CERTS/ca.crt" request text:x recv close:1000
    peer_saw 'text "x"'
}

@test "ALPN http/1.1 is chosen, and h2 alone is refused" { # N13
    certificates
    listen --echo --cert "$CERTS/server.crt" --key "$CERTS/server.key"
    run bash -c "openssl s_client -connect 127.0.0.1:$PORT -alpn h2,http/1.1 </dev/null 2>&1"
    [[ $output == *'ALPN protocol: http/1.1'* ]]
    run bash -c "openssl s_client -connect 127.0.0.1:$PORT -alpn h2 </dev/null 2>&1"
    [[ $output == *'no application protocol'* ]]
}

@test "-l with a certificate but no key, or a wrong one, is an error" { # N15
    certificates
    wsx -l 127.0.0.1:0 --echo --cert "$CERTS/server.crt" --key "$CERTS/client.key" </dev/null
    exits 2
    complains 'key'
    wsx -l 127.0.0.1:0 --echo --cert "$CERTS/server.crt" </dev/null
    exits 2
    complains 'key'
}

@test "a listener that runs out of descriptors says so and goes on" {
    ( ulimit -n 12; exec env "$WSX" -l 127.0.0.1:0 --announce --echo >"$T/out" 2>"$T/err" ) &
    CHILDREN+=($!)
    await "$T/out" '^ws://'
    URL=$(cat "$T/out")
    coproc HOLD { exec timeout "$PATIENCE" /usr/bin/python3 -c '
import socket
import sys

port = int(sys.argv[1].split(":")[2].rstrip("/"))
held = [socket.create_connection(("127.0.0.1", port)) for _ in range(20)]
sys.stdin.read()
' "$URL"; }
    CHILDREN+=("$HOLD_PID")
    await "$T/err" 'cannot accept a client'
    kill "$HOLD_PID"
    wsx -1 -x again "$URL"
    exits 0
    prints 'again\n'
}
