#include <assert.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/mem.h"
#include "endpoint/ws_int.h"
#include "io/idn.h"

/* What whoever was told that we are ready may give before it asks again. */
#define ROOM_READY (2 * WSX_PIECE_ROOM(PIECE_MAX))
#define MAX_OUTPUT (2 * ROOM_READY)

/* What the core is handed. */

static int
get_random(void *p, size_t n, void *arg)
{
	struct ws *ws = arg;

	return random_bytes(ws->env->random, p, n);
}

static int
to_ascii(const char *name, size_t n, char *out, size_t max, void *arg)
{
	(void)arg;
	return idn_to_ascii(name, n, out, max);
}

/* strftime(3) would follow the locale, which an HTTP date must not. */
static void
http_date(char out[WSX_DATE_LEN + 1], void *arg)
{
	static const char days[][4] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };
	static const char months[][4] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug",
		"Sep", "Oct", "Nov", "Dec" };
	time_t now = time(NULL);
	struct tm tm;
	char text[96];

	(void)arg;
	gmtime_r(&now, &tm);
	snprintf(text, sizeof text, "%s, %02d %s %04d %02d:%02d:%02d GMT", days[tm.tm_wday],
	    tm.tm_mday, months[tm.tm_mon], tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec);
	memcpy(out, text, WSX_DATE_LEN);
	out[WSX_DATE_LEN] = '\0';
}

/* Wanting. */

static bool
is_full(const struct ws *ws)
{
	return wsx_output_room(ws->core) < ROOM_READY;
}

bool
ws_wants_read(struct ws *ws)
{
	return ws->stream != NULL && !ws->eof && (!ws->opened || pump_ready(&ws->ep));
}

static bool
wants_write(struct ws *ws)
{
	const uint8_t *p;
	size_t n;
	int r;

	if (ws->stream == NULL || ws->write_dead)
		return false;
	r = wsx_pending(ws->core, &p, &n);
	return r == 1 || (r == WSX_END && !ws->shut);
}

/* Moving. */

void
ws_schedule(struct ws *ws)
{
	idle_queue(ws->env->loop, &ws->work);
}

static void
arm_stall(struct ws *ws)
{
	if (ws->policy.stall_timeout_ms > 0)
		timer_set(ws->env->loop, &ws->stall, ws->policy.stall_timeout_ms);
}

/* The stream took n bytes. Only messages count as activity: Pings and Pongs go on for ever. */
static void
sent(struct ws *ws, size_t n)
{
	uint64_t before = wsx_buffered_amount(ws->core);

	wsx_sent(ws->core, n);
	if (timer_armed(&ws->stall))
		arm_stall(ws);
	if (wsx_buffered_amount(ws->core) < before)
		ws_active(ws);
	if (wsx_buffered_amount(ws->core) > 0) /* our system is full: the peer made room */
		ws_life_moved(ws);
}

static void
flush(struct ws *ws)
{
	const uint8_t *p;
	ssize_t k = 0;
	size_t n;
	int r;

	while (wants_write(ws) && k >= 0) {
		r = wsx_pending(ws->core, &p, &n);
		k = r == WSX_END ? stream_shutdown(ws->stream) : stream_write(ws->stream, p, n);
		if (k == STREAM_AGAIN)
			break;
		if (k < 0) { /* what came before the end may still be there to be read */
			ws->write_dead = true;
		} else if (r == WSX_END) {
			ws->shut = true;
		} else {
			sent(ws, (size_t)k);
		}
	}
	if (ws->was_full && !is_full(ws)) {
		ws->was_full = false;
		timer_clear(&ws->stall);
		pump_wake(&ws->ep);
	}
}

/* The stream gave its last. A Close of ours that is queued still goes out, if it can (C31). */
static void
receive_end(struct ws *ws, ssize_t how)
{
	ws->eof = true;
	if (how == STREAM_LOST)
		ws->write_dead = true;
	if (how != 0 && wsx_ready_state(ws->core) == WSX_OPEN)
		snprintf(ws->lost, sizeof ws->lost, "%s",
		    how == STREAM_TRUNCATED ? "TLS was cut off" : stream_error(ws->stream));
	else if (how != 0 && wsx_ready_state(ws->core) == WSX_CONNECTING)
		ws_tell(ws, ws->client && tls_refused_us(ws->stream) ? ENDED_TLS : ENDED_HANDSHAKE,
		    "closed during the handshake: %s",
		    how == STREAM_TRUNCATED ? "TLS was cut off" : stream_error(ws->stream));
}

