/*
 * HTTP Archive 1.2: an entry a connection, its messages in _webSocketMessages as browsers'
 * developer tools write and read them. It is written as it happens, and ended at the end.
 */

#include <stdio.h>
#include <string.h>

#include "base/base64.h"
#include "endpoint/record_int.h"
#include "ui/jsonl.h"
#include "ui/secret.h"
#include "ui/stamp.h"

int
record_har_begin(struct record *r, struct buf *b)
{
	(void)r;
	return buf_puts(b, "{\"log\":{\"version\":\"1.2\",\"creator\":{\"name\":\"wsx\","
			   "\"version\":\"" WSX_VERSION "\"},\"entries\":[");
}

int
record_har_end(struct record *r, struct buf *b)
{
	(void)r;
	return buf_puts(b, "\n]}}\n");
}

static int
put_string(struct buf *b, struct span s)
{
	return jsonl_string(b, s.p, s.n);
}

static int
put_pair(struct buf *b, bool comma, struct span name, struct span value)
{
	int r = buf_puts(b, comma ? ",{\"name\":" : "{\"name\":");

	if (r == 0 && (r = put_string(b, name)) == 0 && (r = buf_puts(b, ",\"value\":")) == 0)
		r = put_string(b, secret_is_named(name.p, name.n) ? span_str("***") : value);
	return r == 0 ? buf_putc(b, '}') : r;
}

/* "headers":[...], of what follows the first line. */
static int
put_headers(struct buf *b, struct span head)
{
	struct span line, name, value;
	bool comma = false;
	int r = buf_puts(b, "\"headers\":[");

	while (r == 0 && record_next_line(&head, &line))
		if (record_field(line, &name, &value)) {
			r = put_pair(b, comma, name, value);
			comma = true;
		}
	return r == 0 ? buf_puts(b, "],\"cookies\":[]") : r;
}

/* "queryString":[...], each pair as it stands in the URL. */
static int
put_query(struct buf *b, const char *url)
{
	struct span rest = span_str(url), pair, name;
	const char *mark = memchr(rest.p, '?', rest.n), *end;
	bool comma = false;
	int r = buf_puts(b, "\"queryString\":[");

	rest = mark != NULL ? span_str(mark + 1) : (struct span){ url, 0 };
	while (r == 0 && rest.n > 0) {
		end = memchr(rest.p, '&', rest.n);
		pair = (struct span){ rest.p, end != NULL ? (size_t)(end - rest.p) : rest.n };
		rest.n -= pair.n + (end != NULL);
		rest.p += pair.n + (end != NULL);
		mark = memchr(pair.p, '=', pair.n);
		name = (struct span){ pair.p, mark != NULL ? (size_t)(mark - pair.p) : pair.n };
		pair.n -= name.n + (mark != NULL);
		pair.p += name.n + (mark != NULL);
		r = put_pair(b, comma, name, pair);
		comma = true;
	}
	return r == 0 ? buf_puts(b, "]") : r;
}

/* The reason phrase of a status line: what follows its second blank. */
static struct span
phrase_of(struct span line)
{
	for (int blanks = 0; line.n > 0 && blanks < 2; line.p++, line.n--)
		blanks += *line.p == ' ';
	return line;
}

static int
put_request(struct record_part *part, const struct wsx *ws, struct buf *b)
{
	struct span head = { (const char *)buf_data(&part->request), buf_len(&part->request) };
	const char *url = wsx_display_url(ws);
	size_t size = head.n;
	int r;

	if ((r = buf_puts(b, "\"request\":{\"method\":\"GET\",\"url\":")) != 0 ||
	    (r = put_string(b, span_str(url))) != 0 ||
	    (r = buf_puts(b, ",\"httpVersion\":\"HTTP/1.1\",")) != 0 ||
	    (r = put_headers(b, head)) != 0 || (r = buf_putc(b, ',')) != 0 ||
	    (r = put_query(b, url)) != 0)
		return r;
	return buf_putf(b, ",\"headersSize\":%zu,\"bodySize\":0}", size);
}

