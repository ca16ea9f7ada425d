#ifndef UI_PROMPT_H
#define UI_PROMPT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

/*
 * A line typed on the terminal while other lines come in above it. The line editor reads keys
 * through a function of ours that runs the host's loop while it waits, so that everything else
 * goes on and the line being typed never changes under the user's hands.
 */
struct prompt;

/* The line editor (ui/prompt_module.h): whoever makes a prompt has found it. */
struct prompt_module;

enum prompt_enter {
	PROMPT_END, /* prompt_read() gives the line */
	PROMPT_ROW, /* it goes on in another row */
	PROMPT_STAY, /* it stays as it is, to be typed on */
};

struct prompt_config {
	const char *text; /* the prompt, "> " */
	/*
	 * Runs the host until standard input is readable or prompt_interrupt() returned true: 1.
	 * Where keys are typed ahead it has one turn and waits for nothing. 0: the session is over,
	 * stop reading. From within it the host calls prompt_print() and the rest, but neither
	 * prompt_read() nor prompt_free().
	 */
	int (*wait)(bool ahead, void *arg);
	/*
	 * Tab was typed behind the n bytes of a line, which a NUL follows: what is to be inserted is
	 * appended to insert. It may call prompt_print(). NULL: a tab is inserted.
	 */
	void (*complete)(const char *line, size_t n, struct buf *insert, void *arg);
	/*
	 * Enter was pressed: what becomes of the n bytes of the line. PROMPT_ROW in an empty last
	 * row is PROMPT_END, and the line goes without that row. NULL: PROMPT_END.
	 */
	enum prompt_enter (*enter)(const char *line, size_t n, void *arg);
	void *arg;
};

/*
 * On standard input and output, which are terminals. 0, ERR_NOMEM, or
 * ERR_ARGUMENT if the terminal can not edit lines (TERM unset or dumb): read plain lines instead.
 */
int prompt_new(
    const struct prompt_module *module, const struct prompt_config *config, struct prompt **p);

/* Restores the terminal and frees. NULL is allowed. */
void prompt_free(struct prompt *p);

/*
 * Read a line: 1 and its text in UTF-8 without the newline in line (which is reset first), 0 and
 * what was typed of one at the end (Ctrl-D on an empty line, or wait() said so), ERR_NOMEM or
 * ERR_LIMIT.
 */
int prompt_read(struct prompt *p, struct buf *line);

/* A line of n bytes, which a NUL follows, was typed in an earlier session: oldest first. */
void prompt_recall(struct prompt *p, const char *line, size_t n);

/*
 * Print whole lines above the one being typed. What is printed in one turn of the loop is
 * gathered and appears with prompt_flush(), the line redrawn once.
 */
void prompt_print(struct prompt *p, const void *text, size_t n);
void prompt_flush(struct prompt *p);

/*
 * Bytes that the terminal has not taken yet. The host calls prompt_drain() once standard output is
 * writable, and prints no more than has to be meanwhile.
 */
size_t prompt_waiting(const struct prompt *p);
void prompt_drain(struct prompt *p);

/*
 * Ctrl-C came: returns true if there was a line, which is emptied as soon as wait() returns, or
 * false if it was empty.
 */
bool prompt_interrupt(struct prompt *p);

/*
 * Whether Ctrl-C and the like are signals at once: true while no line is read and the host waits for
 * something else. Otherwise they are keys, which prompt_read() makes signals of.
 */
void prompt_signals(bool at_once);

/* How many columns the terminal has. */
size_t prompt_columns(const struct prompt *p);

/* The terminal's size changed (SIGWINCH). */
void prompt_resize(struct prompt *p);

/*
 * Before the process stops (SIGTSTP) and after it goes on (SIGCONT), or a program that is run has
 * the terminal meanwhile: its modes, and the line that is typed.
 */
void prompt_suspend(struct prompt *p);
void prompt_resume(struct prompt *p);

/* A program that had the terminal was ended by force, and may have left anything on the screen. */
void prompt_recover(struct prompt *p);

/* False while another job of the shell has the terminal, which is not ours to change then. */
bool prompt_has_terminal(void);

/*
 * Put the terminal's modes back as they were, from a handler of a fatal signal:
 * async-signal-safe, no allocation.
 */
void prompt_emergency_restore(void);

#endif
