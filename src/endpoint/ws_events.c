/* What the core says, in words for people and as events for the peer. */

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "endpoint/notice.h"
#include "endpoint/trace.h"
#include "endpoint/ws_int.h"

/* Telling. */

static void
tell_event(struct ws *ws, const struct event *event)
{
	if (ws->record != NULL)
		record_event(ws->record, event);
	pump_event(&ws->ep, event);
}

/* What an ending becomes where something was expected. */
static enum ending
judged(const struct ws *ws, enum ending ending)
{
	const struct expect *expect = ws->policy.expect;

	return expect != NULL ? expect_judge(expect, ending) : ending;
}

static void
say(struct ws *ws, enum ending ending, bool failure, const char *text)
{
	struct event event = { .kind = EVENT_ERROR, .ws = ws->core, .ending = judged(ws, ending) };
	char line[1024];

	if (ws->told || ws->leaving || ws->done)
		return;
	ws->told = true;
	ws->ending = ending;
	snprintf(line, sizeof line, "%s: %s", ws->name, text);
	if (ws_retries_quietly(ws)) {
		report_detail(ws->env->report, 1, "* %s; trying again", text);
		return;
	}
	report_error(ws->env->report, "%s", line);
	if (failure && !ws_retries(ws)) {
		event.text = line;
		tell_event(ws, &event);
	}
}

void
ws_tell(struct ws *ws, enum ending ending, const char *fmt, ...)
{
	char text[700];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	say(ws, ending, true, text);
}

void
ws_note(struct ws *ws, enum ending ending, const char *fmt, ...)
{
	char text[700];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	say(ws, ending, false, text);
}

/* Handlers. */

static void
on_open(struct wsx *core, void *arg)
{
	struct ws *ws = arg;
	struct event event = { .kind = EVENT_OPEN, .ws = core };

	ws->timing.upgrade = loop_now(ws->env->loop) - ws->connected_at;
	event.timing = ws->timing;
	if (ws->client)
		report_detail(ws->env->report, 1,
		    "* open: name %.1f ms, connect %.1f ms, TLS %.1f ms, upgrade %.1f ms",
		    (double)ws->timing.dns / 1e6, (double)ws->timing.connect / 1e6,
		    (double)ws->timing.tls / 1e6, (double)ws->timing.upgrade / 1e6);
	ws_opened(ws);
	tell_event(ws, &event);
	if (ws->policy.expect != NULL) {
		expect_opened(ws->policy.expect);
		if (expect_refusal(ws->policy.expect)) /* which can not come any more */
			ws_close_normally(ws);
	}
	ws_end_input(ws);
	pump_wake(&ws->ep);
}

size_t
ws_count(const struct wsx_piece *pieces, size_t n, uint64_t *received, uint64_t count)
{
	for (size_t i = 0; i < n && count > 0; i++)
		if (pieces[i].last && ++*received == count)
			return i + 1;
	return n;
}

/* How many of the messages are wanted: up to the last that was expected, which sets *met. */
static size_t
count_expected(struct ws *ws, const struct wsx_piece *pieces, size_t n, bool *met)
{
	struct expect *expect = ws->policy.expect;

	*met = false;
	for (size_t i = 0; i < n && expect != NULL; i++) {
		expect_message(expect, pieces[i].data, pieces[i].n);
		if ((*met = expect_met(expect)))
			return i + 1;
	}
	return n;
}

static void
on_message(struct wsx *core, const struct wsx_piece *pieces, size_t n, void *arg)
{
	struct ws *ws = arg;
	bool met;

	if (ws->done || ws->leaving)
		return;
	ws_active(ws);
	n = ws_count(pieces, n, &ws->received, ws->policy.count);
	n = count_expected(ws, pieces, n, &met);
	if (ws->record != NULL)
		record_pieces(ws->record, WSX_RECEIVED, pieces, n);
	pump_put(&ws->ep, pieces, n);
	if (met || (ws->policy.count > 0 && ws->received == ws->policy.count)) {
		ws_close_normally(ws);
		ws->done = true;
	} else if (!pump_ready(&ws->ep)) {
		wsx_pause(core);
	}
}