static int
put_response(struct record_part *part, const struct wsx *ws, struct buf *b)
{
	struct span head = { (const char *)buf_data(&part->response), buf_len(&part->response) };
	struct span line = { head.p, 0 };
	size_t size = head.n;
	int r;

	if (head.n > 0)
		(void)record_next_line(&head, &line);
	if ((r = buf_putf(
		 b, ",\"response\":{\"status\":%d,\"statusText\":", wsx_http_status(ws))) != 0 ||
	    (r = put_string(b, phrase_of(line))) != 0 ||
	    (r = buf_puts(b, ",\"httpVersion\":\"HTTP/1.1\",")) != 0 ||
	    (r = put_headers(b, head)) != 0)
		return r;
	return buf_putf(b,
	    ",\"content\":{\"size\":0,\"mimeType\":\"x-unknown\"},\"redirectURL\":\"\","
	    "\"headersSize\":%zu,\"bodySize\":0}",
	    size);
}

/* An entry up to its messages. */
static int
begin_entry(struct record_part *part, const struct wsx *ws, struct buf *b)
{
	char stamp[STAMP_MAX];
	int r;

	stamp_format(stamp, &part->started);
	r = buf_putf(b, "%s\n{\"startedDateTime\":\"%s\",", part->record->any ? "," : "", stamp);
	part->record->any = part->begun = true;
	part->comma = false;
	if (r == 0 && (r = put_request(part, ws, b)) == 0 && (r = put_response(part, ws, b)) == 0)
		r = buf_puts(b, ",\"cache\":{},\"_resourceType\":\"websocket\","
				"\"_webSocketMessages\":[");
	return r;
}

static double
to_ms(uint64_t ns)
{
	return (double)ns / 1e6;
}

int
record_har_part_end(struct record_part *part, struct buf *b)
{
	const struct open_timing *t = &part->timing;
	struct timespec now;
	double ms, ssl = t->tls > 0 ? to_ms(t->tls) : -1; /* it does not apply */

	if (!part->begun)
		return 0;
	part->begun = false;
	clock_gettime(CLOCK_REALTIME, &now);
	ms = (double)(now.tv_sec - part->started.tv_sec) * 1e3 +
	     (double)(now.tv_nsec - part->started.tv_nsec) / 1e6;
	/* of the times of an archive connect includes ssl */
	return buf_putf(b,
	    "],\"time\":%.3f,\"timings\":{\"blocked\":-1,\"dns\":%.3f,\"connect\":%.3f,\"ssl\":%."
	    "3f,"
	    "\"send\":0,\"wait\":%.3f,\"receive\":0}}",
	    ms > 0 ? ms : 0, to_ms(t->dns), to_ms(t->connect + t->tls), ssl, to_ms(t->upgrade));
}

int
record_har_event(struct record_part *part, const struct event *e, struct buf *b)
{
	int r = 0;

	if (e->kind == EVENT_OPEN)
		return begin_entry(part, e->ws, b);
	if (e->kind != EVENT_CLOSE)
		return 0;
	if (!part->begun && buf_len(&part->request) > 0) /* it was refused */
		r = begin_entry(part, e->ws, b);
	buf_reset(&part->request);
	return r == 0 ? record_har_part_end(part, b) : r;
}

int
record_har_message(struct record_part *part, const struct record_said *said, struct buf *b)
{
	struct timespec now;
	int r;

	clock_gettime(CLOCK_REALTIME, &now);
	r = buf_putf(b, "%s\n{\"type\":\"%s\",\"time\":%lld.%06ld,\"opcode\":%d,%s\"data\":",
	    part->comma ? "," : "", said->dir == WSX_SENT ? "send" : "receive",
	    (long long)now.tv_sec, now.tv_nsec / 1000, (int)said->type,
	    said->cut ? "\"_truncated\":true," : "");
	part->comma = true;
	if (r != 0)
		return r;
	if (said->type == WSX_TEXT) {
		r = jsonl_string(b, said->p, said->n);
	} else if ((r = buf_putc(b, '"')) == 0 && (r = base64_put(b, said->p, said->n)) == 0) {
		r = buf_putc(b, '"');
	}
	return r == 0 ? buf_putc(b, '}') : r;
}
