#!/usr/bin/env bats
# Credentials in a URL become Basic credentials and are never shown (U10 S16 HC03).

load lib/common

# hidden: the password is in nothing that was written, in no form of it.
hidden() {
    lacks "$T/err" 'p@ss|p%40ss|dTpwQHNz'
    lacks "$T/out" 'p@ss|p%40ss|dTpwQHNz'
}

@test "userinfo goes out as Basic credentials and nowhere else" { # U10
    rig accept finish
    wsx "ws://u:p%40ss@127.0.0.1:$PORT/path" -E </dev/null
    exits 0
    asked '^Authorization: Basic dTpwQHNz$'
    asked "^Host: 127\.0\.0\.1:$PORT\$"
    [ "$(peer_request | head -n 1)" = 'GET /path HTTP/1.1' ]
    hidden
}

@test "a user without a password" {
    rig accept finish
    wsx "ws://u@127.0.0.1:$PORT/" -E </dev/null
    asked '^Authorization: Basic dTo=$'
}

@test "-H Authorization takes the place of the URL's credentials" { # P15
    rig accept finish
    wsx "ws://u:p@127.0.0.1:$PORT/" -H 'Authorization: Bearer t' -E </dev/null
    exits 0
    [ "$(peer_request | grep -ci '^authorization:')" -eq 1 ]
    asked '^Authorization: Bearer t$'
}

@test "the password is in no output of a session, however much is shown" { # S16
    for options in -v -vv -j '-j -v' '-j -vv -P'; do
        rig accept text:x close:1000
        wsx "ws://u:p%40ss@127.0.0.1:$PORT/" $options </dev/null
        exits 0
        hidden
    done
}

@test "the password is in no error" { # S16
    rig request 'answer:HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm="r"\r\nContent-Length: 0\r\n\r\n' hold
    wsx "ws://u:p%40ss@127.0.0.1:$PORT/" -j </dev/null # HC27
    exits 6
    hidden
    [ "$(grep -c '^connect$' "$RIG/events")" -eq 1 ]
    wsx "ws://u:p%40ss@no-such-host.invalid/" -v </dev/null
    exits 3
    hidden
    wsx "ws://u:p%40ss@127.0.0.1:99999/" </dev/null
    exits 2
    hidden
    wsx "ws://u:p%40ss@127.0.0.1/#f" </dev/null
    exits 2
    hidden
    rig accept send:c100
    wsx "ws://u:p%40ss@127.0.0.1:$PORT/" </dev/null
    exits 7
    hidden
}

@test "the password is not in the list of processes once wsx runs" {
    rig accept text:ready finish
    start_wsx "ws://u:p%40ss@127.0.0.1:$PORT/"
    await "$T/out" ready
    tr '\0' ' ' </proc/"$WSX_PID"/cmdline >"$T/cmdline"
    lacks "$T/cmdline" 'p%40ss'
}

@test "a line end in userinfo injects nothing" { # U18
    rig accept finish
    wsx "ws://u:p%0d%0aX:y@127.0.0.1:$PORT/" -E </dev/null
    never_asked '^X'
}

@test "hiding secrets changes nothing of what is sent" {
    rig accept recv-close
    wsx "$URL" -A 'bot x://a@b' -E --close-reason 'cookie: yes' -x hi
    grep -qF 'User-Agent: bot x://a@b' "$RIG/request"
    peer_saw 'close 1000 "cookie: yes"'
}
