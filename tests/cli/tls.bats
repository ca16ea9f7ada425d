#!/usr/bin/env bats
# wss: the certificate, the name, the version, and what happens when they are wrong.

load lib/common

# no_request: nothing of ours went to the peer in clear or inside TLS.
no_request() {
    [ ! -s "$RIG/request" ] || fail "a request was sent" "$(report)"
}

# refuses CERT ERE [URL]: a server with that certificate is refused with code 5.
refuses() {
    tls_rig "$1" accept finish
    wsx --ca "$CERTS/ca.crt" "${3:-$URL}" </dev/null
    exits 5
    complains "$2"
    no_request # HC32
}

@test "a session over wss" { # U01 G01
    tls_rig server accept echo
    wsx --ca "$CERTS/ca.crt" -w 0.2 "$URL" < <(printf 'a\nb')
    exits 0
    prints 'a\nb\n'
}

@test "https is wss" { # W02
    tls_rig server accept finish
    wsx --ca "$CERTS/ca.crt" -E "https://localhost:$PORT/" </dev/null
    exits 0
}

@test "self-signed, expired, not yet valid, other name, unknown authority: refused" { # S12 B41
    refuses self 'self-signed certificate'
    refuses expired 'expired \(2020-02-01\)'
    refuses future 'not yet valid'
    refuses other 'other\.example'
    refuses stranger 'certificate'
}

@test "a name in the common name alone does not count" { # S12
    refuses cn 'certificate|localhost'
}

@test "what to do is said too" {
    tls_rig self accept finish
    wsx "$URL" </dev/null
    complains 'insecure|--ca'
}

@test "an address needs an address in the certificate" { # S13
    tls_rig server accept finish
    wsx --ca "$CERTS/ca.crt" -E "wss://127.0.0.1:$PORT/" </dev/null
    exits 0
    tls_rig dnsip accept finish
    wsx --ca "$CERTS/ca.crt" "wss://127.0.0.1:$PORT/" </dev/null
    exits 5
    no_request
}

@test "-k goes on in spite of the certificate, with a warning each time" { # S12
    for certificate in self expired other cn; do
        tls_rig "$certificate" accept echo
        wsx -k -w 0.2 "$URL" < <(printf 'x\n')
        exits 0
        prints 'x\n'
        [ "$(wc -l <"$T/err")" -eq 1 ]
        tells 'certificate|verif|insecure'
    done
}

@test "the system's authorities are used without --ca" { # N15
    tls_rig server accept finish
    wsx "$URL" </dev/null
    exits 5
    SSL_CERT_FILE=$CERTS/ca.crt wsx -E "$URL" </dev/null
    exits 0
}

@test "versions under TLS 1.2 are refused" { # S14
    tls_rig server --tls-max 1.1 accept finish
    wsx --ca "$CERTS/ca.crt" "$URL" </dev/null
    exits 5
    complains 'TLS|version|protocol'
    no_request
}

@test "TLS 1.2 is good enough" { # S14
    tls_rig server --tls-max 1.2 accept finish
    wsx --ca "$CERTS/ca.crt" -E "$URL" </dev/null
    exits 0
    grep -q '^tls TLSv1.2' "$RIG/events"
}

@test "a name is sent as SNI, an address is not" { # N08 N09
    tls_rig server accept finish
    wsx --ca "$CERTS/ca.crt" -E "wss://LOCALHOST:$PORT/" </dev/null
    exits 0
    peer_saw 'sni localhost'
    tls_rig server accept finish
    wsx --ca "$CERTS/ca.crt" -E "wss://127.0.0.1:$PORT/" </dev/null
    exits 0
    peer_saw 'sni none'
}

@test "a dot at the end of a name is neither sent as SNI nor checked" { # N08
    tls_rig server accept finish
    wsx --ca "$CERTS/ca.crt" -E "wss://localhost.:$PORT/" </dev/null
    exits 0
    peer_saw 'sni localhost'
}

@test "ALPN offers http/1.1 and nothing else" { # N11 H01
    tls_rig server --alpn h2,http/1.1 accept finish
    wsx --ca "$CERTS/ca.crt" -E "$URL" </dev/null
    exits 0
    peer_saw 'tls TLSv1.3 alpn http/1.1'
    rig quiet:1000
    wsx -k --connect-timeout 3 "wss://127.0.0.1:$PORT/" </dev/null
    await "$RIG/events" '^noise'
    # The extension: 16, length 11, list 9, one name of 8 bytes.
    grep -q '0010000b000908687474702f312e31' "$RIG/events"
}

@test "a Host of the user's changes neither SNI nor the name that is checked" { # N10
    tls_rig server accept finish
    wsx --ca "$CERTS/ca.crt" -H 'Host: other.example' -E "$URL" </dev/null
    exits 0
    peer_saw 'sni localhost'
    asked '^Host: other\.example$'
}

