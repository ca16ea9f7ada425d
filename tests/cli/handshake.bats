#!/usr/bin/env bats
# The opening handshake as a server sees it and as a server may spoil it.

load lib/common

# refused STEP...: the answer of these steps is refused with code 6; nothing followed the request.
refused() { # HC35
    rig request "$@" hold
    wsx "$URL" < <(printf 'secret\n')
    exits 6
    prints_nothing
    [ "$(grep -c '^wsx: ' "$T/err")" -eq 1 ] || fail "expected one error" "$(report)"
    nothing_after_request
}

opens() { # opens STEP...: after these steps the session is open
    rig request "$@" text:open close:1000
    wsx "$URL" </dev/null
    exits 0
    prints 'open\n'
}

accept='Sec-WebSocket-Accept: {accept}'

# ---- the request

@test "the request is what RFC 6455 asks for, each field once" { # HC01 HC02 HC04 HC06 HC07 HC34 W14
    rig accept finish
    wsx "$URL" -E </dev/null
    [ "$(peer_request | head -n 1)" = 'GET / HTTP/1.1' ]
    [ "$(peer_request | sed -n 2p)" = "Host: 127.0.0.1:$PORT" ] # HC03
    for line in 'Upgrade: websocket' 'Connection: Upgrade' 'Sec-WebSocket-Version: 13'; do
        [ "$(peer_request | grep -ci "^${line%%:*}:")" -eq 1 ]
        peer_request | grep -qx "$line"
    done
    asked '^Sec-WebSocket-Key: [A-Za-z0-9+/]{21}[AQgw]==$' # HC05
    never_asked '^(Origin|Sec-WebSocket-Protocol|Content-Length|Transfer-Encoding|TE|Expect|Referer|Authorization|Cookie):'
    [ "$(tr -cd '\n' <"$RIG/request" | wc -c)" -eq "$(tr -cd '\r' <"$RIG/request" | wc -c)" ] # HC37
}

@test "every connection has a key of its own" { # HC05
    rig accept finish
    for _ in 1 2 3 4 5 6 7 8; do wsx "$URL" -E </dev/null; done
    [ "$(peer_request | grep '^Sec-WebSocket-Key:' | sort -u | wc -l)" -eq 8 ]
}

@test "path and query go out as in the URL" { # U04 U05 U06 U08 U14 U15 U18 W13
    while read -r given target; do
        rig accept finish
        wsx "ws://127.0.0.1:$PORT$given" -E </dev/null
        exits 0
        [ "$(peer_request | head -n 1)" = "GET $target HTTP/1.1" ] ||
            fail "$given gave $(peer_request | head -n 1)"
    done <<'END'
/a/b?x=1&y=%20 /a/b?x=1&y=%20
/p? /p
?q=1 /?q=1
/a%23b /a%23b
/a/../b\c /b/c
/é?é /%C3%A9?%C3%A9
/"<>` /%22%3C%3E%60
/%0d%0aX:%201 /%0d%0aX:%201
//a// //a//
END
}

@test "the scheme ignores case, and the host is lower case" { # U02 U11
    rig accept finish
    wsx "WS://LOCALHOST:$PORT/" -E </dev/null
    exits 0
    asked "^Host: localhost:$PORT\$"
}

@test "127.1 and 0x7f.1 are addresses" { # U16
    rig accept finish
    wsx "ws://127.1:$PORT/" -E </dev/null
    wsx "ws://0x7f.1:$PORT/" -E </dev/null
    exits 0
    [ "$(peer_request | grep -cx "Host: 127.0.0.1:$PORT")" -eq 2 ]
}

@test "an IPv6 address keeps its brackets in Host" { # U12 B25
    need "$PYTHON" -c 'import socket; socket.create_server(("::1", 0), family=socket.AF_INET6)'
    rig --host ::1 accept finish
    wsx "ws://[::1]:$PORT/" -E </dev/null
    exits 0
    asked "^Host: \[::1\]:$PORT\$"
}

