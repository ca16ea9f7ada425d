#include "endpoint/slash.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/ascii.h"
#include "base/hex.h"
#include "base/mem.h"
#include "base/num.h"
#include "endpoint/notice.h"
#include "endpoint/pump.h"

struct slash {
	const char *name, *args;
	void (*run)(const struct slash_session *s, struct span rest);
	const char *help;
};

static void run_ping(const struct slash_session *s, struct span rest);
static void run_pong(const struct slash_session *s, struct span rest);
static void run_close(const struct slash_session *s, struct span rest);
static void run_file(const struct slash_session *s, struct span rest);
static void run_hex(const struct slash_session *s, struct span rest);
static void run_text(const struct slash_session *s, struct span rest);
static void run_binary(const struct slash_session *s, struct span rest);
static void run_pretty(const struct slash_session *s, struct span rest);
static void run_status(const struct slash_session *s, struct span rest);
static void run_help(const struct slash_session *s, struct span rest);

static const struct slash commands[] = {
	{ "ping", "[DATA]", run_ping, "send a ping, and tell when it is answered" },
	{ "pong", "[DATA]", run_pong, "send a pong" },
	{ "close", "[CODE [REASON]]", run_close, "close the connection" },
	{ "file", "PATH", run_file, "send a file as one binary message" },
	{ "hex", "BYTES", run_hex, "send these bytes as a binary message" },
	{ "text", "", run_text, "send what is typed as text, as at first" },
	{ "binary", "", run_binary, "send what is typed as binary messages" },
	{ "pretty", "", run_pretty, "lay out JSON that comes, or show it as it came" },
	{ "status", "", run_status, "the state of the connection, and what went over it" },
	{ "help", "", run_help, "these commands" },
};

bool
slash_is_command(const uint8_t *p, size_t n)
{
	return n >= 1 && p[0] == '/' && (n == 1 || p[1] != '/');
}

const char *
slash_name(size_t i)
{
	return i < sizeof commands / sizeof *commands ? commands[i].name : NULL;
}

const char *
slash_args(size_t i)
{
	return i < sizeof commands / sizeof *commands ? commands[i].args : NULL;
}

struct span
slash_text(const uint8_t *p, size_t n)
{
	if (n >= 2 && p[0] == '/' && p[1] == '/')
		return (struct span){ (const char *)p + 1, n - 1 };
	return (struct span){ (const char *)p, n };
}

static void
tell_traffic(
    const struct report *report, const struct wsx *ws, enum wsx_direction dir, const char *what)
{
	char text[NOTICE_TRAFFIC_MAX];

	report_notice(report, "%s: %s", what, notice_traffic(ws, dir, text));
}

/* What a control frame could not be sent for. */
static void
refuse(const struct slash_session *s, int r, const char *argument)
{
	if (r < 0)
		report_error(s->report, "%s", r == WSX_ERR_ARGUMENT ? argument : wsx_strerror(r));
}

static void
run_ping(const struct slash_session *s, struct span rest)
{
	int r = pump_control(s->ep, CONTROL_PING, 0, rest);

	if (r == 0)
		s->pinged(s->ep);
	refuse(s, r, "a ping has at most 125 bytes");
}

static void
run_pong(const struct slash_session *s, struct span rest)
{
	refuse(s, pump_control(s->ep, CONTROL_PONG, 0, rest), "a pong has at most 125 bytes");
}

static void
run_close(const struct slash_session *s, struct span rest)
{
	static const char what[] =
	    "/close takes the code 1000 or one from 3000 to 4999, and at most "
	    "123 bytes of reason";
	size_t n = 0;
	uint64_t code = WSX_CLOSE_NORMAL;
	struct span number;

	while (n < rest.n && rest.p[n] != ' ')
		n++;
	number = (struct span){ rest.p, n };
	if (n > 0 && (!num_parse_u64(number, UINT16_MAX, &code) || code == 0)) {
		report_error(s->report, "%s", what);
		return;
	}
	rest = ascii_trim((struct span){ rest.p + n, rest.n - n });
	refuse(s, pump_control(s->ep, CONTROL_CLOSE, (uint16_t)code, rest), what);
}

