#ifndef UI_PROMPT_BIND_H
#define UI_PROMPT_BIND_H

#include <histedit.h>
#include <wchar.h>

/*
 * The keys of the line editor: those of emacs as in shells. PROMPT_ATTEND is no key, but what
 * usually stands for SIGQUIT.
 */
#define PROMPT_ATTEND       L'\034'
#define PROMPT_PREV_HISTORY L"\020" /* a key that recalls the line before */
#define PROMPT_NEXT_HISTORY L"\016"
#define PROMPT_KILL_LINE    L"\033\025" /* one that puts the line aside */

typedef unsigned char prompt_command(EditLine *el, wint_t c);

/* What keys that libedit has no command for do. */
struct prompt_commands {
	prompt_command *attend; /* PROMPT_ATTEND */
	prompt_command *quote; /* Ctrl-V */
	prompt_command *kill_line; /* Ctrl-U */
	prompt_command *begin_paste; /* the start mark of a paste */
	prompt_command *complete; /* Tab */
	prompt_command *enter; /* Enter */
	prompt_command *new_row; /* Enter with Alt or Shift */
	prompt_command *up, *down; /* the arrows */
	prompt_command *ignore; /* keys that do nothing */
};

void prompt_bind(EditLine *el, const struct prompt_commands *commands);

#endif