@test "localhost works when only one family listens" { # N06
    rig accept finish
    wsx "ws://localhost:$PORT/" -E </dev/null
    exits 0
    need "$PYTHON" -c 'import socket; socket.create_server(("::1", 0), family=socket.AF_INET6)'
    rig --host ::1 accept finish
    wsx "ws://localhost:$PORT/" -E </dev/null
    exits 0
}

@test "subprotocols go out in one list, in the order given" { # HC08 R11a
    rig request "$(ok_101 'Sec-WebSocket-Protocol: b')" finish
    wsx "$URL" -s a --subprotocol b -s B -E </dev/null
    exits 0
    asked '^Sec-WebSocket-Protocol: a, b, B$'
}

@test "-o sends an Origin verbatim" { # HC07
    rig accept finish
    wsx "$URL" -o http://a.example -E </dev/null
    asked '^Origin: http://a\.example$'
}

@test "-A replaces the user agent, which names wsx and its version" {
    rig accept finish
    wsx "$URL" -A me/1 -E </dev/null
    asked '^User-Agent: me/1$'
    rig accept finish
    wsx "$URL" -E </dev/null
    asked '^User-Agent: wsx/[0-9.]+$'
}

@test "-H adds a field, verbatim but for the spaces around it" { # P18
    rig accept finish
    wsx "$URL" -H 'X-A: one' -H 'x-b:  two é ' -H 'X-Empty:' -E </dev/null
    exits 0
    asked '^X-A: one$'
    asked '^x-b: two é$'
    asked '^X-Empty: ?$'
}

@test "-H takes the place of a field wsx would have sent" { # P15 B09
    rig accept finish
    wsx "$URL" -H 'host: other.example' -H 'USER-AGENT: x' -H 'Origin: http://b' -E </dev/null
    exits 0
    [ "$(peer_request | grep -ci '^host:')" -eq 1 ]
    asked '^[Hh]ost: other\.example$'
    [ "$(peer_request | grep -ci '^user-agent:')" -eq 1 ]
    [ "$(peer_request | grep -ci '^origin:')" -eq 1 ]
}

@test "-H @FILE takes a field a line, comments and empty lines left out" {
    printf 'X-A: 1\n# no field\n\nX-B: 2\r\n' >"$T/headers"
    rig accept finish
    wsx "$URL" -H "@$T/headers" -E </dev/null
    exits 0
    asked '^X-A: 1$'
    asked '^X-B: 2$'
    never_asked '^#'
}

@test "--no-compress offers no extension" { # HC10
    rig accept finish
    wsx "$URL" --no-compress -E </dev/null
    exits 0
    never_asked '^Sec-WebSocket-Extensions:'
}

# ---- the answer

@test "any status but 101 is refused and shown" { # HC12
    for status_line in '200 OK' '204 No Content' '400 Bad Request' '401 Unauthorized' '404 Not Found' \
        '426 Upgrade Required' '500 Internal Server Error' '503 Service Unavailable'; do
        refused "answer:HTTP/1.1 $status_line\r\nContent-Length: 4\r\n\r\nbody"
        tells "${status_line%% *}"
    done
}

@test "the body of a refusal is not waited for, however long, and contradictions change nothing" { # P12
    rig request 'answer:HTTP/1.1 403 Forbidden\r\nContent-Length: 1073741824\r\n\r\n' flood
    clock
    wsx "$URL" </dev/null
    exits 6
    within 1
    tells '403'
    refused 'answer:HTTP/1.1 403 Forbidden\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!'
    tells '403'
}

@test "a redirect is not followed and its Location is shown" { # HC24 B28
    refused 'answer:HTTP/1.1 302 Found\r\nLocation: ws://other.example/\r\nContent-Length: 0\r\n\r\n'
    tells '302'
    tells 'ws://other\.example/'
    [ "$(grep -c '^connect$' "$RIG/events")" -eq 1 ]
}

@test "the versions a server asks for are named" { # HC29
    refused 'answer:HTTP/1.1 426 Upgrade Required\r\nSec-WebSocket-Version: 8, 7\r\nContent-Length: 0\r\n\r\n'
    tells '8, 7'
}

