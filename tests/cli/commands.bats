#!/usr/bin/env bats
# Commands as JSON lines: -J.

load lib/common

@test "send takes text with every character, and bytes in Base64 and hex" {
    rig accept echo
    wsx -E -J "$URL" < <(printf '%s\n' '{"send":"a\u0000\nb\ud83d\ude00"}' \
        '{"send":"/wA=","encoding":"base64"}' '{"encoding":"hex","send":"00 ff"}' '{"send":""}')
    exits 0
    events '
m = [(x["type"], x["data"]) for x in e if x["event"] == "message"]
assert m == [("text", "a\0\nb😀"), ("binary", "/wA="), ("binary", "AP8="), ("text", "")], m'
}

@test "ping and pong are sent in their order between messages" {
    rig accept echo
    wsx -E -J -P "$URL" < <(printf '%s\n' '{"send":"a"}' '{"ping":"p"}' '{"pong":"q"}' '{"send":"b"}')
    exits 0
    peer_saw_all 'text "a"' 'ping "p"' 'pong "q"' 'text "b"'
    events 'assert [x["data"] for x in e if x["event"] == "pong"] == ["p"], e'
}

@test "close ends the session with its code and reason; what follows is not sent, and that is said" {
    rig accept echo
    start_wsx -J "$URL"
    say '{"send":"a"}\n{"close":3001,"reason":"done"}\n{"send":"b"}\n'
    wait_wsx
    exits 1
    tells 'what followed the close in standard input was not sent'
    events 'assert [x["exit"] for x in e if x["event"] == "error"] == [1], e'
    peer_saw_all 'text "a"' 'close 3001 "done"'
    peer_never 'text "b"'
}

@test "get tells the state" { # W10 W13 W16
    rig accept echo
    wsx -E -J "$URL" < <(printf '{"get":"state"}\n')
    exits 0
    events "
s = [x for x in e if x['event'] == 'state']
assert s == [{'event': 'state', 'url': '$URL', 'readyState': 1, 'protocol': '', 'extensions': '',
    'bufferedAmount': 0, 'binaryType': 'arraybuffer'}], e
assert list(s[0]) == ['event', 'url', 'readyState', 'protocol', 'extensions', 'bufferedAmount',
    'binaryType'], e"
}

@test "a bad command is an error event with its line; the session goes on, and the code is 1" {
    rig accept echo
    wsx -E -J "$URL" < <(printf '%s\n' 'send' '{"send":1}' '{"sned":"a"}' '' '{"close":999}' \
        '{"send":"a","send":"b"}' '{"send":"last"}')
    exits 1
    events '
m = [x["message"] for x in e if x["event"] == "error"]
assert [x.split(":")[0] for x in m] == ["line %d of standard input" % n for n in (1, 2, 3, 5, 6)], m
assert all(x["exit"] == 1 for x in e if x["event"] == "error"), e
assert [x["data"] for x in e if x["event"] == "message"] == ["last"], e'
    [ "$(grep -c '^wsx: line [0-9]* of standard input: ' "$T/err")" -eq 5 ]
}

@test "a control frame that is too long is refused" { # C01
    rig accept echo
    wsx -E -J "$URL" < <(printf '{"ping":"%0126d"}\n{"close":1000,"reason":"%0124d"}\n' 0 0)
    exits 1
    tells 'line 1 of standard input: a ping or pong has at most 125 bytes'
    tells 'line 2 of standard input: a close has the code 1000 or one from 3000 to 4999'
    peer_never '^(ping|close 1000 "0)'
}

@test "commands may be read where events are not written" {
    rig accept echo
    wsx -E --input json "$URL" < <(printf '{"send":"a"}\n{"get":"state"}\n')
    exits 1
    prints 'a\n'
    complains 'line 2 of standard input: the state of one connection is told, with -J'
}

@test "a long message is sent in pieces and comes back whole" {
    "$PYTHON" -c 'import json; print(json.dumps({"send": "é\n" * 1000000}))' >"$T/command"
    rig accept echo
    wsx -E -J "$URL" <"$T/command"
    exits 0
    events 'assert [x["data"] for x in e if x["event"] == "message"] == ["é\n" * 1000000]'
}

@test "file sends the content of a file; one that is not there is an error event" {
    printf '\0\377' >"$T/some file"
    rig accept echo
    wsx -E -J "$URL" < <(printf '{"file":"%s"}\n{"file":"%s"}\n{"send":"a"}\n' "$T/some file" "$T/none")
    exits 1
    events '
assert [x["data"] for x in e if x["event"] == "message"] == ["AP8=", "a"], e
assert "line 2 of standard input: cannot read" in [x for x in e if x["event"] == "error"][0]["message"], e'
}

@test "two messages of a script: the second is sent when the first was answered" { # wish 2
    rig accept echo
    start_wsx -J "$URL"
    say '{"send":"auth"}\n'
    await "$T/out" '"data":"auth"'
    say '{"send":"subscribe"}\n'
    await "$T/out" '"data":"subscribe"'
    end_input
    wait_wsx
    exits 0
}

@test "what is no event does not fit the schema" {
    for line in '{"event":"message","type":"text"}' '{"event":"other"}' \
        '{"event":"close","code":1000,"reason":"","wasClean":true,"readyState":3,"x":1}'; do
        printf '%s\n' "$line" >"$T/out"
        if events 'pass' 2>/dev/null; then
            fail "it fits: $line"
        fi
    done
}

@test "answers that nobody reads hold up the commands, and not the memory" {
    plain_build "memory is measured"
    listen --echo
    status=0
    yes '{"get":"state"}' | "$PYTHON" -c '
import resource, subprocess, sys
read = subprocess.Popen(["sleep", "1"], stdin=subprocess.PIPE)
code = subprocess.run(sys.argv[1:], stdout=read.stdin).returncode
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)' "$WSX" -m 0.8 -J "$URL" >"$T/out" 2>"$T/err"
    [ "$(cat "$T/out")" -lt 16000 ] || fail "$(cat "$T/out") KiB" "$(report)"
}

@test "a close without a code of its own is refused" {
    rig accept finish
    wsx -J -w 0.1 "$URL" < <(printf '{"close":0}\n')
    exits 1
    tells 'a close has the code 1000 or one from'
}
