#include "ui/jsonl.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "base/base64.h"
#include "base/utf8.h"
#include "ui/show.h"

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

static int
end_line(struct line *l)
{
	put(l, "}\n");
	if (l->r != 0)
		buf_truncate(l->out, buf_len(l->out) - l->before);
	return l->r;
}

/*
 * True for a byte that stands in a JSON string as it is (RFC 8259 7), or in a character that
 * does: not for the first byte of those that could drive or confuse a terminal (ui/show.h).
 */
static bool
is_plain(uint8_t c)
{
	switch (c) {
	case '"':
	case '\\':
	case 0x7f:
	case 0xc2: /* C1 controls, soft hyphen */
	case 0xcd: /* U+034F */
	case 0xd8: /* U+061C */
	case 0xe1: /* U+115F to U+180E */
	case 0xe2: /* U+200B to U+206F */
	case 0xe3: /* U+3164 */
	case 0xef: /* U+FEFF to U+FFFB */
	case 0xf3: /* tags */
		return false;
	default:
		return c >= 0x20;
	}
}

static size_t
plain_run(const uint8_t *p, size_t n)
{
	size_t i = 0;

	while (i < n && is_plain(p[i]))
		i++;
	return i;
}

static void
put_unit(struct line *l, uint32_t unit)
{
	if (l->r == 0)
		l->r = buf_putf(l->out, "\\u%04x", unit);
}

static void
put_escape(struct line *l, uint8_t c)
{
	static const char *const shorts[0x20] = {
		['\b'] = "\\b", ['\t'] = "\\t", ['\n'] = "\\n", ['\f'] = "\\f", ['\r'] = "\\r"
	};

	if (c == '"')
		put(l, "\\\"");
	else if (c == '\\')
		put(l, "\\\\");
	else if (c < 0x20 && shorts[c] != NULL)
		put(l, shorts[c]);
	else
		put_unit(l, c);
}

/* A character of more than one byte, of which there are n left. Its length. */
static size_t
put_wide(struct line *l, const uint8_t *p, size_t n)
{
	uint32_t c;
	int len = utf8_decode(p, n, &c);

	assert(len > 0); /* the text is valid */
	if (!show_is_hidden(c)) {
		put_raw(l, (const char *)p, (size_t)len);
	} else if (c <= 0xffff) {
		put_unit(l, c);
	} else {
		put_unit(l, 0xd800 + ((c - 0x10000) >> 10));
		put_unit(l, 0xdc00 + ((c - 0x10000) & 0x3ff));
	}
	return (size_t)len;
}

static void
put_utf8(struct line *l, const uint8_t *p, size_t n)
{
	while (n > 0 && l->r == 0) {
		size_t run = plain_run(p, n);

		put_raw(l, (const char *)p, run);
		if (run < n && p[run] >= 0x80)
			run += put_wide(l, p + run, n - run);
		else if (run < n)
			put_escape(l, p[run++]);
		p += run;
		n -= run;
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

static void
put_time(struct line *l, const struct timespec *t)
{
	struct tm tm;
	char day[64];

	if (gmtime_r(&t->tv_sec, &tm) == NULL)
		assert(false); /* a clock past the year 2^31 */
	strftime(day, sizeof day, "%Y-%m-%dT%H:%M:%S", &tm);
	if (l->r == 0)
		l->r = buf_putf(l->out, ",\"time\":\"%s.%03ldZ\"", day, t->tv_nsec / 1000000);
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
jsonl_open(struct buf *out, const struct jsonl_open *open)
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
	return end_line(&l);
}

int
jsonl_message(struct buf *out, bool text, const uint8_t *p, size_t n)
{
	struct line l = begin_line(out, "message");

	if (text) {
		put(&l, ",\"type\":\"text\"");
		put_data_text(&l, p, n);
	} else {
		put(&l, ",\"type\":\"binary\"");
		put_data_base64(&l, p, n);
	}
	return end_line(&l);
}

static int
put_control(struct buf *out, const char *event, const uint8_t *p, size_t n)
{
	struct line l = begin_line(out, event);

	if (utf8_valid(p, n))
		put_data_text(&l, p, n);
	else
		put_data_base64(&l, p, n);
	return end_line(&l);
}

int
jsonl_ping(struct buf *out, const uint8_t *p, size_t n)
{
	return put_control(out, "ping", p, n);
}

int
jsonl_pong(struct buf *out, const uint8_t *p, size_t n)
{
	return put_control(out, "pong", p, n);
}

int
jsonl_error(struct buf *out, const char *message, int exit)
{
	struct line l = begin_line(out, "error");

	put_text_member(&l, "message", message);
	if (l.r == 0)
		l.r = buf_putf(out, ",\"exit\":%d", exit);
	return end_line(&l);
}

int
jsonl_close(struct buf *out, uint16_t code, const char *reason, size_t n, bool was_clean)
{
	struct line l = begin_line(out, "close");

	if (l.r == 0)
		l.r = buf_putf(out, ",\"code\":%u,\"reason\":", (unsigned)code);
	put_string(&l, reason, n);
	put(&l, was_clean ? ",\"wasClean\":true" : ",\"wasClean\":false");
	put(&l, ",\"readyState\":3");
	return end_line(&l);
}
