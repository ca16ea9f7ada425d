#!/usr/bin/env bats
# Over a hundred sequences that drive terminals (peer/escapes.py), in every place where a peer's or
# a file's text is shown: none of them reaches the terminal. T12

load lib/common
load lib/terminal

# harmless CHANNEL
harmless() {
    "$PYTHON" "$PEER/escapes.py" "$1" "$WSX" || fail "something reached the terminal"
}

# state: all a sequence could have changed that tmux tells of.
state() {
    local flags
    flags=$(printf '%s=#{%s};' pane_title{,} window_name{,} cursor_flag{,} insert_flag{,} keypad_flag{,} \
        keypad_cursor_flag{,} mouse_any_flag{,} mouse_all_flag{,} mouse_button_flag{,} mouse_sgr_flag{,} \
        mouse_standard_flag{,} mouse_utf8_flag{,} origin_flag{,} wrap_flag{,} alternate_on{,} \
        scroll_region_upper{,} scroll_region_lower{,} pane_tabs{,} bracket_paste_flag{,})
    tmux_ display-message -p -t t "$flags"
    tmux_ list-buffers
}

@test "messages leave screen, title, clipboard, modes, colours and cursor as they were" {
    mapfile -t texts < <("$PYTHON" "$PEER/escapes.py" list)
    [ "${#texts[@]}" -ge 60 ]
    rig accept recv "${texts[@]}" text:end finish
    session --no-color "$URL"
    tmux_ set -s set-clipboard on
    state >"$T/before"
    tmux_ display-message -p -t t '#{cursor_x}' >>"$T/before"
    types x
    presses Enter
    shows '^< end$'
    shows_last '>'
    state >"$T/after"
    tmux_ display-message -p -t t '#{cursor_x}' >>"$T/after"
    diff "$T/before" "$T/after"
    [ "$(screen | grep -c '^< {\[.*\]}$')" -eq "${#texts[@]}" ] || fail "$(screen)"
    tmux_ capture-pane -p -e -S - -t t >"$T/raw"
    lacks "$T/raw" $'\x1b'
    types 'still a line'
    shows_last '> still a line'
}

@test "messages, on a terminal without a prompt" {
    harmless message
}

@test "reasons of a Close" { # C12
    harmless reason
}

@test "headers, status lines, bodies and subprotocols of an answer" {
    harmless header
    harmless status
    harmless body
    harmless subprotocol
}

@test "names in certificates" {
    need openssl version
    harmless certificate
}

@test "names of files" {
    harmless file
}
