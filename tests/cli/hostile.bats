#!/usr/bin/env bats
# Peers that send what no good peer would, against the two ends of wsx that echo. The cases, with
# the rules they are about, are in tests/peer/hostile_cases.py.

load lib/common

# hostile KIND: all cases against that end of the tool; what failed is shown.
hostile() {
    timeout "$((120 * ${WSX_SLOW:-1}))" "$PYTHON" "$PEER/hostile.py" "$1" "$WSX" \
        </dev/null >"$T/hostile" 2>&1 || fail "$(tail -n 40 "$T/hostile" | cut -c1-600)"
}

@test "wsx -l --echo answers hostile clients in order, with the right Close, and never stalls" { # F34 F36 F37 C18 C20 C21
    hostile listener
}

@test "a listener takes no more memory for floods of frames than for a few" { # S05 S06 S07 F25 B10 B20
    plain_build 'its memory says nothing'
    PATIENCE=60 "$PYTHON" "$PEER/hostile.py" listener "$WSX" flood </dev/null >"$T/hostile" 2>&1 ||
        fail "$(cat "$T/hostile")"
    kb=$(sed -n 's/^memory \([0-9]*\) KiB$/\1/p' "$T/hostile")
    echo "$kb KiB"
    [ "$kb" -le 12288 ]
}

@test "wsx URL mirror: answers hostile servers in order, with the right Close, and never stalls" { # F34 F36 F37 C18 C20
    hostile client
}
