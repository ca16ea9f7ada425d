#!/bin/bash
# Rooms include only what they may know, and the core needs nothing that does I/O.
set -u
cd "$(dirname "$0")/../.." || exit 1
build=${WSX_BUILD:-build}
bad=0

complain() {
    echo "$1"
    bad=1
}

# room, then the rooms whose headers it may include
while read -r room may; do
    while IFS=: read -r file line include; do
        from=$(sed 's/.*"\(.*\)".*/\1/' <<<"$include")
        case " $may " in
        *" ${from%%/*} "*) ;;
        *) complain "$file:$line: $room must not know $from" ;;
        esac
    done < <(grep -n '^#include "' src/"$room"/*.[ch])
done <<'ROOMS'
base base
proto base proto wsx.h
io base io
ui base ui
endpoint base proto io ui endpoint wsx.h
cmd base proto io ui endpoint cmd wsx.h
ROOMS

# of proto only the endpoints' ws files hold the core, and they never look inside it
grep -ln '"proto/' src/endpoint/*.[ch] src/cmd/*.[ch] 2>/dev/null | while read -r file; do
    echo "$file looks inside proto; wsx.h is the door"
done | grep . && bad=1

# system headers that only some rooms may use
while IFS=: read -r file line include; do
    case $include in
    *'<assert.h>'* | *'<limits.h>'* | *'<std'[a-hj-z]*'.h>'* | *'<stdint.h>'* | *'<stdio.h>'* | \
        *'<immintrin.h>'* | *'<arm_neon.h>'* | *'<sys/platform/x86.h>'* | \
        *'<string.h>'* | *'<sys/types.h>'* | *'<zlib.h>'*) ;;
    *) complain "$file:$line: the core must not use $include" ;;
    esac
done < <(grep -n '^#include <' src/wsx.h src/base/*.[ch] src/proto/*.[ch])
grep -l 'histedit.h' src/*/*.[ch] | grep -v '^src/ui/prompt_' | grep . &&
    complain "only ui's prompt knows libedit"
grep -lE '<openssl/|"io/tls_int.h"' src/*/*.[ch] | grep -v '^src/io/tls_' | grep . &&
    complain "only io's TLS knows OpenSSL"

# what base and proto may need from outside: memory, text, compression; a fortified
# name (__memcpy_chk) counts as the plain one
allowed='mem(cpy|move|set|cmp|chr|rchr|mem)|str(len|cmp|ncmp|chr|rchr|cspn|spn|str)|vsnprintf|snprintf'
allowed+='|realloc|free|abort|__assert_fail|__stack_chk_fail|_GLOBAL_OFFSET_TABLE_'
allowed+='|__x86_get_cpuid_feature_leaf|__cpu_(model|indicator_init)' # what the processor has, to choose vectors by
allowed+='|(de|in)flate[A-Za-z0-9_]*|__(asan|ubsan)_.*|__gcov_.*'
for library in base proto; do
    archive=$build/src/$library/lib$library.a
    if [ ! -e "$archive" ]; then
        complain "$build has no lib$library.a: build first"
        continue
    fi
    own=$(nm "$build"/src/{base,proto}/*.a | awk 'NF == 3 && $2 ~ /[TRDB]/ { print $3 }' | sort -u)
    others=$(nm -u "$archive" | awk '$1 == "U" { print $2 }' | sed -E 's/@.*//; s/^__(.*)_chk$/\1/' |
        sort -u | grep -vxE "$allowed" | grep -vxF "$own")
    [ -z "$others" ] || complain "lib$library.a needs what the core must not: "$others
done
exit $bad
