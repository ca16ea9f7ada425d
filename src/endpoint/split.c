#include "endpoint/split.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/base64.h"
#include "base/hex.h"
#include "base/num.h"
#include "base/span.h"
#include "base/utf8.h"

/* What split_next() was given. */
struct look {
	struct split *s;
	uint8_t *p;
	size_t n;
	bool eof;
	struct split_message *m;
	char *why;
};

void
split_init(struct split *s, const struct split_config *config)
{
	*s = (struct split){ .config = *config };
}

enum wsx_type
split_type(const struct split *s)
{
	bool binary = s->config.type == SPLIT_TYPE_BINARY;

	switch (s->config.framing) {
	case FRAMING_LINE:
	case FRAMING_WHOLE:
	case FRAMING_LENGTH:
	case FRAMING_JSON:
		break;
	case FRAMING_RAW:
	case FRAMING_HEX:
	case FRAMING_BASE64:
		binary = s->config.type != SPLIT_TYPE_TEXT;
		break;
	}
	return binary ? WSX_BINARY : WSX_TEXT;
}

bool
split_is_plain(const struct split *s)
{
	const struct framing_marks *marks = &s->config.marks;

	/* another byte might be part of a character */
	return s->config.framing == FRAMING_LINE && marks->separator < 0x80 &&
	       marks->text_prefix == NULL && marks->binary_prefix == NULL && !marks->base64_text;
}

/* What a message is called: "line 3 of standard input". */
static const char *
unit(const struct look *l)
{
	enum framing f = l->s->config.framing;

	return f == FRAMING_LINE || f == FRAMING_HEX || f == FRAMING_BASE64 ? "line" : "message";
}

static enum split_result
bad(const struct look *l, enum split_result r, const char *what)
{
	snprintf(l->why, SPLIT_WHY_MAX, "%s %" PRIu64 " of standard input %s", unit(l), l->s->count,
	    what);
	return r;
}

/* A message of which all is there, at at, with n bytes, of held in all. */
static enum split_result
found(const struct look *l, enum wsx_type type, size_t at, size_t n, size_t held)
{
	*l->m = (struct split_message){ .type = type, .at = at, .n = n, .after = held - at - n };
	l->s->count++;
	if (type == WSX_TEXT && !utf8_valid(l->p + at, n))
		return bad(
		    l, SPLIT_BAD, "is not UTF-8: it was not sent; -b sends bytes as they are");
	return SPLIT_MESSAGE;
}

/* A message of n bytes that are perhaps not all there. */
static enum split_result
found_long(const struct look *l, size_t at, uint64_t n, bool may_end)
{
	*l->m = (struct split_message){ .type = WSX_BINARY, .at = at, .n = n, .may_end = may_end };
	l->s->count++;
	return SPLIT_MESSAGE;
}

/* The next line: its length without, and in *held with its separator. */
static bool
find_line(const struct look *l, uint8_t separator, size_t *n, size_t *held)
{
	struct split *s = l->s;
	const uint8_t *end = NULL;

	if (l->n > s->scanned)
		end = memchr(l->p + s->scanned, separator, l->n - s->scanned);
	if (end == NULL && !(l->eof && l->n > 0)) {
		s->scanned = l->n;
		return false;
	}
	s->scanned = 0;
	*n = end != NULL ? (size_t)(end - l->p) : l->n;
	*held = end != NULL ? *n + 1 : *n;
	return true;
}

typedef ssize_t decoder(struct span s, uint8_t *out, size_t max);

/* A line whose bytes from at on, up to end, are encoded. */
static enum split_result
found_encoded(
    const struct look *l, decoder *decode, enum wsx_type type, size_t at, size_t end, size_t held)
{
	ssize_t n;

	if (end > at && l->p[end - 1] == '\r')
		end--;
	n = decode((struct span){ (const char *)l->p + at, end - at }, l->p + at, end - at);
	if (n >= 0)
		return found(l, type, at, (size_t)n, held);
	*l->m = (struct split_message){ .type = type, .after = held };
	l->s->count++;
	return bad(l, SPLIT_BAD,
	    decode == hex_decode ? "is not hex: it was not sent"
				 : "is not Base64: it was not sent");
}

static bool
begins_with(const struct look *l, size_t n, const char *prefix)
{
	size_t k = prefix != NULL ? strlen(prefix) : 0;

	return prefix != NULL && k <= n && memcmp(l->p, prefix, k) == 0;
}

