#include "endpoint/trace.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/utf8.h"
#include "endpoint/side_file.h"
#include "ui/secret.h"
#include "ui/show.h"
#include "ui/stamp.h"

/* RFC 6455 5.2 */
enum { CONTINUATION = 0x0, TEXT = 0x1, BINARY = 0x2, CLOSE = 0x8, PING = 0x9, PONG = 0xa };

/* Of a stamp: the time of day, all that standard error needs. */
#define STAMP_DAY  11
#define STAMP_TIME 12

struct trace {
	const struct report *report;
	bool hex;
	struct side_file file;
	struct buf line; /* being put together */
};

/* The line in t->line goes to the file, made safe, and to standard error. */
static void
emit(struct trace *t, int level, bool timed)
{
	const uint8_t *p = buf_data(&t->line);
	size_t n = buf_len(&t->line);
	char stamp[STAMP_MAX];
	struct buf *b;
	int r;

	stamp_now(stamp);
	if (timed)
		report_detail(t->report, level, "%.*s %.*s", STAMP_TIME, stamp + STAMP_DAY, (int)n,
		    (const char *)p);
	else
		report_detail(t->report, level, "%.*s", (int)n, (const char *)p);
	if (!t->file.open)
		return;
	b = side_file_begin(&t->file);
	if ((r = buf_putf(b, "%s ", stamp)) == 0 && (r = show_line(b, p, n)) == 0)
		r = buf_putc(b, '\n');
	side_file_end(&t->file, r);
}

static char
mark(enum wsx_direction dir)
{
	return dir == WSX_SENT ? '>' : '<';
}

static int
put_who(struct buf *b, const char *who)
{
	return *who != '\0' ? buf_putf(b, "%s ", who) : 0;
}

/* Heads. */

int
trace_put_field(struct buf *b, const char *p, size_t n)
{
	const char *colon = memchr(p, ':', n);

	while (n > 0 && (p[n - 1] == '\r' || p[n - 1] == '\n'))
		n--;
	if (colon != NULL && secret_is_named(p, (size_t)(colon - p)))
		return buf_putf(b, "%.*s: ***", (int)(colon - p), p);
	return buf_put(b, p, n);
}

void
trace_text(struct trace *t, const char *who, enum wsx_direction dir, const char *p, size_t n)
{
	const char *end = p + n, *eol;
	size_t len;

	if (t->report->verbose < 1 && !t->file.open)
		return;
	for (; p < end; p = eol + 1) {
		if ((eol = memchr(p, '\n', (size_t)(end - p))) == NULL)
			eol = end;
		len = (size_t)(eol - p);
		if (len > 0 && p[len - 1] == '\r')
			len--;
		buf_reset(&t->line);
		if (len > 0 && buf_putf(&t->line, "%c ", mark(dir)) == 0 &&
		    put_who(&t->line, who) == 0 && trace_put_field(&t->line, p, len) == 0)
			emit(t, 1, false);
	}
}

/* Frames. */

static const char *
opcode_name(uint8_t opcode)
{
	switch (opcode) {
	case CONTINUATION:
		return "continuation";
	case TEXT:
		return "text";
	case BINARY:
		return "binary";
	case CLOSE:
		return "close";
	case PING:
		return "ping";
	case PONG:
		return "pong";
	default:
		return "reserved";
	}
}

static int
put_hex(struct buf *b, const uint8_t *p, size_t n)
{
	int r = 0;

	for (size_t i = 0; i < n && r == 0; i++)
		r = buf_putf(b, " %02x", p[i]);
	return r;
}

/* What may be text; a character that the start ends in is left out. */
static int
put_quoted(struct buf *b, const uint8_t *p, size_t n, bool cut)
{
	size_t k = cut ? utf8_cut(p, n) : n;
	int r;

	if (!utf8_valid(p, k))
		return put_hex(b, p, n);
	if ((r = buf_puts(b, " \"")) == 0 && (r = buf_put(b, p, k)) == 0)
		r = buf_puts(b, "\"");
	return r;
}

/* The start of a payload: nothing of it, if it is empty. */
static int
put_payload(struct buf *b, const struct wsx_frame *f, bool hex)
{
	bool cut = f->n < f->length;
	const uint8_t *p = f->data;
	size_t n = f->n;
	uint16_t code;
	int r = 0;

	if (f->opcode == CLOSE && n >= 2) {
		code = (uint16_t)load_be(p, 2);
		r = buf_putf(b, " %u", code);
		if (r == 0 && *wsx_close_name(code) != '\0')
			r = buf_putf(b, " (%s)", wsx_close_name(code));
		p += 2;
		n -= 2;
	}
	if (r == 0 && n > 0)
		r = hex ? put_hex(b, p, n) : put_quoted(b, p, n, cut);
	return r == 0 && cut ? buf_puts(b, " ...") : r;
}

static int
put_frame(
    struct buf *b, enum wsx_direction dir, const char *who, const struct wsx_frame *f, bool hex)
{
	int r;

	if ((r = buf_putf(b, "%c ", mark(dir))) != 0 || (r = put_who(b, who)) != 0)
		return r;
	r = buf_putf(b, "%s%s%s%s %llu byte%s", opcode_name(f->opcode), f->fin ? " fin" : "",
	    f->rsv1 ? " rsv1" : "", f->masked ? " masked" : "", (unsigned long long)f->length,
	    f->length == 1 ? "" : "s");
	return r == 0 ? put_payload(b, f, hex) : r;
}

bool
trace_wants_frames(const struct trace *t)
{
	return t->file.open || t->report->verbose >= 2;
}

void
trace_frame(struct trace *t, const char *who, enum wsx_direction dir, const struct wsx_frame *frame,
    bool bytes)
{
	buf_reset(&t->line);
	if (put_frame(&t->line, dir, who, frame, t->hex || bytes) == 0)
		emit(t, 2, true);
}

int
trace_new(const struct env *env, const char *path, bool hex, struct trace **trace)
{
	struct trace *t;
	int r;

	if ((t = mem_new(&mem_libc, sizeof *t)) == NULL)
		return WSX_ERR_NOMEM;
	t->report = env->report;
	t->hex = hex;
	buf_init(&t->line, &mem_libc, SIZE_MAX);
	if (path != NULL && (r = side_file_open(&t->file, env, path)) != 0) {
		mem_free(&mem_libc, t);
		return r;
	}
	*trace = t;
	return 0;
}

void
trace_start(struct trace *t)
{
	if (t != NULL)
		side_file_start(&t->file);
}

bool
trace_free(struct trace *t)
{
	bool whole;

	if (t == NULL)
		return true;
	whole = side_file_close(&t->file);
	buf_clear(&t->line);
	mem_free(&mem_libc, t);
	return whole;
}