@test "Upgrade must be websocket" { # HC13 P10
    for upgrade in '' 'Upgrade: h2c' 'Upgrade: websocket2' 'Upgrade: xwebsocket' 'Upgrade:'; do
        refused "$(head_101 ${upgrade:+"$upgrade"} 'Connection: Upgrade' "$accept")"
    done
    opens "$(head_101 'Upgrade: WEBSOCKET' 'Connection: Upgrade' "$accept")"
}

@test "Connection must name Upgrade" { # HC14 P09 P10
    for connection in '' 'Connection: close' 'Connection: Upgraded' 'Connection: not-upgrade'; do
        refused "$(head_101 'Upgrade: websocket' ${connection:+"$connection"} "$accept")"
    done
    opens "$(head_101 'Upgrade: websocket' 'Connection: keep-alive, UPGRADE' "$accept")"
    opens "$(head_101 'Upgrade: websocket' 'Connection: a' 'Connection: ,, Upgrade ,' "$accept")"
}

@test "the accept value must be right, to the letter" { # HC15
    for value in '' 'Sec-WebSocket-Accept:' 'Sec-WebSocket-Accept: {accept}=' \
        'Sec-WebSocket-Accept: x{accept}' \
        'Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo='; do
        refused "$(head_101 'Upgrade: websocket' 'Connection: Upgrade' ${value:+"$value"})"
    done
    opens "$(head_101 'Upgrade: websocket' 'Connection: Upgrade' \
        'Sec-WebSocket-Accept: \t{accept}  ')"
}

@test "names of fields ignore case" { # HC23
    opens "$(head_101 'UPGRADE: websocket' 'connection: upgrade' 'SEC-WEBSOCKET-ACCEPT: {accept}')"
}

@test "names of fields ignore case in a Turkish locale too" { # P21
    LC_ALL=tr_TR.UTF-8 opens \
        "$(head_101 'UPGRADE: WEBSOCKET' 'CONNECTION: UPGRADE' 'SEC-WEBSOCKET-ACCEPT: {accept}')"
}

@test "an extension nobody offered is refused" { # HC17
    refused "$(ok_101 'Sec-WebSocket-Extensions: x-foo')"
    tells 'x-foo|extension'
}

@test "with --no-compress any extension is refused" { # HC17
    rig request "$(ok_101 'Sec-WebSocket-Extensions: permessage-deflate')" hold
    wsx "$URL" --no-compress </dev/null
    exits 6
    nothing_after_request
}

@test "an extension header off the grammar is refused" { # HC21
    for value in ';' 'permessage-deflate;;' 'permessage-deflate; =1' 'permessage-deflate; a="x' \
        'permessage-deflate, ='; do
        refused "$(ok_101 "Sec-WebSocket-Extensions: $value")"
    done
}

