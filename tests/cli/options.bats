#!/usr/bin/env bats
# One table of options: the parser, --help, the manual page and the completions say the same.

setup() {
    ROOT=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
    : "${WSX_BUILD:=$ROOT/build}"
    : "${WSX:=$WSX_BUILD/src/cmd/wsx}"
    MAN=$ROOT/man/wsx.1
    GENERATED=$WSX_BUILD/completions
    export LC_ALL=C.UTF-8
    cd "$BATS_TEST_TMPDIR"
}

need() {
    command -v "$1" >/dev/null || skip "$1 is not installed"
}

# spellings: every letter and long name there is, one a line, in order.
spellings() {
    "$GENERATED/generate" list | sed 's/ .*//' | tr , '\n' | sort
}

# same_as_table: the lines of standard input, in any order, are the spellings of the table.
same_as_table() {
    diff <(spellings) <(sort)
}

# mdoc_items: the options of the manual page as `generate list` has them.
mdoc_items() {
    sed -n 's/^\.It Fl \(.\)/\1/p' "$MAN" | awk '{
        n = split($0, part, " Ar ")
        value = n == 2 ? " " part[2] : ""
        n = split(part[1], name, " , Fl ")
        first = 1
        if (length(name[1]) == 1) {
            printf "-%s,", name[1]
            first = 2
        }
        for (i = first; i <= n; i++)
            print "-" name[i] value
    }'
}

