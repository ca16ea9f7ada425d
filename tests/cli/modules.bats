#!/usr/bin/env bats
# What is loaded only by the runs that need it, TLS and line editing: where it is found, and what
# happens without it.

load lib/common
load lib/terminal

setup() {
    T=$BATS_TEST_TMPDIR
    CHILDREN=()
    N=0
    need test -e "$WSX_BUILD/src/cmd/wsx-tls.so" # a build with -Dmodules=false
}

# copied FILE...: the program, and those of its modules, at another place: $WSX is then there.
copied() {
    mkdir -p "$T/elsewhere/src/cmd"
    cp "$WSX_BUILD/src/cmd/wsx" "${@/#/$WSX_BUILD/src/cmd/}" "$T/elsewhere/src/cmd"
    WSX=$T/elsewhere/src/cmd/wsx
}

# maps ERE: the running wsx has such a library loaded.
maps() {
    grep -qE -e "$1" "/proc/$WSX_PID/maps"
}

@test "a run over ws in a pipe loads neither OpenSSL nor libedit" {
    rig accept echo
    start_wsx "$URL"
    say 'x\n'
    await "$T/out" '^x$'
    maps 'libc\.so'
    ! maps 'libssl|libcrypto|libedit|libtinfo|wsx-' || fail "$(cat "/proc/$WSX_PID/maps")"
    end_input
    wait_wsx
    exits 0
}

@test "a run over wss loads OpenSSL, not libedit" {
    tls_rig server accept echo
    start_wsx --ca "$CERTS/ca.crt" "$URL"
    say 'x\n'
    await "$T/out" '^x$'
    maps 'wsx-tls\.so'
    maps libssl
    ! maps 'libedit|wsx-prompt' || fail "$(cat "/proc/$WSX_PID/maps")"
    end_input
    wait_wsx
    exits 0
}

@test "without its module wss ends with 5, saying what is missing, and ws works" {
    copied
    wsx wss://127.0.0.1:1/ </dev/null
    exits 5
    complains "TLS.*$T/elsewhere/src/cmd/wsx-tls\.so.*no such file.*install"
    rig accept echo
    wsx -1 -x hi "$URL" </dev/null
    exits 0
    prints 'hi\n'
}

@test "without its module --version says so" {
    copied
    wsx --version
    exits 0
    grep -qE '^wsx [0-9.]+ \(.*wsx-tls\.so' "$T/out"
}

@test "a module of another version is not used" {
    copied wsx-tls.so
    version=$("$WSX" --version | awk '{ print $2 }')
    LC_ALL=C sed -i "s/${version//./\\.}/9.9.9/g" "$T/elsewhere/src/cmd/wsx-tls.so"
    wsx wss://127.0.0.1:1/ </dev/null
    exits 5
    complains "9\.9\.9.*$version.*install"
}

@test "modules of the current folder and of LD_LIBRARY_PATH are not used" {
    copied
    cp "$WSX_BUILD"/src/cmd/*.so "$T"
    cd "$T"
    LD_LIBRARY_PATH=$T:. wsx wss://127.0.0.1:1/ </dev/null
    exits 5
    complains 'cannot load'
}

@test "an installed wsx finds its modules, wherever it was moved and by a link to it" {
    need meson --version
    DESTDIR=$T/stage meson install --quiet --no-rebuild -C "$WSX_BUILD" >/dev/null 3>&-
    mv "$T/stage" "$T/moved"
    WSX=$(find "$T/moved" -name wsx -type f -perm -u+x -path '*/bin/*')
    lib=$(find "$T/moved" -name wsx-tls.so)
    [ -n "$WSX" ] && [ -n "$lib" ]
    wsx --version
    grep -q '(OpenSSL' "$T/out"
    mkdir "$T/links"
    ln -s "$WSX" "$T/links/w"
    WSX=$T/links/w
    cd /
    wsx --version
    grep -q '(OpenSSL' "$T/out"
    rm "$lib"
    wsx wss://127.0.0.1:1/ </dev/null
    exits 5
    complains "$lib"
}

@test "a terminal without the line editor: a warning, and plain lines" {
    copied
    rig accept echo
    terminal "$WSX" "$URL"
    shows 'warning: lines can not be edited: cannot load .*wsx-prompt\.so'
    types 'hello'
    presses Enter
    peer_saw 'text "hello"'
    presses C-d
    ended 0
}
