#include "endpoint/choices.h"

#include <string.h>

#include "base/utf8.h"

/* As many are listed as a screen may have room for, and so many bytes of each. */
#define LISTED_MAX  50
#define LISTED_LONG 60

void
choices_init(struct choices *c, const char *typed, size_t typed_n, struct buf *listed)
{
	*c = (struct choices){ .typed = typed, .typed_n = typed_n, .listed = listed };
	buf_init(&c->common, &mem_libc, SIZE_MAX);
}

void
choices_clear(struct choices *c)
{
	buf_clear(&c->common);
}

static void
list(struct choices *c, const char *word, size_t n, const char *mark)
{
	const char *eol = memchr(word, '\n', n);
	size_t shown = eol != NULL ? (size_t)(eol - word) : n;

	if (c->n == LISTED_MAX + 1)
		(void)buf_puts(c->listed, "  ... and more");
	if (c->n > LISTED_MAX)
		return;
	if (shown > LISTED_LONG)
		shown = utf8_cut((const uint8_t *)word, LISTED_LONG);
	(void)buf_putf(c->listed, "%s%.*s%s%s", c->n > 1 ? "  " : "", (int)shown, word,
	    shown < n ? "..." : "", mark);
}

void
choices_add(struct choices *c, const char *word, size_t n, const char *mark)
{
	size_t have = buf_len(&c->common), k = 0;
	const uint8_t *p = buf_data(&c->common);

	if (n < c->typed_n || memcmp(word, c->typed, c->typed_n) != 0)
		return;
	if (c->n == 0) {
		if (buf_put(&c->common, word, n) != 0)
			return;
	} else {
		while (k < have && k < n && p[k] == (uint8_t)word[k])
			k++;
		if (k < have && (p[k] & 0xc0) == 0x80) /* half a character is none */
			k = utf8_cut(p, k);
		buf_truncate(&c->common, have - k);
	}
	c->n++;
	list(c, word, n, mark);
}

void
choices_insert(struct choices *c, const char *after, struct buf *to)
{
	size_t more = buf_len(&c->common) > c->typed_n ? buf_len(&c->common) - c->typed_n : 0;

	if (c->n == 0)
		return;
	if (more > 0)
		(void)buf_put(to, buf_data(&c->common) + c->typed_n, more);
	if (c->n == 1)
		(void)buf_puts(to, after);
	if (c->n == 1 || more > 0)
		buf_reset(c->listed);
}
