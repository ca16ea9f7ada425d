#!/usr/bin/env bats
# What is wrong is told in one line, with the documented code, before anything goes out.

load lib/common

# refuses ERE ARGS...: code 2, one line of error that matches, and nobody was connected to.
refuses() {
    wsx "${@:2}" </dev/null
    exits 2
    complains "$1"
    prints_nothing
}

setup_rig() {
    rig accept finish
}

@test "a URL that is not one" { # U07 U09 U13 U16 U17 W01 W03 W04
    for url in ws:// ws:///x ws://h:99999/ ws://h:abc/ 'ws://[::1' 'ws://a b/' ws://h/#f ws://h/# \
        http://h/# ftp://h/ file:///x wsx://h/ //h/ 'ws://[fe80::1%25eth0]/' ws://256.1.1.1/; do
        refuses '.' "$url"
    done
}

@test "a URL of a fragment connects nowhere" { # U07
    setup_rig
    refuses 'fragment|#' "${URL}#f"
    untouched
}

@test "no endpoint, or too many" {
    refuses 'URL|endpoint'
    refuses 'endpoint' ws://h/ ws://h/ ws://h/
}

@test "an unknown option names the one that was meant" {
    refuses '--colr.*--color' --colr always ws://h/
}

@test "an option without its value" {
    refuses 'header' ws://h/ --header
    refuses '-H' ws://h/ -H
}

@test "a value for an option that takes none" {
    refuses 'json' ws://h/ --json=yes
}

@test "a header without a colon, a name or a token for a name" { # P14
    setup_rig
    for header in nocolon ': x' 'A B: c' 'é: x' ''; do
        refuses 'header' "$URL" -H "$header"
    done
    untouched
}

@test "a header that would inject another" { # P14 P17
    setup_rig
    for header in $'A: b\r\nC: d' $'A: b\n' $'A: b\rC' $'A\r\n: b'; do
        refuses 'header' "$URL" -H "$header"
    done
    untouched
}

@test "a header with a NUL, which only a file can hold" { # P14
    setup_rig
    printf 'A: b\0c\n' >"$T/headers"
    refuses 'NUL|control|header' "$URL" -H "@$T/headers"
    untouched
}

@test "a header that is the handshake's own" { # P16
    setup_rig
    for name in Upgrade Connection Sec-WebSocket-Key sec-websocket-version Sec-WebSocket-Accept \
        Sec-WebSocket-Extensions Content-Length Transfer-Encoding; do
        refuses "$name" "$URL" -H "$name: x"
    done
    untouched
}

@test "a header file that is not there" {
    refuses 'no-such-file' ws://h/ -H @/no-such-file
}

@test "an origin, user agent or subprotocol that would inject a header" { # P17
    setup_rig
    refuses 'origin' "$URL" -o $'http://a\r\nX: y'
    refuses 'user-agent' "$URL" -A $'a\r\nX: y'
    refuses 'subprotocol' "$URL" -s $'a\r\nX: y'
    untouched
}

@test "a line end in a URL is removed, and injects nothing" { # U14 U18
    setup_rig
    wsx "${URL}a"$'\r\n'"X: y/%0d%0aZ" -E </dev/null
    exits 0
    [ "$(head -n 1 "$RIG/request" | tr -d '\r')" = 'GET /aX:%20y/%0d%0aZ HTTP/1.1' ]
    never_asked '^X'
}

@test "a subprotocol that is no token, or given twice" { # HC09 W05 W06
    setup_rig
    for name in '' 'a b' 'a,b' 'é' 'a/b'; do
        refuses 'subprotocol' "$URL" -s "$name"
    done
    refuses 'twice|duplicate|already' "$URL" -s a -s a
    untouched
}

@test "a close code that no client may send" { # C05 W16
    for code in 0 999 1001 1002 1005 1006 1015 2999 5000 65536 -1 x ''; do
        refuses 'close-code' ws://h/ "--close-code=$code"
    done
}

@test "a close reason that is too long or not UTF-8" { # C11 W17
    refuses 'close-reason.*123' ws://h/ --close-reason "$(printf 'é%.0s' {1..62})"
    refuses 'close-reason.*UTF-8' ws://h/ --close-reason $'\xff'
}

@test "a number that is none, negative or too large" { # S19
    for n in -1 99999999999999999999 1e9 x '' 1.5; do
        refuses 'max-message' ws://h/ "--max-message=$n"
        refuses 'count' ws://h/ "--count=$n"
    done
    for s in -1 x '' 1e99 99999999999999999999; do
        refuses 'wait' ws://h/ "--wait=$s"
        refuses 'connect-timeout' ws://h/ "--connect-timeout=$s"
        refuses 'max-time' ws://h/ "--max-time=$s"
    done
}

@test "a colour that is none of the three" {
    refuses 'color.*(auto|always|never)' ws://h/ --color maybe
}

@test "a message of -x that is not UTF-8" { # T10
    setup_rig
    refuses 'UTF-8' "$URL" -x $'\xff'
    untouched
}

@test "an address to listen on that is none" {
    for address in x 99999 127.0.0.1:99999 127.0.0.1: '[::1' 256.1.1.1:0; do
        refuses 'listen|address|port' -l "$address" --echo
    done
}

