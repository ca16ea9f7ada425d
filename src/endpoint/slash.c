#include "endpoint/slash.h"

#include "endpoint/notice.h"

struct slash {
	const char *name;
	void (*run)(const struct report *report, const struct wsx *ws);
	const char *help;
};

static void run_status(const struct report *report, const struct wsx *ws);
static void run_help(const struct report *report, const struct wsx *ws);

static const struct slash commands[] = {
	{ "status", run_status, "the state of the connection, and what went over it" },
	{ "help", run_help, "these commands" },
};

bool
slash_is_command(const uint8_t *p, size_t n)
{
	return n >= 1 && p[0] == '/' && (n == 1 || p[1] != '/');
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

static void
run_status(const struct report *report, const struct wsx *ws)
{
	enum wsx_ready_state state;

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
run_help(const struct report *report, const struct wsx *ws)
{
	(void)ws;
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
		report_notice(report, "/%-8s %s", commands[i].name, commands[i].help);
	report_notice(report, "//text    sends a text that begins with a slash");
}

void
slash_run(const struct report *report, const struct wsx *ws, const uint8_t *p, size_t n)
{
	struct span name = { (const char *)p + 1, n - 1 };
	struct report asked = *report;

	asked.quiet = false; /* what is asked for is told */
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
		if (span_eq(name, span_str(commands[i].name))) {
			commands[i].run(&asked, ws);
			return;
		}
	report_error(report,
	    "no such command: /%.*s; /help lists them, //text sends a text as /text",
	    (int)(name.n < 40 ? name.n : 40), name.p);
}
