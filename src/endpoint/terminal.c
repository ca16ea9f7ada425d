#include "endpoint/terminal_int.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "endpoint/notice.h"
#include "ui/json_open.h"
#include "ui/wrap.h"

/* What is shown of received text is kept whole in memory anyway; this is only a sane bound. */
#define SHOW_MAX ((size_t)1 << 30)
/* So much is printed in one turn of the loop: then keys have theirs. */
#define TURN_MAX ((size_t)16 << 10)
/* After so long it is told that nothing has gone wrong so far. */
#define CONNECTING_MS 2000
/* A terminal that takes nothing for so long was stopped. */
#define STOPPED_MS 1000
/* As much is kept for the end of that, or of a pager, before the peer has to wait. */
#define DEFERRED_MAX ((size_t)1 << 20)

/* Output. */

void
terminal_print(struct terminal *t, const void *p, size_t n)
{
	if (pager_runs(&t->pager)) {
		(void)buf_put(&t->deferred, p, n); /* without memory there is nobody to tell */
		return;
	}
	prompt_print(t->prompt, p, n);
	t->printed += n;
	idle_queue(t->env->loop, &t->flush);
}

/* True if the terminal has taken all. */
static bool
is_drained(struct terminal *t)
{
	bool drained = prompt_waiting(t->prompt) == 0;

	watch_set(&t->room, drained ? 0 : POLLOUT);
	if (drained) {
		timer_clear(&t->stuck);
		t->stopped = false;
	} else if (!t->stopped && !timer_armed(&t->stuck)) {
		timer_set(t->env->loop, &t->stuck, STOPPED_MS);
	}
	return drained;
}

static void
on_stuck(struct timer *timer)
{
	struct terminal *t = timer->arg;

	t->stopped = true;
	pump_wake(&t->ep);
}

static void
on_report(const char *line, size_t n, void *arg)
{
	struct terminal *t = arg;
	struct buf b;

	buf_init(&b, &mem_libc, SIZE_MAX);
	if (buf_put(&b, line, n) == 0 &&
	    wrap_rows(&b, 0, prompt_columns(t->prompt), TERMINAL_MORE) == 0)
		terminal_print(t, buf_data(&b), buf_len(&b));
	else
		terminal_print(t, line, n);
	buf_clear(&b);
}

static void
terminal_take(struct endpoint *ep, const struct wsx_piece *pieces, size_t n)
{
	terminal_show((struct terminal *)ep, pieces, n);
}

static bool
terminal_ready(struct endpoint *ep)
{
	struct terminal *t = (struct terminal *)ep;

	if (pager_runs(&t->pager)) /* so that Pings are answered meanwhile */
		return buf_len(&t->deferred) < DEFERRED_MAX;
	if (t->printed >= TURN_MAX)
		return false;
	/* one that is slow has the peer wait; one that was stopped (Ctrl-S) must not stop all the rest */
	return is_drained(t) || (t->stopped && prompt_waiting(t->prompt) < DEFERRED_MAX);
}

static void
on_flush(struct idle *i)
{
	struct terminal *t = i->arg;
	bool much = t->printed >= TURN_MAX;

	t->printed = 0;
	if (pager_runs(&t->pager)) /* whose end wakes the peer */
		return;
	prompt_flush(t->prompt);
	(void)is_drained(t);
	if (much && terminal_ready(&t->ep))
		pump_wake(&t->ep);
}

static void
on_room(struct watch *w, short revents)
{
	struct terminal *t = w->arg;

	(void)revents;
	t->stopped = false;
	timer_clear(&t->stuck);
	if (pager_runs(&t->pager)) { /* it is the pager's screen */
		watch_set(w, 0);
		return;
	}
	prompt_drain(t->prompt);
	if (is_drained(t))
		pump_wake(&t->ep);
}

