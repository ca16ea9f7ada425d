#include "ui/jsonl.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "base/base64.h"
#include "base/utf8.h"
#include "ui/show.h"
#include "ui/stamp.h"

/*
 * A line being written. The first failure stays in r and makes the rest do nothing, so that a
 * line reads top to bottom; end_line() takes a line that failed back out.
 */
struct line {
	struct buf *out;
	size_t before; /* bytes in out when it began */
	int r;
};

static void
put_raw(struct line *l, const char *s, size_t n)
{
	if (l->r == 0)
		l->r = buf_put(l->out, s, n);
}

static void
put(struct line *l, const char *s)
{
	put_raw(l, s, strlen(s));
}

static struct line
begin_line(struct buf *out, const char *event)
{
	struct line l = { out, buf_len(out), 0 };

	put(&l, "{\"event\":\"");
	put(&l, event);
	put(&l, "\"");
	return l;
}

/*
 * How a byte stands in a JSON string (RFC 8259 7): as it is, after a backslash as the letter here,
 * or otherwise. Of characters beyond ASCII those that could drive or confuse a terminal are
 * escaped (ui/show.h): WIDE is the first byte of some such, others need no look.
 */
enum { WIDE = 1, UNIT = 2 };

static const uint8_t escapes[256] = {
	[0] = UNIT,
	UNIT,
	UNIT,
	UNIT,
	UNIT,
	UNIT,
	UNIT,
	UNIT,
	'b',
	't',
	'n',
	UNIT,
	'f',
	'r',
	UNIT,
	UNIT,
	UNIT,
	UNIT,
	UNIT,
	UNIT,
	UNIT,
	UNIT,
	UNIT,
	UNIT,
	UNIT,
	UNIT,
	UNIT,
	UNIT,
	UNIT,
	UNIT,
	UNIT,
	UNIT,
	['"'] = '"',
	['\\'] = '\\',
	[0x7f] = UNIT,
	[0xc2] = WIDE, /* C1 controls, soft hyphen */
	[0xcd] = WIDE, /* U+034F */
	[0xd8] = WIDE, /* U+061C */
	[0xe1] = WIDE,
	WIDE,
	WIDE, /* U+115F to U+180E, U+200B to U+206F, U+3164 */
	[0xef] = WIDE, /* U+FEFF to U+FFFB */
	[0xf3] = WIDE, /* tags */
};

/* The most bytes one becomes: those of \u001f. */
#define ESCAPE_MAX 6

static uint8_t *
put_unit(uint8_t *to, uint32_t unit)
{
	static const char digits[] = "0123456789abcdef";

	*to++ = '\\';
	*to++ = 'u';
	for (int shift = 12; shift >= 0; shift -= 4)
		*to++ = (uint8_t)digits[unit >> shift & 0xf];
	return to;
}

/* A character of more than one byte, of which there are n left; *len is how many it has. */
static uint8_t *
put_wide(uint8_t *to, const uint8_t *p, size_t n, size_t *len)
{
	uint32_t c;
	int k = utf8_decode(p, n, &c);

	assert(k > 0); /* the text is valid */
	*len = (size_t)k;
	if (!show_is_hidden(c)) {
		memcpy(to, p, *len);
		return to + *len;
	}
	if (c <= 0xffff)
		return put_unit(to, c);
	to = put_unit(to, 0xd800 + ((c - 0x10000) >> 10));
	return put_unit(to, 0xdc00 + ((c - 0x10000) & 0x3ff));
}

/* Bytes that are looked at together. */
typedef int8_t block __attribute__((vector_size(16)));
typedef uint64_t block_halves __attribute__((vector_size(16)));

/* Copies a block if all of it stands as it is. */
static bool
put_block(uint8_t *to, const uint8_t *p)
{
	block b;
	block_halves special;

	memcpy(&b, p, sizeof b);
	/* what is beyond ASCII is negative */
	special = (block_halves)((b < 0x20) | (b == '"') | (b == '\\') | (b == 0x7f));
	memcpy(to, &b, sizeof b);
	return (special[0] | special[1]) == 0;
}

/* At most so many bytes of the text are escaped into memory that is asked for at once. */
#define ESCAPE_RUN ((size_t)4096)

/* The character at *at. */
static uint8_t *
put_one(uint8_t *to, const uint8_t *p, size_t n, size_t *at)
{
	uint8_t c = p[*at], escape = escapes[c];
	size_t len = 1;

	if (escape == 0) {
		*to++ = c;
	} else if (escape == WIDE) {
		to = put_wide(to, p + *at, n - *at, &len);
	} else if (escape == UNIT) {
		to = put_unit(to, c);
	} else {
		*to++ = '\\';
		*to++ = escape;
	}
	*at += len;
	return to;
}

