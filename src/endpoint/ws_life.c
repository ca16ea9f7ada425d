/* An open connection in silence: pings that show whether the peer is there, and an end to it. */

#include "endpoint/ws_int.h"

/* A peer that is not there any more is a connection lost; one that has nothing to say is left. */
static void
give_up(struct ws *ws, bool is_lost, const char *what, uint64_t ms, const char *option)
{
	ws_tell(ws, ENDED_TIME, "%s %g s (%s)", what, (double)ms / 1000, option);
	if (ws_retries(ws) || (is_lost && ws->policy.hold))
		ws_over(ws);
	else
		ws_leave(ws, ENDED_TIME);
}

/* True if the peer's silence may be our own doing, as we do not read. */
static bool
is_paused(const struct ws *ws)
{
	return !pump_ready((struct endpoint *)&ws->ep);
}

static void
on_idle(struct timer *t)
{
	struct ws *ws = t->arg;
	uint64_t limit_ms = ws->policy.idle_timeout_ms;
	uint64_t quiet_ms = (loop_now(ws->env->loop) - ws->activity) / 1000000;

	bool wait = timer_armed(&ws->wait) && ws->policy.wait_ms <= limit_ms;

	if (wsx_ready_state(ws->core) != WSX_OPEN)
		return;
	if (is_paused(ws) || wait) /* the end of input has its own */
		timer_set(ws->env->loop, t, limit_ms);
	else if (quiet_ms < limit_ms)
		timer_set(ws->env->loop, t, limit_ms - quiet_ms);
	else
		give_up(ws, false, "no message for", limit_ms, "--idle-timeout");
}

static void
on_ping(struct timer *t)
{
	struct ws *ws = t->arg;
	uint64_t limit_ms = ws->policy.ping_timeout_ms;

	timer_set(ws->env->loop, t, ws->policy.ping_interval_ms);
	if (ws_ping(ws) == 0 && limit_ms > 0 && !timer_armed(&ws->pong))
		timer_set(ws->env->loop, &ws->pong, limit_ms);
}

static void
on_no_pong(struct timer *t)
{
	struct ws *ws = t->arg;

	if (wsx_ready_state(ws->core) != WSX_OPEN)
		return;
	if (is_paused(ws))
		timer_set(ws->env->loop, t, ws->policy.ping_timeout_ms);
	else
		give_up(ws, true, "no Pong within", ws->policy.ping_timeout_ms, "--ping-timeout");
}

void
ws_life_init(struct ws *ws)
{
	ws->idle = (struct timer){ .fire = on_idle, .arg = ws };
	ws->ping = (struct timer){ .fire = on_ping, .arg = ws };
	ws->pong = (struct timer){ .fire = on_no_pong, .arg = ws };
}

void
ws_life_begin(struct ws *ws)
{
	if (ws->policy.idle_timeout_ms > 0)
		timer_set(ws->env->loop, &ws->idle, ws->policy.idle_timeout_ms);
	if (ws->policy.ping_interval_ms > 0)
		timer_set(ws->env->loop, &ws->ping, ws->policy.ping_interval_ms);
}

void
ws_life_moved(struct ws *ws)
{
	if (timer_armed(&ws->pong))
		timer_set(ws->env->loop, &ws->pong, ws->policy.ping_timeout_ms);
}

void
ws_life_pong(struct ws *ws)
{
	timer_clear(&ws->pong);
}

void
ws_life_end(struct ws *ws)
{
	timer_clear(&ws->idle);
	timer_clear(&ws->ping);
	timer_clear(&ws->pong);
}