static void
run_file(const struct slash_session *s, struct span rest)
{
	char path[PATH_MAX];

	if (rest.n == 0 || rest.n >= sizeof path || memchr(rest.p, '\0', rest.n) != NULL) {
		report_error(s->report, "/file takes the path of a file");
		return;
	}
	memcpy(path, rest.p, rest.n);
	path[rest.n] = '\0';
	s->send_file(s->ep, path);
}

static void
run_hex(const struct slash_session *s, struct span rest)
{
	uint8_t *bytes = mem_resize(&mem_libc, NULL, rest.n + 1);
	ssize_t n;

	if (bytes == NULL) {
		report_error(s->report, "out of memory");
		return;
	}
	if ((n = hex_decode(rest, bytes, rest.n)) < 0)
		report_error(s->report, "/hex takes bytes as pairs of hexadecimal digits: 00 ff");
	else
		s->send(s->ep, WSX_BINARY, bytes, (size_t)n);
	mem_free(&mem_libc, bytes);
}

static void
run_text(const struct slash_session *s, struct span rest)
{
	(void)rest;
	*s->binary = false;
	report_notice(s->report, "what is typed is sent as text");
}

static void
run_binary(const struct slash_session *s, struct span rest)
{
	(void)rest;
	*s->binary = true;
	report_notice(s->report, "what is typed is sent as binary messages");
}

static void
run_pretty(const struct slash_session *s, struct span rest)
{
	(void)rest;
	*s->pretty = !*s->pretty;
	report_notice(s->report, "JSON is %s", *s->pretty ? "laid out" : "shown as it came");
}

static void
run_status(const struct slash_session *s, struct span rest)
{
	const struct report *report = s->report;
	const struct wsx *ws = pump_core(s->ep);
	enum wsx_ready_state state;

	(void)rest;
	if (ws == NULL) {
		report_error(report, "/status: there is no connection of this session's own");
		return;
	}
	state = wsx_ready_state(ws);
	report_notice(report, "url: %s", wsx_display_url(ws));
	report_notice(report, "readyState: %d (%s)", (int)state, wsx_ready_state_name(state));
	report_notice(report, "protocol: \"%s\"", wsx_protocol(ws));
	report_notice(report, "extensions: \"%s\"", wsx_extensions(ws));
	report_notice(report, "bufferedAmount: %llu", (unsigned long long)wsx_buffered_amount(ws));
	report_notice(report, "binaryType: \"%s\"", wsx_binary_type_name(wsx_binary_type(ws)));
	tell_traffic(report, ws, WSX_SENT, "sent");
	tell_traffic(report, ws, WSX_RECEIVED, "received");
}

static void
run_help(const struct slash_session *s, struct span rest)
{
	char usage[32];

	(void)rest;
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
		snprintf(usage, sizeof usage, "/%s %s", commands[i].name, commands[i].args);
		report_notice(s->report, "%-24s %s", usage, commands[i].help);
	}
	report_notice(s->report, "%-24s %s", "//text", "send a text that begins with a slash");
}

void
slash_run(const struct slash_session *s, const uint8_t *p, size_t n)
{
	struct span name = { (const char *)p + 1, n - 1 }, rest;
	struct report asked = *s->report;
	struct slash_session session = *s;

	asked.quiet = false; /* what is asked for is told */
	session.report = &asked;
	while (name.n > 0 && memchr(name.p, ' ', name.n) != NULL)
		name.n--;
	rest = ascii_trim((struct span){ name.p + name.n, n - 1 - name.n });
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
		if (span_eq(name, span_str(commands[i].name))) {
			commands[i].run(&session, rest);
			return;
		}
	report_error(s->report,
	    "no such command: /%.*s; /help lists them, //text sends a text as /text",
	    (int)(name.n < 40 ? name.n : 40), name.p);
}
