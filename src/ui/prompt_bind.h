#ifndef UI_PROMPT_BIND_H
#define UI_PROMPT_BIND_H

#include <histedit.h>
#include <wchar.h>

/*
 * The keys of the line editor: those of emacs as in shells. PROMPT_ATTEND calls attend; no
 * keyboard sends it, since the terminal makes SIGQUIT of it. The start mark of a paste calls
 * begin_paste, Tab complete.
 */
#define PROMPT_ATTEND L'\034'

typedef unsigned char prompt_command(EditLine *el, wint_t c);

void prompt_bind(
    EditLine *el, prompt_command *attend, prompt_command *begin_paste, prompt_command *complete);

#endif
