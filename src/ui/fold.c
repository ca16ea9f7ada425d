#include "ui/fold.h"

#include <string.h>

#include "base/utf8.h"

#define ESC        0x1b
#define COLOUR_MAX 8 /* bytes of a colour */

/* Where the row after the first rows of the n bytes at p begins; n if there are no more. */
static size_t
rows_end(const uint8_t *p, size_t n, size_t rows)
{
	const uint8_t *at = p, *end = p + n, *eol;

	for (size_t i = 0; i < rows; i++) {
		if ((eol = memchr(at, '\n', (size_t)(end - at))) == NULL)
			return n;
		at = eol + 1;
	}
	return (size_t)(at - p);
}

/* At most n, so that nothing is cut in two there. */
static size_t
cut_at(const uint8_t *p, size_t n)
{
	size_t k = utf8_cut(p, n);

	for (size_t i = k; i > 0 && k - i < COLOUR_MAX && p[i - 1] != 'm'; i--)
		if (p[i - 1] == ESC)
			return i - 1;
	return k;
}

bool
fold_text(struct buf *b, size_t from, size_t max_bytes)
{
	size_t n = buf_len(b) - from, keep = n;
	const uint8_t *p;

	if (n == 0)
		return false;
	p = buf_data(b) + from;
	if (rows_end(p, n, FOLD_ROWS) < n)
		keep = rows_end(p, n, FOLD_ROWS / 2) - 1; /* without its newline */
	if (keep > max_bytes || (keep < n && keep > max_bytes / 2))
		keep = cut_at(p, max_bytes / 2);
	buf_truncate(b, n - keep);
	return keep < n;
}
