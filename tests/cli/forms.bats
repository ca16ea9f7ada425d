#!/usr/bin/env bats
# The ten commonest forms of a script, many times each against an echo that takes its time:
# no reply is lost, and none hangs. WSX_REPEAT sets how many times.

load lib/common

# form WANT COMMAND: the shell command so often, $0 its number; each prints WANT and exits with 0.
form() {
    export WSX URL T WANT=$1 COMMAND=$2
    seq 1 "${WSX_REPEAT:-100}" | xargs -P 50 -I{} bash -c '
        out=$(timeout 30 bash -c "set -o pipefail; $COMMAND" "$0" 2>&1)
        code=$?
        [ "$code" -eq 0 ] && [ "$out" = "$WANT" ] || echo "run $0: code $code: $out"' {} \
        3>&- >"$T/bad" 2>&1 || true
    [ ! -s "$T/bad" ] || fail "$COMMAND: $(wc -l <"$T/bad") failures" "$(head "$T/bad")"
}

@test "no reply is lost and no script hangs, in ten forms" { # wish 1 G13 B44
    rig accept echo:150
    printf 'a\nb\n' >"$T/lines"
    printf 'file' >"$T/file"
    form $'a\nb' 'printf "a\nb" | "$WSX" "$URL"'
    form a 'echo a | "$WSX" -1 "$URL"'
    form $'a\nb' '"$WSX" "$URL" <"$T/lines"'
    form $'a\nb' '"$WSX" --count 2 -n "$URL" <"$T/lines"'
    form $'a\nb' '"$WSX" -x a -x b -w 0.6 "$URL"'
    form a '"$WSX" -x a -1 "$URL" </dev/null'
    form 'a' '"$WSX" -x a --expect a -m 20 "$URL"'
    form '"a"' '"$WSX" -j -x a -1 "$URL" | sed -n "s/.*data\":\(.*\)}/\1/p"'
    form file '"$WSX" -f "$T/file" -1 "$URL"'
    form a 'printf "a\nb\nc\n" | "$WSX" "$URL" | head -n 1'
}
