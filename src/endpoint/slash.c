#include "endpoint/slash.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "base/hex.h"
#include "base/mem.h"
#include "base/num.h"
#include "endpoint/notice.h"
#include "endpoint/pump.h"

static void run_ping(const struct slash_session *s, struct span rest);
static void run_pong(const struct slash_session *s, struct span rest);
static void run_close(const struct slash_session *s, struct span rest);
static void run_reconnect(const struct slash_session *s, struct span rest);
static void run_file(const struct slash_session *s, struct span rest);
static void run_hex(const struct slash_session *s, struct span rest);
static void run_text(const struct slash_session *s, struct span rest);
static void run_binary(const struct slash_session *s, struct span rest);
static void run_pretty(const struct slash_session *s, struct span rest);
static void run_last(const struct slash_session *s, struct span rest);
static void run_save(const struct slash_session *s, struct span rest);
static void run_status(const struct slash_session *s, struct span rest);
static void run_headers(const struct slash_session *s, struct span rest);
static void run_help(const struct slash_session *s, struct span rest);

static const char *const close_words[] = { "1000", NULL };
static const char *const last_words[] = { "pager", NULL };
static const char *const pretty_words[] = { "on", "off", NULL };

/* Help lines fit 60 columns. */
static const struct slash commands[] = {
	{ "ping", "[DATA]", run_ping, "send a ping, and time its pong", NULL, false },
	{ "pong", "[DATA]", run_pong, "send a pong", NULL, false },
	{ "close", "[CODE [REASON]]", run_close, "close the connection", close_words, false },
	{ "reconnect", "", run_reconnect, "connect again", NULL, true },
	{ "file", "PATH", run_file, "send a file as a binary message", NULL, false },
	{ "hex", "BYTES", run_hex, "send these bytes: 00 ff", NULL, false },
	{ "text", "", run_text, "send lines as text, as at first", NULL, false },
	{ "binary", "", run_binary, "send lines as binary messages", NULL, false },
	{ "pretty", "[on|off]", run_pretty, "lay out JSON that comes, or not", pretty_words,
	    false },
	{ "last", "[pager]", run_last, "show the last message whole", last_words, false },
	{ "save", "FILE", run_save, "save it in a new file", NULL, false },
	{ "status", "", run_status, "the connection and its traffic", NULL, true },
	{ "headers", "", run_headers, "the opening handshake", NULL, true },
	{ "help", "[COMMAND]", run_help, "these commands", NULL, false },
};

#define N_COMMANDS (sizeof commands / sizeof *commands)

const struct slash *
slash_at(size_t i, bool listening)
{
	for (const struct slash *c = commands; c < commands + N_COMMANDS; c++)
		if (!(listening && c->single) && i-- == 0)
			return c;
	for (const struct slash *c = slash_of_listener; listening && c->name != NULL; c++)
		if (i-- == 0)
			return c;
	return NULL;
}

static const struct slash *
find_in(const struct slash *c, size_t max, const char *name, size_t n)
{
	for (; max-- > 0 && c->name != NULL; c++)
		if (span_eq((struct span){ name, n }, span_str(c->name)))
			return c;
	return NULL;
}

const struct slash *
slash_find(const char *name, size_t n)
{
	const struct slash *c = find_in(commands, N_COMMANDS, name, n);

	return c != NULL ? c : find_in(slash_of_listener, SIZE_MAX, name, n);
}

/* Several rows are more likely a text that happens to begin so: a list of paths, a comment. */
static bool
is_text_of_rows(const uint8_t *p, size_t n)
{
	size_t name = 1;

	if (memchr(p, '\n', n) == NULL)
		return false;
	while (name < n && p[name] != ' ' && p[name] != '\n')
		name++;
	return name == n || p[name] == '\n' || slash_find((const char *)p + 1, name - 1) == NULL;
}

bool
slash_is_command(const uint8_t *p, size_t n)
{
	return n >= 1 && p[0] == '/' && (n == 1 || p[1] != '/') && !is_text_of_rows(p, n);
}