/* From *at on, no more than a run, to where there is room for all that they may become. */
static uint8_t *
put_run(uint8_t *to, const uint8_t *p, size_t n, size_t *at)
{
	size_t i = *at, end = n - i < ESCAPE_RUN ? n : i + ESCAPE_RUN, stop;

	while (i < end) {
		if (end - i >= sizeof(block) && put_block(to, p + i)) {
			to += sizeof(block);
			i += sizeof(block);
			continue;
		}
		stop = end - i < sizeof(block) ? end : i + sizeof(block);
		while (i < stop)
			to = put_one(to, p, n, &i);
	}
	*at = i;
	return to;
}

static void
put_utf8(struct line *l, const uint8_t *p, size_t n)
{
	uint8_t *start;
	size_t run;

	for (size_t at = 0; at < n && l->r == 0;) {
		/* the last character of a run may reach beyond it */
		run = (n - at < ESCAPE_RUN ? n - at : ESCAPE_RUN) + 4;
		if ((l->r = buf_reserve(l->out, ESCAPE_MAX * run, &start)) == 0)
			buf_commit(l->out, (size_t)(put_run(start, p, n, &at) - start));
	}
}

static void
put_lossy(struct line *l, const uint8_t *p, size_t n)
{
	while (n > 0 && l->r == 0) {
		uint32_t c;
		int len = utf8_decode(p, n, &c);

		if (len > 0) {
			put_utf8(l, p, (size_t)len);
		} else {
			put(l, "\xef\xbf\xbd");
			len = 1;
		}
		p += len;
		n -= (size_t)len;
	}
}

/* The check is much faster than the escaping, so it is made whatever the caller promised. */
static void
put_string(struct line *l, const void *p, size_t n)
{
	put(l, "\"");
	if (utf8_valid(p, n))
		put_utf8(l, p, n);
	else
		put_lossy(l, p, n);
	put(l, "\"");
}

static void
put_text_member(struct line *l, const char *name, const char *value)
{
	put(l, ",\"");
	put(l, name);
	put(l, "\":");
	put_string(l, value, strlen(value));
}

static void
put_time(struct line *l, const struct timespec *t)
{
	char stamp[STAMP_MAX];

	stamp_format(stamp, t);
	put(l, ",\"time\":\"");
	put(l, stamp);
	put(l, "\"");
}

static int
end_line(struct line *l, const struct jsonl_also *also)
{
	if (also != NULL && also->more)
		put(l, ",\"fin\":false");
	if (also != NULL && also->client != NULL)
		put_text_member(l, "client", also->client);
	if (also != NULL && also->time != NULL)
		put_time(l, also->time);
	put(l, "}\n");
	if (l->r != 0)
		buf_truncate(l->out, buf_len(l->out) - l->before);
	return l->r;
}

static void
put_data_text(struct line *l, const uint8_t *p, size_t n)
{
	put(l, ",\"data\":");
	put_string(l, p, n);
}

static void
put_data_base64(struct line *l, const uint8_t *p, size_t n)
{
	put(l, ",\"encoding\":\"base64\",\"data\":\"");
	if (l->r == 0)
		l->r = base64_put(l->out, p, n);
	put(l, "\"");
}

/* Nothing done is 0; a step that took no time worth a tenth is 0.0. */
static void
put_ms(struct line *l, const char *name, uint64_t ns)
{
	uint64_t tenths = ns / 100000 + (ns % 100000 >= 50000);

	if (l->r != 0)
		return;
	if (ns == 0)
		l->r = buf_putf(l->out, "\"%s\":0", name);
	else
		l->r =
		    buf_putf(l->out, "\"%s\":%" PRIu64 ".%" PRIu64, name, tenths / 10, tenths % 10);
}

int
jsonl_string(struct buf *out, const void *p, size_t n)
{
	struct line l = { out, buf_len(out), 0 };

	put_string(&l, p, n);
	if (l.r != 0)
		buf_truncate(out, buf_len(out) - l.before);
	return l.r;
}

int
jsonl_open(struct buf *out, const struct jsonl_open *open, const struct jsonl_also *also)
{
	struct line l = begin_line(out, "open");

	put_text_member(&l, "url", open->url);
	put_text_member(&l, "protocol", open->protocol);
	put_text_member(&l, "extensions", open->extensions);
	put(&l, ",\"readyState\":1");
	put_time(&l, &open->time);
	put(&l, ",\"timing\":{");
	put_ms(&l, "dns", open->timing.dns);
	put(&l, ",");
	put_ms(&l, "connect", open->timing.connect);
	put(&l, ",");
	put_ms(&l, "tls", open->timing.tls);
	put(&l, ",");
	put_ms(&l, "upgrade", open->timing.upgrade);
	put(&l, "}");
	return end_line(&l, also);
}