static void
terminal_event(struct endpoint *ep, const struct event *e)
{
	struct terminal *t = (struct terminal *)ep;
	bool coming_or_going = e->kind == EVENT_OPEN || e->kind == EVENT_CLOSE;

	if (e->kind == EVENT_OPEN) {
		t->was_open = true;
		timer_clear(&t->patience);
	}
	if (e->kind == EVENT_PONG)
		terminal_tell_pong(t, e);
	if (e->kind == EVENT_CLOSE && !t->config.listening) { /* nothing will be answered */
		terminal_send_lost(t);
		round_trip_forget(&t->round_trip);
		t->rpc = (struct rpc){ .n = 0 };
	}
	if (e->kind == EVENT_HEAD && !t->config.listening)
		terminal_keep_head(t, e);
	if (!t->config.listening || !coming_or_going)
		notice_event(t->env->report, e, t->config.show_ping_pong);
}

/* Input. */

static void
terminal_wake(struct endpoint *ep)
{
	terminal_send_wake((struct terminal *)ep);
}

static void
on_keys(struct watch *w, short revents)
{
	struct terminal *t = w->arg;

	(void)revents;
	t->readable = true;
	watch_set(w, 0);
}

static int
wait_for_keys(bool ahead, void *arg)
{
	struct terminal *t = arg;

	(void)is_drained(t);
	t->readable = t->interrupted = false;
	if (t->over)
		return 0;
	if (!ahead)
		watch_set(&t->keys, POLLIN);
	do {
		if (loop_turn(t->env->loop, ahead ? 0 : -1) < 0)
			t->over = true;
	} while (!ahead && !t->readable && !t->interrupted && !t->over);
	watch_set(&t->keys, 0);
	return t->over ? 0 : 1;
}

/* While a pager has the terminal. */
static void
wait_for_pager(struct terminal *t)
{
	while (pager_runs(&t->pager))
		if (loop_turn(t->env->loop, -1) < 0)
			terminal_end_pager(&t->ep);
}

static void
on_still_connecting(struct timer *timer)
{
	const struct terminal *t = timer->arg;

	report_notice(
	    t->env->report, "still connecting; what is typed waits for that, Ctrl-C ends");
}

void
terminal_run(struct endpoint *ep)
{
	struct terminal *t = (struct terminal *)ep;

	if (!t->config.listening)
		timer_set(t->env->loop, &t->patience, CONNECTING_MS);
	for (size_t i = 0; i < t->config.n_execute; i++)
		terminal_send_line(
		    t, (const uint8_t *)t->config.execute[i], strlen(t->config.execute[i]));
	while (!t->over && prompt_read(t->prompt, &t->line) > 0) {
		terminal_take_line(t, buf_data(&t->line), buf_len(&t->line));
		buf_reset(&t->line);
		wait_for_pager(t);
	}
	if (buf_len(&t->line) > 0) /* that the end came in upon */
		history_file_add(
		    t->config.history, (const char *)buf_data(&t->line), buf_len(&t->line));
	terminal_send_finish(t);
	prompt_signals(true);
	if (!t->over)
		pump_input_end(&t->ep, t->any);
	while (!t->over)
		if (loop_turn(t->env->loop, -1) < 0)
			t->over = true;
	terminal_send_end(t);
	prompt_flush(t->prompt);
}

void
terminal_stop(struct endpoint *ep)
{
	((struct terminal *)ep)->over = true;
}

bool
terminal_interrupt(struct endpoint *ep)
{
	struct terminal *t = (struct terminal *)ep;

	/* in the background there is no line to be emptied, only an end */
	t->interrupted = prompt_has_terminal() && prompt_interrupt(t->prompt);
	return t->interrupted;
}

void
terminal_resize(struct endpoint *ep)
{
	struct terminal *t = (struct terminal *)ep;

	if (!pager_runs(&t->pager))
		prompt_resize(t->prompt);
}

void
terminal_suspend(struct endpoint *ep)
{
	struct terminal *t = (struct terminal *)ep;

	if (pager_runs(&t->pager))
		pager_suspend(&t->pager);
	else
		prompt_suspend(t->prompt);
}