struct span
slash_text(const uint8_t *p, size_t n)
{
	bool escaped = n >= 2 && p[0] == '/' && p[1] == '/';

	if (escaped && !is_text_of_rows(p + 1, n - 1))
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
	refuse(s, s->host->ping(s->ep, rest), "a ping has at most 125 bytes");
}

static void
run_pong(const struct slash_session *s, struct span rest)
{
	refuse(s, pump_control(s->ep, CONTROL_PONG, 0, rest), "a pong has at most 125 bytes");
}

/* The first word of rest, and rest without it and the one blank behind it: what follows is a text. */
static struct span
take_word(struct span *rest)
{
	struct span word;
	size_t used = 0;

	while (used < rest->n && rest->p[used] == ' ')
		used++;
	word = (struct span){ rest->p + used, 0 };
	while (used < rest->n && rest->p[used] != ' ') {
		used++;
		word.n++;
	}
	if (used < rest->n)
		used++;
	*rest = (struct span){ rest->p + used, rest->n - used };
	return word;
}

bool
slash_take_number(struct span *rest, unsigned *number)
{
	uint64_t v;

	if (!num_parse_u64(take_word(rest), UINT_MAX, &v) || v == 0)
		return false;
	*number = (unsigned)v;
	return true;
}

struct span
slash_message(const uint8_t *p, size_t n)
{
	struct span rest = { (const char *)p + 1, n - 1 };
	unsigned number;

	if (!slash_is_command(p, n))
		return slash_text(p, n);
	if (span_eq(take_word(&rest), span_str("to")) && slash_take_number(&rest, &number))
		return rest;
	return (struct span){ "", 0 };
}

bool
slash_take_path(struct span rest, char *path)
{
	const char *home = getenv("HOME");
	bool tilde;
	int n;

	rest = ascii_trim(rest);
	tilde =
	    rest.n >= 1 && rest.p[0] == '~' && (rest.n == 1 || rest.p[1] == '/') && home != NULL;
	if (rest.n == 0 || rest.n >= PATH_MAX || memchr(rest.p, '\0', rest.n) != NULL)
		return false;
	if (tilde)
		rest = (struct span){ rest.p + 1, rest.n - 1 };
	n = snprintf(path, PATH_MAX, "%s%.*s", tilde ? home : "", (int)rest.n, rest.p);
	return n < PATH_MAX;
}

void
slash_close(const struct slash_session *s, const char *name, struct span rest)
{
	uint64_t code = WSX_CLOSE_NORMAL;
	struct span number = take_word(&rest);
	char what[160];

	snprintf(what, sizeof what,
	    "/%s takes the code 1000 or one from 3000 to 4999, and at most 123 bytes of reason",
	    name);
	if (number.n > 0 && (!num_parse_u64(number, UINT16_MAX, &code) || code == 0)) {
		report_error(s->report, "%s", what);
		return;
	}
	refuse(s, pump_control(s->ep, CONTROL_CLOSE, (uint16_t)code, rest), what);
}

static void
run_close(const struct slash_session *s, struct span rest)
{
	s->host->finish(s->ep);
	slash_close(s, "close", rest);
}

static void
run_reconnect(const struct slash_session *s, struct span rest)
{
	int r;

	(void)rest;
	s->host->finish(s->ep);
	r = pump_reconnect(s->ep);
	if (r == WSX_ERR_STATE)
		report_error(s->report, "/reconnect: there is nothing to connect again now");
	else if (r < 0)
		report_error(s->report, "/reconnect: %s", wsx_strerror(r));
}

static void
run_file(const struct slash_session *s, struct span rest)
{
	char path[PATH_MAX];

	if (slash_take_path(rest, path))
		s->host->send_file(s->ep, path);
	else
		report_error(s->report, "/file takes the path of a file");
}