int
jsonl_state(struct buf *out, const struct jsonl_state *state, const struct jsonl_also *also)
{
	struct line l = begin_line(out, "state");

	put_text_member(&l, "url", state->url);
	if (l.r == 0)
		l.r = buf_putf(out, ",\"readyState\":%d", state->ready_state);
	put_text_member(&l, "protocol", state->protocol);
	put_text_member(&l, "extensions", state->extensions);
	if (l.r == 0)
		l.r = buf_putf(out, ",\"bufferedAmount\":%" PRIu64, state->buffered_amount);
	put_text_member(&l, "binaryType", state->binary_type);
	return end_line(&l, also);
}

/* The line of a text no longer than a run, with one call for room: there may be millions of them. */
static int
put_short_text(struct buf *out, const uint8_t *p, size_t n)
{
	static const char head[] = "{\"event\":\"message\",\"type\":\"text\",\"data\":\"";
	static const char tail[] = "\"}\n";
	uint8_t *start, *to;
	size_t at = 0;
	int r;

	if ((r = buf_reserve(out, sizeof head + ESCAPE_MAX * n + sizeof tail, &start)) != 0)
		return r;
	memcpy(start, head, sizeof head - 1);
	to = put_run(start + sizeof head - 1, p, n, &at);
	memcpy(to, tail, sizeof tail - 1);
	buf_commit(out, (size_t)(to - start) + sizeof tail - 1);
	return 0;
}

static int
put_message(struct buf *out, const char *event, bool text, const uint8_t *p, size_t n,
    const struct jsonl_also *also)
{
	struct line l = begin_line(out, event);

	put(&l, text ? ",\"type\":\"text\"" : ",\"type\":\"binary\"");
	if (text)
		put_data_text(&l, p, n);
	else
		put_data_base64(&l, p, n);
	return end_line(&l, also);
}

int
jsonl_saved(struct buf *out, const char *path, uint64_t size, const struct jsonl_also *also)
{
	struct line l = begin_line(out, "message");

	put(&l, ",\"type\":\"binary\"");
	put_text_member(&l, "file", path);
	if (l.r == 0)
		l.r = buf_putf(out, ",\"size\":%" PRIu64, size);
	return end_line(&l, also);
}

int
jsonl_send(struct buf *out, bool text, const uint8_t *p, size_t n, const struct jsonl_also *also)
{
	return put_message(out, "send", text, p, n, also);
}

int
jsonl_send_control(struct buf *out, const char *type, uint16_t code, const uint8_t *p, size_t n,
    const struct jsonl_also *also)
{
	struct line l = begin_line(out, "send");

	put_text_member(&l, "type", type);
	if (code != 0 && l.r == 0)
		l.r = buf_putf(out, ",\"code\":%u,\"reason\":", (unsigned)code);
	if (code != 0)
		put_string(&l, p, n);
	else if (utf8_valid(p, n))
		put_data_text(&l, p, n);
	else
		put_data_base64(&l, p, n);
	return end_line(&l, also);
}

int
jsonl_message(struct buf *out, bool text, const uint8_t *p, size_t n, const struct jsonl_also *also)
{
	if (text && also == NULL && n <= ESCAPE_RUN && utf8_valid(p, n))
		return put_short_text(out, p, n);
	return put_message(out, "message", text, p, n, also);
}

static int
put_control(
    struct buf *out, const char *event, const uint8_t *p, size_t n, const struct jsonl_also *also)
{
	struct line l = begin_line(out, event);

	if (utf8_valid(p, n))
		put_data_text(&l, p, n);
	else
		put_data_base64(&l, p, n);
	return end_line(&l, also);
}

int
jsonl_ping(struct buf *out, const uint8_t *p, size_t n, const struct jsonl_also *also)
{
	return put_control(out, "ping", p, n, also);
}

int
jsonl_pong(struct buf *out, const uint8_t *p, size_t n, const struct jsonl_also *also)
{
	return put_control(out, "pong", p, n, also);
}

int
jsonl_error(struct buf *out, const char *message, int exit, const struct jsonl_also *also)
{
	struct line l = begin_line(out, "error");

	put_text_member(&l, "message", message);
	if (l.r == 0)
		l.r = buf_putf(out, ",\"exit\":%d", exit);
	return end_line(&l, also);
}

int
jsonl_close(struct buf *out, uint16_t code, const char *reason, size_t n, bool was_clean,
    const struct jsonl_also *also)
{
	struct line l = begin_line(out, "close");

	if (l.r == 0)
		l.r = buf_putf(out, ",\"code\":%u,\"reason\":", (unsigned)code);
	put_string(&l, reason, n);
	put(&l, was_clean ? ",\"wasClean\":true" : ",\"wasClean\":false");
	put(&l, ",\"readyState\":3");
	return end_line(&l, also);
}
