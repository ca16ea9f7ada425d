#!/bin/bash
# A command behind ! fails a test only as its last one: bats does not see the others.
set -u
cd "$(dirname "$0")/../.." || exit 1
bad=0

negated() { # negated FILE...: prints those that could not fail
    awk 'before != "" && !/^[[:space:]]*}/ { print where ": " before; found = 1 }
        { before = /^[[:space:]]*! / && !/\|\|/ && !/\\$/ ? $0 : ""; where = FILENAME ":" FNR }
        END { exit !found }' "$@"
}
if ! printf '    ! grep x y\n    true\n}\n' | negated >/dev/null ||
    printf '    true\n    ! grep x y\n}\n    ! a || fail\n    b\n' | negated >/dev/null; then
    echo "this check does not see what it looks for"
    bad=1
fi
if negated tests/cli/*.bats tests/cli/lib/*.bash; then
    echo "a test goes on whatever these say: lacks, hides, or || fail"
    bad=1
fi
exit "$bad"
