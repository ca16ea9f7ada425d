/* Ending a connection: what the end of input means, the closing handshake, and its time. */

#include <string.h>

#include "endpoint/ws_int.h"

/* How long a server has to end the connection after both Closes. */
#define LINGER_MS 200

/*
 * Once both have said Close nothing is left to lose: a server that does not end the connection
 * is waited for only for a moment. Otherwise the peer's Close may still come.
 */
void
ws_arm_closing(struct ws *ws)
{
	const uint8_t *p;
	size_t n;

	if (wsx_ready_state(ws->core) != WSX_CLOSING)
		return;
	if (wsx_body_expected(ws->core)) /* it was refused; only why is still coming */
		timer_clear(&ws->deadline);
	if (ws->client && !ws->lingering && wsx_close_expected(ws->core) &&
	    wsx_pending(ws->core, &p, &n) == 0) {
		ws->lingering = true;
		timer_set(ws->env->loop, &ws->closing, LINGER_MS);
	} else if (!timer_armed(&ws->closing)) {
		timer_set(ws->env->loop, &ws->closing, ws->policy.close_timeout_ms);
	}
}

/*
 * A message, or a part of one, came or went. As long as that goes on the peer has more time to
 * close; where nobody waits for what it says it is cut off.
 */
void
ws_active(struct ws *ws)
{
	ws->activity = loop_now(ws->env->loop);
	if (timer_armed(&ws->closing) && !ws->leaving && !ws->done)
		timer_set(ws->env->loop, &ws->closing, ws->policy.close_timeout_ms);
}

static void
on_wait(struct timer *t)
{
	struct ws *ws = t->arg;
	uint64_t quiet_ms = (loop_now(ws->env->loop) - ws->activity) / 1000000;

	if (wsx_buffered_amount(ws->core) > 0)
		quiet_ms = 0; /* a message is still going */
	if (quiet_ms < ws->policy.wait_ms)
		timer_set(ws->env->loop, t, ws->policy.wait_ms - quiet_ms);
	else
		ws_close_normally(ws);
}

static void
on_closing(struct timer *t)
{
	struct ws *ws = t->arg;

	/* as long as our own side takes nothing, the peer's silence proves nothing */
	if (!ws->eof && !ws->leaving && !ws_wants_read(ws))
		timer_set(ws->env->loop, t, ws->policy.close_timeout_ms);
	else
		ws_over(ws);
}

void
ws_close_normally(struct ws *ws)
{
	const char *reason = ws->policy.close_reason;
	int r;

	ws->close_asked = true;
	if (wsx_ready_state(ws->core) == WSX_OPEN) {
		r = wsx_close(ws->core, ws->policy.close_code, reason, strlen(reason));
		ws->we_closed = r == WSX_OK;
		if (ws->record != NULL && r == WSX_OK)
			record_control(
			    ws->record, CONTROL_CLOSE, ws->policy.close_code, span_str(reason));
		if (r < 0) {
			ws_tell(ws, ENDED_LOCAL, "%s", wsx_strerror(r));
			ws->quit = true;
		}
	}
	ws_schedule(ws);
}

/* What the end of input asks for; before the connection is open it is kept in mind. */
void
ws_end_input(struct ws *ws)
{
	if (!ws->opened || !ws->input_ended)
		return;
	if (ws->policy.exit_on_eof) {
		ws_close_normally(ws);
	} else if (!ws->policy.no_close && ws->input_any) {
		ws->activity = loop_now(ws->env->loop);
		timer_set(ws->env->loop, &ws->wait, ws->policy.wait_ms);
	}
}

void
ws_leave(struct ws *ws, enum ending why)
{
	ws->leaving = true;
	ws->ending = why;
	if (ws->over)
		return;
	/* not at once: this may be a handler of the core's, which is not to be entered again */
	if (!ws->opened || ws->held)
		ws->quit = true;
	else if (wsx_ready_state(ws->core) == WSX_OPEN)
		(void)wsx_close_for(ws->core, WSX_CLOSE_GOING_AWAY, "", 0);
	if (why == ENDED_TIME) /* there is none left to wait for an answer */
		timer_set(ws->env->loop, &ws->closing, LINGER_MS);
	ws_schedule(ws);
}

void
ws_close_init(struct ws *ws)
{
	ws->wait = (struct timer){ .fire = on_wait, .arg = ws };
	ws->closing = (struct timer){ .fire = on_closing, .arg = ws };
}
