#ifndef UI_PROMPT_VIEW_H
#define UI_PROMPT_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <wchar.h>

/*
 * What is on the screen of a line that is typed. Of one that has more rows than the screen those
 * around the cursor are drawn. (libedit draws such a line, too, but then takes the cursor for where
 * it is not.)
 */
struct prompt_view {
	bool shown;
	size_t top; /* the first row that is, of those of the line */
	size_t rows; /* how many are */
	size_t row; /* of them, that of the cursor */
};

/* A line as it is typed. */
struct prompt_line {
	const wchar_t *prompt, *text;
	size_t n, cursor;
};

/* Draws it on at most so many rows, from where the cursor of the terminal is or over what is shown. */
void prompt_view_draw(
    struct prompt_view *v, FILE *out, const struct prompt_line *line, size_t columns, size_t most);

/* Erases what is shown; leaves it to be seen, and goes below it. */
void prompt_view_erase(struct prompt_view *v, FILE *out);
void prompt_view_leave(struct prompt_view *v, FILE *out);

#endif
