#include "ui/wrap.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <wchar.h>

#include "base/mem.h"
#include "base/utf8.h"

#define ESC 0x1b
#define TAB 8
/* Rows of so few columns would be mostly marks. */
#define COLUMNS_MIN 16

struct wrap {
	size_t columns;
	const char *mark;
	struct buf out;
	int r;
	size_t column;
	bool is_over; /* the rest stays as it is */
};

/* True if no row can be too long: most are not. */
static bool
is_short(const uint8_t *p, size_t n, size_t columns)
{
	const uint8_t *end = p + n, *eol;

	for (; p < end; p = eol + 1) {
		if ((eol = memchr(p, '\n', (size_t)(end - p))) == NULL)
			eol = end;
		if ((size_t)(eol - p) > columns || memchr(p, '\t', (size_t)(eol - p)) != NULL)
			return false;
	}
	return true;
}

/*
 * What a character may take: those that the C library does not know may be wide for a terminal, and
 * others become so by what makes an emoji of them, or are drawn as one in pairs.
 */
static size_t
width_of(uint32_t c)
{
	bool makes_wide = c == 0xfe0f || c == 0x20e3;
	bool is_flag = c >= 0x1f1e6 && c <= 0x1f1ff;
	int width = wcwidth((wchar_t)c);

	if (makes_wide)
		return 1;
	return width >= 0 && !is_flag ? (size_t)width : 2;
}

static void
put(struct wrap *w, const void *p, size_t n)
{
	if (w->r == 0)
		w->r = buf_put(&w->out, p, n);
}

/* Goes to the next row if there is no room for so many columns in this one. */
static void
make_room(struct wrap *w, size_t width)
{
	if (w->column + width <= w->columns)
		return;
	put(w, "\n", 1);
	put(w, w->mark, strlen(w->mark));
	w->column = strlen(w->mark);
}

static void
place(struct wrap *w, const uint8_t *p, size_t n, size_t width)
{
	if (width > 0)
		make_room(w, width);
	put(w, p, n);
	w->column += width;
}

/* The bytes of a colour, or 0 if it is none. */
static size_t
colour_at(const uint8_t *p, size_t n)
{
	size_t i = 2;

	if (n < 3 || p[0] != ESC || p[1] != '[')
		return 0;
	while (i < n && ((p[i] >= '0' && p[i] <= '9') || p[i] == ';'))
		i++;
	return i < n && p[i] == 'm' ? i + 1 : 0;
}

/* How many bytes it took. */
static size_t
step(struct wrap *w, const uint8_t *p, size_t n)
{
	size_t colour;
	uint32_t c;
	int len;

	if (*p == ESC) {
		if ((colour = colour_at(p, n)) > 0)
			place(w, p, colour, 0);
		else
			w->is_over = true;
		return colour;
	}
	if (*p == '\n') {
		put(w, p, 1);
		w->column = 0;
		return 1;
	}
	if (*p == '\t') { /* it ends with the row, however much is left of that */
		make_room(w, 1);
		put(w, p, 1);
		w->column += TAB - w->column % TAB;
		return 1;
	}
	if ((len = utf8_decode(p, n, &c)) <= 0) {
		place(w, p, 1, 1);
		return 1;
	}
	place(w, p, (size_t)len, width_of(c));
	return (size_t)len;
}

int
wrap_rows(struct buf *b, size_t from, size_t columns, const char *mark)
{
	struct wrap w = { .columns = columns, .mark = mark };
	size_t at = 0, n = buf_len(b) - from;
	const uint8_t *p;

	if (columns < COLUMNS_MIN || n == 0)
		return 0;
	p = buf_data(b) + from;
	if (is_short(p, n, columns))
		return 0;
	buf_init(&w.out, &mem_libc, SIZE_MAX);
	while (at < n && !w.is_over)
		at += step(&w, p + at, n - at);
	put(&w, p + at, n - at);
	if (w.r == 0 && (w.r = buf_put(b, buf_data(&w.out), buf_len(&w.out))) == 0) {
		memmove(buf_mutable_data(b) + from, buf_data(b) + from + n, buf_len(&w.out));
		buf_truncate(b, n);
	}
	buf_clear(&w.out);
	return w.r;
}