/* One read a turn, so that others have theirs and what came is written. */
static void
receive(struct ws *ws)
{
	ssize_t n;

	if (ws_wants_read(ws) && wsx_is_paused(ws->core))
		(void)wsx_resume(ws->core); /* the events tell */
	if (!ws_wants_read(ws) || wsx_is_paused(ws->core))
		return;
	n = stream_read(ws->stream, ws->env->scratch, PIECE_MAX);
	if (n > 0)
		ws_life_moved(ws);
	if (n > 0)
		(void)wsx_receive(ws->core, ws->env->scratch, (size_t)n);
	else if (n != STREAM_AGAIN)
		receive_end(ws, n);
}

/* True when nothing is left to wait for. */
static bool
is_finished(struct ws *ws)
{
	enum wsx_ready_state state = wsx_ready_state(ws->core);

	if (ws->eof)
		return state != WSX_CLOSING || !wants_write(ws);
	/* a client that refuses the server's answer has nothing more to say (HC35) */
	return ws->client && !ws->opened && state == WSX_CLOSING && !wsx_body_expected(ws->core);
}

static void
work(struct idle *i)
{
	struct ws *ws = i->arg;

	if (ws->quit)
		ws_over(ws);
	if (ws->over || ws->stream == NULL)
		return;
	flush(ws);
	if (is_finished(ws)) {
		ws_over(ws);
		return;
	}
	ws_arm_closing(ws);
	watch_set(&ws->watch, stream_events(ws->stream, ws_wants_read(ws), wants_write(ws)));
	if (ws_wants_read(ws) && (stream_pending(ws->stream) || wsx_is_paused(ws->core))) {
		receive(ws);
		ws_schedule(ws);
	}
}

static void
on_ready(struct watch *w, short revents)
{
	struct ws *ws = w->arg;

	(void)revents; /* TLS may need either to do either: both are tried */
	receive(ws);
	work(&ws->work);
}

/* Time. */

static void
on_stall(struct timer *t)
{
	struct ws *ws = t->arg;

	ws_note(ws, ENDED_LOST, "took nothing for %g s while there was much to send",
	    (double)ws->policy.stall_timeout_ms / 1000);
	ws_over(ws);
}

static void
on_deadline(struct timer *t)
{
	struct ws *ws = t->arg;
	const char *step = ws->dial != NULL ? dial_step(ws->dial) : "in the opening handshake";

	if (ws->client && ws_ready_timed_out(ws))
		ws_tell(ws, ENDED_TIME, "not ready within %g s, %s; --wait-ready sets the limit",
		    (double)ws->policy.wait_ready_ms / 1000, step);
	else if (ws->client)
		ws_tell(ws, ENDED_TIME,
		    "timed out after %g s, %s; --connect-timeout sets the limit",
		    (double)ws->open_timeout_ms / 1000, step);
	else
		ws_tell(ws, ENDED_TIME, "no complete request within %g s",
		    (double)ws->open_timeout_ms / 1000);
	ws_over(ws);
}

void
ws_opened(struct ws *ws)
{
	if (!ws->ever_open) /* what was tried until then is of no account any more */
		ws->attempts = 0;
	ws->opened = ws->ever_open = true;
	timer_clear(&ws->deadline);
	ws->activity = ws->opened_at = loop_now(ws->env->loop);
	ws_life_begin(ws);
	if (ws->close_asked)
		ws_close_normally(ws);
}

void
ws_over(struct ws *ws)
{
	if (ws->over)
		return;
	ws->over = true;
	timer_clear(&ws->deadline);
	timer_clear(&ws->stall);
	timer_clear(&ws->wait);
	timer_clear(&ws->closing);
	timer_clear(&ws->again);
	ws_life_end(ws);
	watch_remove(&ws->watch);
	dial_free(ws->dial);
	ws->dial = NULL;
	if (ws->stream != NULL && !ws->shut && !ws->write_dead)
		(void)stream_shutdown(ws->stream); /* close_notify, where it fits */
	if (!ws->waiting)
		wsx_receive_eof(ws->core);
	stream_free(ws->stream);
	ws->stream = NULL;
	if (!ws_again(ws))
		pump_end(&ws->ep, ws->ending);
}