@test "the first flight of TLS offers no early data and resumes nothing" { # N18
    rig quiet:1000
    wsx -k --connect-timeout 3 "wss://127.0.0.1:$PORT/" </dev/null
    await "$RIG/events" '^noise'
    # Record, handshake, version and random; session, ciphers, compression; then the extensions.
    "$PYTHON" - "$(sed -n 's/^noise //p' "$RIG/events")" >"$T/extensions" <<'END'
import sys

hello = bytes.fromhex(sys.argv[1])
at = 5 + 4 + 2 + 32
for width in (1, 2, 1):
    at += width + int.from_bytes(hello[at : at + width], "big")
at += 2
while at < len(hello):
    kind, length = (int.from_bytes(hello[at + i : at + i + 2], "big") for i in (0, 2))
    print(kind)
    at += 4 + length
END
    grep -qx 43 "$T/extensions" # supported_versions: the list was read right
    lacks "$T/extensions" '^(41|42)$'
}

@test "a server that chooses no ALPN is fine" { # N12
    tls_rig server accept finish
    wsx --ca "$CERTS/ca.crt" -E "$URL" </dev/null
    exits 0
    peer_saw 'tls TLSv1.3 alpn None'
}

@test "--cert and --key show a client's certificate" { # N15
    certificates
    tls_rig server --client-ca "$CERTS/ca.crt" accept finish
    wsx --ca "$CERTS/ca.crt" --cert "$CERTS/client.crt" --key "$CERTS/client.key" -E "$URL" </dev/null
    exits 0
    tls_rig server --client-ca "$CERTS/ca.crt" accept finish
    wsx --ca "$CERTS/ca.crt" -E "$URL" </dev/null
    # TLS 1.3 lets the client go on before the server refuses it.
    case $status in 5 | 6) ;; *) fail "code $status" "$(report)" ;; esac
    [ "$(grep -c '^wsx: ' "$T/err")" -eq 1 ]
}

@test "--cert alone takes the key from the same file" {
    certificates
    cat "$CERTS/client.crt" "$CERTS/client.key" >"$T/both.pem"
    tls_rig server --client-ca "$CERTS/ca.crt" accept finish
    wsx --ca "$CERTS/ca.crt" --cert "$T/both.pem" -E "$URL" </dev/null
    exits 0
}

@test "a server that speaks no TLS is refused, and a hint is given" { # HC32 P20
    rig 'send:485454502f312e3120343030204261640d0a0d0a' hold
    wsx "wss://127.0.0.1:$PORT/" </dev/null
    exits 5
    complains 'TLS|ws://'
}

@test "ws to a server that speaks TLS is told as such" { # P20
    tls_rig server accept finish
    wsx "ws://127.0.0.1:$PORT/" </dev/null
    case $status in 6 | 8) ;; *) fail "code" "$(report)" ;; esac
    [ "$(grep -c '^wsx: ' "$T/err")" -eq 1 ]
    lacks "$T/err" $'[\x01-\x08]'
}

@test "an end without close_notify is a lost connection" { # C29 N14 C17
    tls_rig server accept text:x drop
    wsx --ca "$CERTS/ca.crt" "$URL" </dev/null
    exits 8
    prints 'x\n'
}

@test "an end without close_notify after both Closes is clean" { # C29
    tls_rig server accept recv-close close:1000 drop
    wsx --ca "$CERTS/ca.crt" -E "$URL" </dev/null
    exits 0
}

@test "messages that lie inside TLS are all delivered at once" { # N16 B13
    tls_rig server accept "send:827e9c40$(printf '%080000d' 0)810161" finish
    start_wsx --ca "$CERTS/ca.crt" "$URL"
    await "$T/out" 'a$'
    [ "$(wc -c <"$T/out")" -eq 40002 ]
}

@test "ten thousand messages over wss, both ways" { # N16 N17
    tls_rig server accept echo
    wsx --ca "$CERTS/ca.crt" -w 0.5 "$URL" < <(seq 1 10000)
    exits 0
    cmp <(seq 1 10000) "$T/out"
}

@test "20 MB of binary over wss, both ways" { # N17 B08
    head -c 20000000 /dev/urandom >"$T/data"
    tls_rig server accept echo
    wsx --ca "$CERTS/ca.crt" -b -w 0.5 "$URL" <"$T/data"
    exits 0
    cmp "$T/data" "$T/out"
}

@test "a certificate cannot drive a terminal by its names" {
    certificates
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -batch \
        -config "$CERTS/ca.cnf" -subj $'/CN=\x1b[31mred' -keyout "$T/x.key" -out "$T/x.crt" 2>/dev/null
    rig --cert "$T/x.crt" --key "$T/x.key" accept finish
    wsx --ca "$T/x.crt" "wss://localhost:$PORT/" -v </dev/null
    exits 5
    lacks "$T/err" $'\x1b'
}

@test "-v shows the version, the cipher and whose certificate it is" {
    tls_rig server accept finish
    wsx -v -E --ca "$CERTS/ca.crt" "$URL" </dev/null
    exits 0
    tells '^\* TLSv1\.3, TLS_[A-Z0-9_]+$'
    tells '^\* certificate for DNS:localhost.*, by .+, valid until [0-9]{4}-[0-9]{2}-[0-9]{2}$'
    tells '^\* open: name [0-9.]+ ms, connect [0-9.]+ ms, TLS [0-9.]+ ms, upgrade [0-9.]+ ms$'
}
