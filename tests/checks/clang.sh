#!/bin/bash
# clang has no warning for anything that is built, tests and tools included.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/lib/install.bash

CC=clang build build-clang --buildtype=release -Dwerror=true