@test "files of certificates that are missing or not what they should be" { # N15
    certificates
    setup_rig
    printf 'no certificate\n' >"$T/junk"
    refuses '/no-such-file' "wss://127.0.0.1:$PORT/" --ca /no-such-file
    refuses 'junk' "wss://127.0.0.1:$PORT/" --ca "$T/junk"
    refuses '/no-such-file' "wss://127.0.0.1:$PORT/" --cert /no-such-file
    refuses 'junk' "wss://127.0.0.1:$PORT/" --cert "$T/junk"
    refuses 'key' "wss://127.0.0.1:$PORT/" --cert "$CERTS/client.crt" --key "$CERTS/server.key"
    untouched
}

@test "an error names the URL and the reason" { # N07
    wsx ws://no-such-host.invalid:81/path </dev/null
    complains '^wsx: ws://no-such-host.invalid:81/path: '
}

@test "the peer's bytes in an error cannot drive a terminal" { # C12 T12
    rig request 'answer:HTTP/1.1 400 \x1b[31mBad\x07\r\nContent-Length: 0\r\n\r\n'
    wsx "$URL" </dev/null
    exits 6
    lacks "$T/err" $'[\x1b\x07]'
    rig accept 'close:4000:\x1b]0;x\x07'
    wsx "$URL" </dev/null
    exits 9
    lacks "$T/err" $'[\x1b\x07]'
}

@test "-q leaves the errors" {
    wsx -q ws://no-such-host.invalid/ </dev/null
    exits 3
    complains 'no-such-host'
}

@test "--help goes to standard output with code 0, in 80 columns" {
    wsx --help </dev/null
    exits 0
    says_nothing
    grep -q '^usage: wsx\|^Usage: wsx' "$T/out"
    lacks "$T/out" '.{81}'
    for option in --header --subprotocol --origin --user-agent --insecure --ca --cert --key --text \
        --binary --execute --wait --no-close --exit-on-eof --one --count --json --verbose --quiet \
        --help --version --connect-timeout --max-time --close-code --close-reason --max-message \
        --show-ping-pong --color --announce --echo --no-compress; do
        grep -q -e "$option" "$T/out" || fail "--help lacks $option"
    done
}

@test "-h is --help and -V is --version, which names the TLS library" { # S21
    wsx --help </dev/null
    mv "$T/out" "$T/help"
    wsx -h </dev/null
    cmp "$T/help" "$T/out"
    wsx -V </dev/null
    exits 0
    grep -qE '^wsx [0-9]+\.[0-9]+\.[0-9]+' "$T/out"
    grep -q 'OpenSSL' "$T/out"
    wsx --version </dev/null
    exits 0
}

@test "long options take their value after = or a space, and options may follow the URL" {
    rig accept sink
    wsx "$URL" --wait=0 --execute a -x b </dev/null
    exits 0
    peer_saw 'sunk 2 2'
}

@test "letters may be joined" {
    rig accept echo
    wsx -bE1 "$URL" < <(printf 'ab')
    exits 0
    peer_saw 'binary 6162'
}

@test "after -- nothing is an option" {
    wsx -- --help </dev/null
    exits 3 # a host of that name
    prints_nothing
}

@test "a host with a port but no scheme is a ws URL" {
    rig accept finish
    wsx "127.0.0.1:$PORT/path" -E </dev/null
    exits 0
    asked '^GET /path '
}

@test "http is ws" { # U17 W02
    rig accept finish
    wsx "http://127.0.0.1:$PORT/x" -E </dev/null
    exits 0
    asked '^GET /x '
}

@test "-c URL is the plain URL, as in wscat" {
    rig accept finish
    wsx -c "$URL" -E </dev/null
    exits 0
}

@test "a listener that could serve nobody is refused at once" {
    refuses 'subprotocol' -l 0 -s 'a b' --echo
    refuses 'path' -l '0/a b' --echo
    refuses 'client, not' -l 0 -k --echo
}

@test "a bare number is no host" {
    refuses 'localhost:9001' 9001
}

@test "an endpoint of another version or tool is not taken for a host" {
    refuses 'endpoint' fd:3
    refuses 'endpoint' exec:1
}

@test "help that cannot be written is an error" {
    status=0
    "$WSX" --help >/dev/full 2>"$T/err" || status=$?
    exits 1
}

@test "what other tools put before an endpoint is told as the option it is here" {
    refuses '--input length --output length' lengthprefixed:ws://h/
    refuses '--reconnect' autoreconnect:ws://h/ -
    refuses '--trace' log:ws://u:p@h/
    refuses 'before an endpoint is an option here: -T' timestamp:ws://h/
}

@test "an option of another tool is told with what stands for it here" {
    refuses 'unknown option --slash: .*/help' --slash ws://h/
    refuses 'unknown option --auth: .*ws://USER:PASSWORD@HOST/' --auth u:p ws://h/
    refuses 'unknown option -p: .*-s NAME' -p 13 ws://h/
    refuses 'unknown option -B: .*any length' -B 65536 ws://h/
    refuses 'unknown option --autoreconnect: say --reconnect' --autoreconnect ws://h/
}

@test "what a wscat user types works unchanged" {
    rig accept recv text:reply finish
    wsx -c "$URL" -H 'a: b' -o http://o -x '{"a":1}' -w 0.2 -P --no-color
    exits 0
    prints 'reply\n'
    peer_saw 'text "{\"a\":1}"'
    grep -q '^a: b' "$RIG/request"
    grep -q '^Origin: http://o' "$RIG/request"
}
