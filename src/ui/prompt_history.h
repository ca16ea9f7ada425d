#ifndef UI_PROMPT_HISTORY_H
#define UI_PROMPT_HISTORY_H

#include <histedit.h>
#include <stddef.h>
#include <wchar.h>

/* The lines typed before, to be recalled and searched; kept in memory. */
struct prompt_history;

/* A history for el, or NULL where there is no memory. */
struct prompt_history *prompt_history_new(EditLine *el);

/* Frees it, after el has ended. NULL is allowed. */
void prompt_history_free(struct prompt_history *h);

/*
 * Keep a line of n characters. As in shells one that is empty or begins with a space is not kept,
 * nor one that is like the one before. A line there is no memory for is not kept either.
 */
void prompt_history_add(struct prompt_history *h, const wchar_t *line, size_t n);

#endif
