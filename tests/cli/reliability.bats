#!/usr/bin/env bats
# No reply is cut off at the end of input, however often it is tried.

load lib/common

# runs TIMES AT_ONCE COMMAND: a shell command so often, some at once; the failures are in $T/bad.
runs() {
    seq 1 "$1" | xargs -P "$2" -I{} bash -c "$3" {} 3>&- >"$T/bad" 2>&1 || true
}

@test "two lines to an echo that answers after 500 ms come back, in every run of 1,000" { # G13 B44
    rig accept echo:500
    export WSX URL
    runs "${WSX_REPEAT:-1000}" 100 '
        out=$(printf "a\nb" | timeout 30 "$WSX" "$URL" 2>&1)
        code=$?
        [ "$code" -eq 0 ] && [ "$out" = "a
b" ] || echo "run $0: code $code: $out"'
    [ ! -s "$T/bad" ] || fail "$(wc -l <"$T/bad") lines of failures" "$(head "$T/bad")"
    [ "$(grep -c '^text "b"$' "$RIG/events")" -eq "${WSX_REPEAT:-1000}" ]
}

@test "a server that closes first gives its code, in every one of 200 runs" { # B45
    rig accept text:x close:4000:y
    export WSX URL
    runs 200 8 '
        out=$(timeout 30 "$WSX" "$URL" 2>/dev/null < <(sleep 0.2))
        code=$?
        [ "$code" -eq 9 ] && [ "$out" = x ] || echo "run $0: code $code: $out"'
    [ ! -s "$T/bad" ] || fail "$(wc -l <"$T/bad") lines of failures" "$(head "$T/bad")"
}

@test "a message and an end in one flight are both seen, in every one of 200 runs" { # HC30 C17
    export WSX URL
    rig accept:810178 drop
    runs 200 8 '
        out=$(timeout 30 "$WSX" "$URL" 2>/dev/null </dev/null)
        code=$?
        [ "$code" -eq 8 ] && [ "$out" = x ] || echo "run $0: code $code: $out"'
    [ ! -s "$T/bad" ] || fail "$(wc -l <"$T/bad") lines of failures" "$(head "$T/bad")"
}
