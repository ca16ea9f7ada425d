#include "ui/image.h"

#include <stdbool.h>
#include <string.h>

#include "base/base64.h"
#include "base/num.h"

/* Bytes in each part of what kitty is sent, before Base64: 4096 characters of it at most. */
#define KITTY_PART 3072

/* A cell of a usual font, in pixels, and the most rows an image may take. */
#define CELL_WIDTH  8
#define CELL_HEIGHT 16
#define ROWS_MAX    24

enum kind { PNG, JPEG, GIF, OTHER };

struct size {
	uint64_t width, height; /* in pixels; 0 where unknown */
};

/* The terminal. */

enum image_protocol
image_protocol(enum when when, const char *(*value)(const char *name, void *arg), void *arg)
{
	static const struct {
		const char *name, *value; /* NULL: any */
		enum image_protocol protocol;
	} signs[] = {
		{ "TERM_PROGRAM", "iTerm.app", IMAGE_ITERM2 },
		{ "TERM_PROGRAM", "WezTerm", IMAGE_ITERM2 },
		{ "TERM_PROGRAM", "mintty", IMAGE_ITERM2 },
		{ "LC_TERMINAL", "iTerm2", IMAGE_ITERM2 },
		{ "TERM_PROGRAM", "ghostty", IMAGE_KITTY },
		{ "TERM", "xterm-kitty", IMAGE_KITTY },
		{ "TERM", "xterm-ghostty", IMAGE_KITTY },
		{ "KITTY_WINDOW_ID", NULL, IMAGE_KITTY },
	};
	const char *term = value("TERM", arg), *is;
	bool within =
	    value("TMUX", arg) != NULL || value("STY", arg) != NULL ||
	    (term != NULL && (strncmp(term, "screen", 6) == 0 || strncmp(term, "tmux", 4) == 0 ||
				 strcmp(term, "dumb") == 0));

	if (when == WHEN_NEVER || (when == WHEN_AUTO && within))
		return IMAGE_NONE;
	for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
		if ((is = value(signs[i].name, arg)) != NULL &&
		    (signs[i].value == NULL || strcmp(is, signs[i].value) == 0))
			return signs[i].protocol;
	return when == WHEN_ALWAYS ? IMAGE_KITTY : IMAGE_NONE;
}

/* The image. */

static enum kind
kind_of(const uint8_t *p, size_t n)
{
	if (n > 24 && memcmp(p, "\x89PNG\r\n\x1a\n", 8) == 0)
		return PNG;
	if (n > 4 && memcmp(p, "\xff\xd8\xff", 3) == 0)
		return JPEG;
	if (n > 10 && (memcmp(p, "GIF87a", 6) == 0 || memcmp(p, "GIF89a", 6) == 0))
		return GIF;
	return OTHER;
}

/* Its segments up to the one that begins a frame, which has its size (ITU T.81 B.2.2). */
static struct size
jpeg_size(const uint8_t *p, size_t n)
{
	size_t at = 2;

	while (at + 9 <= n && p[at] == 0xff) {
		uint8_t marker = p[at + 1];

		if (marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 &&
		    marker != 0xcc)
			return (struct size){ load_be(p + at + 7, 2), load_be(p + at + 5, 2) };
		at += 2 + (size_t)load_be(p + at + 2, 2);
	}
	return (struct size){ 0, 0 };
}

static struct size
size_of(enum kind kind, const uint8_t *p, size_t n)
{
	switch (kind) {
	case PNG:
		return (struct size){ load_be(p + 16, 4), load_be(p + 20, 4) };
	case GIF:
		return (struct size){ p[6] | (uint64_t)p[7] << 8, p[8] | (uint64_t)p[9] << 8 };
	case JPEG:
		return jpeg_size(p, n);
	case OTHER:
		break;
	}
	return (struct size){ 0, 0 };
}

/* Which of its sides is to be made smaller, to how many cells; the other follows. 0: neither. */
static void
fit(struct size size, size_t columns, size_t *width, size_t *height)
{
	uint64_t across = (size.width + CELL_WIDTH - 1) / CELL_WIDTH;
	uint64_t down = (size.height + CELL_HEIGHT - 1) / CELL_HEIGHT;

	*width = *height = 0;
	if (across == 0 || down == 0) { /* it is not known */
		*height = ROWS_MAX;
		return;
	}
	if (across <= columns && down <= ROWS_MAX)
		return;
	if (across * ROWS_MAX > down * columns)
		*width = columns;
	else
		*height = ROWS_MAX;
}

/* https://sw.kovidgoyal.net/kitty/graphics-protocol/ ; q=2: it is to answer nothing. */
static int
put_kitty(struct buf *out, const uint8_t *p, size_t n, size_t width, size_t height)
{
	bool first = true;
	int r = 0;

	while (n > 0 && r == 0) {
		size_t k = n < KITTY_PART ? n : KITTY_PART;

		r = buf_puts(out, first ? "\033_Ga=T,f=100,q=2," : "\033_Gq=2,");
		if (r == 0 && first && width > 0)
			r = buf_putf(out, "c=%zu,", width);
		if (r == 0 && first && height > 0)
			r = buf_putf(out, "r=%zu,", height);
		if (r == 0)
			r = buf_putf(out, "m=%d;", k < n);
		if (r == 0)
			r = base64_put(out, p, k);
		if (r == 0)
			r = buf_puts(out, "\033\\");
		p += k;
		n -= k;
		first = false;
	}
	return r;
}

/* https://iterm2.com/documentation-images.html */
static int
put_iterm2(struct buf *out, const uint8_t *p, size_t n, size_t width, size_t height)
{
	int r = buf_putf(out, "\033]1337;File=inline=1;size=%zu", n);

	if (r == 0 && width > 0)
		r = buf_putf(out, ";width=%zu", width);
	if (r == 0 && height > 0)
		r = buf_putf(out, ";height=%zu", height);
	if (r == 0)
		r = buf_puts(out, ":");
	if (r == 0)
		r = base64_put(out, p, n);
	return r == 0 ? buf_puts(out, "\007") : r;
}

int
image_put(struct buf *out, enum image_protocol protocol, const uint8_t *p, size_t n, size_t columns)
{
	enum kind kind = n <= IMAGE_MAX ? kind_of(p, n) : OTHER;
	size_t before = buf_len(out), width, height;
	int r;

	if (protocol == IMAGE_NONE || kind == OTHER || (protocol == IMAGE_KITTY && kind != PNG))
		return 0;
	fit(size_of(kind, p, n), columns, &width, &height);
	r = protocol == IMAGE_KITTY ? put_kitty(out, p, n, width, height)
				    : put_iterm2(out, p, n, width, height);
	if (r < 0)
		buf_truncate(out, buf_len(out) - before);
	return r < 0 ? r : 1;
}