void
ws_attach(struct ws *ws, struct stream *s)
{
	ws->stream = s;
	ws->connected_at = loop_now(ws->env->loop);
	ws->watch.fd = s->fd;
	if (watch_add(ws->env->loop, &ws->watch) < 0) {
		ws_tell(ws, ENDED_LOCAL, "out of memory");
		ws_over(ws);
		return;
	}
	work(&ws->work);
}

/* The endpoint. */

int
ws_connect(struct ws *ws)
{
	uint64_t limit_ms = ws_open_limit(ws);

	if (limit_ms > 0)
		timer_set(ws->env->loop, &ws->deadline, limit_ms);
	return ws_dial(ws);
}

static int
ws_start(struct endpoint *ep)
{
	struct ws *ws = (struct ws *)ep;
	struct stream *s = ws->stream;

	ws->started_at = loop_now(ws->env->loop);
	if (ws->client)
		return ws_connect(ws);
	if (ws->open_timeout_ms > 0)
		timer_set(ws->env->loop, &ws->deadline, ws->open_timeout_ms);
	ws->stream = NULL;
	ws_attach(ws, s);
	return 0;
}

static void
ws_take(struct endpoint *ep, const struct wsx_piece *pieces, size_t n)
{
	struct ws *ws = (struct ws *)ep;
	bool open = wsx_ready_state(ws->core) == WSX_OPEN; /* otherwise it is not sent at all */
	int r;

	for (; ws->skipping && n > 0 && !pieces->first; n--)
		pieces++;
	if (n == 0)
		return;
	ws->skipping = false;
	ws->in_message = !pieces[n - 1].last;
	r = wsx_send(ws->core, pieces, n);
	assert(r == WSX_OK || r == WSX_ERR_NOMEM || r == WSX_ERR_RANDOM); /* ready() was asked */
	if (r == WSX_ERR_NOMEM) {
		ws_tell(ws, ENDED_LOCAL, "%s", wsx_strerror(r));
		ws->quit = true;
	}
	if (ws->record != NULL && open && r == WSX_OK)
		record_pieces(ws->record, WSX_SENT, pieces, n);
	ws_active(ws);
	ws_schedule(ws);
}

static bool
ws_ready(struct endpoint *ep)
{
	struct ws *ws = (struct ws *)ep;

	if (!ws->was_full && is_full(ws)) {
		ws->was_full = true;
		arm_stall(ws);
	}
	return wsx_ready_state(ws->core) == WSX_OPEN && !ws->write_dead && !ws->was_full;
}

/* What was lost is not to be connected again: it ends as it was lost. */
static void
give_in(struct ws *ws)
{
	ws->ending = ws->loss;
	ws->leaving = true; /* nor is the end of an attempt that is under way told as a failure */
	ws->quit = true;
	ws_schedule(ws);
}

static int
ws_control(struct endpoint *ep, enum control kind, uint16_t code, struct span data)
{
	struct ws *ws = (struct ws *)ep;
	int r = WSX_ERR_ARGUMENT;

	if (kind == CONTROL_CLOSE && ws->policy.hold && ws->ever_open &&
	    (ws->waiting || !ws->opened)) {
		give_in(ws);
		return 0;
	}
	if (ws->waiting) /* there is no connection it could go over */
		return WSX_ERR_STATE;
	switch (kind) {
	case CONTROL_PING:
		r = wsx_ping(ws->core, data.p, data.n);
		break;
	case CONTROL_PONG:
		r = wsx_pong(ws->core, data.p, data.n);
		break;
	case CONTROL_CLOSE:
		if ((r = wsx_close(ws->core, code, data.p, data.n)) == 0)
			ws->we_closed = true;
		break;
	}
	if (ws->record != NULL && r == WSX_OK)
		record_control(ws->record, kind, code, data);
	ws_schedule(ws);
	return r;
}

