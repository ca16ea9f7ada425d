# Helpers of the tests of the tool; every .bats file loads this first. tests/README.md explains.
#
#   WSX        the tool under test (build/src/cmd/wsx)
#   WSX_BUILD  the folder it was built in (build)
#   T          the folder of this test

ROOT=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
PEER=$ROOT/tests/peer
: "${WSX_BUILD:=$ROOT/build}"
: "${WSX:=$WSX_BUILD/src/cmd/wsx}"
: "${PYTHON:=/usr/bin/python3}" # the one that sees the packages of the system

# What a user has set must not change what is tested.
unset NO_COLOR SSL_CERT_FILE SSL_CERT_DIR SSLKEYLOGFILE ws_proxy wss_proxy http_proxy https_proxy all_proxy
export LC_ALL=C.UTF-8
export NODE_PATH=/usr/share/nodejs${NODE_PATH:+:$NODE_PATH}

# An end to every wait: a peer that never answers fails one test and does not hang the run.
: "${PATIENCE:=20}"

setup() {
    T=$BATS_TEST_TMPDIR
    CHILDREN=()
    N=0
}

teardown() {
    reap
}

# reap: no child outlives its test.
reap() {
    local pid
    for pid in "${CHILDREN[@]}"; do
        { kill -KILL "$pid" && wait "$pid"; } 2>/dev/null || true
    done
}

# fail WORDS...: the test fails, saying why.
fail() {
    printf '%s\n' "$@" >&2
    return 1
}

# ---- the tool -----------------------------------------------------------------------------

# wsx ARGS... <input: runs the tool to its end. Its code is in $status, what it wrote in
# $T/out and $T/err. Input is best given as  < <(printf 'a\n')  or  </dev/null .
wsx() {
    status=0
    timeout -k 5 "${LIMIT:-$PATIENCE}" "$WSX" "$@" >"$T/out" 2>"$T/err" || status=$?
}

# start_wsx ARGS...: the tool in the background. Its process is in $WSX_PID; what it writes goes
# to $T/out and $T/err; `say TEXT` gives it input, `end_input` ends that. (A shell has its
# background commands ignore SIGINT, hence env.)
start_wsx() {
    mkfifo "$T/in"
    : >"$T/out" >"$T/err"
    env --default-signal=INT "$WSX" "$@" <"$T/in" >"$T/out" 2>"$T/err" 3>&- &
    WSX_PID=$!
    CHILDREN+=("$WSX_PID")
    exec {IN}>"$T/in"
}

say() {
    printf '%b' "$1" >&"$IN"
}

end_input() {
    exec {IN}>&-
}

# wait_wsx: until the tool of start_wsx ended; its code is in $status.
wait_wsx() {
    wait_for "$WSX_PID"
}

# wait_for PID: until that child ended; its code is in $status.
wait_for() {
    timeout "$PATIENCE" tail -s 0.02 --pid="$1" -f /dev/null ||
        fail "process $1 did not end within $PATIENCE s" "$(report)"
    status=0
    wait "$1" || status=$?
}

