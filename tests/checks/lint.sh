#!/bin/bash
# clang-tidy (.clang-tidy says what it looks for) and cppcheck find nothing in src.
set -u
cd "$(dirname "$0")/../.." || exit 1
build=${WSX_BUILD:-build}

tidy() { # tidy FILE...: prints what it finds
    clang-tidy -p "$build" --quiet "$@" 2>&1 | grep -vE '^[0-9]+ warnings? generated|^$'
}
export -f tidy
export build

if [ ! -e "$build/compile_commands.json" ]; then
    echo "$build has no compile_commands.json: build first"
    exit 1
fi
planted=$(mktemp --suffix=.c)
trap 'rm -f "$planted"' EXIT
printf 'int f(int *p);\nint f(int *p)\n{\n\tif (p)\n\t\treturn 0;\n\treturn *p;\n}\n' >"$planted"
if clang-tidy --config-file=.clang-tidy --quiet "$planted" -- >/dev/null 2>&1 ||
    cppcheck --quiet --error-exitcode=1 --enable=warning "$planted" >/dev/null 2>&1; then
    echo "this check does not see what it looks for"
    exit 1
fi

found=$(
    find src -name '*.c' -print0 | xargs -0 -n 4 -P "$(nproc)" bash -c 'tidy "$@"' _
    cppcheck --quiet --std=c11 --enable=warning,performance,portability -j "$(nproc)" \
        --suppress=missingIncludeSystem -D_GNU_SOURCE -D__x86_64__ -Isrc src 2>&1
)
[ -z "$found" ] && exit 0
echo "$found"
exit 1
