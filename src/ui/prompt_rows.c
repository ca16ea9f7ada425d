#include "ui/prompt_rows.h"

#include <wctype.h>

struct place {
	size_t columns;
	size_t row, column;
};

static void
next_row(struct place *at)
{
	at->row++;
	at->column = 0;
}

static void
advance(struct place *at, size_t width)
{
	if (at->column + width > at->columns) /* what does not fit moves down whole */
		next_row(at);
	at->column += width;
	if (at->column >= at->columns)
		next_row(at);
}

static size_t
width_of(wchar_t c)
{
	int width = wcwidth(c);

	return width > 0 ? (size_t)width : 0;
}

static void
advance_each(struct place *at, size_t n)
{
	while (n-- > 0)
		advance(at, 1);
}

/* Spaces to the next stop, or to the end of the row. */
static void
advance_tab(struct place *at)
{
	do {
		advance(at, 1);
	} while (at->column % 8 != 0);
}

static void
walk(struct place *at, wchar_t c)
{
	if (c == L'\n')
		next_row(at);
	else if (c == L'\t')
		advance_tab(at);
	else if (c < 0x100 && iswcntrl((wint_t)c))
		advance_each(at, 2); /* ^X */
	else if (iswprint((wint_t)c))
		advance(at, width_of(c));
	else
		advance_each(at, c > 0xffff ? 8 : 7); /* \U+12345 or \U+1234 */
}

size_t
prompt_rows(size_t columns, const wchar_t *prompt, const wchar_t *line, size_t n, size_t cursor)
{
	struct place at = { columns, 0, 0 };

	for (; *prompt != L'\0'; prompt++)
		walk(&at, *prompt);
	for (size_t i = 0; i < cursor; i++)
		walk(&at, line[i]);
	if (cursor < n && at.column + width_of(line[cursor]) > columns)
		next_row(&at); /* on a wide character that moved down */
	return at.row;
}
