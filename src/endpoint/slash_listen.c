/* The commands of a session that is a listener's: one client of many. */

#include "endpoint/notice.h"
#include "endpoint/pump.h"
#include "endpoint/slash.h"

static void run_clients(const struct slash_session *s, struct span rest);
static void run_to(const struct slash_session *s, struct span rest);
static void run_kick(const struct slash_session *s, struct span rest);

const struct slash slash_of_listener[] = {
	{ "clients", "", run_clients, "who is connected", NULL, false },
	{ "to", "N TEXT", run_to, "send a message to client N alone", NULL, false },
	{ "kick", "N [CODE [REASON]]", run_kick, "close the connection of client N", NULL, false },
	{ NULL, NULL, NULL, NULL, NULL, false },
};

static const char no_listener[] = "that is for a session with clients: wsx -l PORT";

struct telling {
	const struct report *report;
	size_t n;
};

static void
tell_client(const struct client_info *client, void *arg)
{
	struct telling *telling = arg;
	const char *protocol = wsx_protocol(client->ws);
	char sent[NOTICE_TRAFFIC_MAX], received[NOTICE_TRAFFIC_MAX];

	telling->n++;
	report_notice(telling->report, "client %u at %s on %s%s%s; received %s; sent %s",
	    client->number, client->name, wsx_display_url(client->ws),
	    *protocol != '\0' ? ", subprotocol " : "", protocol,
	    notice_traffic(client->ws, WSX_RECEIVED, received),
	    notice_traffic(client->ws, WSX_SENT, sent));
}

static void
run_clients(const struct slash_session *s, struct span rest)
{
	struct telling telling = { s->report, 0 };

	(void)rest;
	if (pump_address(s->ep, 0) != 0) {
		report_error(s->report, "%s", no_listener);
		return;
	}
	pump_clients(s->ep, tell_client, &telling);
	if (telling.n == 0)
		report_notice(s->report, "no client is connected");
}

/* The number of a client that rest begins with; false, said, if it does not. */
static bool
take_client(const struct slash_session *s, const char *usage, struct span *rest, unsigned *number)
{
	if (pump_address(s->ep, 0) != 0) {
		report_error(s->report, "%s", no_listener);
		return false;
	}
	if (slash_take_number(rest, number))
		return true;
	report_error(s->report, "%s; /clients lists them", usage);
	return false;
}

static void
run_to(const struct slash_session *s, struct span rest)
{
	unsigned number;

	if (!take_client(s, "/to takes the number of a client and a message", &rest, &number))
		return;
	if (rest.n == 0)
		report_error(s->report, "/to takes a message, too");
	else
		s->host->send(s->ep, number, *s->binary ? WSX_BINARY : WSX_TEXT,
		    (const uint8_t *)rest.p, rest.n);
}

static void
run_kick(const struct slash_session *s, struct span rest)
{
	unsigned number;

	if (!take_client(
		s, "/kick takes the number of a client, and a code and reason", &rest, &number))
		return;
	if (pump_address(s->ep, number) != 0) {
		report_error(
		    s->report, "there is no client %u; /clients lists those there are", number);
		return;
	}
	slash_close(s, "kick", rest);
	(void)pump_address(s->ep, 0);
}
