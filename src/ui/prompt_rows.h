#ifndef UI_PROMPT_ROWS_H
#define UI_PROMPT_ROWS_H

#include <stddef.h>
#include <wchar.h>

/*
 * Where libedit puts the characters of a line of n characters, after the prompt, on a terminal of so
 * many columns; it does not tell, and the rows of a line can only be erased by whoever knows.
 */

/* Counted from the first of the prompt. */
struct prompt_place {
	size_t row, column;
};

/* The cursor, standing on line[cursor]. */
struct prompt_place prompt_place(
    size_t columns, const wchar_t *prompt, const wchar_t *line, size_t n, size_t cursor);

/* Its row alone. */
size_t prompt_rows(
    size_t columns, const wchar_t *prompt, const wchar_t *line, size_t n, size_t cursor);

/*
 * Gives each character that is on the screen, in order: blanks for a tab, ^X and \U+1234 for what
 * can not be printed. Characters of no width are none that libedit draws.
 */
typedef void prompt_put(struct prompt_place at, wchar_t c, void *arg);
void prompt_lay_out(size_t columns, const wchar_t *prompt, const wchar_t *line, size_t n,
    prompt_put *put, void *arg);

#endif
