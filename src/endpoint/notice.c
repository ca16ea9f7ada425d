#include "endpoint/notice.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "ui/show.h"

static void
connected(const struct report *report, const struct event *e)
{
	uint64_t ns = e->timing.dns + e->timing.connect + e->timing.tls + e->timing.upgrade;
	const char *protocol = wsx_protocol(e->ws), *extension = wsx_extensions(e->ws);
	int name = (int)strcspn(extension, ";"); /* /status has its parameters */

	report_notice(report, "Connected to %s (%s%s%s%.*s%s%.0f ms)", wsx_display_url(e->ws),
	    *protocol ? "subprotocol " : "", protocol, *protocol ? ", " : "", name, extension,
	    *extension ? ", " : "", (double)ns / 1e6);
}

const char *
notice_data(const void *p, size_t n, char text[NOTICE_DATA_MAX])
{
	const char *s = p;
	char *to = text;

	assert(n <= 125);
	if (n > 0) {
		*to++ = ' ';
		*to++ = '"';
	}
	for (size_t i = 0; i < n; i++) {
		if (s[i] == '"' || s[i] == '\\' || s[i] == '\0')
			*to++ = '\\';
		*to++ = s[i] == '\0' ? '0' : s[i];
	}
	if (n > 0)
		*to++ = '"';
	*to = '\0';
	return text;
}

static void
disconnected(const struct report *report, const struct event *e)
{
	char reason[NOTICE_DATA_MAX];

	report_notice(report, "Disconnected (code %u%s, %s)", e->code,
	    notice_data(e->data, e->n, reason), e->was_clean ? "clean" : "not clean");
}

void
notice_event(const struct report *report, const struct event *e, bool show_ping_pong)
{
	char data[NOTICE_DATA_MAX];

	switch (e->kind) {
	case EVENT_OPEN:
		connected(report, e);
		break;
	case EVENT_CLOSE:
		disconnected(report, e);
		break;
	case EVENT_PING:
	case EVENT_PONG:
		if (show_ping_pong)
			report_notice(report, "Received %s (data:%s)",
			    e->kind == EVENT_PING ? "ping" : "pong",
			    e->n > 0 ? notice_data(e->data, e->n, data) : " \"\"");
		break;
	case EVENT_HEAD:
	case EVENT_ERROR:
		break;
	}
}

const char *
notice_traffic(const struct wsx *ws, enum wsx_direction dir, char text[NOTICE_TRAFFIC_MAX])
{
	struct wsx_traffic t = wsx_traffic(ws, dir);
	char wire[64] = "";

	if (t.wire != t.payload && t.payload > 0)
		snprintf(wire, sizeof wire, ", %llu on the wire (%.0f%%)",
		    (unsigned long long)t.wire, 100 * (double)t.wire / (double)t.payload);
	snprintf(text, NOTICE_TRAFFIC_MAX, "%llu message%s of %llu bytes%s",
	    (unsigned long long)t.messages, t.messages == 1 ? "" : "s",
	    (unsigned long long)t.payload, wire);
	return text;
}

int
notice_blob(struct buf *b, const struct blob *blob)
{
	int r = show_line(b, blob->path, strlen(blob->path));

	return r == 0 ? buf_putf(b, " (%s, %llu byte%s)", blob->magic->name,
			    (unsigned long long)blob->size, blob->size == 1 ? "" : "s")
		      : r;
}
