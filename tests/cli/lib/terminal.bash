# A terminal for the tests: tmux, with a server, a configuration and a size of its own.

# terminal COMMAND...: starts the command in a terminal of 60 columns and 20 rows. Its code will be
# in $T/code: tmux loses that of a command that ends soon.
terminal() {
    need tmux -V
    : >"$T/code"
    tmux_ -f /dev/null new-session -d -x 60 -y 20 -s t "$(printf '%q ' exec env -u TMUX HOME="$T" \
        TERM=tmux-256color sh -c 'trap : INT; "$@"; echo "$?" >"$0"' "$T/code" "$@")" \; \
        set -g remain-on-exit on \; set -g remain-on-exit-format '' \; set -g status off \; \
        set -g history-limit 5000 \; set -g escape-time 0
}

# Sockets have short names, so tmux gets a relative one.
tmux_() {
    (cd "$T" && tmux -u -S tmux "$@" 3>&-)
}

# session [ARGS...]: wsx in the terminal, connected to the rig.
session() {
    terminal "$WSX" "$@"
    shows '^Connected to '
}

teardown() {
    tmux_ kill-server 2>/dev/null || true
    reap
}

# screen: what can be seen, and what has scrolled away; wrapped lines joined, by whomever they were.
screen() {
    tmux_ capture-pane -p -J -S - -t t | awk 'NR > 1 { if (length(last) >= 58 && sub(/^[0-9]*\| /, "")) $0 = last $0; else print last }
        { last = $0 } END { if (NR > 0) print last }' | sed -e 's/ *$//'
}

# rows: the same as it is, row by row.
rows() {
    tmux_ capture-pane -p -S - -t t
}

# shows ERE: until some line of the screen matches.
shows() {
    local end=$((SECONDS + PATIENCE))
    until screen | grep -qE -e "$1"; do
        [ "$SECONDS" -lt "$end" ] || fail "the screen does not show: $1" "$(screen | grep .)"
    done
}

# hides ERE: no line of the screen matches.
hides() {
    ! screen | grep -qE -e "$1" || fail "the screen shows: $1" "$(screen | grep .)"
}

# shows_last LINE: until the last line of the screen is this one.
shows_last() {
    local end=$((SECONDS + PATIENCE))
    until [ "$(screen | grep . | tail -n 1)" = "$1" ]; do
        [ "$SECONDS" -lt "$end" ] || fail "the last line is not: $1" "$(screen | grep .)"
    done
}

# types TEXT, presses KEY...: as a user would (keys as tmux names them: Enter, C-c, Left).
types() {
    tmux_ send-keys -t t -l -- "$1"
}

presses() {
    tmux_ send-keys -t t "$@"
}

# ended CODE: the command in the terminal ended with it.
ended() {
    await "$T/code" . || fail "still running" "$(screen | grep .)"
    [ "$(cat "$T/code")" = "$1" ] || fail "ended with $(cat "$T/code"), not $1" "$(screen | grep .)"
}
