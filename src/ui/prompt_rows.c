#include "ui/prompt_rows.h"

#include <stdio.h>
#include <wctype.h>

struct walk {
	size_t columns;
	struct prompt_place at;
	prompt_put *put; /* NULL: nobody wants to know */
	void *arg;
};

static void
next_row(struct walk *w)
{
	w->at.row++;
	w->at.column = 0;
}

static void
advance(struct walk *w, wchar_t c, size_t width)
{
	if (w->at.column + width > w->columns) /* what does not fit moves down whole */
		next_row(w);
	if (w->put != NULL && width > 0)
		w->put(w->at, c, w->arg);
	w->at.column += width;
	if (w->at.column >= w->columns)
		next_row(w);
}

static size_t
width_of(wchar_t c)
{
	int width = wcwidth(c);

	return width > 0 ? (size_t)width : 0;
}

static void
advance_each(struct walk *w, const char *s)
{
	for (; *s != '\0'; s++)
		advance(w, (wchar_t)*s, 1);
}

/* Blanks to the next stop, or to the end of the row. */
static void
advance_tab(struct walk *w)
{
	do {
		advance(w, L' ', 1);
	} while (w->at.column % 8 != 0);
}

static void
step(struct walk *w, wchar_t c)
{
	char shown[16];

	if (c == L'\n') {
		next_row(w);
	} else if (c == L'\t') {
		advance_tab(w);
	} else if (c < 0x100 && iswcntrl((wint_t)c)) {
		snprintf(shown, sizeof shown, "^%c", c == 0x7f ? '?' : (int)(c & 0x1f) | 0x40);
		advance_each(w, shown);
	} else if (iswprint((wint_t)c)) {
		advance(w, c, width_of(c));
	} else {
		snprintf(shown, sizeof shown, "\\U+%0*lX", c > 0xffff ? 5 : 4, (unsigned long)c);
		advance_each(w, shown);
	}
}

struct prompt_place
prompt_place(size_t columns, const wchar_t *prompt, const wchar_t *line, size_t n, size_t cursor)
{
	struct walk w = { .columns = columns };

	for (; *prompt != L'\0'; prompt++)
		step(&w, *prompt);
	for (size_t i = 0; i < cursor; i++)
		step(&w, line[i]);
	if (cursor < n && w.at.column + width_of(line[cursor]) > columns)
		next_row(&w); /* on a wide character that moved down */
	return w.at;
}

size_t
prompt_rows(size_t columns, const wchar_t *prompt, const wchar_t *line, size_t n, size_t cursor)
{
	return prompt_place(columns, prompt, line, n, cursor).row;
}

void
prompt_lay_out(size_t columns, const wchar_t *prompt, const wchar_t *line, size_t n,
    prompt_put *put, void *arg)
{
	struct walk w = { .columns = columns, .put = put, .arg = arg };

	for (; *prompt != L'\0'; prompt++)
		step(&w, *prompt);
	for (size_t i = 0; i < n; i++)
		step(&w, line[i]);
}