static void
run_hex(const struct slash_session *s, struct span rest)
{
	uint8_t *bytes = mem_resize(&mem_libc, NULL, rest.n + 1);
	ssize_t n = -1;

	if (bytes == NULL) {
		report_error(s->report, "out of memory");
		return;
	}
	rest = ascii_trim(rest);
	if (rest.n > 0)
		n = hex_decode(rest, bytes, rest.n);
	if (n < 0)
		report_error(s->report, "/hex takes bytes as pairs of hexadecimal digits: 00 ff");
	else
		s->host->send(s->ep, 0, WSX_BINARY, bytes, (size_t)n);
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
	struct span word = ascii_trim(rest);
	bool on = span_eq(word, span_str("on")), off = span_eq(word, span_str("off"));

	if (word.n > 0 && !on && !off) {
		report_error(s->report, "/pretty takes on, off or nothing");
		return;
	}
	*s->pretty = word.n > 0 ? on : !*s->pretty;
	report_notice(s->report, "JSON is %s", *s->pretty ? "laid out" : "shown as it came");
}

static void
run_last(const struct slash_session *s, struct span rest)
{
	struct span word = ascii_trim(rest);
	bool paged = span_eq(word, span_str("pager"));

	if (word.n > 0 && !paged)
		report_error(s->report, "/last takes pager or nothing");
	else
		s->host->last(s->ep, paged);
}

static void
run_save(const struct slash_session *s, struct span rest)
{
	char path[PATH_MAX];

	if (slash_take_path(rest, path))
		s->host->save(s->ep, path);
	else
		report_error(s->report, "/save takes the path of a file that is not there yet");
}

static void
run_headers(const struct slash_session *s, struct span rest)
{
	(void)rest;
	s->host->headers(s->ep);
}

static void
run_status(const struct slash_session *s, struct span rest)
{
	const struct report *report = s->report;
	const struct wsx *ws = pump_core(s->ep);
	enum wsx_ready_state state;

	(void)rest;
	if (ws == NULL) {
		report_error(report,
		    "/status: there is no connection of this session's own; /clients lists those "
		    "there are");
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
	if (s->host->round_trip(s->ep) > 0)
		report_notice(
		    report, "last ping: %.1f ms", (double)s->host->round_trip(s->ep) / 1e6);
	else
		report_notice(report, "last ping: none was answered yet; /ping sends one");
}

static void
tell_command(const struct report *report, const struct slash *c)
{
	char usage[32];

	snprintf(usage, sizeof usage, "/%s %s", c->name, c->args);
	report_notice(report, "%-24s %s", usage, c->help);
}

static void
tell_unknown(const struct report *report, struct span name)
{
	report_error(report,
	    "no such command: /%.*s; /help lists them, //text sends a text as /text",
	    (int)(name.n < 40 ? name.n : 40), name.p);
}

static void
run_help(const struct slash_session *s, struct span rest)
{
	const struct slash *c;

	rest = ascii_trim(rest);
	if (rest.n > 0) {
		if (rest.p[0] == '/')
			rest = (struct span){ rest.p + 1, rest.n - 1 };
		if ((c = slash_find(rest.p, rest.n)) != NULL)
			tell_command(s->report, c);
		else
			report_error(s->report, "no such command; /help lists them");
		return;
	}
	for (size_t i = 0; (c = slash_at(i, pump_address(s->ep, 0) == 0)) != NULL; i++)
		tell_command(s->report, c);
	report_notice(s->report, "%-24s %s", "//text", "send text that begins with a slash");
}

void
slash_run(const struct slash_session *s, const uint8_t *p, size_t n)
{
	struct span rest = { (const char *)p + 1, n - 1 };
	struct span name = take_word(&rest);
	const struct slash *command = slash_find(name.p, name.n);
	struct report asked = *s->report;
	struct slash_session session = *s;

	asked.quiet = false; /* what is asked for is told */
	session.report = &asked;
	if (command == NULL)
		tell_unknown(s->report, name);
	else if (command->args[0] == '\0' && ascii_trim(rest).n > 0)
		report_error(s->report, "/%s takes nothing", command->name);
	else
		command->run(&session, rest);
}
