#ifndef UI_PROMPT_TTY_H
#define UI_PROMPT_TTY_H

#include "ui/prompt_out.h"

/*
 * The terminal the prompt is on, standard input and output, and its modes as they were found.
 * There is one of it in a process. While others have it, as another job of the shell does, it is
 * theirs: nothing here changes it then.
 */

/*
 * Keep the modes, and open out: 0, ERR_NOMEM, or ERR_ARGUMENT if it is no terminal or TERM says it
 * can not edit lines.
 */
int prompt_tty_open(struct prompt_out *out);

/*
 * Put the modes back and close out. A terminal that takes no output for a moment is set going, in
 * case Ctrl-S stopped it; if it still takes none what waits is lost.
 */
void prompt_tty_close(struct prompt_out *out);

/* Put the modes back for a time: what libedit has set is libedit's to set again. */
void prompt_tty_restore(struct prompt_out *out);

/* Have the terminal mark what is pasted (xterm's mode 2004). */
void prompt_tty_mark_pastes(struct prompt_out *out);

/* As prompt_recover() has it. */
void prompt_tty_recover(struct prompt_out *out);

#endif
