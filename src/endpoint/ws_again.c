/*
 * Connecting again: until there is a server to talk to, after a connection was lost, and when it is
 * asked for.
 */

#include "endpoint/ws_int.h"

/* Delays double from the first to the most; half of each is left to chance. */
#define READY_FIRST_MS    100
#define READY_MOST_MS     1000
#define RECONNECT_MOST_MS 60000
#define LEAST_MS          100 /* from the second on, whatever the first is to be */

/* A connection that held so long was a good one: what follows is the first attempt again. */
#define GOOD_MS 5000

/* True for what may be otherwise in a while. */
static bool
may_pass(const struct ws *ws)
{
	switch ((int)ws->ending) {
	case ENDED_NAME:
	case ENDED_CONNECT:
	case ENDED_LOST:
	case ENDED_TIME:
		return true;
	case ENDED_HANDSHAKE:
		return ws->eof || wsx_http_status(ws->core) >= 500;
	default:
		return false;
	}
}

static uint64_t
since_ms(const struct ws *ws, uint64_t then)
{
	return (loop_now(ws->env->loop) - then) / 1000000;
}

static bool
awaits_ready(const struct ws *ws)
{
	return !ws->ever_open && since_ms(ws, ws->started_at) < ws->policy.wait_ready_ms;
}

/* Attempts in a row that came to nothing. */
static uint64_t
attempts(const struct ws *ws)
{
	return ws->opened && since_ms(ws, ws->opened_at) >= GOOD_MS ? 0 : ws->attempts;
}

/* Whether anybody still wants a connection. */
static bool
is_wanted(const struct ws *ws)
{
	return ws->client && !ws->leaving && !ws->done &&
	       !(ws->input_ended && ws->policy.exit_on_eof);
}

bool
ws_retries(const struct ws *ws)
{
	if (!is_wanted(ws) || ws->close_asked || ws->we_closed || !may_pass(ws))
		return false;
	return awaits_ready(ws) || (ws->ever_open && attempts(ws) < ws->policy.reconnect);
}

bool
ws_retries_quietly(const struct ws *ws)
{
	return ws_retries(ws) && !ws->ever_open;
}

uint64_t
ws_open_limit(const struct ws *ws)
{
	uint64_t spent = since_ms(ws, ws->started_at), left;

	if (!awaits_ready(ws))
		return ws->open_timeout_ms;
	left = ws->policy.wait_ready_ms - spent;
	return ws->open_timeout_ms > 0 && ws->open_timeout_ms < left ? ws->open_timeout_ms : left;
}

bool
ws_ready_timed_out(const struct ws *ws)
{
	return ws->policy.wait_ready_ms > 0 && !ws->ever_open && !awaits_ready(ws);
}

static uint64_t
next_delay(struct ws *ws)
{
	uint64_t most = ws->ever_open ? RECONNECT_MOST_MS : READY_MOST_MS;
	uint64_t ms = ws->ever_open ? ws->policy.reconnect_delay_ms : READY_FIRST_MS;
	uint16_t chance = 0;

	if (ws->attempts > 0 && ms < LEAST_MS)
		ms = LEAST_MS;
	for (uint64_t i = 0; i < ws->attempts && ms < most; i++)
		ms *= 2;
	if (ms > most)
		ms = most;
	(void)random_bytes(ws->env->random, &chance, sizeof chance);
	return ms / 2 + ms / 2 * chance / UINT16_MAX;
}

/* What was on its way is lost, and nobody can tell how much of it arrived. */
static void
tell_loss(struct ws *ws)
{
	uint64_t unsent = wsx_buffered_amount(ws->core);

	ws->loss = ws->ending;
	if (unsent > 0 || ws->in_message) {
		report_error(ws->env->report, "%s: lost with it: %llu bytes that were to be sent%s",
		    ws->name, (unsigned long long)unsent,
		    ws->in_message ? ", and the rest of a message" : "");
		pump_blemish(&ws->ep, ENDED_LOST);
	}
}

/* All as it was before the first attempt, but for what is counted over all of them. */
static int
start_afresh(struct ws *ws)
{
	const char *why;
	struct wsx *core;
	int r;

	if ((r = wsx_new(&ws->config, &core, &why)) < 0)
		return r;
	wsx_free(ws->core);
	ws->core = core;
	wsx_set_binary_type(core, ws->policy.binary_type);
	ws->skipping |= ws->in_message; /* an attempt that failed leaves it to the next */
	ws->in_message = false;
	ws->timing = (struct open_timing){ 0 };
	ws->ending = ENDED_OK;
	ws->close_asked = ws->we_closed = ws->again_asked = false;
	ws->opened = ws->eof = ws->shut = ws->write_dead = ws->lingering = ws->was_full = false;
	ws->lost[0] = '\0';
	ws->told = ws->quit = ws->over = false;
	return 0;
}

static void
on_again(struct timer *t)
{
	struct ws *ws = t->arg;

	ws->waiting = false;
	if (ws_connect(ws) != 0)
		ws_over(ws);
}

/* What was asked for by ws_reconnect() while it was open. */
static bool
again_at_once(struct ws *ws)
{
	if (!ws->again_asked || !is_wanted(ws))
		return false;
	if (ws->opened)
		tell_loss(ws);
	if (start_afresh(ws) < 0)
		return false;
	ws->waiting = true;
	timer_set(ws->env->loop, &ws->again, 0); /* not from within ws_over() */
	return true;
}

/* Whether an end like this one is held: one that nobody wanted, or an attempt that failed. */
static bool
is_held(const struct ws *ws)
{
	if (!ws->policy.hold || !ws->ever_open || !is_wanted(ws) || ws->close_asked ||
	    ws->we_closed)
		return false;
	return !ws->opened || ws->ending == ENDED_LOST || ws->ending == ENDED_CLOSED ||
	       ws->ending == ENDED_TIME;
}

static bool
hold(struct ws *ws)
{
	if (!is_held(ws))
		return false;
	if (ws->opened)
		tell_loss(ws);
	ws->held = ws->waiting = true;
	ws->over = ws->quit = false;
	report_notice(ws->env->report, "/reconnect connects again, Ctrl-D ends");
	return true;
}

int
ws_reconnect(struct endpoint *ep)
{
	struct ws *ws = (struct ws *)ep;

	if (!is_wanted(ws) || (!ws->waiting && !ws->opened))
		return WSX_ERR_STATE;
	if (ws->waiting) {
		if (ws->held && start_afresh(ws) < 0)
			return WSX_ERR_NOMEM;
		ws->held = false;
		ws->attempts = 0;
		timer_set(ws->env->loop, &ws->again, 0);
	} else {
		ws->again_asked = true;
		ws_close_normally(ws);
	}
	return 0;
}

bool
ws_again(struct ws *ws)
{
	uint64_t delay_ms;

	if (again_at_once(ws))
		return true;
	if (!ws_retries(ws))
		return hold(ws);
	if (ws->opened)
		tell_loss(ws);
	ws->attempts = attempts(ws);
	delay_ms = next_delay(ws);
	if (start_afresh(ws) < 0)
		return false;
	ws->attempts++;
	ws->waiting = true;
	if (ws->ever_open)
		report_notice(ws->env->report, "Connecting to %s again in %.1f s (attempt %llu)",
		    ws->name, (double)delay_ms / 1000, (unsigned long long)ws->attempts);
	timer_set(ws->env->loop, &ws->again, delay_ms);
	return true;
}

void
ws_again_init(struct ws *ws)
{
	ws->again = (struct timer){ .fire = on_again, .arg = ws };
}
