/* A recording as a script: what was said is said again, what came is expected. */

#include <string.h>

#include "base/ascii.h"
#include "base/hex.h"
#include "endpoint/record_int.h"
#include "ui/show.h"
#include "ui/stamp.h"

int
record_wst_begin(struct buf *b)
{
	char stamp[STAMP_MAX];

	stamp_now(stamp);
	return buf_putf(b, "# recorded by wsx " WSX_VERSION ", %s\n", stamp);
}

/* The lines of a text after its first are indented. */
static int
put_text(struct buf *b, const uint8_t *p, size_t n)
{
	int r = 0;

	for (size_t i = 0; i < n && r == 0; i++)
		r = p[i] == '\n' ? buf_puts(b, "\n  ") : buf_putc(b, p[i]);
	return r;
}

int
record_wst_message(const struct record_said *said, struct buf *b)
{
	char mark = said->dir == WSX_SENT ? '>' : '<';
	int r;

	if (said->cut)
		return buf_putf(b, "# %c a message too long to be recorded\n", mark);
	if ((r = buf_putf(b, said->type == WSX_TEXT ? "%c " : "%cb ", mark)) != 0)
		return r;
	r = said->type == WSX_TEXT ? put_text(b, said->p, said->n) : hex_put(b, said->p, said->n);
	return r == 0 ? buf_putc(b, '\n') : r;
}

int
record_wst_control(enum control kind, uint16_t code, struct span data, struct buf *b)
{
	static const char *const names[] = { "ping", "pong", "close" };
	int r = buf_putf(b, "! %s", names[kind]);

	if (r == 0 && kind == CONTROL_CLOSE && code != 0)
		r = buf_putf(b, " %u", code);
	if (r == 0 && data.n > 0 && (r = buf_putc(b, ' ')) == 0)
		r = show_line(b, data.p, data.n);
	return r == 0 ? buf_putc(b, '\n') : r;
}

/* "@ URL", and the subprotocols that were offered. */
static int
put_url(const struct record_part *part, const struct event *e, struct buf *b)
{
	struct span head = { (const char *)buf_data(&part->request), buf_len(&part->request) };
	struct span line, name, value;
	int r = buf_putf(b, "@ %s", wsx_display_url(e->ws));

	while (r == 0 && record_next_line(&head, &line))
		if (record_field(line, &name, &value) &&
		    ascii_eq_nocase(name, span_str("Sec-WebSocket-Protocol")))
			r = buf_putf(b, " -s '%.*s'", (int)value.n, value.p);
	return r == 0 ? buf_putc(b, '\n') : r;
}

static int
put_open(const struct record_part *part, const struct event *e, struct buf *b)
{
	const char *protocol = wsx_protocol(e->ws);
	int r = put_url(part, e, b);

	if (r != 0)
		return r;
	return buf_putf(b, "= open%s%s\n", *protocol != '\0' ? " protocol " : "", protocol);
}

int
record_wst_event(struct record_part *part, const struct event *e, struct buf *b)
{
	int r = 0;

	switch (e->kind) {
	case EVENT_OPEN:
		part->begun = true;
		return put_open(part, e, b);
	case EVENT_CLOSE:
		if (!part->begun) {
			if (wsx_http_status(e->ws) == 0 || (r = put_url(part, e, b)) != 0)
				return r;
			return buf_putf(b, "= refused %d\n", wsx_http_status(e->ws));
		}
		part->begun = false;
		r = buf_putf(b, "= close %u", e->code);
		if (r == 0 && e->n > 0 && (r = buf_putc(b, ' ')) == 0)
			r = show_line(b, e->data, e->n);
		return r == 0 ? buf_putc(b, '\n') : r;
	case EVENT_HEAD:
	case EVENT_PING:
	case EVENT_PONG:
		return 0; /* answered without a word */
	case EVENT_ERROR:
		if ((r = buf_puts(b, "# ")) == 0 &&
		    (r = show_line(b, e->text, strlen(e->text))) == 0)
			r = buf_putc(b, '\n');
		return r;
	}
	return 0;
}