# bash_completes LINE: what bash offers at its end, one a line, in order. The words are broken
# at = : @ as bash breaks them.
bash_completes() {
    bash --norc -c '
        compopt() { :; }
        source "$1"
        COMP_LINE=$2 COMP_POINT=${#2}
        read -ra COMP_WORDS < <(sed "s/[=:@][=:@]*/ & /g" <<<"$2")
        [[ $2 != *" " ]] || COMP_WORDS+=("")
        COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
        _wsx
        printf "%s\n" "${COMPREPLY[@]}"' bash "$GENERATED/wsx" "$1" | sed '/^$/d' | sort
}

fish_completes() {
    fish --no-config -c 'source $argv[1]; complete -C $argv[2]' "$GENERATED/wsx.fish" "$1" |
        cut -f 1 | sort
}

# zsh_completes LINE: the line as the tabulator key leaves it.
zsh_completes() {
    timeout 20 zsh -f "$BATS_TEST_DIRNAME/lib/complete.zsh" "$GENERATED" "$1"
}

lines() {
    printf '%s\n' "$@" | sort
}

@test "--help has the options of the table, and fits 80 columns" { # G20
    "$WSX" --help >help
    {
        sed -nE 's/^  (-.), --.*/\1/p' help
        sed -nE 's/^  (-., |    )(--[a-z0-9-]+).*/\2/p' help
        grep -oE '\[--[a-z0-9-]+\]' help | tr -d '[]'
    } | same_as_table
    [ "$(grep -cE '.{81}' help)" -eq 0 ]
}

@test "the manual page has the options of the table, with their values" { # G20
    diff <("$GENERATED/generate" list | sort) <(mdoc_items | sort)
}

@test "the manual page tells what compression gives away, beside the option against it" { # D33
    sed -n '/Fl -no-compress/,/Fl -compress-level/p' "$ROOT/man/wsx.1" | grep -qi 'secret'
}

@test "the manual page is clean" {
    need mandoc
    mandoc -Tlint -Wwarning "$MAN"
}

@test "the exit codes of the manual page are those of the program" {
    need mandoc
    sed -nE 's/^\tX\([A-Z]+, ([0-9]+), "(.*)"\).*/\1 \2/p' "$ROOT/src/endpoint/ending.h" >table
    [ "$(wc -l <table)" -ge 14 ]
    mandoc -T ascii -O width=200 "$MAN" | col -b | expand |
        sed -n '/^EXIT STATUS/,/^EXAMPLES/s/^ *\([0-9][0-9]*\)  *\(.*\)$/\1 \2/p' >page
    diff table page
}

@test "the default values of --help are those of the manual page" {
    "$WSX" --help | grep -q '0: never (30)'
    "$WSX" --help | tr -s ' \n' ' ' | grep -q 'without a message (1)'
    grep -q '^The default is 30\.$' "$MAN"
    grep -q '^The default is 1\.$' "$MAN"
    grep -q '^The default is 64M ' "$MAN"
}

@test "the completion of bash offers all options" { # G20
    bash -n "$GENERATED/wsx"
    bash_completes 'wsx -' | same_as_table
}

@test "the completion of bash offers options, endpoints, files and choices" {
    touch 'a file.pem' afile
    diff <(bash_completes 'wsx --close-') <(lines --close-code --close-reason --close-status-code)
    diff <(bash_completes 'wsx ws') <(lines ws:// wss:// ws-listen: wss-listen:)
    diff <(bash_completes 'wsx -b m') <(lines mirror:)
    diff <(bash_completes 'wsx -- m') <(lines mirror:)
    diff <(bash_completes 'wsx -c wss-') <(lines wss-listen:)
    diff <(bash_completes 'wsx --ca a') <(lines 'a file.pem' afile)
    diff <(bash_completes 'wsx --ca=a') <(lines 'a file.pem' afile)
    diff <(bash_completes 'wsx --color ') <(lines auto always never)
    diff <(bash_completes 'wsx --color=') <(lines auto always never)
    diff <(bash_completes 'wsx --color=al') <(lines always)
    diff <(bash_completes 'wsx ws:') <(lines //) # what follows the colon
    diff <(bash_completes 'wsx -H @af') <(lines @afile)
    diff <(bash_completes 'wsx --header=@af') <(lines @afile)
    [ -z "$(bash_completes 'wsx -x a')" ]
    [ -z "$(bash_completes 'wsx afi')" ]
    [ -z "$(bash_completes 'wsx -H af')" ]
    [ "$(bash_completes 'wsx -- -')" = - ]
}

@test "the completion of zsh has all options" { # G20
    sed -nE "s/^\t\t'(\*|\([^)]*\))(--?[A-Za-z0-9-]+)[+=]?\[.*/\2/p" "$GENERATED/_wsx" |
        same_as_table
}

@test "the completion of zsh completes options, endpoints, files and choices" {
    need zsh
    touch afile
    zsh -n "$GENERATED/_wsx"
    [ "$(zsh_completes 'wsx --no-com')" = 'wsx --no-compress ' ]
    [ "$(zsh_completes 'wsx --color=al')" = 'wsx --color=always ' ]
    [ "$(zsh_completes 'wsx --color ne')" = 'wsx --color never ' ]
    [ "$(zsh_completes 'wsx -b mir')" = 'wsx -b mirror:' ]
    [ "$(zsh_completes 'wsx ws-')" = 'wsx ws-listen:' ]
    [ "$(zsh_completes 'wsx ws:')" = 'wsx ws://' ]
    [ "$(zsh_completes 'wsx -c wss:')" = 'wsx -c wss://' ]
    [ "$(zsh_completes 'wsx --ca af')" = 'wsx --ca afile ' ]
    [ "$(zsh_completes 'wsx -H @af')" = 'wsx -H @afile ' ]
    [ "$(zsh_completes 'wsx afi')" = 'wsx afi' ]
}

@test "the completion of fish has all options" { # G20
    grep '^complete -c wsx' "$GENERATED/wsx.fish" | sed 's/ -d .*//' |
        grep -oE -e ' -[sl] [A-Za-z0-9-]+' | sed -e 's/^ -s /-/' -e 's/^ -l /--/' | same_as_table
}

@test "the completion of fish completes options, endpoints, files and choices" {
    need fish
    export HOME=$BATS_TEST_TMPDIR
    touch afile
    fish --no-execute "$GENERATED/wsx.fish"
    diff <(fish_completes 'wsx --close-') <(lines --close-code --close-reason --close-status-code)
    diff <(fish_completes 'wsx ws') <(lines ws:// wss:// ws-listen: wss-listen:)
    diff <(fish_completes 'wsx -b mi') <(lines mirror:)
    diff <(fish_completes 'wsx --color ') <(lines auto always never)
    diff <(fish_completes 'wsx --color=al') <(lines --color=always)
    diff <(fish_completes 'wsx --ca af') <(lines afile)
    diff <(fish_completes 'wsx -H @af') <(lines @afile)
    [ -z "$(fish_completes 'wsx afi')" ]
}
