#ifndef UI_PROMPT_ROWS_H
#define UI_PROMPT_ROWS_H

#include <stddef.h>
#include <wchar.h>

/*
 * On which row of the terminal, counted from that of the prompt, libedit has put the cursor: it
 * stands on line[cursor] in a line of n characters after the prompt, on a terminal of so many
 * columns. Only so can the rows of a line be erased, for libedit does not tell where they are.
 */
size_t prompt_rows(
    size_t columns, const wchar_t *prompt, const wchar_t *line, size_t n, size_t cursor);

#endif
