#ifndef UI_PROMPT_EDITOR_H
#define UI_PROMPT_EDITOR_H

#include <histedit.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <termios.h>
#include <wchar.h>

#include "ui/prompt_history.h"
#include "ui/prompt_keys.h"
#include "ui/prompt_module.h"
#include "ui/prompt_view.h"

/* struct prompt_editor, for prompt_libedit.c (reading a line), prompt_screen.c and prompt_commands.c (what keys do). */

struct prompt_editor {
	struct prompt_config config;
	wchar_t *text;
	FILE *out; /* a stream whose buffer makes one write of a turn's output */
	FILE *null; /* for what libedit has to say */
	EditLine *el;
	struct prompt_history *history;
	struct prompt_keys keys;
	struct termios found; /* the terminal's modes before ours */

	bool
	    tall; /* the line has as many rows as the screen, or that is vast: libedit draws on null */
	struct prompt_view view; /* of the line; only a tall one is drawn by it */
	bool reading; /* el_wgets() runs */
	bool hidden; /* the line was erased; the cursor stands where its first row will be */
	bool stale; /* libedit's picture of the screen is wrong */
	bool quoting; /* the next key is to be inserted as it is */
	bool suspended; /* others have the terminal: the line is not drawn */
	bool interrupted; /* the line is to be emptied */
	bool over; /* wait() said so, or there are no more keys */
	bool midline; /* what was printed last did not end in a newline */
	uint64_t turned; /* when the host had its last turn, in ms */
	int err;
};

/* prompt_screen.c */

/* Before and after el_wgets(), which gave a line or not. */
void prompt_begin(struct prompt_editor *p);
void prompt_end(struct prompt_editor *p, bool given);

/* Where the cursor is in the line, and the line's length, in characters. */
size_t prompt_cursor(const struct prompt_editor *p);
size_t prompt_length(const struct prompt_editor *p);

/* How many columns the terminal has; true if it claims to have more than any has. */
size_t prompt_width(const struct prompt_editor *p);
bool prompt_window_is_vast(void);

/* Erases the rows of the line; draws it again, from where the cursor stands. */
void prompt_hide(struct prompt_editor *p);
void prompt_show(struct prompt_editor *p);
/* Leaves the rows of the line as they are and goes below them. */
void prompt_leave(struct prompt_editor *p);

/* Has the line drawn by who can, after it changed. */
void prompt_measure(struct prompt_editor *p);
/* Draws all rows of a tall line, to be left to be seen, with the cursor behind its end. */
void prompt_show_whole(struct prompt_editor *p);

/* Prints in place of the line, which prompt_update() then draws below, and writes all there is. */
void prompt_put_above(struct prompt_editor *p, const void *text, size_t n);
void prompt_update(struct prompt_editor *p);

/* prompt_libedit.c */

struct prompt_editor *prompt_of(EditLine *el);

/* A text as libedit takes it, to be freed, or NULL without memory. It is UTF-8. */
wchar_t *prompt_wide(const char *s);

/* Appends characters as UTF-8: 0 or an error of buf_put(). */
int prompt_put_wide(struct buf *b, const wchar_t *s, size_t n);

/* prompt_commands.c */

/* Binds keys to the commands. */
void prompt_commands_add(struct prompt_editor *p);

#endif