static void
on_control(struct ws *ws, enum event_kind kind, const uint8_t *data, size_t n)
{
	struct event event = { .kind = kind, .ws = ws->core, .data = data, .n = n };

	tell_event(ws, &event);
}

static void
on_ping(struct wsx *core, const uint8_t *data, size_t n, void *arg)
{
	(void)core;
	on_control(arg, EVENT_PING, data, n);
}

static void
on_pong(struct wsx *core, const uint8_t *data, size_t n, void *arg)
{
	(void)core;
	ws_life_pong(arg);
	on_control(arg, EVENT_PONG, data, n);
}

/* Bytes of a refusal's body that go with its status, in the same line. */
#define SAID_MAX 160

/*
 * The first line of a refusal's body, where that is text to be read: its length. Markup is for
 * browsers.
 */
static size_t
first_line(const char **p, size_t n)
{
	size_t k = 0;

	for (; n > 0 && strchr(" \t\r\n", **p) != NULL && **p != '\0'; n--)
		++*p;
	if (n == 0 || **p == '<')
		return 0;
	while (k < n && (*p)[k] != '\n' && (*p)[k] != '\r')
		k++;
	if (k > SAID_MAX)
		k = utf8_cut((const uint8_t *)*p, SAID_MAX);
	return utf8_valid((const uint8_t *)*p, k) ? k : 0;
}

static void
tell_refusal(struct ws *ws, const char *why)
{
	const uint8_t *body;
	const char *said;
	size_t n, k;

	wsx_body(ws->core, &body, &n);
	said = (const char *)body;
	if (ws->env->trace != NULL)
		trace_text(ws->env->trace, ws->who, WSX_RECEIVED, said, n);
	k = first_line(&said, n);
	n -= (size_t)(said - (const char *)body); /* without the blanks it began with */
	while (n > k && strchr(" \t\r\n", said[n - 1]) != NULL && said[n - 1] != '\0')
		n--;
	ws_tell(ws, ENDED_HANDSHAKE, "%s%s%.*s%s", why, k > 0 ? ": " : "", (int)k, said,
	    n > k && ws->env->report->verbose == 0 ? "; -v shows its answer" : "");
}

static void
on_error(struct wsx *core, enum wsx_failure kind, const char *why, void *arg)
{
	static const enum ending endings[] = {
		[WSX_FAIL_HANDSHAKE] = ENDED_HANDSHAKE,
		[WSX_FAIL_PROTOCOL] = ENDED_PROTOCOL,
		[WSX_FAIL_LIMIT] = ENDED_PROTOCOL,
		[WSX_FAIL_LOCAL] = ENDED_LOCAL,
	};
	struct ws *ws = arg;

	if (kind == WSX_FAIL_HANDSHAKE && ws->policy.expect != NULL && wsx_http_status(core) != 0) {
		expect_refused(ws->policy.expect, wsx_http_status(core));
		ws->done = expect_met(ws->policy.expect); /* and is no failure */
	}
	if (kind == WSX_FAIL_HANDSHAKE)
		tell_refusal(ws, why);
	else
		ws_tell(ws, endings[kind], "%s", why);
}

/* The peer closed with a code that scripts should not take for success. */
static void
tell_code(struct ws *ws, const struct wsx_close_event *event)
{
	const char *name = wsx_close_name(event->code);

	ws_note(ws, ENDED_CLOSED, "closed by the %s with code %u%s%s%s%s%.*s",
	    ws->client ? "server" : "client", event->code, *name ? " (" : "", name,
	    *name ? ")" : "", event->reason_n > 0 ? ": " : "", (int)event->reason_n, event->reason);
}

/* What is cut off after a time of silence was cut by something on the way, more often than not. */
static void
tell_lost(struct ws *ws)
{
	uint64_t quiet_s = (loop_now(ws->env->loop) - ws->activity) / 1000000000;

	if (ws->lost[0] != '\0')
		ws_note(ws, ENDED_LOST, "connection lost: %s", ws->lost);
	else if (ws->opened && quiet_s > 0)
		ws_note(ws, ENDED_LOST,
		    "connection lost: it ended without a Close after %llu s without a message",
		    (unsigned long long)quiet_s);
	else
		ws_note(ws, ENDED_LOST, "connection lost: it ended without a Close");
}