static bool
ws_deaf(const struct endpoint *ep)
{
	const struct ws *ws = (const struct ws *)ep;

	if (ws->again_asked) /* what is given now is for the next connection */
		return false;
	return ws->held || wsx_ready_state(ws->core) >= WSX_CLOSING || ws->write_dead;
}

static void
ws_wake(struct endpoint *ep)
{
	struct ws *ws = (struct ws *)ep;

	if (ws->stream != NULL)
		ws_schedule(ws);
}

static void
ws_input_end(struct endpoint *ep, bool any)
{
	struct ws *ws = (struct ws *)ep;

	ws->input_ended = true;
	ws->input_any = any;
	if (ws->held || (ws->ever_open && !ws->opened && ws->policy.exit_on_eof))
		give_in(ws);
	ws_end_input(ws);
}

static void
ws_input_begin(struct endpoint *ep)
{
	((struct ws *)ep)->input_ended = false;
}

static void
leave(struct endpoint *ep, enum ending why)
{
	ws_leave((struct ws *)ep, why);
}

int
ws_ping(struct ws *ws)
{
	int r = wsx_ping(ws->core, "", 0);

	ws_schedule(ws);
	return r;
}

static void
ws_free(struct endpoint *ep)
{
	struct ws *ws = (struct ws *)ep;

	timer_clear(&ws->deadline);
	timer_clear(&ws->stall);
	timer_clear(&ws->wait);
	timer_clear(&ws->closing);
	timer_clear(&ws->again);
	ws_life_end(ws);
	watch_remove(&ws->watch);
	idle_cancel(&ws->work);
	dial_free(ws->dial);
	stream_free(ws->stream);
	wsx_free(ws->core);
	record_part_free(ws->record);
	mem_free(&mem_libc, ws);
}

const struct wsx *
ws_core(const struct endpoint *ep)
{
	assert(ep->ops == &ws_ops);
	return ((const struct ws *)ep)->core;
}

const struct endpoint_ops ws_ops = {
	.start = ws_start,
	.take = ws_take,
	.ready = ws_ready,
	.core = ws_core,
	.control = ws_control,
	.deaf = ws_deaf,
	.reconnect = ws_reconnect,
	.wake = ws_wake,
	.input_end = ws_input_end,
	.input_begin = ws_input_begin,
	.leave = leave,
	.free = ws_free,
};

int
ws_new(const struct env *env, const struct wsx_config *core, const struct ws_policy *policy,
    struct ws **out, const char **why)
{
	struct wsx_config *config;
	struct ws *ws;
	int r;

	*why = "out of memory";
	if ((ws = mem_new(&mem_libc, sizeof *ws)) == NULL)
		return WSX_ERR_NOMEM;
	ws->ep.ops = &ws_ops;
	ws->env = env;
	ws->policy = *policy;
	config = &ws->config;
	*config = *core;
	ws->client = config->role == WSX_CLIENT;
	ws->deadline = (struct timer){ .fire = on_deadline, .arg = ws };
	ws->stall = (struct timer){ .fire = on_stall, .arg = ws };
	ws_close_init(ws);
	ws_life_init(ws);
	ws_again_init(ws);
	ws->work = (struct idle){ .run = work, .arg = ws };
	ws->watch = (struct watch){ .fd = -1, .ready = on_ready, .arg = ws };

	config->arg = ws;
	config->handlers = ws_handlers(env);
	config->random = get_random;
	config->to_ascii = to_ascii;
	config->date = http_date;
	config->max_output = MAX_OUTPUT;
	config->batch = true;
	config->receive_while_closing = true;
	if ((r = wsx_new(config, &ws->core, why)) < 0) {
		mem_free(&mem_libc, ws);
		return r;
	}
	wsx_set_binary_type(ws->core, policy->binary_type);
	*out = ws;
	return 0;
}

bool
ws_is_done(const struct endpoint *ep)
{
	assert(ep->ops == &ws_ops);
	return ((const struct ws *)ep)->done;
}

void
ws_close(struct endpoint *ep)
{
	assert(ep->ops == &ws_ops);
	ws_close_normally((struct ws *)ep);
}
