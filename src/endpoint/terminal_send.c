/*
 * What is typed, or named, as messages to the peer. What the peer does not take at once, as it is slow or
 * not connected yet, waits, and lines are typed on.
 */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "endpoint/terminal_int.h"
#include "ui/progress.h"

/* How often it is told how far a message got. */
#define TELL_NS 5000000000u

static void
tell(struct terminal *t)
{
	const struct sending *s = &t->sending;
	const struct outgoing *o = s->first;
	struct progress progress = { .verb = "sent", .done = s->sent };
	char text[PROGRESS_MAX];
	uint64_t now = loop_now(t->env->loop);

	if (!o->is_file)
		progress.total = s->sent + buf_len(&o->text);
	else if (o->file.size != INPUT_FILE_UNKNOWN)
		progress.total = o->file.size;
	if (now > s->started)
		progress.rate = (double)s->sent * 1e9 / (double)(now - s->started);
	report_notice(t->env->report, "%s", progress_format(text, &progress));
}

static void
drop(struct outgoing *o)
{
	input_file_close(&o->file);
	buf_clear(&o->text);
	mem_free(&mem_libc, o);
}

/* The first is done with, one way or another. */
static void
drop_first(struct sending *s)
{
	struct outgoing *o = s->first;

	if ((s->first = o->next) == NULL)
		s->last = &s->first;
	s->n--;
	s->begun = false;
	drop(o);
}

/* Nobody gets the rest of it; a listener, which others may come to, has to know that it is over. */
static void
cut_off(struct terminal *t, const char *why)
{
	const struct wsx_piece end = { .type = t->sending.first->type, .last = true };

	if (t->sending.begun && t->config.listening && !t->over)
		pump_put(&t->ep, &end, 1);
	report_error(t->env->report, "%s; the message was not sent%s", why,
	    t->sending.begun ? " whole" : "");
	pump_spoil(&t->ep, ENDED_LOST);
	drop_first(&t->sending);
}

/* The next piece of a file: false if it can not be read on. What was sent can not be taken back. */
static bool
read_piece(struct terminal *t, struct outgoing *o, struct wsx_piece *piece)
{
	uint8_t *room;
	ssize_t n = -1;

	buf_reset(&o->text);
	errno = ENOMEM;
	if (buf_reserve(&o->text, PIECE_MAX, &room) == 0)
		n = input_file_read(&o->file, room, PIECE_MAX, &piece->last);
	if (n < 0) {
		report_error(t->env->report, "cannot read%s: %s", t->sending.begun ? " on" : "",
		    strerror(errno));
		if (t->sending.begun)
			pump_fail(&t->ep, ENDED_LOCAL);
		else
			pump_blemish(&t->ep, ENDED_LOCAL);
		return false;
	}
	piece->data = room;
	piece->n = (size_t)n;
	return true;
}

static void
cut_piece(const struct outgoing *o, struct wsx_piece *piece)
{
	piece->n = buf_len(&o->text) < PIECE_MAX ? buf_len(&o->text) : PIECE_MAX;
	piece->data = buf_data(&o->text);
	piece->last = piece->n == buf_len(&o->text);
}

static void
begin(struct terminal *t, const struct outgoing *o)
{
	struct sending *s = &t->sending;
	uint64_t now = loop_now(t->env->loop);

	s->sent = 0;
	s->started = s->told = now;
	if (o->type != WSX_TEXT)
		return;
	suggest_message(&t->suggest, buf_data(&o->text), buf_len(&o->text));
	rpc_sent(&t->rpc, buf_data(&o->text), buf_len(&o->text), now);
}

/* A piece of the first message, which the peer is ready for. */
static void
send_piece(struct terminal *t)
{
	struct sending *s = &t->sending;
	struct outgoing *o = s->first;
	struct wsx_piece piece = { .type = o->type, .first = !s->begun };

	if (!s->begun)
		begin(t, o);
	if (!o->is_file) {
		cut_piece(o, &piece);
	} else if (!read_piece(t, o, &piece)) {
		drop_first(s);
		return;
	}
	pump_put(&t->ep, &piece, 1);
	s->begun = true;
	s->sent += piece.n;
	if (!o->is_file)
		buf_consume(&o->text, piece.n);
	if (loop_now(t->env->loop) - s->told >= TELL_NS) {
		tell(t);
		s->told = loop_now(t->env->loop);
	} else if (piece.last && s->told != s->started) {
		tell(t);
	}
	if (piece.last) {
		t->any = true;
		drop_first(s);
	}
}