void
terminal_resume(struct endpoint *ep)
{
	struct terminal *t = (struct terminal *)ep;

	if (pager_runs(&t->pager))
		pager_resume(&t->pager);
	else
		prompt_resume(t->prompt);
}

/* JSON with brackets that are open goes on, and what nobody would get stays. */
static enum prompt_enter
on_enter(const char *line, size_t n, void *arg)
{
	struct terminal *t = arg;
	struct span message = slash_message((const uint8_t *)line, n);

	if (json_is_open((const uint8_t *)message.p, message.n)) {
		if (!t->hinted)
			report_notice(
			    t->env->report, "brackets are open; an empty row sends it as it is");
		t->hinted = true;
		return PROMPT_ROW;
	}
	if (slash_is_command((const uint8_t *)line, n) || !pump_deaf(&t->ep))
		return PROMPT_END;
	report_error(t->env->report,
	    "%s; the line stays (Ctrl-U puts it aside, Ctrl-Y brings it back)",
	    t->config.listening ? "no client is connected" : "not connected");
	return PROMPT_STAY;
}

/* A line of an earlier session. */
static void
on_recall(const char *line, size_t n, void *arg)
{
	struct terminal *t = arg;

	prompt_recall(t->prompt, line, n);
	suggest_line(&t->suggest, line, n);
}

/* The endpoint. */

static void
terminal_free(struct endpoint *ep)
{
	struct terminal *t = (struct terminal *)ep;

	if (t->config.report->arg == t)
		t->config.report->divert = NULL;
	idle_cancel(&t->flush);
	watch_remove(&t->keys);
	watch_remove(&t->room);
	timer_clear(&t->stuck);
	timer_clear(&t->patience);
	terminal_last_clear(t);
	prompt_free(t->prompt);
	suggest_clear(&t->suggest);
	buf_clear(&t->text);
	buf_clear(&t->line);
	terminal_send_clear(t);
	buf_clear(&t->heads);
	mem_free(&mem_libc, t);
}

static const struct endpoint_ops terminal_ops = {
	.take = terminal_take,
	.ready = terminal_ready,
	.event = terminal_event,
	.wake = terminal_wake,
	.free = terminal_free,
};

int
terminal_new(const struct env *env, const struct terminal_config *config, struct endpoint **ep)
{
	struct prompt_config prompt = { .text = "> ",
		.wait = wait_for_keys,
		.complete = terminal_complete,
		.enter = on_enter };
	struct terminal *t;
	int r;

	if ((t = mem_new(&mem_libc, sizeof *t)) == NULL)
		return WSX_ERR_NOMEM;
	t->ep.ops = &terminal_ops;
	t->env = env;
	t->config = *config;
	buf_init(&t->text, &mem_libc, SHOW_MAX);
	buf_init(&t->line, &mem_libc, SIZE_MAX);
	terminal_send_init(t);
	terminal_slash_init(t);
	suggest_init(&t->suggest);
	terminal_last_init(t);
	t->flush = (struct idle){ .run = on_flush, .arg = t };
	t->keys = (struct watch){ .fd = STDIN_FILENO, .ready = on_keys, .arg = t };
	t->patience = (struct timer){ .fire = on_still_connecting, .arg = t };
	t->stuck = (struct timer){ .fire = on_stuck, .arg = t };
	t->room = (struct watch){ .fd = STDOUT_FILENO, .ready = on_room, .arg = t };
	prompt.arg = t;
	if ((r = prompt_new(config->prompt, &prompt, &t->prompt)) < 0 ||
	    (r = watch_add(env->loop, &t->keys)) < 0 || (r = watch_add(env->loop, &t->room)) < 0) {
		terminal_free(&t->ep);
		return r;
	}
	history_file_load(t->config.history, on_recall, t);
	t->config.report->divert = on_report;
	t->config.report->arg = t;
	*ep = &t->ep;
	return 0;
}
