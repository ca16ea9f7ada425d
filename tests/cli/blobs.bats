#!/usr/bin/env bats
# --binary-type blob: binary messages as files.

load lib/common

@test "binary messages are saved and their paths and sizes printed; text is text" { # wish 11
    mkdir "$T/d"
    rig accept binary:89504e470d0a1a0a00 text:hi binary: binary:ffd8ff finish
    wsx -x go --binary-type blob --blob-dir "$T/d" "$URL"
    exits 0
    prints "$T/d/message-0001.png\t9\nhi\n$T/d/message-0002.bin\t0\n$T/d/message-0003.jpg\t3\n"
    [ "$(xxd -p "$T/d/message-0001.png")" = 89504e470d0a1a0a00 ]
    [ ! -s "$T/d/message-0002.bin" ]
    [ "$(stat -c %a "$T/d/message-0001.png")" = 600 ]
    [ "$(find "$T/d" -type f | wc -l)" -eq 3 ]
}

@test "the suffix is by what is in it" {
    local -A kinds=([gif]=474946383961 [webp]=524946460000000057454250 [pdf]=255044462d [zip]=504b0304
        [gz]=1f8b08 [mp4]=000000006674797069736f6d [wasm]=0061736d [ogg]=4f676753 [tiff]=49492a00)
    for suffix in "${!kinds[@]}"; do
        rm -rf "$T/d"
        mkdir "$T/d"
        rig accept "binary:${kinds[$suffix]}" finish
        wsx -x go --blob-dir "$T/d" "$URL"
        [ -s "$T/d/message-0001.$suffix" ] || fail "not .$suffix" "$(report)"
    done
}

@test "nothing is written over, and no link is followed" {
    mkdir "$T/d"
    echo mine >"$T/d/message-0001.bin"
    ln -s "$T/elsewhere" "$T/d/message-0002.bin"
    ln -s message-0001.bin "$T/d/message-0003.bin"
    rig accept binary:00 finish
    wsx -x go --blob-dir "$T/d" "$URL"
    exits 0
    prints "$T/d/message-0004.bin\t1\n"
    [ "$(cat "$T/d/message-0001.bin")" = mine ]
    [ ! -e "$T/elsewhere" ]
}

@test "a message of 100 MB is saved without being held" {
    plain_build "memory is measured"
    mkdir "$T/d"
    rig accept message:100000000 finish
    (
        ulimit -v 200000
        exec "$WSX" -x go --blob-dir "$T/d" "$URL"
    ) >"$T/out" 2>"$T/err"
    prints "$T/d/message-0001.bin\t100000000\n"
    [ "$(stat -c %s "$T/d/message-0001.bin")" -eq 100000000 ]
}

@test "of a message that is lost half way nothing is left" {
    mkdir "$T/d"
    rig accept send:027e2710"$(printf '00%.0s' {1..200})" rst
    wsx --blob-dir "$T/d" "$URL" </dev/null
    exits 8
    [ -z "$(ls -A "$T/d")" ] || fail "left: $(ls -A "$T/d")"
}

@test "JSON lines have the file of it, and binaryType is blob" { # W13
    mkdir "$T/d"
    rig accept binary:4749463839613b recv finish
    wsx -E -J --blob-dir "$T/d" "$URL" < <(printf '{"get":"state"}\n{"send":"x"}\n')
    exits 0
    events "
assert [x for x in e if x['event'] == 'message'] == [{'event': 'message', 'type': 'binary',
    'file': '$T/d/message-0001.gif', 'size': 7}], e
assert [x['binaryType'] for x in e if x['event'] == 'state'] == ['blob'], e"
}

@test "a directory that is not there, full, or may not be written" {
    wsx --blob-dir "$T/none" ws://127.0.0.1:1/ </dev/null
    exits 2
    complains 'blob-dir .*none: No such file'
    wsx --binary-type glob ws://h/ </dev/null
    exits 2
    complains "'glob' is neither arraybuffer nor blob"
    wsx --binary-type blob --output hex ws://h/ </dev/null
    exits 2
    mkdir "$T/d"
    rig accept binary:00 finish
    wsx --blob-dir /proc/self/task "$URL" </dev/null
    exits 1
    complains 'cannot save a message'
}

@test "arraybuffer is the default: bytes are inline" {
    rig accept binary:00ff finish
    wsx --binary-type arraybuffer -x go "$URL"
    exits 0
    prints '\x00\xff'
}
