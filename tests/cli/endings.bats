#!/usr/bin/env bats
# How a run ends, as a table: input x options x what the server does -> code, output, Close sent.

load lib/common

# row INPUT OPTIONS SERVER CODE OUTPUT CLOSE: one run. INPUT: none (no bytes), lines (a, b), open (a and
# then nothing while it stays open), x (-x a). CLOSE: the code of the Close that the server saw, - for none.
row() {
    local input=$1 options=$2 server=$3 code=$4 output=$5 close=$6 told
    read -ra options <<<"$options"
    read -ra server <<<"$server"
    rig accept "${server[@]}"
    case $input in
    none) wsx "${options[@]}" "$URL" </dev/null ;;
    lines) wsx "${options[@]}" "$URL" < <(printf 'a\nb\n') ;;
    x) wsx "${options[@]}" -x a "$URL" </dev/null ;;
    open)
        rm -f "$T/in"
        start_wsx "${options[@]}" "$URL"
        say 'a\n' 2>/dev/null || true # it may have ended by now
        wait_wsx
        ;;
    esac
    [ "$status" -eq "$code" ] || fail "row $*: code $status" "$(report)"
    printf '%b' "$output" | cmp -s - "$T/out" || fail "row $*: output" "$(report)"
    if [ "$close" = - ]; then
        told=$(grep -c '^close' "$RIG/events" || true)
        [ "$told" -eq 0 ] || fail "row $*: a Close was sent" "$(report)"
    else
        await "$RIG/events" "^close $close" || fail "row $*: no Close $close" "$(report)"
    fi
}

@test "a server that answers each message" {
    #   input options          server code output    close
    row lines ''                echo   0  'a\nb\n'   1000
    row lines '-w 0.1'          echo   0  'a\nb\n'   1000
    row lines '-E'              echo   0  'a\nb\n'   1000
    row lines '-n -m 0.3'       echo   11 'a\nb\n'   1001
    row lines '-1'              echo   0  'a\n'      1000
    row lines '--count 2'       echo   0  'a\nb\n'   1000
    row lines '--count 3 -w .1' echo   0  'a\nb\n'   1000
    row lines '-n --count 2'    echo   0  'a\nb\n'   1000
    row x     '-w .1'           echo   0  'a\n'      1000
    row x     '-n -1'           echo   0  'a\n'      1000
    row x     '-E'              echo   0  'a\n'      1000
    row open  '-1'              echo   0  'a\n'      1000
    row open  '-m 0.3'          echo   11 'a\n'      1001
    row open  '--idle-timeout .3' echo 11 'a\n'      1001
    row none  '-E'              echo   0  ''         1000
    row none  '-m 0.3'          echo   11 ''         1001
    row none  '--idle-timeout .3' echo 11 ''         1001
    row lines '-w .3 --idle-timeout .3' echo 0 'a\nb\n' 1000
    row lines '-n --idle-timeout .3' echo 11 'a\nb\n' 1001
}

@test "a server that answers late" {
    row lines '-w 1'            echo:300 0  'a\nb\n' 1000
    row lines '-n --count 2'    echo:300 0  'a\nb\n' 1000
    row lines '-w .1'           'recv:2 recv-close text:late close:1000' 0 'late\n' 1000
    row lines '-E'              'recv:2 recv-close text:late close:1000' 0 'late\n' 1000
    row x     '-w .1 -1'        'recv delay:400 text:late finish' 0 'late\n' 1000
    row x     '-n -1'           'recv delay:400 text:late finish' 0 'late\n' 1000
}

@test "a server that closes first" {
    for input in none lines x open; do
        for options in '' '-n --count 5'; do
            row "$input" "$options" 'text:x close:1000' 0 'x\n' 1000
            row "$input" "$options" 'text:x close:1011:y' 9 'x\n' 1011
        done
    done
    row none  ''                'text:x close:1001' 0 'x\n' 1001
    row none  ''                'text:x close:4999' 9 'x\n' 4999
}

@test "a server that is lost, or answers no Close" {
    for input in none open; do
        row "$input" ''         'text:x drop' 8 'x\n' -
        row "$input" '-n'       'text:x drop' 8 'x\n' -
    done
    row lines '-w .1'           'recv:2 recv-close stall' 8 '' 1000
    row lines '-E'              'recv:2 recv-close stall' 8 '' 1000
    row none  '-1'              'text:x recv-close stall' 0 'x\n' 1000
    row none  '-1 -m .3'        'text:x recv-close stall' 0 'x\n' 1000
    row none  '-1 --idle-timeout .3' 'text:x recv-close stall' 0 'x\n' 1000
}

@test "a count that is not reached is told" {
    rig accept recv text:x finish
    wsx --count 2 -x a "$URL"
    exits 0
    complains 'warning: .*: 1 of the 2 messages to count came'
}

@test "time that runs out is not followed by a long wait for the peer's Close" {
    rig accept stall
    clock
    wsx -m 0.3 "$URL" </dev/null
    exits 11
    within 1
    clock
    wsx --ping-interval 0.1 --ping-timeout 0.2 "$URL" </dev/null
    exits 11
    within 1
}