/* -v: "* sent 2 messages of 4096 bytes, 512 on the wire (12%)". */
static void
tell_traffic(const struct ws *ws, enum wsx_direction dir, const char *what)
{
	char text[NOTICE_TRAFFIC_MAX];

	if (wsx_traffic(ws->core, dir).messages > 0)
		report_detail(
		    ws->env->report, 1, "* %s %s", what, notice_traffic(ws->core, dir, text));
}

/* What was expected and did not come is an event; standard error is told at the very end. */
static void
tell_unmet(struct ws *ws)
{
	struct event event = { .kind = EVENT_ERROR, .ws = ws->core, .ending = ENDED_EXPECTATION };
	char why[EXPECT_TOLD_MAX];

	if (ws_retries(ws) || judged(ws, ws->ending) != ENDED_EXPECTATION)
		return;
	expect_why(ws->policy.expect, why);
	event.text = why;
	tell_event(ws, &event);
}

/* Fewer messages than were wanted are no failure, but not what was asked for either. */
static void
tell_count(const struct ws *ws)
{
	if (ws->opened && ws->policy.count > 0 && !ws->done && !ws->leaving && !ws_retries(ws))
		report_error(ws->env->report,
		    "warning: %s: %llu of the %llu messages to count came", ws->name,
		    (unsigned long long)ws->received, (unsigned long long)ws->policy.count);
}

static void
on_close(struct wsx *core, const struct wsx_close_event *event, void *arg)
{
	struct ws *ws = arg;
	struct event told = {
		.kind = EVENT_CLOSE,
		.ws = core,
		.data = (const uint8_t *)event->reason,
		.n = event->reason_n,
		.code = event->code,
		.was_clean = event->was_clean,
	};
	bool normal = event->code == WSX_CLOSE_NORMAL || event->code == WSX_CLOSE_GOING_AWAY ||
		      event->code == WSX_CLOSE_NO_STATUS;

	if (ws->policy.expect != NULL && ws->opened && !ws->we_closed && !ws->leaving) {
		expect_closed(ws->policy.expect, event->code);
		ws->done |= expect_met(ws->policy.expect);
	}
	if (event->was_clean && !ws->we_closed && !normal)
		tell_code(ws, event);
	else if (!event->was_clean && ws->we_closed)
		ws_note(ws, ENDED_LOST, "the %s did not answer our Close",
		    ws->client ? "server" : "client");
	else if (!event->was_clean)
		tell_lost(ws);
	tell_traffic(ws, WSX_SENT, "sent");
	tell_traffic(ws, WSX_RECEIVED, "received");
	tell_count(ws);
	if (ws->opened || !ws_retries(ws)) { /* one attempt of many is not told of */
		tell_unmet(ws);
		tell_event(ws, &told);
	}
}

static void
on_head(struct wsx *core, enum wsx_direction dir, const char *p, size_t n, void *arg)
{
	struct ws *ws = arg;
	struct event event = {
		.kind = EVENT_HEAD, .ws = core, .dir = dir, .data = (const uint8_t *)p, .n = n
	};

	if (ws->env->trace != NULL)
		trace_text(ws->env->trace, ws->who, dir, p, n);
	if (ws->record != NULL)
		record_head(ws->record, dir, p, n);
	pump_event(&ws->ep, &event);
}

/* RFC 6455 5.2 */
enum { TEXT = 0x1, BINARY = 0x2 };

static void
on_frame(struct wsx *core, enum wsx_direction dir, const struct wsx_frame *frame, void *arg)
{
	struct ws *ws = arg;

	(void)core;
	if (frame->opcode == TEXT || frame->opcode == BINARY)
		ws->bytes[dir] = frame->rsv1 || frame->opcode == BINARY;
	trace_frame(ws->env->trace, ws->who, dir, frame, frame->opcode <= BINARY && ws->bytes[dir]);
}

struct wsx_handlers
ws_handlers(const struct env *env)
{
	return (struct wsx_handlers){
		.open = on_open,
		.message = on_message,
		.error = on_error,
		.close = on_close,
		.ping = on_ping,
		.pong = on_pong,
		.head = on_head,
		/* which costs something even where nobody listens */
		.frame = env->trace != NULL && trace_wants_frames(env->trace) ? on_frame : NULL,
	};
}
