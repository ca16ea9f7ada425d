#!/usr/bin/env bats
# What is expected of a server: --expect and those after it. Code 0 where it is met, else 10.

load lib/common

@test "--expect ends with 0 once the message came, whatever comes before it" {
    rig accept text:one text:two text:three
    wsx -n --expect two "$URL" </dev/null
    exits 0
    says_nothing
    peer_saw 'close 1000 ""'
}

@test "--expect that is not met in time ends with 10 and shows both" {
    rig accept text:one
    wsx --expect two -m 0.3 "$URL" </dev/null
    exits 10
    tells 'expected the text two; received one$'
}

@test "--expect shows that nothing came" {
    rig accept close:1000
    wsx --expect two "$URL" </dev/null
    exits 10
    tells 'expected the text two; received a Close with the code 1000'
    rig accept finish
    wsx --expect two -m 0.2 "$URL" </dev/null
    exits 10
    tells 'expected the text two; received nothing$'
}

@test "a reply may come later than --wait" {
    rig accept echo:1500
    wsx --expect a -m 15 "$URL" < <(printf 'a\n')
    exits 0
    prints 'a\n'
}

@test "several are met in their order" {
    rig accept text:a text:b
    wsx --expect a --expect-match '^b' -m 10 "$URL" </dev/null
    exits 0
    rig accept text:b text:a
    wsx --expect a --expect b -m 0.3 "$URL" </dev/null
    exits 10
    tells 'expected the text b; received nothing'
}

@test "--expect-match takes an extended regular expression" {
    rig accept 'text:{"id":17}'
    wsx --expect-match '"id":[0-9]+' -m 10 "$URL" </dev/null
    exits 0
    rig accept 'text:a\0b'
    wsx --expect-match 'b$' -m 10 "$URL" </dev/null
    exits 0
    wsx --expect-match '(' ws://h/ </dev/null
    exits 2
    complains 'expect-match: '
}

@test "--expect-json compares values, not spellings" {
    rig accept 'text:{ "b" : [1.0, "\\u0041"], "a" : 1e2 }'
    wsx --expect-json '{"a":100,"b":[1,"A"]}' -m 10 "$URL" </dev/null
    exits 0
    rig accept 'text:{"a":9007199254740993}'
    wsx --expect-json '{"a":9007199254740992}' -m 0.3 "$URL" </dev/null
    exits 10
    wsx --expect-json '{a:1}' ws://h/ </dev/null
    exits 2
    complains 'expect-json: a string is expected'
}

@test "--expect-pointer finds a value in a message" {
    rig accept 'text:{"result":{"items":[{"name":"x"},{"name":"y z"}],"n":2}}'
    for pointer in /result/n=2 /result/n=2.0 /result/items/1/name='y z' '/result/items/0/name="x"' /result; do
        wsx --expect-pointer "$pointer" -m 10 "$URL" </dev/null
        exits 0
    done
    wsx --expect-pointer /result/n=3 -m 0.3 "$URL" </dev/null
    exits 10
    tells 'expected a message with /result/n=3; received \{"result":'
    wsx --expect-pointer result ws://h/ </dev/null
    exits 2
}

@test "--expect-close is met by that code alone" { # wish 6
    rig accept text:a close:4001:x
    wsx --expect-close 4001 "$URL" </dev/null
    exits 0
    says_nothing
    rig accept close:4002
    wsx --expect-close 4001 "$URL" </dev/null
    exits 10
    tells 'expected a Close with the code 4001; received a Close with the code 4002'
    rig accept drop
    wsx --expect-close 1006 "$URL" </dev/null
    exits 0
}

@test "--expect-refused is met by that status alone" { # wish 5
    rig answer:'HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n' finish
    wsx --expect-refused 401 "$URL" </dev/null
    exits 0
    says_nothing
    wsx --expect-refused 403 "$URL" </dev/null
    exits 10
    tells 'expected a refusal with the status 403; received a refusal with the status 401'
    rig accept finish
    wsx --expect-refused 401 "$URL" </dev/null
    exits 10
    tells 'expected a refusal with the status 401; received an open connection'
}

@test "what keeps a message from coming keeps its own code" { # wish 4
    wsx --expect a ws://127.0.0.1:1/ </dev/null
    exits 4
    rig answer:'HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n' finish
    wsx --expect a "$URL" </dev/null
    exits 6
}

@test "null: may stand beside an expectation, mirror: may not" {
    rig accept text:a text:b
    wsx --expect b "$URL" null:
    exits 0
    prints_nothing
    wsx --expect b "$URL" mirror:
    exits 2
    complains 'mirror:'
}

@test "a peer's controls are shown and not sent to the terminal" {
    rig accept 'text:\x1b[31mred'
    wsx --expect a -m 0.3 "$URL" </dev/null
    exits 10
    tells 'received \^\[\[31mred'
}

@test "an expectation that looks like a secret is what is expected" {
    listen --echo
    wsx -x 'Cookie: a=b' --expect 'Cookie: a=b' -m 10 "$URL"
    exits 0
    wsx -x 'ws://u:p@h/' --expect 'ws://u:p@h/' -m 10 "$URL"
    exits 0
}

@test "a connection that is reset is one without a Close" {
    rig accept text:x delay:100 rst
    wsx --expect-close 1006 "$URL" </dev/null
    exits 0
    says_nothing
}

@test "a message that only begins as JSON is none" {
    rig accept text:'{"id":1} garbage' text:'{"id":1' close:1000
    wsx --expect-pointer /id=1 "$URL" </dev/null
    exits 10
}

@test "what comes behind the expected message in one read is not printed" {
    rig accept:810161810162810163 finish
    wsx --expect b -m 10 "$URL" </dev/null
    exits 0
    prints 'a\nb\n'
}

@test "an empty message is told as what came" {
    rig accept text: close:1000
    wsx --expect x "$URL" </dev/null
    exits 10
    complains 'expected the text x; received an empty message'
}

@test "all that was expected came: a Close that is not answered does not matter" {
    rig accept text:x stall
    wsx --expect x -m 0.5 "$URL" </dev/null
    exits 0
}

@test "the exit status in events is that of the run, and what was not met is an event" {
    rig accept stall
    wsx -j --expect x -m 0.3 "$URL" </dev/null
    exits 10
    events '
assert [x["exit"] for x in e if x["event"] == "error"] == [10, 10], e
assert "expected the text x" in e[-2]["message"] and e[-1]["event"] == "close", e'
}

@test "a refusal goes with nothing else" {
    wsx --expect a --expect-refused 401 ws://h/ </dev/null
    exits 2
    complains 'nothing else to expect'
}