@test "a subprotocol nobody offered is refused" { # HC18
    refused "$(ok_101 'Sec-WebSocket-Protocol: a')"
    for pair in 'a b' 'a A'; do
        rig request "$(ok_101 "Sec-WebSocket-Protocol: ${pair#* }")" hold
        wsx "$URL" -s "${pair% *}" </dev/null
        exits 6
        nothing_after_request
    done
}

@test "a server that selects none of the subprotocols is refused" { # HC19 W15
    for line in '' 'Sec-WebSocket-Protocol:'; do
        rig request "$(ok_101 ${line:+"$line"})" hold
        wsx "$URL" -s chat </dev/null
        exits 6
        complains 'subprotocol'
        nothing_after_request
    done
}

@test "a field that may come once is refused twice" { # HC20
    refused "$(ok_101 "$accept")"
    refused "$(ok_101 'Sec-WebSocket-Accept: x')"
    for lines in 'Sec-WebSocket-Protocol: a\r\nSec-WebSocket-Protocol: a' 'Sec-WebSocket-Protocol: a, b'; do
        rig request "$(ok_101 "$lines")" hold
        wsx "$URL" -s a -s b </dev/null
        exits 6
        nothing_after_request
    done
}

@test "the status line must be one" { # P01 P02
    for line in 'HTTP/1.1  101 x' 'HTTP/1.1 1010 x' 'HTTP/1.1 +101 x' 'HTTP/2 101 x' 'HTP/1.1 101 x' \
        'HTTP/1.0 101 x' '101' ''; do
        refused "answer:$line\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n$accept\r\n\r\n"
    done
    opens "answer:HTTP/1.1 101 \r\nUpgrade: websocket\r\nConnection: Upgrade\r\n$accept\r\n\r\n"
}

@test "interim answers are skipped, and their fields do not count" { # P03 P04
    opens 'answer:HTTP/1.1 100 Continue\r\n\r\n' \
        'answer:HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n' "$(ok_101)"
    refused "answer:HTTP/1.1 103 Early Hints\r\n$accept\r\n\r\n" \
        "$(head_101 'Upgrade: websocket' 'Connection: Upgrade')"
}

@test "lines must end with CRLF, and no CR stands alone" { # P05
    refused "answer:HTTP/1.1 101 x\nUpgrade: websocket\nConnection: Upgrade\n$accept\n\n" drop
    refused "$(ok_101 'X: a\rb')"
}

@test "a folded line is one value, never a new field" { # P06
    refused "answer:HTTP/1.1 101 x\r\nUpgrade: web\r\n socket\r\nConnection: Upgrade\r\n$accept\r\n\r\n"
    opens "$(ok_101 'X-A: one\r\n two')"
}

@test "fields that are none are refused" { # P07 P08
    for line in 'X : y' ': x' 'a b: c' 'é: x' 'no colon' 'X: a\0b'; do
        refused "$(ok_101 "$line")"
    done
}

@test "bytes over 127 in a value are let through" { # T13
    opens "$(ok_101 'X: \xe9')"
}

@test "a length on a 101 takes no bytes from the frames" { # P11
    opens "$(ok_101 'Content-Length: 4')"
}

@test "an end inside the answer is told as such" { # P19
    for part in '' 'HTTP/1.1 101 Sw' 'HTTP/1.1 101 x\r\nUpgrade: websocket\r\n'; do
        rig request "answer:$part" drop
        wsx "$URL" </dev/null
        exits 6
        complains 'clos|end'
    done
    rig request 'answer:HTTP/1.1 101 x\r\n' rst
    wsx "$URL" </dev/null
    exits 6
}

@test "something that is not HTTP is named and not parsed" { # P20
    refused 'answer:SSH-2.0-x\r\n' drop
    tells 'SSH-2\.0-x|HTTP'
    refused 'send:15030100020246' drop
    lacks "$T/err" $'[\x01-\x08]'
}

@test "an answer without end is cut off" { # P13
    rig request 'answer:HTTP/1.1 101 x\r\n' \
        "answer:X: $(head -c 60000 /dev/zero | tr '\0' x)" \
        "answer:$(head -c 60000 /dev/zero | tr '\0' x)" hold
    wsx "$URL" </dev/null
    exits 6
    nothing_after_request
}

@test "a field of 8 KiB is fine" { # P13
    opens "$(ok_101 "Set-Cookie: a=$(head -c 8192 /dev/zero | tr '\0' x)")"
}

@test "the answer may come byte by byte" {
    rig accept-drip:81026869 close:1000
    wsx "$URL" </dev/null
    exits 0
    prints 'hi\n'
}

@test "frames after a refusal are never interpreted" { # B43
    refused "answer:HTTP/1.1 403 Forbidden\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n$accept\r\n\r\n" \
        text:pwned
}

@test "-v shows both heads on standard error, with no secret in them" { # S16
    rig accept text:x close:1000
    wsx -v "ws://u:secret@127.0.0.1:$PORT/p" -H 'Authorization: Bearer hidden' </dev/null
    exits 0
    prints 'x\n'
    tells 'GET /p HTTP/1\.1'
    tells 'HTTP/1\.1 101'
    lacks "$T/err" 'secret|hidden'
}
