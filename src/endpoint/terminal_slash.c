/* What commands have the session do. */

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "endpoint/terminal_int.h"
#include "endpoint/trace.h"

/* A head of HTTP is much shorter, or refused. */
#define HEADS_MAX ((size_t)256 << 10)

void
terminal_slash_init(struct terminal *t)
{
	buf_init(&t->heads, &mem_libc, HEADS_MAX);
}

void
terminal_keep_head(struct terminal *t, const struct event *e)
{
	const char *p = (const char *)e->data, *end = p + e->n, *eol;

	if (e->dir == WSX_SENT)
		buf_reset(&t->heads);
	for (; p < end; p = eol + 1) {
		if ((eol = memchr(p, '\n', (size_t)(end - p))) == NULL)
			eol = end;
		if (buf_putf(&t->heads, "%c ", e->dir == WSX_SENT ? '>' : '<') != 0 ||
		    trace_put_field(&t->heads, p, (size_t)(eol - p)) != 0 ||
		    buf_putc(&t->heads, '\n') != 0)
			return;
	}
}

void
terminal_tell_pong(struct terminal *t, const struct event *e)
{
	struct span data = { (const char *)e->data, e->n };
	unsigned speaker = pump_speaker(&t->ep).number;
	uint64_t now = loop_now(t->env->loop), ns;

	if (speaker > 0 && round_trip_pong_of_many(&t->round_trip, data, now, &ns))
		report_notice(
		    t->env->report, "Pong of client %u after %.1f ms", speaker, (double)ns / 1e6);
	else if (speaker == 0 && round_trip_pong(&t->round_trip, data, now, &ns))
		report_notice(t->env->report, "Pong after %.1f ms", (double)ns / 1e6);
}

/* Without data it gets a number, by which its Pong is known from those of other Pings. */
static int
ping(struct endpoint *ep, struct span data)
{
	struct terminal *t = (struct terminal *)ep;
	char number[24];
	int r;

	if (data.n == 0) {
		snprintf(number, sizeof number, "%" PRIu64, t->round_trip.sent + 1);
		data = span_str(number);
	}
	if ((r = pump_control(ep, CONTROL_PING, 0, data)) == 0)
		round_trip_ping(&t->round_trip, data, loop_now(t->env->loop));
	return r;
}

struct report
terminal_asked(const struct terminal *t)
{
	struct report report = *t->env->report;

	report.quiet = false;
	return report;
}

static void
show_headers(struct endpoint *ep)
{
	struct terminal *t = (struct terminal *)ep;
	const struct report asked = terminal_asked(t);
	const char *p, *end, *eol;

	if (buf_len(&t->heads) == 0) {
		report_error(&asked, "/headers: there is no connection of this session's own");
		return;
	}
	p = (const char *)buf_data(&t->heads);
	for (end = p + buf_len(&t->heads); p < end; p = eol + 1) {
		if ((eol = memchr(p, '\n', (size_t)(end - p))) == NULL)
			eol = end; /* there was no room for all of it */
		if (eol - p > 2) /* the empty line that ends a head */
			report_notice(&asked, "%.*s", (int)(eol - p), p);
	}
}

static uint64_t
round_trip(const struct endpoint *ep)
{
	return ((const struct terminal *)ep)->round_trip.last;
}

static void
finish(struct endpoint *ep)
{
	terminal_send_finish((struct terminal *)ep);
}

static const struct slash_host host = {
	.send = terminal_send,
	.send_file = terminal_send_file,
	.ping = ping,
	.finish = finish,
	.round_trip = round_trip,
	.headers = show_headers,
	.last = terminal_last_show,
	.save = terminal_last_save,
};

void
terminal_take_line(struct terminal *t, const uint8_t *p, size_t n)
{
	struct span text = slash_text(p, n);
	const struct slash_session session = {
		.report = t->env->report,
		.ep = &t->ep,
		.host = &host,
		.binary = &t->config.binary,
		.pretty = &t->config.pretty,
	};

	history_file_add(t->config.history, (const char *)p, n);
	suggest_line(&t->suggest, (const char *)p, n);
	if (slash_is_command(p, n))
		slash_run(&session, p, n);
	else
		terminal_send_line(t, (const uint8_t *)text.p, text.n);
}