static enum split_result
next_line(const struct look *l)
{
	const struct framing_marks *marks = &l->s->config.marks;
	enum wsx_type type = split_type(l->s);
	bool base64 = type == WSX_TEXT && marks->base64_text;
	size_t n, held, at = 0;

	if (!find_line(l, marks->separator, &n, &held))
		return SPLIT_MORE;
	if (begins_with(l, n, marks->text_prefix)) {
		at = strlen(marks->text_prefix);
		type = WSX_TEXT;
		base64 = marks->base64_text;
	} else if (begins_with(l, n, marks->binary_prefix)) {
		at = strlen(marks->binary_prefix);
		type = WSX_BINARY;
		base64 = marks->base64;
	}
	return base64 ? found_encoded(l, base64_decode, type, at, n, held)
		      : found(l, type, at, n - at, held);
}

static enum split_result
next_encoded(const struct look *l, decoder *decode)
{
	size_t n, held;

	if (!find_line(l, '\n', &n, &held))
		return SPLIT_MORE;
	return found_encoded(l, decode, split_type(l->s), 0, n, held);
}

static enum split_result
next_command(const struct look *l)
{
	size_t n, held;

	if (!find_line(l, '\n', &n, &held))
		return SPLIT_MORE;
	*l->m = (struct split_message){ .type = WSX_TEXT, .n = n, .after = held - n };
	l->s->count++;
	return SPLIT_COMMAND;
}

static enum split_result
next_whole(const struct look *l)
{
	if (l->n == 0)
		return SPLIT_MORE;
	if (split_type(l->s) == WSX_BINARY)
		return found_long(l, 0, UINT64_MAX, true);
	return l->eof ? found(l, WSX_TEXT, 0, l->n, l->n) : SPLIT_MORE;
}

/* Chunks of text end where a character does. */
static enum split_result
next_text_chunk(const struct look *l)
{
	size_t chunk = l->s->config.chunk, n = l->n;

	if (chunk > 0 && n < chunk && !l->eof)
		return SPLIT_MORE;
	if (chunk > 0 && n > chunk)
		n = chunk;
	if (n < l->n || !l->eof) {
		size_t cut = utf8_cut(l->p, n);

		n = cut > 0 || n < 4 ? cut : n; /* where no character is, all of it is bad */
	}
	return n > 0 ? found(l, WSX_TEXT, 0, n, n) : SPLIT_MORE;
}

static enum split_result
next_chunk(const struct look *l)
{
	size_t chunk = l->s->config.chunk;

	if (l->n == 0)
		return SPLIT_MORE;
	if (split_type(l->s) == WSX_TEXT)
		return next_text_chunk(l);
	return found_long(l, 0, chunk > 0 ? chunk : l->n, true);
}

static enum split_result
lost(const struct look *l, const char *what)
{
	l->s->count++;
	return bad(l, SPLIT_LOST, what);
}

static enum split_result
next_length(const struct look *l)
{
	uint64_t n;

	if (l->n < FRAMING_HEAD)
		return l->eof && l->n > 0 ? lost(l, "is cut off: it was not sent") : SPLIT_MORE;
	n = load_be(l->p, 4);
	if (l->p[4] == FRAMING_OPCODE_BINARY)
		return found_long(l, FRAMING_HEAD, n, false);
	if (l->p[4] != FRAMING_OPCODE_TEXT)
		return lost(l, "is of neither type, 1 or 2: it was not sent, nor what follows");
	if (l->n - FRAMING_HEAD < n)
		return l->eof ? lost(l, "is cut off: it was not sent") : SPLIT_MORE;
	return found(l, WSX_TEXT, FRAMING_HEAD, (size_t)n, FRAMING_HEAD + (size_t)n);
}

enum split_result
split_next(struct split *s, uint8_t *p, size_t n, bool eof, struct split_message *m,
    char why[SPLIT_WHY_MAX])
{
	const struct look l = { s, p, n, eof, m, why };

	switch (s->config.framing) {
	case FRAMING_LINE:
		return next_line(&l);
	case FRAMING_WHOLE:
		return next_whole(&l);
	case FRAMING_RAW:
		return next_chunk(&l);
	case FRAMING_LENGTH:
		return next_length(&l);
	case FRAMING_HEX:
		return next_encoded(&l, hex_decode);
	case FRAMING_BASE64:
		return next_encoded(&l, base64_decode);
	case FRAMING_JSON:
		return next_command(&l);
	}
	assert(false);
	return SPLIT_MORE;
}
