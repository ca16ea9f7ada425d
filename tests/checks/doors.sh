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
for header in sys/socket.h poll.h unistd.h time.h stdio_ext.h fcntl.h openssl/ssl.h histedit.h; do
    if grep -l "<$header>" src/base/*.[ch] src/proto/*.[ch]; then
        complain "the core must not use <$header>"
    fi
done
grep -l 'histedit.h' src/[^u]*/*.[ch] && complain "only ui knows libedit"
grep -l '<openssl/ssl' src/[^i]*/*.[ch] && complain "only io knows TLS"

for library in base proto; do
    if [ ! -e "$build/src/$library/lib$library.a" ]; then
        complain "$build has no lib$library.a: build first"
        continue
    fi
    symbols=$(nm -u "$build/src/$library/lib$library.a" | awk '$1 == "U" { print $2 }' |
        grep -xE '(read|write|send|recv|sendto|recvfrom|sendmsg|recvmsg|poll|ppoll|select|epoll_.*|socket|connect|accept|open|openat|close|fopen|fclose|fread|fwrite|time|clock_gettime|gettimeofday|getenv|secure_getenv|printf|fprintf|puts|putchar|perror|vprintf|exit|_exit|signal|sigaction|getrandom|getentropy|rand|random|malloc|calloc)(@.*)?')
    # realloc and free stand in base/mem.c alone, as the default that may be replaced
    [ -z "$symbols" ] || complain "lib$library.a needs: $symbols"
done
exit $bad