static void
send_on(struct terminal *t)
{
	struct sending *s = &t->sending;

	while (s->n > 0 && !t->over) {
		if (pump_address(&t->ep, s->first->to) != 0 && s->first->to > 0) {
			cut_off(t, "that client has gone");
			continue;
		}
		if (s->begun && t->config.listening && pump_deaf(&t->ep))
			cut_off(t, "nobody who heard its beginning is there");
		else if (pump_ready(&t->ep))
			send_piece(t);
		else if (t->config.listening && pump_deaf(&t->ep))
			cut_off(t,
			    s->first->to > 0 ? "that client is going" : "no client is connected");
		else
			break;
	}
	(void)pump_address(&t->ep, 0);
}

static void
on_go_on(struct idle *i)
{
	send_on(i->arg);
}

void
terminal_send_init(struct terminal *t)
{
	t->sending = (struct sending){ .last = &t->sending.first };
	t->sending.go_on = (struct idle){ .run = on_go_on, .arg = t };
}

void
terminal_send_clear(struct terminal *t)
{
	idle_cancel(&t->sending.go_on);
	while (t->sending.n > 0)
		drop_first(&t->sending);
}

void
terminal_send_wake(struct terminal *t)
{
	if (t->sending.n > 0)
		idle_queue(t->env->loop, &t->sending.go_on);
}

void
terminal_send_lost(struct terminal *t)
{
	if (t->sending.begun)
		cut_off(t, "the connection has ended");
}

/* What waits for a connection that may never come again is not waited for. */
static bool
is_going_out(const struct terminal *t)
{
	const struct wsx *core = pump_core(&t->ep);

	if (t->sending.n == 0 || t->over || pump_deaf(&t->ep))
		return false;
	return core == NULL || wsx_ready_state(core) == WSX_OPEN || !t->was_open;
}

void
terminal_send_finish(struct terminal *t)
{
	if (!is_going_out(t))
		return;
	if (t->sending.begun)
		tell(t);
	prompt_signals(true);
	while (is_going_out(t))
		if (loop_turn(t->env->loop, -1) < 0)
			t->over = true;
	prompt_signals(false);
}

void
terminal_send_end(struct terminal *t)
{
	if (t->sending.begun)
		cut_off(t, "the connection has ended");
	if (t->sending.n == 0)
		return;
	report_error(t->env->report, "%zu message%s not sent", t->sending.n,
	    t->sending.n == 1 ? " was" : "s were");
	pump_spoil(&t->ep, ENDED_LOST);
}

/* False, said, if nobody would get it. */
static bool
has_taker(struct terminal *t, unsigned to)
{
	bool deaf;

	if (pump_address(&t->ep, to) != 0 && to > 0) {
		report_error(
		    t->env->report, "there is no client %u; /clients lists those there are", to);
		return false;
	}
	deaf = pump_deaf(&t->ep);
	(void)pump_address(&t->ep, 0);
	if (deaf)
		report_error(t->env->report, "%s; it was not sent",
		    to > 0                ? "that client is going"
		    : t->config.listening ? "no client is connected"
					  : "not connected");
	return !deaf;
}

static struct outgoing *
outgoing_new(struct terminal *t, enum wsx_type type, unsigned to)
{
	struct outgoing *o = mem_new(&mem_libc, sizeof *o);

	if (o == NULL) {
		report_error(t->env->report, "out of memory; it was not sent");
		return NULL;
	}
	o->type = type;
	o->to = to;
	o->file.fd = -1;
	buf_init(&o->text, &mem_libc, SIZE_MAX);
	return o;
}

static void
put(struct terminal *t, struct outgoing *o)
{
	struct sending *s = &t->sending;

	*s->last = o;
	s->last = &o->next;
	if (s->n++ == 0)
		send_on(t);
	else if (s->begun)
		tell(t);
}

void
terminal_send(struct endpoint *ep, unsigned to, enum wsx_type type, const uint8_t *p, size_t n)
{
	struct terminal *t = (struct terminal *)ep;
	struct outgoing *o;

	if (type == WSX_TEXT && !utf8_valid(p, n)) {
		report_error(t->env->report, "that line is not UTF-8; it was not sent");
		return;
	}
	if (!has_taker(t, to) || (o = outgoing_new(t, type, to)) == NULL)
		return;
	if (buf_put(&o->text, p, n) == 0) {
		put(t, o);
		return;
	}
	report_error(t->env->report, "out of memory; it was not sent");
	drop(o);
}

void
terminal_send_file(struct endpoint *ep, const char *path)
{
	struct terminal *t = (struct terminal *)ep;
	char why[INPUT_FILE_WHY_MAX];
	struct outgoing *o;

	if (!has_taker(t, 0) || (o = outgoing_new(t, WSX_BINARY, 0)) == NULL)
		return;
	o->is_file = true;
	if (input_file_open(&o->file, path, why) == 0) {
		put(t, o);
		return;
	}
	report_error(t->env->report, "%s", why);
	drop(o);
}

void
terminal_send_line(struct terminal *t, const uint8_t *p, size_t n)
{
	terminal_send(&t->ep, 0, t->config.binary ? WSX_BINARY : WSX_TEXT, p, n);
}
