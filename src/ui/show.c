#include "ui/show.h"

#include <stdbool.h>
#include <string.h>

#include "base/utf8.h"
#include "ui/magic.h"

#define PREVIEW 16 /* bytes of binary data shown */

/* Invisible or direction-changing characters: they make text read as what it is not. */
static const struct {
	uint32_t first, last;
} hidden[] = {
	{ 0x80, 0x9f }, /* C1 controls */
	{ 0xad, 0xad }, /* soft hyphen */
	{ 0x34f, 0x34f }, /* combining grapheme joiner */
	{ 0x61c, 0x61c }, /* arabic letter mark */
	{ 0x115f, 0x1160 }, /* hangul fillers */
	{ 0x17b4, 0x17b5 }, /* khmer inherent vowels */
	{ 0x180e, 0x180e }, /* mongolian vowel separator */
	{ 0x200b, 0x200f }, /* zero width, joiners, left-to-right and right-to-left marks */
	{ 0x2028, 0x202e }, /* line and paragraph separators, bidi embeddings, overrides */
	{ 0x2060, 0x206f }, /* word joiner, invisible operators, bidi isolates */
	{ 0x3164, 0x3164 }, /* hangul filler */
	{ 0xfeff, 0xfeff }, /* byte order mark */
	{ 0xffa0, 0xffa0 }, /* halfwidth hangul filler */
	{ 0xfff9, 0xfffb }, /* interlinear annotation */
	{ 0xe0000, 0xe007f }, /* tags */
};

bool
show_is_hidden(uint32_t c)
{
	for (size_t i = 0; i < sizeof hidden / sizeof hidden[0]; i++) {
		if (c < hidden[i].first)
			return false;
		if (c <= hidden[i].last)
			return true;
	}
	return false;
}

static bool
is_plain(uint8_t c)
{
	return (c >= 0x20 && c < 0x7f) || c == '\t';
}

/* One character or bad byte at p, of n: its length in *used. */
static int
show_char(struct buf *out, const uint8_t *p, size_t n, size_t *used)
{
	uint32_t c;
	int len;

	*used = 1;
	if (p[0] < 0x20 || p[0] == 0x7f)
		return buf_putf(out, "^%c", p[0] ^ 0x40);
	len = utf8_decode(p, n, &c);
	if (len <= 0)
		return buf_putf(out, "\\x%02x", p[0]);
	*used = (size_t)len;
	if (!show_is_hidden(c))
		return buf_put(out, p, *used);
	return buf_putf(out, c > 0xffff ? "\\U%08x" : "\\u%04x", c);
}

/* cont is NULL for text that must stay one line. */
static int
show(struct buf *out, const uint8_t *p, size_t n, const char *cont)
{
	size_t run;
	int r;

	for (size_t i = 0; i < n; i += run) {
		for (run = 0; i + run < n && is_plain(p[i + run]); run++)
			continue;
		if (run > 0) {
			r = buf_put(out, p + i, run);
		} else if (p[i] == '\n' && cont != NULL) {
			run = 1;
			if ((r = buf_putc(out, '\n')) == 0)
				r = buf_puts(out, cont);
		} else {
			r = show_char(out, p + i, n - i, &run);
		}
		if (r != 0)
			return r;
	}
	return 0;
}

/* What did not fit whole must not be there in part: half an escape would be a lie. */
static int
all_or_nothing(struct buf *out, size_t before, int r)
{
	if (r != 0)
		buf_truncate(out, buf_len(out) - before);
	return r;
}

int
show_text(struct buf *out, const void *p, size_t n, const char *cont)
{
	size_t before = buf_len(out);

	return all_or_nothing(out, before, show(out, p, n, cont));
}

int
show_line(struct buf *out, const void *p, size_t n)
{
	size_t before = buf_len(out);

	return all_or_nothing(out, before, show(out, p, n, NULL));
}

int
show_raw(struct buf *out, const void *p, size_t n, const char *cont)
{
	const char *at = p, *end, *eol;
	size_t before = buf_len(out);
	int r = 0;

	if (n == 0)
		return 0;
	end = at + n;
	while (r == 0 && at < end && (eol = memchr(at, '\n', (size_t)(end - at))) != NULL) {
		if ((r = buf_put(out, at, (size_t)(eol + 1 - at))) == 0)
			r = buf_puts(out, cont);
		at = eol + 1;
	}
	if (r == 0 && at < end)
		r = buf_put(out, at, (size_t)(end - at));
	return all_or_nothing(out, before, r);
}

static int
show_preview(struct buf *out, const uint8_t *p, size_t n)
{
	const struct magic *magic = magic_of(p, n);
	bool known = strcmp(magic->suffix, "bin") != 0;
	int r;

	if ((r = buf_putf(out, "binary, %zu byte%s", n, n == 1 ? "" : "s")) != 0 || n == 0)
		return r;
	if ((r = buf_putf(out, "%s%s:", known ? ", " : "", known ? magic->name : "")) != 0)
		return r;
	for (size_t i = 0; i < n && i < PREVIEW; i++) {
		if ((r = buf_putf(out, " %02x", p[i])) != 0)
			return r;
	}
	if ((r = buf_puts(out, " |")) != 0)
		return r;
	for (size_t i = 0; i < n && i < PREVIEW; i++) {
		if ((r = buf_putc(out, p[i] >= 0x20 && p[i] < 0x7f ? p[i] : '.')) != 0)
			return r;
	}
	return buf_puts(out, n > PREVIEW ? "| ..." : "|");
}

int
show_binary(struct buf *out, const uint8_t *p, size_t n)
{
	size_t before = buf_len(out);

	return all_or_nothing(out, before, show_preview(out, p, n));
}
