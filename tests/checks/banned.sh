#!/bin/bash
# Functions that are not used here, and mutable globals where there must be none.
set -u
cd "$(dirname "$0")/../.." || exit 1
bad=0

banned() { # banned FILE...: prints uses of what is banned
    grep -nE '\b(strcpy|strcat|sprintf|vsprintf|gets|atoi|atol|strtok|rand|srand|alloca)[[:space:]]*\(' "$@" |
        grep -vE '^[^:]*:[0-9]*:[[:space:]]*\*'
}
if ! printf 'x.c:\tsprintf(a, "%%s", b);\n' | banned - >/dev/null; then
    echo "this check does not see what it looks for"
    bad=1
fi
if banned $(find src -name '*.[ch]'); then
    echo "banned functions"
    bad=1
fi
if grep -nE 'malloc\(.*\*' -r src --include='*.[ch]'; then
    echo "an unchecked product as a size"
    bad=1
fi

# data that can change: the signals' pipe, the terminal's saved modes and who has it, which handlers need
build=${WSX_BUILD:-build}
for library in base/libbase proto/libproto io/libio io/libtls ui/libui ui/libprompt \
    endpoint/libendpoint; do
    if [ ! -e "$build/src/$library.a" ]; then
        echo "$build has no $library.a: build first"
        bad=1
        continue
    fi
    globals=$(nm -f sysv "$build/src/$library.a" |
        awk -F'|' '$4 ~ /OBJECT/ { gsub(/ /, "", $1); gsub(/ /, "", $7); print $7, $1 }' |
        grep -E '^\.(data|bss|tdata|tbss)' | grep -v '^\.data\.rel\.ro' |
        awk '{ print $2 }' | grep -vxE 'handler_(fd|waiting|stuck)|modes|saved|running|__odr_asan.*')
    if [ -n "$globals" ]; then
        echo "$library has data that can change:" $globals
        bad=1
    fi
done
exit $bad
