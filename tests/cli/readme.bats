#!/usr/bin/env bats
# What README.md shows is what happens.

setup() {
    top=$BATS_TEST_DIRNAME/../..
    build=${WSX_BUILD:-$top/build}
}

@test "the examples of the README work as printed" {
    run python3 "$top/tests/lib/readme.py" "${WSX:-$build/src/cmd/wsx}" "$top/README.md"
    echo "$output"
    [ "$status" -eq 0 ]
    [ "$(grep -c '^ok' <<<"$output")" -ge 11 ]
}