# listen ARGS...: `wsx -l 127.0.0.1:0 --announce ARGS` in the background; its URL and port are in
# $URL and $PORT.
listen() {
    : >"$T/listen.out"
    env --default-signal=INT "$WSX" -l 127.0.0.1:0 --announce "$@" </dev/null >"$T/listen.out" 2>"$T/listen.err" 3>&- &
    LISTEN_PID=$!
    CHILDREN+=("$LISTEN_PID")
    await "$T/listen.out" '^wss?://.*/' || fail "the listener did not announce itself:" \
        "$(cat "$T/listen.err")"
    URL=$(head -n 1 "$T/listen.out")
    PORT=${URL##*:}
    PORT=${PORT%%/*}
}

# ---- peers --------------------------------------------------------------------------------

new_rig() {
    N=$((N + 1))
    RIG=$T/rig$N
    mkdir "$RIG"
    : >"$RIG/events"
}

# rig [OPTIONS] STEP...: a scripted server (tests/peer/rig.py) in the background. Its folder is
# in $RIG, its address in $PORT and $URL.
rig() {
    new_rig
    "$PYTHON" "$PEER/rig.py" serve "$RIG" "$@" </dev/null 2>"$T/rig$N.err" 3>&- &
    CHILDREN+=($!)
    await "$RIG/events" '^port ' || fail "the rig did not start:" "$(cat "$T/rig$N.err")"
    PORT=$(sed -n 's/^port //p' "$RIG/events")
    URL=ws://127.0.0.1:$PORT/
}

# rig_client [OPTIONS] STEP...: a scripted client of the listener on $PORT, run to its end.
rig_client() {
    new_rig
    timeout "$PATIENCE" "$PYTHON" "$PEER/rig.py" connect "$RIG" "$PORT" "$@" </dev/null ||
        fail "the scripted client failed" "$(cat "$RIG/events")"
}

# start_rig_client: the same in the background.
start_rig_client() {
    new_rig
    "$PYTHON" "$PEER/rig.py" connect "$RIG" "$PORT" "$@" </dev/null 2>"$T/rig$N.err" 3>&- &
    CHILDREN+=($!)
}

# peer COMMAND...: another peer, which prints `port N` once it listens; sets $PORT and $URL.
peer() {
    N=$((N + 1))
    : >"$T/peer$N.out"
    "$@" </dev/null >"$T/peer$N.out" 2>"$T/peer$N.err" 3>&- &
    CHILDREN+=($!)
    await "$T/peer$N.out" '^port ' || fail "$1 did not start:" "$(cat "$T/peer$N.err")"
    PORT=$(sed -n 's/^port //p' "$T/peer$N.out")
    URL=ws://127.0.0.1:$PORT/
}

# head_101 LINE...: an `answer:` step, a 101 with these header lines and nothing else.
head_101() {
    printf 'answer:HTTP/1.1 101 Switching Protocols\\r\\n'
    [ $# -eq 0 ] || printf '%s\\r\\n' "$@"
    printf '\\r\\n'
}

# ok_101 LINE...: the same with a right Upgrade, Connection and Accept before them.
ok_101() {
    head_101 'Upgrade: websocket' 'Connection: Upgrade' 'Sec-WebSocket-Accept: {accept}' "$@"
}

# need COMMAND...: skips the test where a peer is missing.
need() {
    "$@" >/dev/null 2>&1 || skip "not here: $*"
}

# plain_build WHY: skips the test where the tool was built with AddressSanitizer.
plain_build() {
    ! grep -qa __asan_init "$WSX" || skip "a sanitizer build: $1"
}

# ---- waiting ------------------------------------------------------------------------------

# await FILE ERE [N]: until N lines (1) of FILE match. No polling: tail follows the file.
await() {
    timeout "$PATIENCE" bash -c '
        while read -r line; do
            [[ $line =~ $2 ]] && [ $((n += 1)) -eq "$3" ] && exit 0
        done < <(exec tail -n +1 -f "$1" 2>/dev/null)' await "$1" "$2" "${3:-1}" 3>&-
}

# ---- what must hold -----------------------------------------------------------------------

# Everything a failing test should show.
report() {
    local f
    echo "code $status"
    for f in "$T"/out "$T"/err "$T"/listen.err "$T"/rig*/events "$T"/rig*.err; do
        [ -s "$f" ] || continue
        echo "-- ${f#"$T/"}"
        head -c 2000 "$f" | cat -v | head -n 40
    done
}

# exits CODE: the tool ended with it.
exits() {
    [ "$status" -eq "$1" ] || fail "expected code $1" "$(report)"
}

# prints TEXT: standard output was this exactly, TEXT with the escapes of printf %b.
prints() {
    printf '%b' "$1" | cmp -s - "$T/out" ||
        fail "expected on standard output:" "$(printf '%b' "$1" | cat -v)" "$(report)"
}

prints_nothing() {
    [ ! -s "$T/out" ] || fail "expected nothing on standard output" "$(report)"
}

# complains ERE: one line on standard error, which begins with "wsx: " and matches.
complains() {
    [ "$(wc -l <"$T/err")" -eq 1 ] && grep -qE '^wsx: ' "$T/err" && grep -qiE -e "$1" "$T/err" ||
        fail "expected one line of error about: $1" "$(report)"
}

# tells ERE: a line of standard error matches.
tells() {
    grep -qE -e "$1" "$T/err" || fail "expected on standard error: $1" "$(report)"
}

says_nothing() {
    [ ! -s "$T/err" ] || fail "expected nothing on standard error" "$(report)"
}

# lacks FILE ERE: no line of it matches.
lacks() {
    ! grep -qE -e "$2" "$1" || fail "${1#"$T/"} has: $2" "$(report)"
}

# events PYTHON: runs it over `e`, the list of events of $T/out, each of which fits the schema.
events() {
    "$PYTHON" - "$T/out" "$ROOT/man/wsx-events.schema.json" <<END || fail "not so: $1" "$(report)"
import json, sys, base64, re, jsonschema
check = jsonschema.Draft202012Validator(json.load(open(sys.argv[2]))).validate
e = [json.loads(line) for line in open(sys.argv[1], encoding="utf-8", newline="\n")]
for x in e:
    check(x)
    assert next(iter(x)) == "event", x
$1
END
}

# peer_saw LINE: the rig noted this line (or will within the patience).
peer_saw() {
    local line
    line=$(printf '%s' "$1" | sed 's/[][\\.*^$+?(){}|]/\\&/g')
    await "$RIG/events" "^$line\$" || fail "the peer did not see: $1" "$(report)"
}

# peer_saw_all LINE...: these lines in this order, though perhaps not next to each other.
peer_saw_all() {
    local line seen=0 at
    peer_saw "${*: -1}"
    for line in "$@"; do
        at=$(tail -n +$((seen + 1)) "$RIG/events" | grep -nxF -e "$line" | head -n 1 | cut -d: -f1)
        [ -n "$at" ] || fail "the peer did not see, in order: $line" "$(report)"
        seen=$((seen + at))
    done
}

# peer_saw_end: the connection has ended, so that all there was is noted.
peer_saw_end() {
    await "$RIG/events" '^(eof|reset|dropped|ended)' || fail "the peer saw no end" "$(report)"
}

# peer_never ERE: the rig noted no line like it.
peer_never() {
    ! grep -qE -e "$1" "$RIG/events" || fail "the peer saw: $1" "$(report)"
}

# peer_request: the first request as it came, without carriage returns.
peer_request() {
    tr -d '\r' <"$RIG/request"
}

# asked ERE, never_asked ERE: a line of the request matches, or none does.
asked() {
    peer_request | grep -qE -e "$1" || fail "no such line in the request: $1" "$(peer_request)"
}

never_asked() {
    ! peer_request | grep -qiE -e "$1" || fail "in the request: $1" "$(peer_request)"
}

# nothing_after_request: not one byte followed the request, and the connection was ended.
nothing_after_request() {
    peer_saw_end
    [ ! -s "$RIG/after" ] || fail "bytes after the request: $(xxd "$RIG/after" | head -n 4)" \
        "$(report)"
}

# untouched: nobody connected to the rig. Connections are taken in order, so ours, made now,
# being the first one it notes tells that there was none before.
untouched() {
    exec {PROBE}<>"/dev/tcp/127.0.0.1/$PORT"
    await "$RIG/events" '^connect$'
    [ "$(grep -c '^connect$' "$RIG/events")" -eq 1 ] || fail "the peer was connected to" "$(report)"
    printf '\0' >&"$PROBE"
    exec {PROBE}>&-
    await "$RIG/events" '^(eof|reset)'
    [ "$(grep -c '^connect$' "$RIG/events")" -eq 1 ] || fail "the peer was connected to" "$(report)"
}

# frames ERE: the number of frames the rig received that match (see rig.py for the columns).
frames() {
    grep -cE -e "$1" "$RIG/frames" || true
}

# within SECONDS: the time since `clock` was called is at most that, or a few times that where
# $WSX_SLOW says that the build is slow.
clock() {
    CLOCK=$EPOCHREALTIME
}

elapsed_ms() {
    echo $((($(date +%s%6N) - ${CLOCK/./}) / 1000))
}

within() {
    local ms
    ms=$(elapsed_ms)
    [ "$ms" -le "$(awk "BEGIN { print int($1 * 1000 * ${WSX_SLOW:-1}) }")" ] || fail "took $ms ms, more than $1 s" "$(report)"
}

# ---- certificates -------------------------------------------------------------------------

# certificates: sets $CERTS to a folder of them, made once a build folder (tests/peer/certs).
certificates() {
    CERTS=$WSX_BUILD/test-certs
    mkdir -p "$WSX_BUILD"
    flock "$WSX_BUILD/test-certs.lock" "$PEER/certs" "$CERTS" 3>&- ||
        fail "certificates could not be made"
}

# tls_rig CERT [OPTIONS] STEP...: a rig over TLS with that certificate; $URL is wss://localhost
tls_rig() {
    certificates
    rig --cert "$CERTS/$1.crt" --key "$CERTS/$1.key" "${@:2}"
    URL=wss://localhost:$PORT/
}
