#ifndef UI_PROMPT_TTY_H
#define UI_PROMPT_TTY_H

#include <stdio.h>

/*
 * The terminal the prompt is on, standard input and output, and its modes as they were found.
 * There is one of it in a process.
 */

/*
 * Keep the modes, and open a stream to the terminal whose buffer makes one write of much output:
 * 0, ERR_NOMEM, or ERR_ARGUMENT if it is no terminal or TERM says it can not edit lines.
 */
int prompt_tty_open(FILE **out);

/* Put the modes back and close the stream. */
void prompt_tty_close(FILE *out);

/* Put the modes back for a time: what libedit has set is libedit's to set again. */
void prompt_tty_restore(FILE *out);

/* Have the terminal mark what is pasted (xterm's mode 2004). */
void prompt_tty_mark_pastes(FILE *out);

#endif
