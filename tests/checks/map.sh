#!/bin/bash
# src/README.md names every file of src, and no other.
set -u
cd "$(dirname "$0")/../.." || exit 1

named() {
    grep -o '`[a-z_/0-9]*\.[][ch.]*`' src/README.md | tr -d '`' | grep -v '\.\[' | grep '/\|wsx\.h'
    grep -o '`[a-z_/0-9]*\.\[ch\]`' src/README.md | tr -d '`' | sed 's/\.\[ch\]//' |
        while read -r stem; do printf '%s.c\n%s.h\n' "$stem" "$stem"; done
}
there() {
    find src -name '*.[ch]' | sed 's|^src/||'
}

difference=$(diff <(there | sort -u) <(named | sort -u))
[ -z "$difference" ] && exit 0
echo "src/README.md and src differ (< is not on the map, > is not there):"
echo "$difference"
exit 1
