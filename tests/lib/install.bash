# What tests/try and tests/run need from the system, and how it is installed where it is missing.
# Nothing is touched, and no rights are needed, where all is there.

missing=()

# want PACKAGE COMMAND...: the package is missing unless the command succeeds.
want() {
    "${@:2}" >/dev/null 2>&1 || missing+=("$1")
}

want_build_tools() {
    want build-essential sh -c 'command -v cc'
    want pkg-config pkg-config --version
    want meson meson --version
    want ninja-build ninja --version
    want libssl-dev pkg-config --exists 'libssl >= 3.0' 'libcrypto >= 3.0'
    want zlib1g-dev pkg-config --exists zlib
    want libedit-dev pkg-config --exists libedit
    want libidn2-dev pkg-config --exists libidn2
}

want_test_tools() {
    want libcjson-dev pkg-config --exists libcjson
    want bats bats --version
    want tmux tmux -V
    want openssl openssl version
    want xxd xxd --version
    want curl curl --version
    want mandoc sh -c 'command -v mandoc'
    want python3 test -x /usr/bin/python3
    want python3-websockets /usr/bin/python3 -c 'import websockets'
    want python3-jsonschema /usr/bin/python3 -c 'import jsonschema'
    want nodejs node --version
    want clang clang --version
    want clang-tidy clang-tidy --version
    want cppcheck cppcheck --version
    want valgrind valgrind --version
    want node-ws env NODE_PATH=/usr/share/nodejs node -e 'require("ws")'
}

# install_missing: installs what want() found, saying so; 1 where that is not possible.
install_missing() {
    local -a root=()

    [ "${#missing[@]}" -eq 0 ] && return 0
    if ! command -v apt-get >/dev/null; then
        echo "missing here: ${missing[*]} (names of Debian's packages); install them first" >&2
        return 1
    fi
    if [ "$(id -u)" -ne 0 ]; then
        if ! command -v sudo >/dev/null; then
            echo "missing here: as root, apt-get install ${missing[*]}" >&2
            return 1
        fi
        root=(sudo)
    fi
    echo "installing with apt-get: ${missing[*]}" >&2
    root+=(env DEBIAN_FRONTEND=noninteractive apt-get -qq)
    "${root[@]}" update >&2 &&
        "${root[@]}" install -y --no-install-recommends "${missing[@]}" </dev/null >&2
}

# build DIR OPTION...: configures and builds in DIR, quietly unless that fails.
build() {
    local log=$1/build.log

    mkdir -p "$1"
    if [ -f "$1/build.ninja" ]; then
        meson configure "$@"
    else
        meson setup "$@"
    fi >"$log" 2>&1 && meson compile -C "$1" >>"$log" 2>&1 && return 0
    cat "$log" >&2
    return 1
}
